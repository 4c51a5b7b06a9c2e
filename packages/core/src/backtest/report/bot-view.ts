import type { FillRecord } from '../../contracts/engine.ts'
import type { AnyIndicator } from '../../contracts/indicator.ts'
import type { BotConfig } from '../../contracts/bot-config.ts'
import type { CandleColumns } from '../../model/candle.ts'
import { resample } from '../../model/resample.ts'
import { fillCandle } from '../../pipeline/fill-candle.ts'
import { MutableCandle } from '../../pipeline/views.ts'

/** Bars of a chart at most: longer runs are drawn in longer candles. */
const MOST_BARS = 1_500

/** A number of the strategy along the bars. */
export interface IndicatorLine {
  /** Of the indicator, then of its member: `macd.signal`. */
  readonly name: string
  /** Of the indicator: lines of one stand in one panel. */
  readonly group: string
  readonly values: readonly number[]
}

/** What the chart of one bot shows. */
export interface BotChart {
  readonly botId: string
  readonly instrument: string
  readonly strategy: string
  /** Of the bars drawn; longer than the bot's own where the run is long. */
  readonly barMs: number
  readonly timeframeMs: number
  readonly bars: CandleColumns
  readonly fills: readonly FillRecord[]
  readonly lines: readonly IndicatorLine[]
}

/** Puts together the chart of a bot from the candles it stepped and its fills; its indicators are run once more over all of them. */
export function botChart(
  bot: BotConfig,
  columns: CandleColumns,
  shown: { readonly fromMs: number; readonly toMs: number },
  fills: readonly FillRecord[],
): BotChart {
  const { timeframeMs } = bot
  const inside = (row: number): boolean => columns.openTime[row]! >= shown.fromMs && columns.openTime[row]! + timeframeMs <= shown.toMs
  let count = 0
  for (let row = 0; row < columns.length; row++) if (inside(row)) count++
  const barMs = timeframeMs * Math.max(1, Math.ceil(count / MOST_BARS))
  const bars =
    barMs === timeframeMs ? columns : resample(columns, timeframeMs, barMs, { fromMs: Math.floor(columns.openTime[0]! / barMs) * barMs, toMs: Infinity })
  const rows = Array.from({ length: bars.length }, (_, row) => row).filter(
    (row) => bars.openTime[row]! + barMs > shown.fromMs && bars.openTime[row]! < shown.toMs,
  )
  const [first = 0, last = -1] = [rows[0], rows.at(-1)]
  const cut = (column: Float64Array): Float64Array => column.subarray(first, last + 1)
  const drawn = {
    length: last + 1 - first,
    openTime: cut(bars.openTime),
    open: cut(bars.open),
    high: cut(bars.high),
    low: cut(bars.low),
    close: cut(bars.close),
    volume: cut(bars.volume),
  }
  return {
    botId: bot.id,
    instrument: bot.instrument,
    strategy: bot.strategy.id,
    barMs,
    timeframeMs,
    bars: drawn,
    fills: fills.filter(({ botId }) => botId === bot.id),
    lines: indicatorLines(bot, columns, drawn, barMs),
  }
}

/** The strategy's own indicators, fed as the run fed them, read at the end of each bar. */
function indicatorLines(bot: BotConfig, columns: CandleColumns, bars: CandleColumns, barMs: number): readonly IndicatorLine[] {
  const { indicators } = bot.strategy.create(bot.timeframeMs)
  const lines = new Map<string, { readonly group: string; readonly values: number[] }>()
  const candle = new MutableCandle()
  let bar = 0
  for (let row = 0; row < columns.length; row++) {
    fillCandle(candle, columns, row)
    while (bar < bars.length && bars.openTime[bar]! + barMs <= candle.openTime) bar++
    const shown = bar < bars.length && candle.openTime >= bars.openTime[bar]!
    for (const [key, indicator] of indicators) {
      feed(indicator, candle)
      if (shown) for (const [name, value] of numbersOf(key, indicator.value)) put(lines, name, key, bars.length, bar, value)
    }
  }
  return [...lines].map(([name, { group, values }]) => ({ name, group, values }))
}

const feed = (indicator: AnyIndicator, candle: MutableCandle): unknown =>
  indicator.input === 'candle' ? indicator.update(candle) : indicator.update(candle.close)

function numbersOf(key: string, value: unknown): readonly (readonly [string, number])[] {
  if (typeof value === 'number') return [[key, value]]
  if (typeof value !== 'object' || value === null) return []
  // What an earlier candle said is the same line again.
  return Object.entries(value).flatMap(([name, member]) =>
    typeof member === 'number' && !name.startsWith('previous') ? [[`${key}.${name}`, member] as const] : [],
  )
}

function put(
  lines: Map<string, { readonly group: string; readonly values: number[] }>,
  name: string,
  group: string,
  length: number,
  bar: number,
  value: number,
): void {
  let line = lines.get(name)
  if (line === undefined) lines.set(name, (line = { group, values: Array.from({ length }, () => Number.NaN) }))
  line.values[bar] = value
}
