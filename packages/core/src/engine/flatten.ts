import { FLATTEN_SOURCE } from '../safety/emergency-latch.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { stepCommand } from './bot-pipeline.ts'
import type { KernelState } from './kernel-state.ts'

/** Asks for a bot to become flat. The wish is durable and is tried again with every price until nothing is held and nothing works. */
export function flatten(state: KernelState, bot: BotRuntime): void {
  bot.flattenWanted = true
  keepFlattening(state, bot)
}

/** Sells all a bot holds as a manual intent: the one order that may leave while halted. A working entry, or a sale that waits for its price, is cancelled first. */
export function keepFlattening(state: KernelState, bot: BotRuntime): void {
  const { view, working, intent } = bot
  if (!view.position.open && working === undefined) {
    bot.flattenWanted = false
    state.record('command', bot.config.id, { kind: 'flattened', payload: null })
    return
  }
  if (working !== undefined) {
    if ((working.side === 'buy' || working.type !== 'market') && bot.cancelAsked !== working.clientOrderId) {
      bot.cancelAsked = working.clientOrderId
      state.cancel(working)
    }
    return
  }
  view.nowMs = state.nowMs
  intent.kind = 'close'
  intent.origin = 'manual'
  intent.side = 'sell'
  intent.quoteAmount = 0
  intent.baseFraction = 1
  intent.source = FLATTEN_SOURCE
  stepCommand(state, bot)
}
