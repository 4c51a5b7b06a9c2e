import type { Decimal } from 'decimal.js'
import { ZERO, divide, isZero, multiply, subtract, toFloat } from '../model/money.ts'
import type { PositionStatus } from '../model/position.ts'
import type { EpochMs } from '../model/time.ts'

/** What one entry order bought and still holds: one tranche. Fills of one order share a lot. */
export interface Lot {
  /** `<bot>#<number>`, never reused. */
  readonly lotId: string
  readonly clientOrderId: string
  /** 1, 2, 3, … within the position. */
  readonly tranche: number
  /** Venue time of its first fill. */
  readonly openedAtMs: EpochMs
  /** Base units held. */
  readonly quantity: Decimal
  /** Quote amount paid for what is held, without fees. */
  readonly cost: Decimal
  /** Entry fees of what is held, in quote. */
  readonly fees: Decimal
}

/**
 * The exact record of what one bot holds: the fold of its own fills. Immutable: every fill makes a new one.
 * Cost and quantity are the stored truth, the average is derived.
 */
export interface Position {
  readonly botId: string
  /** What was traded last; undefined for a bot that never traded. */
  readonly instrument: string | undefined
  readonly base: string | undefined
  readonly quote: string | undefined
  /** Base units held: the sum over the lots. */
  readonly quantity: Decimal
  /** Quote amount paid for what is held, without fees: the sum over the lots. */
  readonly cost: Decimal
  /** Entry fees of what is held, in quote: the sum over the lots. */
  readonly fees: Decimal
  /** Oldest first. */
  readonly lots: readonly Lot[]
  /** Entry orders of this position so far, sold ones included; 0 when flat. */
  readonly tranches: number
  /** Exit fills since the last entry fill. */
  readonly exitsSinceEntry: number
  /** Venue time of the first fill of this position; undefined when flat. */
  readonly openedAtMs: EpochMs | undefined
  /** Realised since the bot's first fill, net of entry and exit fees. */
  readonly realizedPnl: Decimal
  /** Fees inside `realizedPnl`. */
  readonly realizedFees: Decimal
  /** Realised since this position was opened, net of fees; kept after it closed, until the next one opens. */
  readonly roundTripPnl: Decimal
  /** Lots made so far: numbers the next one. */
  readonly lotCount: number
}

/** The position of a bot that never traded. */
export const noPosition = (botId: string): Position => ({
  botId,
  instrument: undefined,
  base: undefined,
  quote: undefined,
  quantity: ZERO,
  cost: ZERO,
  fees: ZERO,
  lots: [],
  tranches: 0,
  exitsSinceEntry: 0,
  openedAtMs: undefined,
  realizedPnl: ZERO,
  realizedFees: ZERO,
  roundTripPnl: ZERO,
  lotCount: 0,
})

/** Returns the cost without fees per base unit (40 significant digits), or undefined when flat. Works for a position and for a lot. */
export const averageEntry = (held: Pick<Position, 'quantity' | 'cost'>): Decimal | undefined =>
  isZero(held.quantity) ? undefined : divide(held.cost, held.quantity)

/** Returns what the holding would gain at a price, in quote, before any exit fee: value - cost - entry fees. Works for a position and for a lot. */
export const unrealizedPnl = (held: Pick<Position, 'quantity' | 'cost' | 'fees'>, price: Decimal): Decimal =>
  subtract(subtract(multiply(held.quantity, price), held.cost), held.fees)

/** What the status of a position depends on: its quantity and fills, and what the engine knows of orders and plan. */
export interface PositionFacts {
  /** Base units held. */
  readonly quantity: Decimal | number
  /** An entry order works. */
  readonly entryWorking: boolean
  /** Tranches that the plan still allows, >= 0. */
  readonly tranchesLeft: number
  /** Exit fills since the last entry fill. */
  readonly exitsSinceEntry: number
}

/**
 * Returns the status of a position: closed at quantity 0, building while an entry works or the plan has tranches left, open when the
 * plan is complete, reducing from the first exit fill until flat or a new entry.
 *
 * @example
 * ```ts
 * positionStatus({ quantity: 2, entryWorking: false, tranchesLeft: 1, exitsSinceEntry: 0 }) // => 'building'
 * positionStatus({ quantity: 1, entryWorking: false, tranchesLeft: 1, exitsSinceEntry: 1 }) // => 'reducing'
 * ```
 */
export function positionStatus(facts: PositionFacts): PositionStatus {
  const quantity = typeof facts.quantity === 'number' ? facts.quantity : toFloat(facts.quantity)
  if (quantity === 0) return 'closed'
  if (facts.entryWorking) return 'building'
  if (facts.exitsSinceEntry > 0) return 'reducing'
  return facts.tranchesLeft > 0 ? 'building' : 'open'
}
