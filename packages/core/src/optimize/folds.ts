import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { timeText } from '../model/time-text.ts'

/** A stretch of time, `[fromMs, toMs)` in ms UTC. */
export interface TrialWindow {
  readonly fromMs: number
  readonly toMs: number
}

/** One step of a walk forward: searched on the first stretch, judged on the one right after it. */
export interface Fold {
  readonly train: TrialWindow
  /** Absent when nothing is kept back. */
  readonly test: TrialWindow | undefined
}

/** How time is divided. */
export interface SplitOptions {
  /** Steps of the walk forward; 1 (default) is one training and one test part. */
  readonly folds?: number
  /** Part of a step that is kept back, 0 to 0.9; default 0.3. 0: nothing is, and then there must be one fold. */
  readonly testShare?: number
  /** True: every training part begins at the beginning and grows; false (default): all are equally long and move on. */
  readonly anchored?: boolean
}

/**
 * Divides a stretch of time. The test parts follow each other without a gap up to the end, each right after its training part, so that none is ever searched on before
 * it was judged.
 *
 * @param alignMs - every border lies a multiple of this after the beginning, such as the length of a candle
 * @throws ConfigError when the numbers make no division
 * @example
 * ```ts
 * const day = 86400000
 * const folds = foldsOf({ fromMs: 0, toMs: 100 * day }, day, { folds: 2, testShare: 0.2 })
 * folds.map(({ train, test }) => [train.fromMs, train.toMs, test!.toMs].map((ms) => ms / day)) // => [[0, 66, 83], [16, 83, 100]]
 * ```
 */
export function foldsOf({ fromMs, toMs }: TrialWindow, alignMs: number, { folds = 1, testShare = 0.3, anchored = false }: SplitOptions = {}): readonly Fold[] {
  const problems: ConfigProblem[] = []
  if (!(Number.isInteger(folds) && folds >= 1 && folds <= 1000))
    problems.push({ path: 'folds', expected: 'a whole number from 1 to 1000', received: String(folds) })
  if (!(testShare >= 0 && testShare <= 0.9)) problems.push({ path: 'testShare', expected: 'a share from 0 to 0.9', received: String(testShare) })
  if (testShare === 0 && folds > 1) problems.push({ path: 'testShare', expected: 'a share above 0 for a walk forward', received: '0' })
  if (problems.length > 0) throw new ConfigError(problems)
  const aligned = (ms: number): number => fromMs + Math.floor((ms - fromMs) / alignMs) * alignMs
  const ratio = testShare / (1 - testShare)
  const trainMs = (toMs - fromMs) / (1 + folds * ratio)
  const testMs = trainMs * ratio
  const made = Array.from({ length: folds }, (_, i) => {
    const border = aligned(fromMs + trainMs + i * testMs)
    return {
      train: { fromMs: anchored ? fromMs : aligned(fromMs + i * testMs), toMs: testShare === 0 ? toMs : border },
      test: testShare === 0 ? undefined : { fromMs: border, toMs: i === folds - 1 ? toMs : aligned(fromMs + trainMs + (i + 1) * testMs) },
    }
  })
  const empty = made.some(({ train, test }) => train.toMs <= train.fromMs || (test !== undefined && test.toMs <= test.fromMs))
  if (empty)
    throw new ConfigError([{ path: 'folds', expected: 'parts of at least one candle', received: `${folds} folds of ${timeText(fromMs)} to ${timeText(toMs)}` }])
  return made
}
