import type { EpochMs } from './time.ts'

/** CLOSED, BUILDING (an entry works or the plan has tranches left), OPEN (plan complete), REDUCING (from the first exit fill until flat or a new entry). */
export type PositionStatus = 'closed' | 'building' | 'open' | 'reducing'

/** float64 mirror of the exact ledger, refreshed once per fill (high and low once per candle), stable object. */
export interface PositionView {
  readonly open: boolean
  /** Held tranches. */
  readonly lots: number
  /** Base units. */
  readonly quantity: number
  /** Cost without fees per base unit; NaN when flat. */
  readonly averageEntry: number
  /** Quote amount that left for what is held, fees included. */
  readonly cost: number
  /** Extremes of the price since the position was opened; NaN when flat. */
  readonly highestPrice: number
  readonly lowestPrice: number
  readonly openedAtMs: EpochMs
}
