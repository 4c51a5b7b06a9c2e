import type { Readiness, ReadinessBlocker } from '../contracts/engine.ts'
import { toFloat } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { CONFIRMING, HOLD, NO_DATA } from '../pipeline/outcome-codes.ts'
import { entryGates } from '../pipeline/stages/guard.ts'
import type { EntryGate } from '../pipeline/stages/guard.ts'
import { sizeEntry } from '../pipeline/stages/size.ts'
import { blockerNeeds, blockerText, blockerUnit } from '../safety/blocker-codes.ts'
import type { BlockingRule } from '../safety/judge.ts'
import { ruleChange, situationOf } from '../safety/rule-change.ts'
import type { KernelState } from './kernel-state.ts'
import { changeOf } from './change-of.ts'
import { translate } from './submit.ts'

/**
 * Says what stands between a bot and its next entry at a moment: the strategy's own state, every gate, and the verdict of every rule on the entry that the
 * bot would make. The gates, rules, sizer and order translation are the ones that trading asks; the look leaves no trace.
 */
export function readiness(state: KernelState, bot: BotRuntime, nowMs: EpochMs): Readiness {
  return lookAt(state, bot, nowMs, () => {
    const waiting = waitingFor(state, bot)
    const shut = notEvaluating(state, bot)
    const gates = entryGates.flatMap((gate) => (gate.holds(state, bot) ? [gateBlocker(state, bot, gate, nowMs)] : []))
    const entry = shut.length > 0 ? [] : entryBlockers(state, bot)
    return { canTrade: shut.length + gates.length + entry.length === 0, atMs: nowMs, blockers: [...shut, ...waiting, ...gates, ...entry] }
  })
}

/** Puts a bot's view at a moment, asks, and puts it back: rules between events must see the same as without the question. */
export function lookAt<T>(state: KernelState, bot: BotRuntime, nowMs: EpochMs, ask: () => T): T {
  const { view, market } = bot
  const kept = { nowMs: view.nowMs, dataAgeMs: market.market.dataAgeMs, looking: state.looking }
  state.looking = true
  view.nowMs = nowMs
  market.market.dataAgeMs = nowMs - market.lastMs
  try {
    return ask()
  } finally {
    view.nowMs = kept.nowMs
    market.market.dataAgeMs = kept.dataAgeMs
    state.looking = kept.looking
  }
}

export const blocker = (gate: string, code: string, rest: Partial<ReadinessBlocker> = {}): ReadinessBlocker => ({
  gate,
  code,
  margin: 0,
  unit: blockerUnit(code),
  detail: blockerText(code),
  needs: blockerNeeds(code),
  needed: undefined,
  ...rest,
})

/** While one of these holds the bot is not evaluated, or its evaluation cannot end in an entry. */
function notEvaluating(state: KernelState, bot: BotRuntime): ReadinessBlocker[] {
  if (bot.frozen !== undefined) return [blocker('strategy', 'PLUGIN_FAILED', { detail: bot.frozen })]
  if (bot.samples < bot.warmup) {
    const missing = bot.warmup - bot.samples
    return [
      blocker('strategy', 'WARMING_UP', {
        margin: -missing,
        detail: `${bot.samples} of ${bot.warmup} closed candles seen`,
        needed: changeOf('strategy', 'WARMING_UP', 'closed candles', bot.samples, bot.warmup, 'candles'),
      }),
    ]
  }
  if (bot.level < 0) return [blocker('strategy', 'NO_DATA')]
  if (bot.frame.outcome === NO_DATA && bot.market.stale) return [blocker('strategy', state.blockers.code(bot.frame.blocker), { margin: bot.frame.margin })]
  return []
}

/** What the strategy waits for: no obstacle to an entry that it would want. */
function waitingFor(state: KernelState, bot: BotRuntime): ReadinessBlocker[] {
  const { frame, confirmation, config } = bot
  if (bot.frozen !== undefined || bot.samples < bot.warmup) return []
  const code = state.blockers.code(frame.blocker)
  if (frame.outcome === HOLD && code === 'HOLD') {
    const strength = Math.abs(frame.score)
    return [
      blocker('strategy', code, {
        margin: frame.margin,
        needed: changeOf('strategy', code, 'strength of the score', strength, config.actionThreshold, 'score'),
      }),
    ]
  }
  if (frame.outcome === HOLD) return [blocker('strategy', code)]
  if (frame.outcome !== CONFIRMING) return []
  const held = confirmation.lastMs - confirmation.sinceMs
  return [
    blocker('confirmation', code, {
      margin: frame.margin,
      untilMs: frame.untilMs as EpochMs,
      needed: changeOf('confirmation', code, 'time the signal has held', held, config.confirmMs, 'ms'),
    }),
  ]
}

export function gateBlocker(state: KernelState, bot: BotRuntime, gate: EntryGate, nowMs: EpochMs): ReadinessBlocker {
  const untilMs = gate.untilMs?.(state, bot) ?? Number.NaN
  if (Number.isNaN(untilMs)) return blocker('engine', gate.code)
  return blocker('engine', gate.code, {
    margin: nowMs - untilMs,
    unit: 'ms',
    untilMs: untilMs as EpochMs,
    needed: changeOf('engine', gate.code, 'time', nowMs, untilMs, 'ms'),
  })
}

/** Sizes and judges the entry the bot would make, and makes an order of it as a dry run. */
function entryBlockers(state: KernelState, bot: BotRuntime): ReadinessBlocker[] {
  const { probe, probeJudge, view } = bot
  probe.origin = 'strategy'
  probe.source = bot.config.strategy.id
  try {
    sizeEntry(bot, probe)
  } catch (error) {
    return [blocker('sizing', 'PLUGIN_FAILED', { detail: error instanceof Error ? error.message : String(error) })]
  }
  if (!(probe.quoteAmount > 0)) return [blocker('sizing', 'SIZE_ZERO')]
  probeJudge.judge(probe, view)
  const blocking = probeJudge.blocking()
  if (blocking.length > 0) return blocking.map((held) => ruleBlocker(bot, held))
  const approved = probeJudge.approved
  if (approved === undefined) return [blocker('sizing', 'SIZE_ZERO')]
  const translation = translate(state, bot, approved)
  return 'refused' in translation ? [blocker('engine', translation.refused)] : []
}

export function ruleBlocker(bot: BotRuntime, { rule, code, unit, margin, untilMs, detail }: BlockingRule): ReadinessBlocker {
  const situation = situationOf(bot.probe, bot.view, bot.config.temperatureThresholds)
  return blocker(rule.id, code, {
    margin,
    unit,
    ...(Number.isNaN(untilMs) ? {} : { untilMs: untilMs as EpochMs }),
    detail,
    needed: ruleChange(rule, situation, { minQuote: bot.probeJudge.minQuote, priceIncrement: toFloat(bot.market.instrument.priceIncrement) }),
  })
}
