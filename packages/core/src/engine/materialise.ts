import { outcomes } from '../model/decision.ts'
import type { Blocker, Decision, Nearest } from '../model/decision.ts'
import type { Signal, SignalComponent } from '../model/signal.ts'
import { temperatureNames } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'
import type { Verdict } from '../model/verdict.ts'
import { sizeEntry } from '../pipeline/stages/size.ts'
import { blockerText, blockerUnit } from '../safety/blocker-codes.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { captureMoment } from './capture-moment.ts'
import type { KernelState } from './kernel-state.ts'
import { nearestOf } from './nearest.ts'

/**
 * Copies the bot's slots into a record that aliases nothing. On an evaluation without an intent the rules judge the
 * probe: the entry the bot would make at this price, so that a reader always has margins.
 */
export function materialise(state: KernelState, bot: BotRuntime): Decision {
  const { frame, confirmation, config } = bot
  const { looking } = state
  state.looking = true
  const verdicts = verdictsOf(bot)
  state.looking = looking
  const readings = copyReadings(bot)
  const moment = captureMoment(state, bot, readings)
  let nearest: Nearest | undefined
  return {
    seq: bot.decisionSeq,
    botId: config.id,
    timeMs: state.nowMs,
    outcome: frame.outcome < 0 ? 'noData' : outcomes[frame.outcome]!,
    side: bot.sideName,
    preview: frame.preview,
    configHash: state.configHash,
    score: frame.score,
    temperature: temperatureNames[bot.view.temperature]!,
    readings,
    confirmation: {
      count: confirmation.count,
      required: requiredEvaluations(bot),
      sinceMs: Number.isNaN(confirmation.sinceMs) ? undefined : (confirmation.sinceMs as EpochMs),
    },
    verdicts,
    blocker: blockerOf(state, bot),
    signal: bot.samples < bot.warmup ? undefined : copySignal(bot),
    candles: bot.levelCount,
    ...sizingOf(bot),
    get nearest() {
      if (moment === undefined) return undefined
      nearest ??= nearestOf(moment)
      return nearest
    },
  }
}

/** Evaluations that a confirmation needs: its time in timeframes, and the one that starts it. */
const requiredEvaluations = (bot: BotRuntime): number => (bot.config.confirmMs === 0 ? 0 : Math.ceil(bot.config.confirmMs / bot.config.timeframeMs) + 1)

function verdictsOf(bot: BotRuntime): readonly Verdict[] {
  if (bot.frame.judged) return bot.judge.complete()
  const { probe } = bot
  probe.origin = 'strategy'
  probe.source = bot.config.strategy.id
  try {
    sizeEntry(bot, probe)
  } catch {
    // A sizer that throws has frozen its bot where it counts; a look asks for nothing.
    probe.quoteAmount = 0
  }
  bot.probeJudge.judge(probe, bot.view)
  return bot.probeJudge.complete()
}

/** The sizer's own words for an entry, and the plan's part in it; a text that throws costs itself only. */
function sizingOf({ frame, view, config, sizerReadings }: BotRuntime): Pick<Decision, 'sizing'> {
  if (!frame.hasIntent || frame.side <= 0 || config.sizing.describe === undefined) return {}
  const { tranches } = config
  const plan = tranches?.plan === undefined ? '' : `; tranche ${view.position.lots + 1} of ${tranches.max} by ${tranches.plan.id}`
  try {
    return { sizing: config.sizing.describe(view.score, view, sizerReadings) + plan }
  } catch {
    return {}
  }
}

function copyReadings(bot: BotRuntime): Record<string, number | Record<string, number>> {
  const readings: Record<string, number | Record<string, number>> = {}
  for (const [key, indicator] of bot.strategy.indicators) {
    const value = bot.frame.preview ? bot.preview!.readings[key]!.value : indicator.value
    if (typeof value === 'number') readings[key] = value
    else if (typeof value === 'object' && value !== null) readings[key] = { ...(value as Record<string, number>) }
  }
  return readings
}

/** Copies the components; their texts are formatted when they are read. */
export function copySignal(bot: BotRuntime): Signal {
  const { slots, strategy } = bot
  const components: SignalComponent[] = slots.names.map((name, i) => {
    const score = slots.scores[i]!
    const reading = slots.readings[i]!
    return {
      name,
      score,
      weight: slots.weights[i]!,
      reading,
      get reason() {
        return describe(strategy, name, score, reading)
      },
    }
  })
  return {
    score: bot.frame.score,
    components,
    get reason() {
      return components.map((component) => component.reason).join(' · ')
    },
  }
}

/** A text that throws costs itself only. */
function describe(strategy: BotRuntime['strategy'], name: string, score: number, reading: number): string {
  try {
    return strategy.describe(name, { score, reading })
  } catch (error) {
    return `${name}: no text (${error instanceof Error ? error.message : String(error)})`
  }
}

/** The primary blocker of the bot's last evaluation, in the words of the rule that denied it. */
export function blockerOf(state: KernelState, bot: BotRuntime): Blocker | undefined {
  const { frame, judge } = bot
  if (frame.blocker === 0) return undefined
  const code = state.blockers.code(frame.blocker)
  const ruled = frame.judged && judge.primaryCode === code
  return {
    code,
    margin: frame.margin,
    unit: ruled ? judge.primaryUnit : blockerUnit(code),
    sinceMs: bot.levelSinceMs as EpochMs,
    ...(Number.isNaN(frame.untilMs) ? {} : { untilMs: frame.untilMs as EpochMs }),
    detail: ruled ? judge.primaryDetail() : (bot.frozen ?? blockerText(code)),
  }
}
