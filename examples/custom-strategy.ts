// A strategy of one's own: buys when the price comes back from the edge of its range on rising volume, sells at the other edge.
// Run it: node --conditions=@millrace/source examples/custom-strategy.ts
import { backtest, bot, defineStrategy, fixedSize, parseTime, simulatedMarket, stopLoss } from '@millrace/core'
import type { BacktestResult } from '@millrace/core'
import { donchian, sma } from '@millrace/indicators'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

export const rangeReversal = defineStrategy({
  id: 'range-reversal',
  params: z.strictObject({ period: z.int().min(2).max(500).default(30), edge: z.number().gt(0).lt(0.5).default(0.15) }),
  indicators: (p) => ({ range: donchian(p.period), volume: sma(p.period) }),
  components: {
    place: ({ reading }) => `${(100 * reading).toFixed(0)} % up the range`,
  },
  evaluate({ readings, candle }, p, signal) {
    const { upper, lower } = readings.range.value
    const place = upper > lower ? (candle.close - lower) / (upper - lower) : 0.5
    const turned = candle.close > candle.open
    signal.add('place', place < p.edge && turned ? 0.7 : place > 1 - p.edge && !turned ? -0.7 : 0, 1, place)
  },
})

/** A simulated day of five-minute candles. */
export async function run(): Promise<BacktestResult> {
  const [fromMs, toMs] = [parseTime('2026-01-01'), parseTime('2026-01-02')]
  const market = simulatedMarket({ seed: 7, instruments: ['SOL-USD'], speed: 'max', until: '24h' })
  const columns = await market.candles({ instrument: 'SOL-USD', timeframeMs: 300_000, fromMs, toMs })
  const sol = bot({
    id: 'sol',
    instrument: 'SOL-USD',
    timeframe: '5m',
    strategy: rangeReversal(),
    confirm: '5m',
    sizing: fixedSize(10),
    exits: [stopLoss(0.02)],
  })
  return backtest({ bots: [sol], candles: [{ instrument: 'SOL-USD', timeframeMs: 300_000, columns }], cash: { USD: '1000' } })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { summary } = await run()
  console.log(`${summary.orders} orders, ${summary.fills} fills, ${summary.equity} USD; simulated prices say that it runs, not that it earns`)
}
