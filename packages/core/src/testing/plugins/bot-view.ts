import type { BotView, OrderTimes } from '../../contracts/bot-view.ts'
import type { EpochMs } from '../../model/time.ts'
import { TimeRing } from '../../model/time-ring.ts'
import { MutablePosition } from '../../pipeline/views.ts'

/** 2026-01-02T12:00Z */
export const NOON_MS = 1_767_355_200_000

/** Numbers and parts of a view that are other than usual. */
export type BotViewChanges = { readonly [K in keyof BotView]?: BotView[K] extends number | boolean | string ? BotView[K] : Partial<BotView[K]> }

/**
 * Returns the orders of a bot or of the account at these moments, as a {@link BotView} has them.
 *
 * @param times - epoch milliseconds, oldest first
 * @example
 * ```ts
 * ordersAt(1000, 2000).nthNewest(1) // => 2000
 * ```
 */
export function ordersAt(...times: readonly number[]): OrderTimes {
  const ring = new TimeRing()
  for (const ms of times) ring.push(ms)
  return ring
}

/**
 * Returns what a plugin sees of a warm bot with cash, fresh data and no position, the price at 100, on 2026-01-02 at noon: nothing that a rule of the library
 * would object to. For tests of exit rules, sizers and safety rules.
 *
 * @param changes - laid over it, part by part
 * @example
 * ```ts
 * botView({ market: { price: 90 } }).market // => { price: 90, bid: 99.9, ask: 100.1, dataAgeMs: 0, spreadBps: 20, clockSkewMs: 0 }
 * ```
 */
export function botView(changes: BotViewChanges = {}): BotView {
  const { candle, position, today, cash, market, portfolio, orders, ...flat } = changes
  const never = Number.NEGATIVE_INFINITY as EpochMs
  return {
    environment: 'paper',
    instrument: 'BTC-USD',
    nowMs: NOON_MS as EpochMs,
    previousClose: 100,
    score: 0.2,
    temperature: 2,
    lastFillMs: never,
    lastFillPrice: Number.NaN,
    lossStreak: 0,
    lastLossMs: never,
    workingOrder: false,
    ...flat,
    orders: (orders ?? ordersAt()) as OrderTimes,
    candle: { openTime: (NOON_MS - 60_000) as EpochMs, open: 100, high: 101, low: 99, close: 100, volume: 5, ...candle },
    position: Object.assign(new MutablePosition(), { bought: position?.quantity ?? 0, oldestTranche: position?.quantity ?? 0 }, position),
    today: { loss: 0, peakLoss: 0, trades: 0, ...today },
    cash: { available: 1_000, reserved: 0, ...cash },
    market: { price: 100, bid: 99.9, ask: 100.1, dataAgeMs: 0, spreadBps: 20, clockSkewMs: 0, ...market },
    portfolio: {
      openPositions: 0,
      exposure: 0,
      todayLoss: 0,
      todayPeakLoss: 0,
      todayTrades: 0,
      equity: 1_000,
      peakEquity: 1_000,
      orders: ordersAt(),
      activeOn: () => 0,
      tradingState: 0,
      emergencyStop: false,
      ...portfolio,
    },
  }
}
