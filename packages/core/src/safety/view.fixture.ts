import type { BotView, OrderTimes } from '../contracts/bot-view.ts'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import type { Intent } from '../model/intent.ts'
import type { EpochMs } from '../model/time.ts'
import { TimeRing } from '../model/time-ring.ts'
import { VerdictSlot } from './verdict-slot.ts'

// Shared by the tests of rules, sizers and exits; nothing in the library imports it.

/** 2026-01-02T12:00Z */
const NOW = 1_767_355_200_000

type Changes = { readonly [K in keyof BotView]?: BotView[K] extends number | boolean | string ? BotView[K] : Partial<BotView[K]> }

/** Orders at these moments, oldest first. */
export function ordersAt(...times: readonly number[]): TimeRing {
  const ring = new TimeRing()
  for (const ms of times) ring.push(ms)
  return ring
}

/** A warm bot with cash, fresh data and no position at 100, in which no rule has anything to say; `changes` are laid over it. */
export function testView(changes: Changes = {}): BotView {
  const { candle, position, today, cash, market, portfolio, orders, ...flat } = changes
  const never = Number.NEGATIVE_INFINITY as EpochMs
  return {
    environment: 'paper',
    instrument: 'BTC-USD',
    nowMs: NOW as EpochMs,
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
    candle: { openTime: (NOW - 60_000) as EpochMs, open: 100, high: 101, low: 99, close: 100, volume: 5, ...candle },
    position: {
      open: false,
      lots: 0,
      quantity: 0,
      averageEntry: Number.NaN,
      cost: 0,
      highestPrice: Number.NaN,
      lowestPrice: Number.NaN,
      peakSinceEntry: Number.NaN,
      bought: position?.quantity ?? 0,
      oldestTranche: position?.quantity ?? 0,
      openedAtMs: never,
      ...position,
    },
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

export const entryOf = (quoteAmount: number, changes: Partial<Intent> = {}): Intent => ({
  kind: 'open',
  origin: 'strategy',
  side: 'buy',
  quoteAmount,
  baseFraction: 0,
  source: 'test',
  ...changes,
})

export const exitOf = (baseFraction: number, changes: Partial<Intent> = {}): Intent => ({
  kind: baseFraction >= 1 ? 'close' : 'reduce',
  origin: 'exit',
  side: 'sell',
  quoteAmount: 0,
  baseFraction,
  source: 'test',
  ...changes,
})

/** What one rule says of one intent. */
export function slotOf(rule: SafetyRule, view: BotView, intent: Intent = entryOf(10)): VerdictSlot {
  const slot = new VerdictSlot()
  rule.check(intent, view, slot)
  return slot
}
