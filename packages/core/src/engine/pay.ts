import type { Facts } from './journal/facts.ts'
import type { KernelState } from './kernel-state.ts'
import { markAll } from './marking.ts'
import { refreshAccount } from './portfolio.ts'
import { valueAccount } from './valuation.ts'

/**
 * Books money that came or went without a trade. The account is valued right before, so that what the market did and what was paid are told apart; the
 * high-water mark moves with the payment (`refreshAccount`).
 */
export function pay(state: KernelState, payment: Facts['adjustment']): void {
  valueAccount(state)
  state.record('adjustment', undefined, payment)
  refreshAccount(state)
  markAll(state)
  valueAccount(state)
}
