import type { SafetyRule } from '../contracts/safety-rule.ts'
import { isoDay } from '../model/iso-time.ts'
import { timeText } from '../model/time-text.ts'
import { DAY_MS } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { VerdictSlot } from '../safety/verdict-slot.ts'
import { tripRule } from './breakers.ts'
import type { KernelState } from './kernel-state.ts'
import { refreshAccount } from './portfolio.ts'
import { recordLatch } from './trading-state.ts'

/** Values one bot's position at the last price, then the account. */
export function markBot(state: KernelState, bot: BotRuntime): void {
  valueBot(state, bot)
  markAccount(state, bot)
}

/** Values every position, then the account once: a sum over half of the positions would be a loss that nobody made. */
export function markAll(state: KernelState): void {
  for (const bot of state.bots) valueBot(state, bot)
  const [first] = state.bots
  if (first !== undefined) markAccount(state, first)
}

/** Unrealised P&L of one bot, its loss of today, and the rules that look at it. */
function valueBot(state: KernelState, bot: BotRuntime): void {
  const { position, today } = bot.view
  const price = bot.market.market.price
  // NaN while a position taken over from an earlier run has no price yet: there is no default.
  const unrealized = position.quantity > 0 ? position.quantity * price - position.cost : 0
  state.unrealized[bot.index] = unrealized
  const change = bot.realizedToday + unrealized - bot.dayBaseline
  today.loss = change < 0 ? -change : 0
  if (today.loss > today.peakLoss) {
    today.peakLoss = today.loss
    if (bot.tripRules.length > 0) {
      state.marksMoved = true
      stopBot(state, bot)
    }
  }
}

/** Unrealised P&L, equity and its extremes, today's loss, and the rules that look at them. */
function markAccount(state: KernelState, bot: BotRuntime): void {
  const { portfolio, unrealized } = state
  const { marks } = state
  let total = 0
  for (let i = 0; i < unrealized.length; i++) total += unrealized[i]!
  if (Number.isNaN(total)) return
  const equity = state.bookValue + total
  portfolio.equity = equity
  let deeper = false
  if (equity > marks.peakEquity) {
    setPeak(state, equity)
  } else if (marks.peakEquity - equity > state.fall) {
    state.fall = marks.peakEquity - equity
    if (state.fall > marks.maxDrawdown) {
      marks.maxDrawdown = state.fall
      state.marksMoved = true
    }
    deeper = true
  }
  const change = state.realizedToday + total - state.durable.dayBaseline
  portfolio.todayLoss = change < 0 ? -change : 0
  if (portfolio.todayLoss > portfolio.todayPeakLoss) {
    portfolio.todayPeakLoss = portfolio.todayLoss
    marks.dayPeakLoss = portfolio.todayLoss
    state.marksMoved = true
    deeper = true
  }
  if (deeper && state.tripRules.length > 0) stopAccount(state, bot)
}

/** From here on a fall is measured from this equity. */
export function setPeak(state: KernelState, equity: number): void {
  state.marks.peakEquity = equity
  state.portfolio.peakEquity = equity
  state.fall = 0
  state.marksMoved = true
}

/** Stops entries of the account when a rule says that its limit is reached: for the rest of the UTC day, or until a person resets it. */
function stopAccount(state: KernelState, bot: BotRuntime): void {
  for (const rule of state.tripRules) {
    const untilReset = rule.stops === 'untilReset'
    if (untilReset ? state.tripped(rule.id) : state.lossUntilMs !== undefined) continue
    if (!reached(state, rule, bot)) continue
    const { todayLoss, equity, peakEquity } = state.portfolio
    if (untilReset) {
      tripRule(state, rule.id, rule.code, `equity is ${equity.toFixed(2)}, its highest value was ${peakEquity.toFixed(2)}`)
    } else {
      recordLatch(state, { reason: 'dailyLoss', untilMs: state.nextDayMs })
      state.alert('DAILY_LOSS', 'critical', `${rule.id}: today's loss is ${todayLoss.toFixed(2)}; no entries until ${timeText(state.nextDayMs)}`)
    }
    state.keepMarks()
  }
}

