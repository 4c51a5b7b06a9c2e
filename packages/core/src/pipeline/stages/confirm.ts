import type { BotRuntime } from '../bot-runtime.ts'
import type { PipelineHost } from '../pipeline-host.ts'
import { CONFIRMING, PENDING } from '../outcome-codes.ts'

/** Evaluations may be this many timeframes apart before a running confirmation starts over. */
const MAX_GAP_TIMEFRAMES = 2

/** Lets a direction pass once it has held for the bot's confirmation time. A gap, a flip or a hold starts over; nothing else does. */
export function confirm(host: PipelineHost, bot: BotRuntime): void {
  const { frame, confirmation } = bot
  if (frame.outcome === PENDING) hold(host, bot)
  else if (frame.exit === 0 && confirmation.side !== 0) confirmation.clear()
}

function hold(host: PipelineHost, bot: BotRuntime): void {
  const { frame, confirmation } = bot
  const now = host.nowMs
  const confirmMs = bot.config.confirmMs
  if (confirmMs === 0) return
  const gap = now - confirmation.lastMs > MAX_GAP_TIMEFRAMES * bot.config.timeframeMs
  if (confirmation.side !== frame.side || gap) {
    confirmation.side = frame.side
    confirmation.sinceMs = now
    confirmation.count = 0
  }
  confirmation.lastMs = now
  confirmation.count++
  const held = now - confirmation.sinceMs
  if (held >= confirmMs) return
  frame.outcome = CONFIRMING
  frame.blocker = host.blockers.CONFIRMATION
  frame.margin = held - confirmMs
  frame.untilMs = confirmation.sinceMs + confirmMs
}
