import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { DENIED, PENDING } from '../outcome-codes.ts'
import { freeze } from './freeze.ts'
import type { MutableIntent } from '../views.ts'

/** Turns a confirmed direction into an intent: an entry of a quote amount, or a sale of the position. */
export function size(host: PipelineHost, bot: BotRuntime): void {
  const { frame, intent } = bot
  if (frame.outcome !== PENDING) return
  intent.origin = 'strategy'
  intent.source = bot.config.strategy.id
  frame.hasIntent = true
  if (frame.side < 0) {
    intent.kind = bot.config.exitFraction < 1 ? 'reduce' : 'close'
    intent.side = 'sell'
    intent.quoteAmount = 0
    intent.baseFraction = bot.config.exitFraction
    return
  }
  try {
    sizeEntry(bot, intent)
  } catch (error) {
    return freeze(host, bot, error)
  }
  if (intent.quoteAmount > 0) return
  frame.hasIntent = false
  frame.outcome = DENIED
  frame.blocker = host.blockers.SIZE_ZERO
  frame.margin = 0
}

/** Fills an intent with the entry the bot would make now; the amount is 0 when the sizer wants none. */
export function sizeEntry(bot: BotRuntime, intent: MutableIntent): void {
  const { view } = bot
  intent.rest = false
  intent.kind = view.position.open ? 'add' : 'open'
  intent.side = 'buy'
  intent.baseFraction = 0
  const amount = bot.config.sizing.size(view.score, view)
  intent.quoteAmount = amount > 0 && amount < Number.POSITIVE_INFINITY ? amount : 0
}
