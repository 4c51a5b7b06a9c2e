import type { Position } from '../ledger/position.ts'
import { ZERO, add, isPositive, toFloat, toFloatRatio } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { refreshTradingState } from './trading-state.ts'

/** Refreshes the float mirrors of one bot's position from the exact ledger: once per fill, never per candle. */
export function refreshPosition(state: KernelState, bot: BotRuntime): void {
  const exact = state.durable.ledger.position(bot.config.id)
  const view = bot.view.position
  const wasOpen = view.open
  const durable = state.durable.bot(bot.config.id)
  const { minQuote, minBase } = bot.market
  view.quantity = toFloat(exact.quantity)
  // What the venue would not take is dust once no order works on it: named flat, sold together with the next position.
  const unsellable = view.quantity < minBase || view.quantity * durable.lastFillPrice < minQuote
  const dust = unsellable && !state.durable.working.has(bot.config.id)
  view.open = isPositive(exact.quantity) && !dust
  view.lots = exact.lots.filter((lot) => toFloat(lot.cost) >= minQuote).length
  view.cost = toFloat(add(exact.cost, exact.fees))
  view.averageEntry = isPositive(exact.quantity) ? toFloatRatio(exact.cost, exact.quantity) : Number.NaN
  if (!view.open) {
    view.highestPrice = Number.NaN
    view.lowestPrice = Number.NaN
    view.peakSinceEntry = Number.NaN
    view.openedAtMs = Number.NEGATIVE_INFINITY as EpochMs
    state.unrealized[bot.index] = 0
    bot.heldExit = 0
  } else if (!wasOpen) {
    // After a restart with what the journal knows of them; in a new position with its price.
    view.highestPrice = durable.highest > view.averageEntry ? durable.highest : view.averageEntry
    view.lowestPrice = durable.lowest < view.averageEntry ? durable.lowest : view.averageEntry
    view.peakSinceEntry = durable.peak
    view.openedAtMs = durable.openedAtMs as EpochMs
  }
  view.bought = toFloat(durable.bought)
  view.oldestTranche = view.open ? oldestTranche(exact, minQuote) : 0
  bot.view.lastFillMs = durable.lastFillMs as EpochMs
  bot.view.lastFillPrice = durable.lastFillPrice
  bot.view.lossStreak = durable.lossStreak
  bot.orders.entries = durable.entries
  bot.orders.exits = durable.exits
  bot.orders.lastEntryMs = durable.lastEntryMs as EpochMs
  bot.orders.lastEntryPrice = durable.lastEntryPrice
  bot.view.lastLossMs = durable.lastLossMs as EpochMs
}

/** Base units up to and with the oldest tranche that could be sold alone: dust before it goes along. */
function oldestTranche(position: Position, minQuote: number): number {
  let quantity = ZERO
  for (const lot of position.lots) {
    quantity = add(quantity, lot.quantity)
    if (toFloat(lot.cost) >= minQuote) break
  }
  return toFloat(quantity)
}

/** Writes the extremes of a held position down, so that a restart continues with them: at most once a timeframe, never in a backtest. */
export function keepExtremes(state: KernelState, bot: BotRuntime): void {
  if (!bot.usesExtremes || !bot.view.position.open || state.settings.environment === 'backtest') return
  if (state.nowMs - bot.extremesKeptMs < bot.config.timeframeMs) return
  const { highestPrice: highest, lowestPrice: lowest, peakSinceEntry: peak } = bot.view.position
  const kept = state.durable.bot(bot.config.id)
  if (highest === kept.highest && lowest === kept.lowest && peak === kept.peak) return
  bot.extremesKeptMs = state.nowMs
  state.record('extremes', bot.config.id, { highest, lowest, peak })
}

/** Refreshes every mirror of positions and account from the exact ledger. */
export function refreshMirrors(state: KernelState): void {
  for (const bot of state.bots) refreshPosition(state, bot)
  refreshAccount(state)
}

/** Refreshes the mirrors of the account: at the start and at the turn of a day. */
export function refreshAccount(state: KernelState): void {
  for (const bot of state.bots) {
    refreshOrders(state, bot)
    refreshBotDay(state, bot)
  }
  refreshRealized(state)
  refreshSums(state)
  refreshTradingState(state)
}

/** After a fact about one bot's order: cash, reservations, the working order and the trade slots. */
export function refreshAfterOrder(state: KernelState, bot: BotRuntime): void {
  refreshOrders(state, bot)
  refreshSums(state)
}

/** After a fill of one bot: its position, the cash, what was realised today. */
export function refreshAfterFill(state: KernelState, bot: BotRuntime): void {
  refreshPosition(state, bot)
  refreshOrders(state, bot)
  refreshBotDay(state, bot)
  refreshRealized(state)
  refreshSums(state)
}

function refreshOrders(state: KernelState, bot: BotRuntime): void {
  const { durable } = state
  const botId = bot.config.id
  bot.working = durable.working.get(botId)
  bot.view.workingOrder = bot.working !== undefined
  bot.view.orders = durable.bot(botId).orderTimes
  bot.view.today.trades = durable.day.entryTrades(botId) + durable.pendingEntries(botId)
}

function refreshBotDay(state: KernelState, bot: BotRuntime): void {
  bot.realizedToday = toFloat(state.durable.day.realizedPnl(bot.config.id))
}

function refreshRealized(state: KernelState): void {
  state.realizedToday = toFloat(state.durable.day.realizedPnl())
}

/** Sums over the bots' float mirrors: no Decimal but the cash. */
function refreshSums(state: KernelState): void {
  const { cash, portfolio } = state
  const { ledger } = state.durable
  const currency = state.settings.quoteCurrency
  cash.available = toFloat(ledger.available(currency))
  cash.reserved = toFloat(ledger.reserved(currency))
  let cost = 0
  portfolio.openPositions = 0
  portfolio.orders = state.durable.orderTimes
  portfolio.active.clear()
  // The account's own count: entries of bots that were removed today are in it.
  portfolio.todayTrades = state.durable.day.entryTrades()
  for (let i = 0; i < state.bots.length; i++) {
    const { view, working } = state.bots[i]!
    // An entry at work is a position to be: two bots must not both take the last place.
    if (view.position.open || working?.side === 'buy') {
      portfolio.openPositions++
      portfolio.active.set(view.instrument, portfolio.activeOn(view.instrument) + 1)
    }
    if (working !== undefined) portfolio.todayTrades += state.durable.pendingEntries(state.bots[i]!.config.id)
    cost += view.position.cost
  }
  portfolio.exposure = cost + cash.reserved
  state.bookValue = cash.available + cash.reserved + cost
  movePeak(state, state.durable.paidIn.get(currency) ?? 0)
}

/** Money that came in or was taken out is neither a gain nor a fall. */
function movePeak(state: KernelState, paidIn: number): void {
  const { marks } = state
  if (paidIn === marks.deposited) return
  marks.peakEquity += paidIn - marks.deposited
  marks.deposited = paidIn
  state.portfolio.peakEquity = marks.peakEquity
}
