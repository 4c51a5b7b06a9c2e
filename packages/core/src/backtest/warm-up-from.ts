import type { TradingKernel } from '../engine/kernel.ts'
import { firstRowFrom, sliceColumns } from '../model/candle-columns.ts'
import type { PreparedCandles } from './prepare-candles.ts'

/** What ends before the start feeds the indicators, as many candles as a start of the engine would load. */
export function warmUpFrom(kernel: TradingKernel, { series, startMs }: PreparedCandles): void {
  for (const bot of kernel.state.bots) {
    const { instrument, timeframeMs, id } = bot.config
    const { columns } = series.find((one) => one.instrument === instrument && one.timeframeMs === timeframeMs)!
    const to = firstRowFrom(columns, startMs - timeframeMs + 1)
    const fromMs = Math.floor(startMs / timeframeMs) * timeframeMs - bot.preloadCandles * timeframeMs
    const from = Math.min(to, firstRowFrom(columns, fromMs))
    if (to > from) kernel.warmUp(id, sliceColumns(columns, from, to))
  }
}
