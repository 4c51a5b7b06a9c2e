import type { Json } from '../../model/json.ts'
import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { freeze } from './freeze.ts'
import { DENIED, HOLD, PENDING, WARMING_UP } from '../outcome-codes.ts'
import { temperatureOf } from '../../model/temperature.ts'

/** Asks the strategy for its score and turns it into a direction, or into the reason why there is none. */
export function evaluate(host: PipelineHost, bot: BotRuntime, preview: boolean): void {
  const { frame, view, slots } = bot
  frame.side = 0
  frame.blocker = 0
  frame.margin = 0
  frame.untilMs = Number.NaN
  frame.exit = 0
  frame.hasIntent = false
  frame.preview = preview
  frame.outcome = PENDING
  host.evaluations++
  if (bot.frozen !== undefined || bot.samples < bot.warmup) return notYet(host, bot)
  slots.reset()
  bot.stateSeen = bot.context.state
  try {
    bot.strategy.evaluate((preview ? bot.preview!.context : bot.context) as never, slots)
  } catch (error) {
    return freeze(host, bot, error)
  }
  const score = slots.score
  if ((score !== score || slots.handed !== undefined) && !take(host, bot, preview)) return
  frame.score = score
  view.score = score
  view.temperature = temperatureOf(score, bot.config.temperatureThresholds)
  const margin = Math.abs(score) - bot.config.actionThreshold
  if (margin < 0) {
    frame.outcome = HOLD
    frame.blocker = host.blockers.HOLD
    frame.margin = margin
  } else if (score > 0) frame.side = 1
  else if (view.position.open) frame.side = -1
  else nothingToSell(host, bot)
}

// What is rare stands apart: `evaluate` runs for every bot and candle, and the compiler inlines up to a size.

function notYet(host: PipelineHost, bot: BotRuntime): void {
  if (bot.frozen !== undefined) block(bot, DENIED, host.blockers.PLUGIN_FAILED, 0)
  else block(bot, WARMING_UP, host.blockers.WARMING_UP, bot.samples - bot.warmup)
}

/** False when what the strategy handed over cannot be used: a score that is no number, a state that does not fit. */
function take(host: PipelineHost, bot: BotRuntime, preview: boolean): boolean {
  const { slots } = bot
  if (Number.isNaN(slots.score)) {
    freeze(host, bot, 'the strategy returned NaN after its warm-up')
    return false
  }
  // A forming candle may still become another one: only what has closed is remembered.
  return preview || remember(host, bot, slots.handed!)
}

function nothingToSell(host: PipelineHost, bot: BotRuntime): void {
  block(bot, HOLD, bot.view.position.quantity > 0 ? host.blockers.of('DUST') : host.blockers.NO_POSITION, 0)
}

function remember(host: PipelineHost, bot: BotRuntime, next: Json): boolean {
  try {
    host.remember(bot.config.id, bot.config.strategy.id, bot.memory, next)
  } catch (error) {
    freeze(host, bot, error)
    return false
  }
  bot.showState()
  return true
}

function block(bot: BotRuntime, outcome: number, code: number, margin: number): void {
  bot.frame.outcome = outcome
  bot.frame.blocker = code
  bot.frame.margin = margin
}
