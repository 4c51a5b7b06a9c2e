import type { Strategy } from '../../contracts/strategy.ts'
import type { Candle } from '../../model/candle.ts'
import { timeText } from '../../model/time-text.ts'
import { strategyCandles } from '../strategy-candles.ts'
import { StrategyRun, afterOrder, surroundings } from '../strategy-run.ts'
import type { Evaluation } from '../strategy-run.ts'

/** A strategy, or what makes one for a data set: a strategy that is prepared from data must be prepared from those it is tested on. */
export type StrategySource = Strategy | ((candles: readonly Candle[]) => Strategy)

/** Something that should not be. */
export interface Finding {
  /** When the candle ended whose evaluation differs. */
  readonly atMs: number
  /** What was expected and what was received. */
  readonly detail: string
}

/** What a proof came to. A proof that could look at nothing has not passed. */
export interface Proof {
  readonly passed: boolean
  /** Evaluations that were compared. */
  readonly compared: number
  /** The first of each kind, at most ten. */
  readonly findings: readonly Finding[]
  /** What the proof could not look at, in words. */
  readonly notes: readonly string[]
}

/** What the proofs of a strategy take. */
export interface ProofOptions {
  /** Closed candles, oldest first; 600 made-up ones when left out. */
  readonly candles?: readonly Candle[]
}

/** An evaluation with everything that went in and came out, as text. */
export interface Told {
  readonly atMs: number
  readonly text: string
  readonly evaluation: Evaluation
  /** Values of the indicators by key. */
  readonly readings: Readonly<Record<string, unknown>>
}

const FINDINGS = 10

export const candlesOf = ({ candles }: ProofOptions): readonly Candle[] => candles ?? strategyCandles(600)

export const made = (source: StrategySource, candles: readonly Candle[]): Strategy => (typeof source === 'function' ? source(candles) : source)

/**
 * Everything a strategy says of candles, in order, by the index of the candle; undefined while it warms up.
 *
 * @param count - candles to feed; all when left out
 */
export function tell(strategy: Strategy, candles: readonly Candle[], count = candles.length): (Told | undefined)[] {
  const run = new StrategyRun(strategy)
  let around = surroundings()
  return candles.slice(0, count).map((candle) => {
    const evaluation = run.step(candle, around)
    if (evaluation === undefined) return undefined
    around = afterOrder(around, candle, evaluation.score)
    const readings = Object.fromEntries(
      run.instance.indicators.map(([key, { value }]) => [key, typeof value === 'object' && value !== null ? { ...value } : value]),
    )
    return { atMs: candle.openTime, text: textOf([evaluation, readings]), evaluation, readings }
  })
}

/** JSON that tells numbers apart that JSON does not. */
const textOf = (value: unknown): string => JSON.stringify(value, (_key, member: unknown) => (typeof member === 'number' ? String(member) : member))

/** Collects findings, each kind once. */
export class Findings {
  compared = 0
  private readonly list = new Map<string, Finding>()

  add(kind: string, atMs: number, detail: string): void {
    if (!this.list.has(kind) && this.list.size < FINDINGS) this.list.set(kind, { atMs, detail: `${timeText(atMs)}: ${kind}: ${detail}` })
  }

  get any(): boolean {
    return this.list.size > 0
  }

  proof(notes: readonly string[]): Proof {
    return { passed: !this.any && this.compared > 0, compared: this.compared, findings: [...this.list.values()], notes }
  }
}

/** The part in which two tellings differ, in words. */
export function difference(expected: Told, received: Told | undefined): string {
  if (received === undefined) return `expected score ${expected.evaluation.score}, received no evaluation`
  for (const key of Object.keys(expected.readings)) {
    const [a, b] = [textOf(expected.readings[key]), textOf(received.readings[key])]
    if (a !== b) return `reading ${key}: expected ${a}, received ${b}`
  }
  if (expected.evaluation.score !== received.evaluation.score) return `score: expected ${expected.evaluation.score}, received ${received.evaluation.score}`
  return `expected ${textOf(expected.evaluation)}, received ${textOf(received.evaluation)}`
}