/** Stops entries of one bot for the rest of the UTC day. */
function stopBot(state: KernelState, bot: BotRuntime): void {
  if (bot.lossUntilMs !== undefined) return
  for (const rule of bot.tripRules) {
    if (!reached(state, rule, bot)) continue
    bot.lossUntilMs = state.nextDayMs
    recordLatch(state, { reason: 'botLoss', untilMs: state.nextDayMs }, bot.config.id)
    const text = `${rule.id}: the bot's loss of today is ${bot.view.today.loss.toFixed(2)}; it makes no entries until ${timeText(state.nextDayMs)}`
    state.alert('BOT_LOSS', 'critical', text, bot.config.id)
    state.keepMarks()
    return
  }
}

/** Asks every rule that may stop something whether it does, now: after limits became tighter. */
export function checkTrips(state: KernelState): void {
  for (const bot of state.bots) if (bot.tripRules.length > 0) stopBot(state, bot)
  const [first] = state.bots
  if (first !== undefined && state.tripRules.length > 0) stopAccount(state, first)
}

/** A rule that cannot say whether its limit is reached has reached it. */
function reached(state: KernelState, rule: SafetyRule, bot: BotRuntime): boolean {
  try {
    return rule.trips!(bot.view)
  } catch (error) {
    state.pluginFailed('RULE_FAILED', rule.id, error, bot.config.id)
    return true
  }
}

/** Starts a new UTC day: counters at zero, losses measured from here, the loss latches open. */
export function rollDay(state: KernelState, dayStartMs: number): void {
  state.nextDayMs = dayStartMs + DAY_MS
  if (state.lossUntilMs !== undefined) reportOvershoot(state)
  const hadLatch = state.lossUntilMs !== undefined
  const bots: Record<string, number> = {}
  let total = 0
  for (const bot of state.bots) {
    const unrealized = state.unrealized[bot.index]!
    bot.dayBaseline = 0
    bot.lossUntilMs = undefined
    bot.view.today.loss = 0
    bot.view.today.peakLoss = 0
    if (Number.isNaN(unrealized) || unrealized === 0) continue
    total += unrealized
    bot.dayBaseline = unrealized
    bots[bot.config.id] = unrealized
  }
  state.record('dayRolled', undefined, { day: isoDay(dayStartMs), unrealized: total, ...(Object.keys(bots).length === 0 ? {} : { bots }) })
  state.marks.rollDay(bots)
  if (hadLatch) recordLatch(state, { reason: 'dayRolled', untilMs: null })
  state.portfolio.todayLoss = 0
  state.portfolio.todayPeakLoss = 0
  refreshAccount(state)
}

/** Exits and gaps may make a loss larger than its limit: how much larger is said when the day ends. */
function reportOvershoot(state: KernelState): void {
  const [bot] = state.bots
  if (bot === undefined) return
  for (const rule of state.tripRules) {
    if (rule.stops !== undefined && rule.stops !== 'day') continue
    const slot = new VerdictSlot()
    try {
      rule.check(bot.intent, bot.view, slot)
    } catch (error) {
      slot.fail(error instanceof Error ? error.message : String(error))
    }
    if (slot.margin <= 0) state.alert('DAILY_LOSS_OVERSHOOT', 'info', `${rule.id}: the day ended ${(-slot.margin).toFixed(2)} beyond the limit`)
  }
}

/** Puts what the marks say into the mirrors: after a recovery or a restore. */
export function takeMarks(state: KernelState): void {
  const { marks } = state
  state.portfolio.peakEquity = marks.peakEquity
  state.portfolio.todayPeakLoss = marks.dayPeakLoss
  for (const bot of state.bots) {
    bot.dayBaseline = marks.botBaseline.get(bot.config.id) ?? 0
    bot.view.today.peakLoss = marks.botPeakLoss.get(bot.config.id) ?? 0
    bot.lossUntilMs = state.durable.bots.get(bot.config.id)?.lossLatchUntilMs
  }
}
