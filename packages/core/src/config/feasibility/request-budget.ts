import type { BotConfig } from '../../contracts/bot-config.ts'

/** Requests that a venue takes, and what bots may need of them. */
export interface RequestBudget {
  /** Sustained, in requests a second: a candle confirmed by each bot's timeframe, and the orders that the daily limits allow with three requests each. */
  readonly sustainedPerSecond: number
  /** Orders at once when every bot acts on the same close. */
  readonly burst: number
  /** How long the last of them waits, in ms. */
  readonly burstMs: number
}

/** Coinbase's last published limit for private requests, and the share of it that is to be used for long. */
export const requestLimits = { perSecond: 30, sustainedPerSecond: 10 } as const

/** Requests of one order: create, one look at its state, its fills. */
const REQUESTS_PER_ORDER = 3
const DAY_SECONDS = 86_400

/** @param entriesPerDay - what the daily limits allow; Infinity when there is none */
export function requestBudget(bots: readonly BotConfig[], entriesPerDay: number): RequestBudget {
  const candles = bots.reduce((sum, bot) => sum + 1_000 / bot.timeframeMs, 0)
  const most = bots.reduce((sum, bot) => sum + 86_400_000 / (2 * bot.timeframeMs), 0)
  const orders = 2 * Math.min(entriesPerDay, most)
  return {
    sustainedPerSecond: candles + (orders * REQUESTS_PER_ORDER) / DAY_SECONDS,
    burst: bots.length,
    burstMs: Math.ceil((bots.length / requestLimits.perSecond) * 1_000),
  }
}
