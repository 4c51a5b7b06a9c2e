import type { Decision } from '../../model/decision.ts'
import type { BotChart } from './bot-view.ts'
import { timeText } from '../../model/time-text.ts'
import { numberText } from './markup.ts'

/** Decisions that a report holds at most: those that led to orders are kept before others. */
export const MOST_DECISIONS = 12_000
/** Of these, those whose nearest change is worked out: each costs a search. */
const MOST_NEAREST = 400

/** A decision as the page shows it: texts only. */
interface ShownDecision {
  readonly t: number
  readonly o: string
  readonly lines: readonly (readonly [string, string])[]
}

/** The decisions of one bot along its bars. */
export interface Explorer {
  /** Start of each bar. */
  readonly times: readonly number[]
  readonly barMs: number
  /** Extremes of each bar, so that the page can fit the price to what is in view. */
  readonly low: readonly number[]
  readonly high: readonly number[]
  readonly decisions: readonly ShownDecision[]
  /** By bar: decisions made up to its start. Those of bar `i` stand from `starts[i]` up to `starts[i + 1]`; where there are none, the one before still holds. */
  readonly starts: readonly number[]
}

/** Which decisions a report can hold. */
export function keptDecisions(decisions: readonly Decision[]): readonly Decision[] {
  if (decisions.length <= MOST_DECISIONS) return decisions
  const matters = ({ outcome }: Decision): boolean => outcome === 'ordered' || outcome === 'exit'
  const room = MOST_DECISIONS - decisions.filter(matters).length
  const others = decisions.length - (MOST_DECISIONS - room)
  let seen = 0
  return decisions.filter((decision) => matters(decision) || Math.floor((++seen * room) / others) > Math.floor(((seen - 1) * room) / others))
}

/** Puts together what the page shows of a bot's decisions. */
export function explorerOf(chart: BotChart, all: readonly Decision[]): Explorer {
  const { bars, barMs } = chart
  const own = all.filter(({ botId }) => botId === chart.botId)
  let nearest = 0
  const decisions = own.map((decision) => shownDecision(decision, decision.outcome !== 'warmingUp' && nearest++ < MOST_NEAREST))
  const times = Array.from(bars.openTime)
  // A decision is made at the end of its candle.
  let made = 0
  const starts = [...times, (times.at(-1) ?? 0) + barMs].map((ms) => {
    while (made < own.length && own[made]!.timeMs <= ms) made++
    return made
  })
  return { times, barMs, low: short(bars.low), high: short(bars.high), decisions, starts }
}

/** Six digits place a price to a pixel. */
const short = (column: Float64Array): readonly number[] => Array.from(column, (value) => Number(value.toPrecision(6)))

function shownDecision(decision: Decision, withNearest: boolean): ShownDecision {
  const { confirmation, blocker, signal, sizing } = decision
  const lines: (readonly [string, string])[] = []
  if (!Number.isNaN(decision.score)) lines.push(['score', `${decision.score.toFixed(3)}, ${decision.temperature}`])
  for (const { name, score, weight, reason } of signal?.components ?? []) lines.push([name, `${score.toFixed(3)} × ${weight}: ${reason}`])
  if (confirmation.required > 0 && confirmation.count > 0) lines.push(['confirmation', `${confirmation.count} of ${confirmation.required}`])
  if (blocker !== undefined) lines.push(['blocked by', `${blocker.code}: ${blocker.detail}`])
  if (sizing !== undefined) lines.push(['size', sizing])
  for (const verdict of decision.verdicts)
    if (verdict.kind !== 'allow') lines.push([verdict.ruleId, `${verdict.kind === 'deny' ? 'denies' : 'reduces'}: ${verdict.detail}`])
  const allowed = decision.verdicts.filter(({ kind }) => kind === 'allow')
  if (allowed.length > 0) lines.push(['allowed by', allowed.map(({ ruleId }) => ruleId).join(', ')])
  if (withNearest) for (const line of nearestLines(decision)) lines.push(line)
  for (const [key, value] of Object.entries(decision.readings)) lines.push([`reading ${key}`, readingText(value)])
  return { t: decision.timeMs, o: decision.side === undefined ? decision.outcome : `${decision.outcome}, ${decision.side}`, lines }
}

const readingText = (value: number | Readonly<Record<string, number>>): string =>
  typeof value === 'number'
    ? numberText(value)
    : Object.entries(value)
        .filter(([name]) => !name.startsWith('previous'))
        .map(([name, member]) => `${name} ${numberText(member)}`)
        .join(', ')

function nearestLines({ nearest }: Decision): readonly (readonly [string, string])[] {
  if (nearest === undefined) return []
  return [
    ...nearest.changes.map(
      ({ gate, what, from, to, unit }) =>
        [`would need (${gate})`, what === 'time' ? `from ${timeText(to)} on` : `${what} ${numberText(from)} → ${numberText(to)} ${unit}`] as const,
    ),
    ...nearest.stuck.map(({ gate, needs }) => [`would need (${gate})`, needs] as const),
  ]
}
