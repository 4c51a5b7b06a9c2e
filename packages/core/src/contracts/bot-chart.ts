import type { EpochMs } from '../model/time.ts'

/** Candles that open in [fromMs, toMs); at most `chartCandles` of them, the newest. */
export interface ChartQuery {
  readonly fromMs: EpochMs
  readonly toMs: EpochMs
}

/** Candles and readings one `chart()` gives at most. */
export const chartCandles = 1_500

/** One closed candle for display: prices in quote, volume in base. */
export interface ChartCandle {
  readonly openTimeMs: EpochMs
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** What one indicator said after each candle. */
export interface ChartSeries {
  /** The strategy's own name for it, and the member of a reading with several: `rsi`, `macd.signal`. */
  readonly name: string
  readonly indicator: string
  /** One for each candle; undefined while it was not warm. */
  readonly values: readonly (number | undefined)[]
}

/** A bot's market as its strategy sees it. */
export interface BotChart {
  readonly botId: string
  readonly instrument: string
  readonly timeframeMs: number
  readonly priceDecimals: number
  /** Oldest first; minutes without trades have none. */
  readonly candles: readonly ChartCandle[]
  readonly series: readonly ChartSeries[]
}
