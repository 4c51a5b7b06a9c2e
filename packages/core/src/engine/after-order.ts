import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { wantExit } from '../pipeline/stages/exits.ts'
import { stepWish } from './bot-pipeline.ts'
import { keepFlattening } from './flatten.ts'
import type { KernelState } from './kernel-state.ts'

/** What waited for an order of the bot to end: a flatten, else an exit. */
export function afterOrder(state: KernelState, bot: BotRuntime): void {
  if (bot.flattenWanted) keepFlattening(state, bot)
  else if (bot.heldExit > 0) sellHeld(state, bot)
}

/** The exit that had to wait for a cancel. Its price was reached, so it is not asked again whether it still is. */
function sellHeld(state: KernelState, bot: BotRuntime): void {
  const fraction = bot.heldExit
  bot.heldExit = 0
  if (!bot.view.position.open) return
  bot.view.nowMs = state.nowMs
  wantExit(bot, fraction, bot.heldSource)
  stepWish(state, bot)
}
