import type { BotChart, ChartSeries } from '@millrace/core'

/** True for readings of the size of the price, such as averages: they are drawn over the candles. Every other indicator gets a pane. */
function isOverlay(series: ChartSeries, candles: BotChart['candles']): boolean {
  const low = Math.min(...candles.map((candle) => candle.low))
  const high = Math.max(...candles.map((candle) => candle.high))
  const values = series.values.filter((value) => value !== undefined)
  return values.length > 0 && values.every((value) => value > low / 2 && value < high * 2)
}

/** Series by pane: 0 is that of the candles; members of one reading share theirs. */
export function panesOf({ series, candles }: Pick<BotChart, 'series' | 'candles'>): ReadonlyMap<ChartSeries, number> {
  const panes = new Map<ChartSeries, number>()
  const owners: string[] = []
  for (const one of series) {
    if (isOverlay(one, candles)) {
      panes.set(one, 0)
      continue
    }
    const owner = one.name.split('.')[0]!
    if (!owners.includes(owner)) owners.push(owner)
    panes.set(one, owners.indexOf(owner) + 1)
  }
  return panes
}
