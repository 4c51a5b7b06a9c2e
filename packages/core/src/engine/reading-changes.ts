import type { Change } from '../model/decision.ts'
import { boundary } from '../safety/smallest-step.ts'

/** One number that a strategy read, with the range in which it is searched. */
export interface ReadNumber {
  /** `readings.rsi`, `readings.macd.histogram`. */
  readonly what: string
  readonly value: number
  readonly low: number
  readonly high: number
  /** One step of the search: a millionth of the width. */
  readonly step: number
}

/** What a strategy saw, copied, and its pure function over it. */
export interface StrategyMoment {
  /** Code of the blocker that the strategy's opinion was. */
  readonly code: string
  numbers(): readonly ReadNumber[]
  /** The score with one number another and all else as it was; NaN when the strategy cannot be asked so. */
  scoreAt(what: string, value: number): number
  /** True when a score is a direction that the bot may take. */
  wants(score: number): boolean
}

/** Evenly spaced looks over the way to a bound, besides the ones that double from the value on. */
const EVEN_LOOKS = 64

/**
 * Returns, for each number that opens the strategy's gate when it alone is another, its nearest such value; the smallest change relative to its range first.
 * The way to a bound is looked at in steps that double and in even ones; between the last that fails and the first that passes it is halved.
 */
export function readingChanges(moment: StrategyMoment): readonly Change[] {
  const found = moment.numbers().flatMap((number) => {
    const nearest = [nearestOn(moment, number, 1), nearestOn(moment, number, -1)].flatMap((change) => change ?? [])
    return nearest.sort(byRelative).slice(0, 1)
  })
  return found.sort(byRelative)
}

const byRelative = (a: Change, b: Change): number => a.relative - b.relative || (a.what < b.what ? -1 : 1)

function nearestOn(moment: StrategyMoment, { what, value, low, high, step }: ReadNumber, way: 1 | -1): Change | undefined {
  const most = Math.floor((way > 0 ? high - value : value - low) / step)
  const at = (steps: number): number => value + way * steps * step
  const passes = (steps: number): boolean => moment.wants(moment.scoreAt(what, at(steps)))
  let refused = 0
  for (const steps of looks(most)) {
    if (!passes(steps)) {
      refused = steps
      continue
    }
    const to = at(boundary(passes, refused, steps))
    return { gate: 'strategy', code: moment.code, what, from: value, to, by: to - value, unit: 'reading', relative: Math.abs(to - value) / (high - low) }
  }
  return undefined
}

function looks(most: number): readonly number[] {
  const steps = new Set<number>()
  for (let n = 1; n < most; n *= 2) steps.add(n)
  for (let i = 1; i <= EVEN_LOOKS; i++) steps.add(Math.floor((most * i) / EVEN_LOOKS))
  return [...steps].filter((n) => n >= 1).sort((a, b) => a - b)
}
