import type { Decimal } from 'decimal.js'
import { add, fromEstimate, isZero, toFloatRatio, valueOf } from '../model/money.ts'
import { HOUR_MS } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { OpenMarks } from './analytics-fold.ts'
import { finite, unfinite } from './canonical.ts'
import type { KernelState } from './kernel-state.ts'

/** Writes down what the account is worth now. Nothing is written while a position has no price: there is no default. */
export function valueAccount(state: KernelState): void {
  const equity = exactEquity(state)
  if (equity === undefined) {
    state.nextValuationMs = state.nowMs
    return
  }
  state.record('valuation', undefined, {
    equity,
    paidIn: state.durable.ledger.paidIn(state.settings.quoteCurrency),
    open: state.bots.filter((bot) => bot.view.position.open).map(marksOf),
  })
  state.nextValuationMs = Math.floor(state.nowMs / HOUR_MS) * HOUR_MS + HOUR_MS
}

/** Takes up what the price did in open positions where the journal's last valuation left it. */
export function resumeTrips(state: KernelState): void {
  for (const bot of state.bots) resumeTrip(state, bot)
}

function resumeTrip({ durable }: KernelState, bot: BotRuntime): void {
  const { analytics } = durable
  const trip = analytics.trips.open.get(bot.config.id)
  if (trip === undefined) return
  const first = trip.entries[0]!
  bot.trip.open(toFloatRatio(first.value, first.quantity))
  // A candle that opened after the decision holds nothing from before the entry but the way to it.
  bot.trip.sinceMs = durable.orders.get(first.clientOrderId)?.createdAtMs ?? trip.openedAtMs
  const marks = analytics.marks.find(([botId]) => botId === bot.config.id)
  if (marks === undefined || analytics.valuedAtMs === undefined || analytics.valuedAtMs < trip.openedAtMs) return
  bot.trip.low = unfinite(marks[1])
  bot.trip.high = unfinite(marks[2])
  bot.trip.peak = unfinite(marks[3])
  bot.trip.drawdown = marks[4]
  bot.trip.sinceMs = analytics.valuedAtMs
}

const marksOf = ({ config, trip }: BotRuntime): OpenMarks => [config.id, finite(trip.low), finite(trip.high), finite(trip.peak), trip.drawdown] as OpenMarks

/** Cash plus the bots' coins at the last price; undefined while a held coin has none. */
function exactEquity(state: KernelState): Decimal | undefined {
  const { ledger } = state.durable
  let equity = ledger.balance(state.settings.quoteCurrency)
  for (const bot of state.bots) {
    const { quantity } = ledger.position(bot.config.id)
    if (isZero(quantity)) continue
    const { price } = bot.market.market
    if (!(price > 0)) return undefined
    equity = add(equity, valueOf(quantity, fromEstimate(price)))
  }
  return equity
}
