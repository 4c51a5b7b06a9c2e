import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { PENDING } from '../pipeline/outcome-codes.ts'
import { keepExtremes } from './portfolio.ts'
import { recordLevel } from './record-level.ts'
import type { Order } from './order-machine.ts'
import { submit } from './submit.ts'
import type { Candle } from '../model/candle.ts'
import { confirm } from '../pipeline/stages/confirm.ts'
import { evaluate } from '../pipeline/stages/evaluate.ts'
import { checkExits } from '../pipeline/stages/exits.ts'
import { freeze } from '../pipeline/stages/freeze.ts'
import { guard, shouldExecute } from '../pipeline/stages/guard.ts'
import { previewIndicators, updateIndicators } from '../pipeline/stages/indicators.ts'
import { size } from '../pipeline/stages/size.ts'

// The main flow: one closed candle through one bot. Every stage reads and writes the bot's frame; the first that decides
// sets the outcome and the rest let it pass.

/** @param inside - true when no update of this candle was seen before it closed */
export function stepClosed(state: KernelState, bot: BotRuntime, candle: Candle, inside: boolean): void {
  takeIndicators(state, bot, candle)
  takeDecision(state, bot, candle, inside)
}

export function takeIndicators(state: KernelState, bot: BotRuntime, candle: Candle): void {
  bot.context.candle = candle
  try {
    updateIndicators(bot, candle)
  } catch (error) {
    freeze(state, bot, error)
  }
}

function takeDecision(state: KernelState, bot: BotRuntime, candle: Candle, inside: boolean): void {
  checkExits(state, bot, candle, inside)
  if (bot.frame.exit === 0) evaluate(state, bot, false)
  act(state, bot)
}

/** What follows an evaluation. */
function act(state: KernelState, bot: BotRuntime): void {
  confirm(state, bot)
  if (bot.frame.outcome === PENDING) size(state, bot)
  order(state, bot)
  recordLevel(state, bot)
}

/** An update within the bot's own candle: exits run on it, entries wait for the close. */
export function stepForming(state: KernelState, bot: BotRuntime, candle: Candle, inside: boolean): void {
  if (!bot.view.position.open) return
  checkExits(state, bot, candle, inside)
  if (bot.frame.exit === 0) return keepExtremes(state, bot)
  order(state, bot)
  recordLevel(state, bot)
}

/** An evaluation between closes, on readings as if the forming candle ended now; marked as preview. */
export function stepPreview(state: KernelState, bot: BotRuntime): void {
  try {
    previewIndicators(bot)
  } catch (error) {
    freeze(state, bot, error)
  }
  evaluate(state, bot, true)
  act(state, bot)
}

function order(state: KernelState, bot: BotRuntime): void {
  bot.frame.judged = false
  // Nothing is wanted on most candles: asked here, so that the way through gates and rules is not part of the loop that the compiler makes of them.
  if (!shouldExecute(bot.frame)) return
  const approved = guard(state, bot)
  if (approved !== undefined) submit(state, bot, approved)
}

/**
 * An intent that stands in the bot already: no confirmation, the same gates and rules.
 *
 * @param ended - the order of which this is the rest
 */
export function stepWish(state: KernelState, bot: BotRuntime, ended?: Order): void {
  bot.exitPrice = Number.NaN
  const approved = guard(state, bot)
  if (approved !== undefined) submit(state, bot, approved, ended)
  recordLevel(state, bot)
}

/** An intent that a person made. */
export function stepCommand(state: KernelState, bot: BotRuntime): void {
  const { frame } = bot
  frame.exit = 0
  frame.side = bot.intent.side === 'buy' ? 1 : -1
  frame.hasIntent = true
  frame.preview = false
  frame.outcome = PENDING
  frame.blocker = 0
  stepWish(state, bot)
}
