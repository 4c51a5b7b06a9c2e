import type { EpochMs } from './time.ts'

/** Read-only view of the current candle. In a backtest it is a cursor over columns: valid during the call, never keep it. */
export interface Candle {
  /** Start of the candle. */
  readonly openTime: EpochMs
  /** Prices are quote units for one base unit, above 0; `low` <= `open`, `close` <= `high`. */
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** Base units. */
  readonly volume: number
}

/** Candles as columns of the same length, oldest first; `openTime` in epoch ms, prices and volume as in {@link Candle}. */
export interface CandleColumns {
  readonly length: number
  readonly openTime: Float64Array
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}
