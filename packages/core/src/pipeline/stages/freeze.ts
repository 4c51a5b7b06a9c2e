import type { BotRuntime } from '../bot-runtime.ts'
import { DENIED } from '../outcome-codes.ts'
import type { PipelineHost } from '../pipeline-host.ts'

/** A failing plugin stops its own bot only, visibly and until the next start: no more entries, exits stay on. */
export function freeze(host: PipelineHost, bot: BotRuntime, cause: unknown): void {
  const why = cause instanceof Error ? cause.message : String(cause)
  bot.frozen ??= why
  bot.frame.score = 0
  bot.view.score = 0
  bot.view.temperature = 0
  bot.frame.hasIntent = false
  bot.frame.outcome = DENIED
  bot.frame.blocker = host.blockers.PLUGIN_FAILED
  bot.frame.margin = 0
  host.pluginFailed('PLUGIN_FAILED', bot.config.strategy.id, why, bot.config.id)
}
