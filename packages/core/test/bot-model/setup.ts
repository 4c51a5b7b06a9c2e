import { z } from 'zod'
import {
  balance,
  bot,
  consecutiveLosses,
  cooldown,
  dailyLossLimit,
  dailyTrades,
  defineStrategy,
  fixedSize,
  maxExposure,
  maxOpenPositions,
  maxPosition,
  maxTranches,
  minTemperature,
  paper,
  priceStep,
  stopLoss,
  takeProfit,
  temperatureSizing,
  timeStop,
  tradeSize,
  trailingStop,
} from '@millrace/core'
import type { BotConfig, SafetyRule, SimulatedExchange } from '@millrace/core'

/** Small numbers, so that a run of two hundred commands comes up against every one of them. */
export const limits = {
  tradeMin: 5,
  tradeMax: 25,
  perBot: 75,
  exposure: 100,
  tranches: 3,
  openPositions: 3,
  dailyTradesBot: 5,
  dailyTradesAccount: 12,
  dailyLoss: 6,
  stopLoss: 0.05,
  losses: 2,
  lossPauseMs: 20 * 60_000,
  cash: '130',
} as const

export const instruments = ['BTC-USD', 'ETH-USD'] as const
export type ModelInstrument = (typeof instruments)[number]

/** The cheaper, the better: an opinion at nearly every price, so that gates and rules decide and not luck. */
const cheapness = defineStrategy({
  id: 'cheapness',
  params: z.strictObject({ fair: z.number().positive().default(100) }),
  indicators: () => ({}),
  components: { distance: ({ reading }) => `price ${reading}` },
  evaluate({ candle }, { fair }, signal) {
    const away = candle.close / fair - 1
    signal.add('distance', Math.max(-1, Math.min(1, -8 * away)), 1, candle.close)
  },
})

const exits = () => [stopLoss(limits.stopLoss), takeProfit(0.06)]
const streak = () => consecutiveLosses({ max: limits.losses, pause: limits.lossPauseMs })
const own = (): (SafetyRule | readonly SafetyRule[])[] => [
  tradeSize(limits.tradeMin, limits.tradeMax),
  maxTranches(limits.tranches),
  maxPosition(limits.perBot),
]

/** Four bots, two of them on one instrument, each deciding in another way. */
export const modelBots = (): BotConfig[] => [
  bot({
    id: 'quick',
    instrument: 'BTC-USD',
    timeframe: '1m',
    strategy: cheapness(),
    confirm: 0,
    sizing: fixedSize(20),
    exits: exits(),
    safety: [...own(), streak()],
  }),
  bot({
    id: 'patient',
    instrument: 'BTC-USD',
    timeframe: '1m',
    strategy: cheapness({ fair: 103 }),
    confirm: '2m',
    sizing: temperatureSizing({ base: 15, min: limits.tradeMin, max: limits.tradeMax }),
    exits: exits(),
    exit: 0.5,
    safety: [...own(), cooldown('3m'), priceStep(0.008), minTemperature('warm')],
  }),
  bot({
    id: 'watchful',
    instrument: 'ETH-USD',
    timeframe: '1m',
    strategy: cheapness(),
    confirm: '10s',
    on: 'update',
    sizing: fixedSize(30),
    exits: [...exits(), trailingStop(0.03, { activateAt: 0.02 }), timeStop('4h')],
    safety: [...own(), cooldown('1m'), streak()],
  }),
  bot({ id: 'bare', instrument: 'ETH-USD', timeframe: '1m', strategy: cheapness({ fair: 98 }), confirm: '1m', sizing: fixedSize(8), safety: own() }),
]

export const accountSafety = (): (SafetyRule | readonly SafetyRule[])[] => [
  dailyLossLimit(limits.dailyLoss),
  dailyTrades({ account: limits.dailyTradesAccount, bot: limits.dailyTradesBot }),
  maxOpenPositions(limits.openPositions),
  maxExposure(limits.exposure),
  balance(),
]

export const modelExchange = (): SimulatedExchange =>
  paper({ cash: { USD: limits.cash }, latencyMs: 250, slippageBps: 5, priceProtection: { 'BTC-USD': 0.1, 'ETH-USD': 0.1 } })
