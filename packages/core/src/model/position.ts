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
  /** Highest price since the last entry fill; NaN when flat. */
  readonly peakSinceEntry: number
  /** Base units that the entries of this round trip bought, sold ones included: 1 - quantity / bought is the share already sold. */
  readonly bought: number
  /** Base units that a sale of the oldest tranche takes; 0 when flat. */
  readonly oldestTranche: number
  readonly openedAtMs: EpochMs
}
