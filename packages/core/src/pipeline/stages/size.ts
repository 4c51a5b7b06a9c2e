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
    const share = bot.config.exitBy === 'tranche' ? oldestShare(bot) : bot.config.exitFraction
    intent.kind = share < 1 ? 'reduce' : 'close'
    intent.side = 'sell'
    intent.quoteAmount = 0
    intent.baseFraction = share
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
  const amount = nextAmount(bot)
  intent.quoteAmount = amount > 0 && amount < Number.POSITIVE_INFINITY ? amount : 0
}

/** What the sizer says; with a tranche plan, the next tranche of it. */
function nextAmount(bot: BotRuntime): number {
  const { view, config } = bot
  const amount = config.sizing.size(view.score, view, bot.sizerReadings)
  const { tranches } = config
  if (tranches?.plan === undefined || !(amount > 0)) return amount
  // Beyond the last tranche the question is still how large one would be: that there is none left is the rule's to say.
  return tranches.plan.size(amount, Math.min(view.position.lots, tranches.max - 1), tranches.max, view, bot.planReadings)
}

/** A hair more than the quotient of two floats, so that rounding down to increments lands on the tranche itself. */
const HAIR = 1 + 1e-12

function oldestShare({ view }: BotRuntime): number {
  return Math.min(1, (view.position.oldestTranche / view.position.quantity) * HAIR)
}
