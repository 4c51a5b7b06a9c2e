import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { keepExtremes } from './portfolio.ts'
import { outcomes } from '../model/decision.ts'
import { materialise } from './materialise.ts'

/** Ends an evaluation: counts its blocker, and writes down a level that is not the one before. */
export function recordLevel(state: KernelState, bot: BotRuntime): void {
  const { frame, confirmation } = bot
  bot.decisionSeq++
  state.blockerCounts[frame.blocker]!++
  const level = ((frame.outcome + 1) << 16) | (frame.blocker << 2) | (frame.side + 1)
  const confirming = confirmation.count > 0 && confirmation.lastMs === state.nowMs
  if (level === bot.level && !(confirming && confirmation.count === 1)) {
    bot.levelCount++
    if (state.settings.record === 'all') emit(state, bot)
  } else changeLevel(state, bot, level)
  if (confirming && confirmation.count > 1) keepConfirmation(state, bot)
  if (bot.usesExtremes) keepExtremes(state, bot)
}

function changeLevel(state: KernelState, bot: BotRuntime, level: number): void {
  bot.level = level
  bot.levelSinceMs = state.nowMs
  bot.levelCount = 1
  state.hash.int(bot.index)
  state.hash.int(level)
  state.hash.float(state.nowMs)
  if (state.journal !== undefined) keepEdge(state, bot)
  if (state.settings.record !== 'orders' || bot.frame.hasIntent) emit(state, bot)
}

function keepEdge(state: KernelState, bot: BotRuntime): void {
  const { frame, confirmation } = bot
  const code = frame.blocker === 0 ? null : state.blockers.code(frame.blocker)
  // Its own direction only: an exit says `sell` while an entry may still be confirming.
  const since = confirmation.side === frame.side && confirmation.side !== 0 ? confirmation.sinceMs : null
  state.recordEdge([bot.config.id, state.nowMs, outcomes[frame.outcome]!, code, bot.sideName ?? null, since])
}

/** A running confirmation must survive a restart, so its last evaluation is written once a timeframe; a backtest never restarts. */
function keepConfirmation(state: KernelState, bot: BotRuntime): void {
  const { side, sinceMs, lastMs, count, keptMs } = bot.confirmation
  if (state.settings.environment === 'backtest' || state.nowMs - keptMs < bot.config.timeframeMs) return
  bot.confirmation.keptMs = state.nowMs
  state.record('confirmation', bot.config.id, { side: side > 0 ? 'buy' : 'sell', sinceMs, lastMs, count })
}

function emit(state: KernelState, bot: BotRuntime): void {
  if (state.sink.decision !== undefined) state.sink.decision(materialise(state, bot))
}
