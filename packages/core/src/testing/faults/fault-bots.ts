import { z } from 'zod'
import type { BotConfig } from '../../contracts/bot-config.ts'
import type { SafetyRule } from '../../contracts/safety-rule.ts'
import { bot } from '../../config/bot.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { takeProfit } from '../../exits/take-profit.ts'
import { limitOrders } from '../../pipeline/execution/limit-orders.ts'
import { marketOrders } from '../../pipeline/execution/market-orders.ts'
import { balance } from '../../safety/balance.ts'
import { dailyTrades } from '../../safety/daily-trades.ts'
import { environmentGate } from '../../safety/environment-gate.ts'
import { maxTranches } from '../../safety/max-tranches.ts'
import { staleData } from '../../safety/stale-data.ts'
import { tradeSize } from '../../safety/trade-size.ts'
import { fixedSize } from '../../sizing/fixed-size.ts'
import { defineStrategy } from '../../strategies/define-strategy.ts'

/** Limits of the bots of a fault schedule: small enough to be reached. */
export const faultLimits = { tradeMin: 5, tradeMax: 25, entriesAccount: 60, entriesBot: 20, priceAgeMs: 90_000 } as const

/** Cheap is good: an opinion at every price, so that there is always something to do. */
const cheapness = defineStrategy({
  id: 'cheapness',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { distance: ({ reading }) => `price ${reading}` },
  evaluate({ candle }, _, signal) {
    signal.add('distance', Math.max(-1, Math.min(1, 40 * (1 - candle.close / 100))), 1, candle.close)
  },
})

/** So many bots, each on one of the instruments; every third sends limit orders that it takes back after a while. */
export function faultBots(count: number, instruments: readonly string[]): readonly BotConfig[] {
  return Array.from({ length: count }, (_, i) =>
    bot({
      id: `bot-${i}`,
      instrument: instruments[i % instruments.length]!,
      timeframe: '1m',
      strategy: cheapness(),
      confirm: 0,
      exit: 0.3,
      sizing: fixedSize(10 + i),
      exits: [stopLoss(0.05), takeProfit(0.02)],
      execution: i % 3 === 2 ? limitOrders({ offset: '60bps', timeout: '90s', then: i % 2 === 0 ? 'market' : 'cancel' }) : marketOrders(),
      safety: [tradeSize(faultLimits.tradeMin, faultLimits.tradeMax), maxTranches(2)],
    }),
  )
}

export const faultSafety = (): (SafetyRule | readonly SafetyRule[])[] => [
  environmentGate(['live']),
  dailyTrades({ account: faultLimits.entriesAccount, bot: faultLimits.entriesBot }),
  balance(),
  staleData(`${faultLimits.priceAgeMs}ms`),
]
