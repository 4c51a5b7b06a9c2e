import { outcomes } from '../model/decision.ts'
import type { Outcome } from '../model/decision.ts'

const code = (outcome: Outcome): number => outcomes.indexOf(outcome)

/** Integer codes of the outcomes; PENDING while the stages have not decided yet. */
export const PENDING = -1
export const WARMING_UP = code('warmingUp')
export const NO_DATA = code('noData')
export const HOLD = code('hold')
export const CONFIRMING = code('confirming')
export const DENIED = code('denied')
export const ORDER_OPEN = code('orderOpen')
export const ORDERED = code('ordered')
export const EXIT = code('exit')
