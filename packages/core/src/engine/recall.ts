import { EngineError } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { canonicalText } from './canonical.ts'
import type { KernelState } from './kernel-state.ts'

/**
 * Gives a bot's strategy the state that the journal holds for it, or its initial one. A state of another strategy is not its own and stays unread.
 *
 * @throws EngineError `STRATEGY_STATE` when the stored state does not fit: a strategy that forgot what it bought would buy it again
 */
export function recall(state: KernelState, bot: BotRuntime): void {
  const { memory } = bot.strategy
  if (memory === undefined) return
  const { id, strategy } = bot.config
  const kept = state.durable.bots.get(id)?.strategyState
  if (kept === undefined || (kept.strategy !== undefined && kept.strategy !== strategy.id)) put(bot, memory.initial)
  else {
    try {
      put(bot, kept.state)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new EngineError(
        'STRATEGY_STATE',
        `bot ${id}: the stored state of ${strategy.id} does not fit (${why}): run the version that wrote it, let the schema read the older form, or give the strategy another id, which begins anew`,
        { cause: error },
      )
    }
  }
}

function put(bot: BotRuntime, state: Json): void {
  const text = canonicalText(state)
  // A copy: what the strategy sees is frozen, and the journal's own data is not its to see.
  bot.memory.put(JSON.parse(text) as Json, text)
  bot.showState()
}
