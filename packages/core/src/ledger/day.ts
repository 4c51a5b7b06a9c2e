import type { Decimal } from 'decimal.js'
import { z } from 'zod'
import type { Json } from '../model/json.ts'
import { ZERO, add, decimalText } from '../model/money.ts'
import { DAY_MS, utcDayStart, type EpochMs } from '../model/time.ts'
import type { FillResult } from './own-fill.ts'
import { decimalSchema, parseState } from './state-schema.ts'

/** Days before today whose counters are kept, for fills that arrive late. */
const DAYS_KEPT = 7

/** What one UTC day has realised and how many entry orders filled, by bot and for the account. */
export interface DayCounters {
  /** Start of the current UTC day. */
  readonly dayMs: EpochMs
  /** Counts a booked fill for the UTC day of its venue time, be it today or (late) one of the seven days before. */
  book(result: FillResult): void
  /** Goes to the UTC day of a moment; true when that is a later day. Never goes back. */
  roll(nowMs: number): boolean
  /** Realised P&L of a day net of fees, of one bot or of the account; of today when no day is given. */
  realizedPnl(botId?: string, dayMs?: number): Decimal
  /** Entry orders with at least one fill on a day, of one bot or of the account; of today when no day is given. */
  entryTrades(botId?: string, dayMs?: number): number
  /** Counts what one bot did today and in the days kept for another that has done nothing yet. */
  adopt(from: string, to: string): void
  snapshot(): Json
  /** @throws EngineError `STORE_MISMATCH` on data that no version of this wrote */
  restore(state: Json): void
}

/** Makes counters that start in the UTC day of a moment. */
export const createDayCounters = (nowMs: number): DayCounters => new UtcDayCounters(utcDayStart(nowMs))

interface BotDay {
  realizedPnl: Decimal
  readonly entryOrders: Set<string>
}

interface Day {
  /** The sum over the bots. */
  realizedPnl: Decimal
  /** Entry orders of all bots, asked for several times an order. */
  entryTrades: number
  readonly bots: Map<string, BotDay>
}

const stateSchema = z.strictObject({
  kind: z.literal('dayCounters'),
  version: z.literal(1),
  dayMs: z.int(),
  days: z.array(
    z.strictObject({
      dayMs: z.int(),
      bots: z.record(z.string(), z.strictObject({ realizedPnl: decimalSchema, entryOrders: z.array(z.string()) })),
    }),
  ),
})

class UtcDayCounters implements DayCounters {
  dayMs: EpochMs
  private days = new Map<number, Day>()

  constructor(dayMs: EpochMs) {
    this.dayMs = dayMs
  }

  book(result: FillResult): void {
    const dayMs = utcDayStart(result.fill.atMs)
    if (dayMs < this.oldest()) return
    let day = this.days.get(dayMs)
    if (!day) this.days.set(dayMs, (day = { realizedPnl: ZERO, entryTrades: 0, bots: new Map() }))
    let bot = day.bots.get(result.fill.botId)
    if (!bot) day.bots.set(result.fill.botId, (bot = { realizedPnl: ZERO, entryOrders: new Set() }))
    day.realizedPnl = add(day.realizedPnl, result.realizedPnl)
    bot.realizedPnl = add(bot.realizedPnl, result.realizedPnl)
    if (result.fill.orderKind !== 'entry') return
    const known = bot.entryOrders.size
    bot.entryOrders.add(result.fill.continues ?? result.fill.clientOrderId)
    day.entryTrades += bot.entryOrders.size - known
  }

  roll(nowMs: number): boolean {
    const dayMs = utcDayStart(nowMs)
    if (dayMs <= this.dayMs) return false
    this.dayMs = dayMs
    for (const kept of this.days.keys()) if (kept < this.oldest()) this.days.delete(kept)
    return true
  }

  realizedPnl(botId?: string, dayMs: number = this.dayMs): Decimal {
    const day = this.days.get(dayMs)
    return (botId === undefined ? day : day?.bots.get(botId))?.realizedPnl ?? ZERO
  }

  entryTrades(botId?: string, dayMs: number = this.dayMs): number {
    const day = this.days.get(dayMs)
    return (botId === undefined ? day?.entryTrades : day?.bots.get(botId)?.entryOrders.size) ?? 0
  }

  adopt(from: string, to: string): void {
    for (const { bots } of this.days.values()) {
      const bot = bots.get(from)
      if (bot === undefined) continue
      bots.set(to, bot)
      bots.delete(from)
    }
  }

  snapshot(): Json {
    const days = [...this.days]
      .sort((a, b) => a[0] - b[0])
      .map(([dayMs, { bots }]) => {
        const sorted = [...bots].sort((a, b) => (a[0] < b[0] ? -1 : 1))
        return {
          dayMs,
          bots: Object.fromEntries(
            sorted.map(([botId, bot]) => [botId, { realizedPnl: decimalText(bot.realizedPnl), entryOrders: [...bot.entryOrders].sort() }]),
          ),
        }
      })
    return { kind: 'dayCounters', version: 1, dayMs: this.dayMs, days }
  }

  restore(state: Json): void {
    const parsed = parseState(stateSchema, state, 'the day counters, version 1')
    const days = new Map<number, Day>()
    for (const day of parsed.days) {
      const bots = new Map<string, BotDay>(
        Object.entries(day.bots).map(([botId, bot]) => [botId, { realizedPnl: bot.realizedPnl, entryOrders: new Set(bot.entryOrders) }]),
      )
      days.set(day.dayMs, {
        realizedPnl: [...bots.values()].reduce((sum, bot) => add(sum, bot.realizedPnl), ZERO),
        entryTrades: [...bots.values()].reduce((sum, bot) => sum + bot.entryOrders.size, 0),
        bots,
      })
    }
    this.dayMs = utcDayStart(parsed.dayMs)
    this.days = days
  }

  private oldest(): number {
    return this.dayMs - DAYS_KEPT * DAY_MS
  }
}
