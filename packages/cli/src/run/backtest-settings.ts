import type { FillModelOptions, GapPolicy } from '@millrace/core'
import { overwriting } from './result-files.ts'

/** Everything the flags of `millrace backtest` say, checked; times in ms UTC. */
export interface BacktestSettings {
  /** Path of the configuration, relative to the working directory. */
  readonly config: string
  /** Folder of recorded candles, or a file of stored candles. */
  readonly data: string
  readonly fromMs: number | undefined
  readonly toMs: number | undefined
  /** Overrides the timeframe of every bot. */
  readonly timeframeMs: number | undefined
  /** Timeframe of the candles that orders fill on and exits look at; undefined = the longest that every bot's own can be made from. */
  readonly detailMs: number | undefined
  readonly gapPolicy: GapPolicy
  readonly seed: number
  /** As in a run. */
  readonly watchdogMs: number | undefined
  /** How orders fill; what is left out keeps its default, and fees are the configuration's. */
  readonly fillModel: FillModelOptions
  /** Makes the runs with the high and with the low of each candle first. */
  readonly range: boolean
  /** True = one line on stdout, a path = into that file. */
  readonly json: boolean | string
  readonly html: string | undefined
  /** CSV of round trips and of the equity curve. */
  readonly trades: string | undefined
  readonly equity: string | undefined
}

/** What is wrong with the flags taken together, in words; undefined when nothing is. */
export function contradictionOf(settings: BacktestSettings): string | undefined {
  const { fromMs, toMs, config, data, json, html, trades, equity } = settings
  if (fromMs !== undefined && toMs !== undefined && fromMs >= toMs) return '--from must lie before --to'
  return overwriting({ json, html, trades, equity }, { configuration: config, candles: data })
}
