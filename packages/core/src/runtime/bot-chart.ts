import { chartCandles } from '../contracts/bot-chart.ts'
import type { BotChart, ChartQuery } from '../contracts/bot-chart.ts'
import type { AnyIndicator } from '../contracts/indicator.ts'
import type { MarketSource } from '../contracts/market-source.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { fillCandle } from '../pipeline/fill-candle.ts'
import { MutableCandle } from '../pipeline/views.ts'

/**
 * Reads the candles of a bot and feeds them to indicators of its own, made for this question: the running ones are not touched. A reading depends on
 * where its candles begin, so as many are read before as a start of the engine reads.
 */
export async function botChart(market: MarketSource, bot: BotRuntime, query: ChartQuery, nowMs: EpochMs): Promise<BotChart> {
  const { timeframeMs, instrument, id, strategy } = bot.config
  // What is still to come is nobody's business, even where the market knows it.
  const toMs = Math.min(query.toMs, Math.floor(nowMs / timeframeMs) * timeframeMs)
  const fromMs = Math.max(query.fromMs, toMs - chartCandles * timeframeMs)
  const columns = await market.candles({
    instrument,
    timeframeMs,
    fromMs: Math.max(0, fromMs - bot.preloadCandles * timeframeMs) as EpochMs,
    toMs: toMs as EpochMs,
  })
  const { indicators } = strategy.create(timeframeMs)
  const table = new Map<string, { readonly indicator: string; readonly values: (number | undefined)[] }>()
  const candles: BotChart['candles'][number][] = []
  const candle = new MutableCandle()
  for (let row = 0; row < columns.length; row++) {
    fillCandle(candle, columns, row)
    for (const [, indicator] of indicators) feed(indicator, candle)
    if (candle.openTime < fromMs) continue
    const { openTime, open, high, low, close, volume } = candle
    candles.push({ openTimeMs: openTime, open, high, low, close, volume })
    for (const [name, indicator] of indicators) note(table, name, indicator)
  }
  const series = [...table].map(([name, { indicator, values }]) => ({ name, indicator, values }))
  return { botId: id, instrument, timeframeMs, priceDecimals: bot.market.instrument.priceIncrement.decimalPlaces(), candles, series }
}

function feed(indicator: AnyIndicator, candle: MutableCandle): void {
  if (indicator.input === 'candle') indicator.update(candle)
  else indicator.update(candle.close)
}

function note(table: Map<string, { readonly indicator: string; readonly values: (number | undefined)[] }>, name: string, { id, value }: AnyIndicator): void {
  const readings =
    typeof value === 'number' ? [[name, value] as const] : Object.entries(value as object).map(([member, each]) => [`${name}.${member}`, each] as const)
  for (const [key, reading] of readings) {
    if (typeof reading !== 'number') continue
    let series = table.get(key)
    if (series === undefined) table.set(key, (series = { indicator: id, values: [] }))
    series.values.push(Number.isFinite(reading) ? reading : undefined)
  }
}
