import type { BotChart, ChartSeries } from '@millrace/core'

/** A line of a chart: its pane, 0 for that of the candles, and which of its pane's lines it is. */
export interface ChartLine {
  readonly series: ChartSeries
  readonly pane: number
  readonly place: number
}

/** True for readings of the size of the price, such as averages: they are drawn over the candles. Every other indicator gets a pane. */
function isOverlay(series: ChartSeries, candles: BotChart['candles']): boolean {
  const low = Math.min(...candles.map((candle) => candle.low))
  const high = Math.max(...candles.map((candle) => candle.high))
  const values = series.values.filter((value) => value !== undefined)
  return values.length > 0 && values.every((value) => value > low / 2 && value < high * 2)
}

const ownerOf = (series: ChartSeries): string => series.name.split('.')[0]!

/** What a strategy remembers of the candle before: a sibling's line again, one candle later. */
function isEcho(series: ChartSeries, all: readonly ChartSeries[]): boolean {
  return all.some(
    (other) =>
      other !== series &&
      ownerOf(other) === ownerOf(series) &&
      series.values.some((value) => value !== undefined) &&
      series.values.every((value, i) => value === undefined || i === 0 || value === other.values[i - 1]),
  )
}

/** Lines by pane; members of one reading share theirs. Nothing is drawn twice. */
export function linesOf({ series, candles }: Pick<BotChart, 'series' | 'candles'>): readonly ChartLine[] {
  const owners: string[] = []
  const places = new Map<number, number>()
  const lines: ChartLine[] = []
  for (const one of series) {
    if (isEcho(one, series)) continue
    const owner = ownerOf(one)
    const overlay = isOverlay(one, candles)
    if (!overlay && !owners.includes(owner)) owners.push(owner)
    const pane = overlay ? 0 : owners.indexOf(owner) + 1
    const place = places.get(pane) ?? 0
    places.set(pane, place + 1)
    lines.push({ series: one, pane, place })
  }
  return lines
}
