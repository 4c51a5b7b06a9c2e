// Three ways to put strategies together, over the same day, beside each of them alone.
// Run it: node --conditions=@millrace/source examples/combining-strategies.ts
import { backtest, bot, breakout, combine, meanReversion, parseTime, simulatedMarket, stopLoss, trendFollowing } from '@millrace/core'
import type { Strategy } from '@millrace/core'
import { fileURLToPath } from 'node:url'

export const strategies: Readonly<Record<string, () => Strategy>> = {
  'trend alone': () => trendFollowing(),
  'breakout alone': () => breakout(),
  'weighted mean': () => combine([trendFollowing(), breakout()], { mode: 'weights', weights: [2, 1] }),
  'two of three votes': () => combine([trendFollowing(), meanReversion(), breakout()], { mode: 'vote', atLeast: 0.3 }),
  'first that speaks': () => combine([breakout(), trendFollowing()], { mode: 'first' }),
}

/** Orders and equity of each on one simulated day. */
export async function run(): Promise<readonly { readonly name: string; readonly orders: number; readonly equity: string }[]> {
  const [fromMs, toMs] = [parseTime('2026-01-01'), parseTime('2026-01-02')]
  const market = simulatedMarket({ seed: 11, instruments: ['ETH-USD'], speed: 'max', until: '24h' })
  const columns = await market.candles({ instrument: 'ETH-USD', timeframeMs: 300_000, fromMs, toMs })
  return Object.entries(strategies).map(([name, make]) => {
    const eth = bot({ id: 'eth', instrument: 'ETH-USD', timeframe: '5m', strategy: make(), confirm: '5m', exits: [stopLoss(0.03)] })
    const { summary } = backtest({ bots: [eth], candles: [{ instrument: 'ETH-USD', timeframeMs: 300_000, columns }], cash: { USD: '1000' } })
    return { name, orders: summary.orders, equity: String(summary.equity) }
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run())
