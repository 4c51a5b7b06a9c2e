import { parentPort, workerData } from 'node:worker_threads'
import { backtest } from '../backtest/backtest.ts'
import { bot } from '../config/bot.ts'
import { stopLoss } from '../exits/stop-loss.ts'
import { takeProfit } from '../exits/take-profit.ts'
import type { CandleColumns } from '../model/candle.ts'
import { MINUTE_MS } from '../model/time.ts'
import { cooldown } from '../safety/cooldown.ts'
import { maxTranches } from '../safety/max-tranches.ts'
import { temperatureSizing } from '../sizing/temperature-sizing.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'

export const instrument = 'BTC-USD'
export const cash = { USD: '1000' }

/** Three bots that buy, sell and are denied. */
export const bots = () =>
  [0.1, 0.15, 0.2].map((actionThreshold, i) =>
    bot({
      id: `bot-${i}`,
      instrument,
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold,
      confirm: '1m',
      sizing: temperatureSizing({ base: 10, min: 5, max: 25 }),
      exits: [stopLoss(0.03), takeProfit(0.02)],
      safety: [cooldown('15m'), maxTranches(3)],
    }),
  )

/** What the kernel makes of candles in a loop of its own. */
export function inTheKernel(columns: CandleColumns) {
  const { hash, fills, summary } = backtest({ bots: bots(), candles: [{ instrument, timeframeMs: MINUTE_MS, columns }], cash, safety: [] })
  return { hash, fills: fills.length, denied: summary.blockers['COOLDOWN'] ?? 0 }
}

// As a thread of its own: the columns come as its data.
const asked = workerData as { readonly oneHash?: CandleColumns } | null
if (asked?.oneHash !== undefined) parentPort!.postMessage(inTheKernel(asked.oneHash))
