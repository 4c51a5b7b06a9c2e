import type { Decimal } from 'decimal.js'
import type { FillResult } from '../ledger/own-fill.ts'
import type { Json } from '../model/json.ts'
import { TimeRing } from '../model/time-ring.ts'
import { ZERO, add, isNegative, isZero, subtract, toFloat } from '../model/money.ts'
import type { Side } from '../model/order.ts'
import type { EntryData } from './journal/entry-data.ts'
import type { Order } from './order-machine.ts'

/** What the journal says of one bot beyond its position. */
export interface BotDurable {
  lastFillMs: number
  lastFillPrice: number
  lossStreak: number
  /** When the last losing round trip closed; -Infinity when none did. */
  lastLossMs: number
  /** When the bot's last orders were written down. */
  readonly orderTimes: TimeRing
  /** Venue time of the first fill of this round trip; -Infinity before the first one. A remainder too small to sell does not keep a round trip going. */
  openedAtMs: number
  /** Base units that the entries of this round trip bought. */
  bought: Decimal
  /** Extremes of the price in this round trip, as last written down; NaN = not yet. `peak`: since the last entry fill. */
  highest: number
  lowest: number
  peak: number
  confirmation: { side: Side; sinceMs: number; lastMs: number; count: number } | undefined
  level: { outcome: string; code: string | null; side: Side | null; sinceMs: number; confirmSinceMs: number | null } | undefined
  strategyState: { strategy: string | undefined; state: Json } | undefined
  /** Finished orders with a fill, over all runs, and the last of the entries. */
  entries: number
  exits: number
  lastEntryMs: number
  lastEntryPrice: number
  paused: boolean
  /** End of the UTC day on which the bot's own loss limit was reached; undefined when it was not. */
  lossLatchUntilMs: number | undefined
  /** Everything is to be sold, and it is not done yet. */
  flattenWanted: boolean
}

export const newBotDurable = (): BotDurable => ({
  lastFillMs: Number.NEGATIVE_INFINITY,
  lastFillPrice: Number.NaN,
  lossStreak: 0,
  lastLossMs: Number.NEGATIVE_INFINITY,
  orderTimes: new TimeRing(),
  openedAtMs: Number.NEGATIVE_INFINITY,
  bought: ZERO,
  highest: Number.NaN,
  lowest: Number.NaN,
  peak: Number.NaN,
  confirmation: undefined,
  level: undefined,
  strategyState: undefined,
  entries: 0,
  exits: 0,
  lastEntryMs: Number.NEGATIVE_INFINITY,
  lastEntryPrice: Number.NaN,
  paused: false,
  lossLatchUntilMs: undefined,
  flattenWanted: false,
})

/** Takes an edge of the bot's level; a confirmation begins, goes on or ends with it. */
export function takeLevel(bot: BotDurable, [, atMs, outcome, code, side, confirmSinceMs]: EntryData['blockerChanged']['changes'][number]): void {
  bot.level = { outcome, code, side, sinceMs: atMs, confirmSinceMs }
  if (confirmSinceMs === null || side === null) bot.confirmation = undefined
  else if (bot.confirmation?.sinceMs !== confirmSinceMs || bot.confirmation.side !== side)
    bot.confirmation = { side, sinceMs: confirmSinceMs, lastMs: atMs, count: 1 }
  else bot.confirmation.lastMs = atMs
}

/**
 * Notes a finished order of the bot, if anything of it was filled.
 *
 * @param first - it was not noted before: a fill may come after the end, and then once more
 */
export function countFinished(bot: BotDurable, order: Order, first: boolean): void {
  if (isZero(order.bookedQuantity)) return
  if (order.lastFillMs >= bot.lastFillMs) {
    bot.lastFillMs = order.lastFillMs
    bot.lastFillPrice = order.lastFillPrice
  }
  if (order.side === 'sell') {
    if (first) bot.exits++
    return
  }
  if (first && order.continues === undefined) bot.entries++
  if (order.lastFillMs < bot.lastEntryMs) return
  bot.lastEntryMs = order.lastFillMs
  bot.lastEntryPrice = order.lastFillPrice
}

/** The first fill of an order that opened (as the engine saw it) begins a round trip. */
export function countEntry(bot: BotDurable, order: Order, { fill, position, opened }: FillResult): void {
  bot.peak = toFloat(fill.price)
  if (opened || (order.kind === 'open' && isZero(order.bookedQuantity))) {
    bot.openedAtMs = fill.atMs
    bot.bought = position.quantity
    bot.highest = Number.NaN
    bot.lowest = Number.NaN
    return
  }
  const received = fill.fee.currency === fill.base ? subtract(fill.quantity, fill.fee.amount) : fill.quantity
  bot.bought = add(bot.bought, received)
}

/** Notes how a round trip of the bot ended. */
export function countRoundTrip(bot: BotDurable, { position, fill }: FillResult): void {
  const lost = isNegative(position.roundTripPnl)
  bot.lossStreak = lost ? bot.lossStreak + 1 : 0
  if (lost) bot.lastLossMs = fill.atMs
}
