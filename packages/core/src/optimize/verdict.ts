import { DAY_MS } from '../model/time.ts'
import { numberText, percentText } from '../backtest/report/markup.ts'
import type { TrialWindow } from './folds.ts'
import type { Objective } from './objective.ts'
import type { FoldResult, OutOfSample, Verdict } from './optimize-result.ts'
import { valuesText } from './parameter-space.ts'

/** Part of the score in training that must be left out of sample. */
const LEAST_KEPT = 0.5
/** Usual level of the deflated Sharpe ratio. */
const LEAST_PROBABILITY = 0.95

/** A score that can be compared with that of another stretch of time. */
const perTime = ({ growsWithTime }: Objective, score: number, { fromMs, toMs }: TrialWindow): number =>
  growsWithTime ? (score * DAY_MS) / (toMs - fromMs) : score

/** What the winners made after their training; null when nothing was kept back or nothing won. */
export function outOfSampleOf(folds: readonly FoldResult[], objective: Objective): OutOfSample | null {
  let [growth, roundTrips, gainingFolds, train, test, tested, compared] = [1, 0, 0, 0, 0, 0, 0]
  for (const fold of folds) {
    const [winner] = fold.best
    if (fold.test === null) return null
    // A step without a winner does not trade; what it would have been compared with does not exist.
    if (winner === undefined || fold.tested === null) continue
    tested++
    growth *= 1 + fold.tested.metrics.returnPercent / 100
    roundTrips += fold.tested.metrics.roundTrips
    if (fold.tested.metrics.returnPercent > 0) gainingFolds++
    // What did nothing made nothing. What traded and has no score (too short for a Calmar ratio, or without a fall) cannot be compared.
    const score = fold.tested.metrics.roundTrips === 0 ? (fold.tested.score ?? 0) : fold.tested.score
    if (score === null) continue
    compared++
    train += perTime(objective, winner.score, fold.train)
    test += perTime(objective, score, fold.test)
  }
  if (tested === 0) return null
  const all = { returnPercent: 100 * (growth - 1), roundTrips, gainingFolds }
  if (compared === 0) return { ...all, trainScore: null, testScore: null, kept: null }
  const [trainScore, testScore] = [train / compared, test / compared]
  return { ...all, trainScore, testScore, kept: trainScore > 0 ? testScore / trainScore : null }
}

/** Judges a search. What was not run might have won: that comes before anything else. */
export function verdictOf(folds: readonly FoldResult[], outOfSample: OutOfSample | null, objective: Objective): Verdict {
  const told = judged(folds, outOfSample, objective)
  const lost = folds.reduce((sum, fold) => sum + fold.lost, 0)
  if (lost === 0) return told
  const loss = folds.find((fold) => fold.loss !== null)?.loss
  return { kind: 'incomplete', text: `INCOMPLETE: ${lost} ${lost === 1 ? 'trial was' : 'trials were'} not run (${loss}). Without them: ${told.text}` }
}

function judged(folds: readonly FoldResult[], outOfSample: OutOfSample | null, objective: Objective): Verdict {
  const last = folds.at(-1)!
  const [winner] = last.best
  if (winner === undefined)
    return {
      kind: 'noWinner',
      text: `NO WINNER: none of ${last.trials} trials has a score (${last.refused} refused, ${last.unranked} with too few round trips or without a ${objective.id})`,
    }
  const trained = `${valuesText(winner.values)}, the best of ${last.trials} in training (${scoreText(objective, winner.score)})`
  if (last.test === null || outOfSample === null)
    return {
      kind: 'untested',
      text: `NOT TESTED out of sample: ${trained}; ${last.test === null ? 'nothing was kept back' : 'its test part was not run'}, so nobody knows whether it is more than luck`,
    }
  const subject = folds.length === 1 ? `${trained},` : `the winners of ${folds.length} steps (the last: ${valuesText(winner.values)})`
  const made = `made ${percentText(outOfSample.returnPercent)} after ${folds.length === 1 ? 'it' : 'their training'} with ${outOfSample.roundTrips} round trips`
  const left = outOfSample.kept === null ? 'training itself made nothing' : `${(100 * outOfSample.kept).toFixed(0)} % of the score in training was left`
  const wrong = failureOf(outOfSample)
  if (wrong !== undefined) return { kind: 'fails', text: `FAILS OUT OF SAMPLE: ${subject} ${made}: ${wrong === 'kept' ? left : wrong}` }
  if (outOfSample.testScore === null)
    return { kind: 'unproven', text: `NOT PROVEN: ${subject} ${made}, but has no ${objective.id} there to hold against that in training` }
  const { deflated } = last
  if (deflated === null) return { kind: 'unproven', text: `NOT PROVEN: ${subject} ${made}, but its daily returns are too few to say whether that is luck` }
  const probability = deflated.probability.toFixed(3)
  return deflated.probability < LEAST_PROBABILITY
    ? {
        kind: 'unproven',
        text: `NOT PROVEN: ${subject} ${made}, but its deflated Sharpe ratio is ${probability}, below ${LEAST_PROBABILITY}: the best of ${deflated.trials} trials without any skill often looks as good`,
      }
    : { kind: 'holds', text: `HOLDS: ${subject} ${made}; ${left}, deflated Sharpe ratio ${probability} for ${deflated.trials} trials` }
}

function failureOf({ returnPercent, roundTrips, testScore, kept }: OutOfSample): string | undefined {
  if (roundTrips === 0) return 'it did not finish one round trip'
  if (!(returnPercent > 0)) return 'a loss, fees included'
  return testScore !== null && (kept === null || kept < LEAST_KEPT) ? 'kept' : undefined
}

/** A score with its name. */
const scoreText = ({ id }: Objective, score: number): string => (id === 'return' ? `return ${percentText(score)}` : `${id} ${numberText(score)}`)
