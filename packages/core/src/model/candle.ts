import type { EpochMs } from './time.ts'

/** Read-only view of the current candle. In a backtest it is a cursor over columns: valid during the call, never keep it. */
export interface Candle {
  /** Start of the candle. */
  readonly openTime: EpochMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Base units. */
  readonly volume: number
}

/** Candles as columns, oldest first; `openTime` in epoch ms. */
export interface CandleColumns {
  readonly length: number
  readonly openTime: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}
