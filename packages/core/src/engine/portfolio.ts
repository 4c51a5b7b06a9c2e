import { averageEntry } from '../ledger/position.ts'
import { isoDay } from '../model/iso-time.ts'
import { timeText } from '../model/time-text.ts'
import { add, isPositive, toFloat } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { DAY_MS } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'

/** Refreshes the float mirrors of one bot's position from the exact ledger: once per fill, never per candle. */
export function refreshPosition(state: KernelState, bot: BotRuntime): void {
  const exact = state.durable.ledger.position(bot.config.id)
  const view = bot.view.position
  const wasOpen = view.open
  const durable = state.durable.bot(bot.config.id)
  const { instrument } = bot.market
  const minQuote = toFloat(instrument.minQuote)
  view.quantity = toFloat(exact.quantity)
  // What a finished sale left and the venue would not take is dust: named flat, sold together with the next position.
  const unsellable = view.quantity < toFloat(instrument.minBase) || view.quantity * durable.lastFillPrice < minQuote
  const dust = exact.exitsSinceEntry > 0 && unsellable && !state.durable.working.has(bot.config.id)
  view.open = isPositive(exact.quantity) && !dust
  view.lots = exact.lots.filter((lot) => toFloat(lot.cost) >= minQuote).length
  view.cost = toFloat(add(exact.cost, exact.fees))
  const average = averageEntry(exact)
  view.averageEntry = average === undefined ? Number.NaN : toFloat(average)
  if (!view.open) {
    view.highestPrice = Number.NaN
    view.lowestPrice = Number.NaN
    view.openedAtMs = Number.NEGATIVE_INFINITY as EpochMs
    state.unrealized[bot.index] = 0
  } else if (!wasOpen) {
    view.highestPrice = view.averageEntry
    view.lowestPrice = view.averageEntry
    view.openedAtMs = exact.openedAtMs ?? state.nowMs
  }
  bot.view.lastFillMs = durable.lastFillMs as EpochMs
  bot.view.lastFillPrice = durable.lastFillPrice
  bot.view.lossStreak = durable.lossStreak
}

/** Refreshes what all bots share: cash, exposure, counters, trading state. After every fact that moves money or orders. */
export function refreshAccount(state: KernelState): void {
  const { durable, cash, portfolio } = state
  const currency = state.settings.quoteCurrency
  cash.available = toFloat(durable.ledger.available(currency))
  cash.reserved = toFloat(durable.ledger.reserved(currency))
  portfolio.openPositions = 0
  portfolio.exposure = cash.reserved
  let cost = 0
  for (const bot of state.bots) {
    const { position } = bot.view
    if (position.open) portfolio.openPositions++
    cost += position.cost
    bot.working = durable.working.get(bot.config.id)
    bot.view.workingOrder = bot.working !== undefined
    bot.view.today.trades = durable.day.entryTrades(bot.config.id) + durable.pendingEntries(bot.config.id)
    bot.view.today.loss = Math.max(0, -toFloat(durable.day.realizedPnl(bot.config.id)))
  }
  portfolio.exposure += cost
  portfolio.todayTrades = durable.day.entryTrades() + durable.pendingEntries()
  state.bookValue = cash.available + cash.reserved + cost
  state.realizedToday = toFloat(durable.day.realizedPnl())
  refreshTradingState(state)
}

export function refreshTradingState(state: KernelState): void {
  const name = state.durable.tradingState
  state.portfolio.tradingState = name === 'halted' ? 2 : name === 'reducing' ? 1 : 0
  state.portfolio.emergencyStop = state.durable.halted
}

/** Values one bot's position at the last price, then the account: unrealised P&L, today's loss, drawdown, and the loss latch. */
export function markBot(state: KernelState, bot: BotRuntime): void {
  const { position } = bot.view
  const price = bot.market.market.price
  state.unrealized[bot.index] = position.open ? position.quantity * price - position.cost : 0
  markAccount(state, bot)
}

export function markAccount(state: KernelState, bot: BotRuntime): void {
  const { portfolio, unrealized } = state
  let total = 0
  for (let i = 0; i < unrealized.length; i++) total += unrealized[i]!
  portfolio.equity = state.bookValue + total
  if (portfolio.equity > state.peakEquity) state.peakEquity = portfolio.equity
  else if (state.peakEquity - portfolio.equity > state.maxDrawdown) state.maxDrawdown = state.peakEquity - portfolio.equity
  const change = state.realizedToday + total - state.durable.dayBaseline
  portfolio.todayLoss = change < 0 ? -change : 0
  if (portfolio.todayLoss > portfolio.todayPeakLoss) {
    portfolio.todayPeakLoss = portfolio.todayLoss
    latchLoss(state, bot)
  }
}

/** Sets the trading state to `reducing` for the rest of the UTC day when a rule says that its loss limit is reached. */
function latchLoss(state: KernelState, bot: BotRuntime): void {
  if (state.durable.lossLatchUntilMs !== undefined) return
  for (const rule of state.tripRules) {
    if (!rule.trips!(bot.view)) continue
    state.record('latch', undefined, { state: state.durable.halted ? 'halted' : 'reducing', reason: 'dailyLoss', untilMs: state.nextDayMs })
    state.alert('DAILY_LOSS', 'critical', `${rule.id}: today's loss is ${state.portfolio.todayLoss.toFixed(2)}; no entries until ${timeText(state.nextDayMs)}`)
    refreshTradingState(state)
    return
  }
}

/** Starts a new UTC day: counters at zero, the loss measured from here, the loss latch open. */
export function rollDay(state: KernelState, dayStartMs: number): void {
  state.nextDayMs = dayStartMs + DAY_MS
  let total = 0
  for (let i = 0; i < state.unrealized.length; i++) total += state.unrealized[i]!
  const hadLatch = state.durable.lossLatchUntilMs !== undefined
  state.record('dayRolled', undefined, { day: isoDay(dayStartMs), unrealized: total })
  if (hadLatch) state.record('latch', undefined, { state: state.durable.halted ? 'halted' : state.durable.paused ? 'reducing' : 'active', reason: 'dayRolled', untilMs: null })
  state.portfolio.todayLoss = 0
  state.portfolio.todayPeakLoss = 0
  refreshAccount(state)
}
