import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CandleSeries } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'

export const coins = ['AVAX', 'BTC', 'DOGE', 'ETH', 'SOL', 'XRP'] as const
export const timeframeMs = 300_000

/** The recorded series when there are any, otherwise a seeded walk of the same shape. */
export async function engineData(): Promise<{ readonly text: string; readonly candles: readonly CandleSeries[] }> {
  const dir = join(process.env['MILLRACE_DATA'] ?? '../shared/data', 'perf')
  const instruments = coins.map((coin) => `${coin}-USD`)
  if (!existsSync(dir)) return { text: 'seeded walk', candles: instruments.map((instrument, i) => walk(instrument, i + 1, 120_000)) }
  const market = await replayMarket({ dir, instruments, timeframes: ['5m'] })
  return { text: 'recorded prices', candles: instruments.map((instrument) => ({ instrument, timeframeMs, columns: market.columns(instrument, timeframeMs) })) }
}

function walk(instrument: string, seed: number, length: number): CandleSeries {
  let state = seed
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647
  const column = (): Float64Array => new Float64Array(length)
  const columns = { length, openTime: column(), open: column(), high: column(), low: column(), close: column(), volume: column() }
  let last = 100
  for (let i = 0; i < length; i++) {
    const close = Math.max(1, Math.round(last * (1 + (random() + random() - 1) * 0.006) * 100) / 100)
    columns.openTime[i] = 1_700_000_100_000 + i * timeframeMs
    columns.open[i] = last
    columns.high[i] = Math.max(last, close)
    columns.low[i] = Math.min(last, close)
    columns.close[i] = close
    columns.volume[i] = 10_000 + Math.floor(random() * 10_000)
    last = close
  }
  return { instrument, timeframeMs, columns }
}
