import { describe, expect, it } from 'vitest'
import { foldsOf } from './folds.ts'
import { objectives, ownObjective } from './objective.ts'
import { optimize } from './optimize.ts'
import { DAY, evaluatorOf, memoryLog, metricsOf, optionsOf } from './optimize.fixture.ts'
import type { TrialWindow } from './folds.ts'
import type { SweepRunner, TrialEvaluator } from './sweep-runner.ts'

/** Best at point 6; the same afterwards, or not. */
const hill = (point: number): number => 10 - Math.abs(point - 6)

describe('what a search comes to', () => {
  it('holds when the winner earns after its training what it earned there, and stands out of its trials', async () => {
    const evaluator = evaluatorOf((point, fromMs) => (fromMs === 0 ? (point === 6 ? 8 : -1 - point / 100) : 3), { days: 365 })
    const { verdict, winner, outOfSample, monteCarlo, folds } = await optimize(optionsOf({ evaluator }))
    expect(verdict.text).toBe(
      'HOLDS: fast 10, slow 50, the best of 16 in training (return 8.00 %), made 3.00 % after it with 20 round trips; 88 % of the score in training was left, deflated Sharpe ratio 1.000 for 16 trials',
    )
    expect(folds[0]!.deflated!.probability).toBeGreaterThan(0.95)
    expect([winner!.point, winner!.values]).toEqual([6, { fast: 10, slow: 50 }])
    // 8 % in 70 days, 3 % in 30.
    expect(outOfSample!.kept).toBeCloseTo(3 / 30 / (8 / 70), 12)
    expect(monteCarlo!.trades).toBe(3)
  })
  it.each([
    [
      'it lost',
      (fromMs: number) => (fromMs === 0 ? 9 : -2),
      20,
      /^FAILS OUT OF SAMPLE: fast 10, slow 50, the best of 16 .* made -2\.00 % after it with 20 round trips: a loss, fees included$/,
    ],
    ['little was left of it', (fromMs: number) => (fromMs === 0 ? 9 : 1), 20, /^FAILS OUT OF SAMPLE: .*: 26 % of the score in training was left$/],
    ['it did nothing there', (fromMs: number) => (fromMs === 0 ? 9 : 1), 0, /^FAILS OUT OF SAMPLE: .*: it did not finish one round trip$/],
  ])('fails, in the first words, when %s', async (_why, returned, tripsAfter, text) => {
    const evaluator: TrialEvaluator = {
      ...evaluatorOf(() => 0),
      evaluate: (point, { fromMs }) => ({ metrics: metricsOf(point === 6 ? returned(fromMs) : -1, { roundTrips: fromMs === 0 ? 20 : tripsAfter }) }),
    }
    const { verdict } = await optimize(optionsOf({ evaluator }))
    expect([verdict.kind, verdict.text]).toEqual(['fails', expect.stringMatching(text)])
  })
  it('is not proven when the best of so many without skill looks as good, or days are too few', async () => {
    const noise = evaluatorOf((point, fromMs) => (fromMs === 0 ? 0.5 + ((point * 7) % 16) / 32 : 4))
    expect((await optimize(optionsOf({ evaluator: noise }))).verdict.text).toMatch(
      /^NOT PROVEN: .* its deflated Sharpe ratio is 0\.\d+, below 0.95: the best of 16 trials without any skill often looks as good$/,
    )
    const short = evaluatorOf(() => 5, { sharpe: null, skewness: null })
    expect((await optimize(optionsOf({ evaluator: short }))).verdict.text).toMatch(/^NOT PROVEN: .* daily returns are too few/)
  })
  it('ranks by round trips in training alone: a shorter test part with fewer is judged by its score', async () => {
    const evaluator: TrialEvaluator = {
      ...evaluatorOf(() => 0),
      evaluate: (point, { fromMs }) => ({ metrics: metricsOf(fromMs === 0 ? (point === 6 ? 8 : -1) : 3, { roundTrips: fromMs === 0 ? 40 : 20, days: 365 }) }),
    }
    const { verdict, outOfSample } = await optimize(optionsOf({ evaluator, minRoundTrips: 30 }))
    expect([verdict.kind, outOfSample!.kept]).toEqual(['holds', expect.closeTo(3 / 30 / (8 / 70), 12)])
  })
  it('[INC-71] is not proven, and does not fail, where the objective cannot be had out of sample', async () => {
    const evaluator: TrialEvaluator = {
      ...evaluatorOf(() => 0),
      evaluate: (point, { fromMs }) => ({ metrics: metricsOf(fromMs === 0 ? point : 3, { days: 365, calmar: fromMs === 0 ? point : null }) }),
    }
    const { verdict, outOfSample } = await optimize(optionsOf({ evaluator, objective: objectives.calmar }))
    expect(verdict.text).toMatch(/^NOT PROVEN: .* made 3\.00 % after it with 20 round trips, but has no calmar there to hold against that in training$/)
    expect(outOfSample).toMatchObject({ trainScore: null, testScore: null, kept: null })
  })
  it('compares the steps that have a score on both sides; one that did nothing made nothing', async () => {
    const folds = foldsOf({ fromMs: 0, toMs: 100 * DAY }, DAY, { folds: 3, testShare: 0.2 })
    const [, quiet, without] = folds.map(({ test }) => test!.fromMs)
    const tests = new Set(folds.map(({ test }) => test!.fromMs))
    const evaluator: TrialEvaluator = {
      ...evaluatorOf(() => 0),
      evaluate: (_point, { fromMs }) => ({
        metrics: metricsOf(1, { sharpe: fromMs === quiet || fromMs === without ? null : tests.has(fromMs) ? 3 : 2, roundTrips: fromMs === quiet ? 0 : 20 }),
      }),
    }
    const { outOfSample } = await optimize(optionsOf({ evaluator, folds, objective: objectives.sharpe }))
    expect(outOfSample).toMatchObject({ trainScore: 2, testScore: 1.5, kept: 0.75 })
  })
  it('is not tested when nothing was kept back', async () => {
    const result = await optimize(optionsOf({ evaluator: evaluatorOf(hill), folds: foldsOf({ fromMs: 0, toMs: 10 * DAY }, DAY, { testShare: 0 }) }))
    expect([result.verdict.kind, result.outOfSample, result.folds[0]!.tested]).toEqual(['untested', null, null])
    expect(result.verdict.text).toMatch(/^NOT TESTED out of sample: fast 10, slow 50/)
  })
  it('has no winner when all trials were refused or did nothing', async () => {
    const evaluator: TrialEvaluator = {
      evaluate: (point) => (point % 2 === 0 ? { refused: 'slow: a period above fast' } : { metrics: metricsOf(1, { roundTrips: 0 }) }),
      trades: () => ({ startEquity: 1, pnls: [] }),
    }
    const { verdict, winner, folds, monteCarlo } = await optimize(optionsOf({ evaluator }))
    expect(verdict.text).toBe('NO WINNER: none of 16 trials has a score (8 refused, 8 with too few round trips or without a return)')
    expect([winner, monteCarlo, folds[0]!.tested]).toEqual([null, null, null])
  })
  it('[INC-73] follows the winners of a walk forward, each judged right after its own training', async () => {
    const folds = foldsOf({ fromMs: 0, toMs: 100 * DAY }, DAY, { folds: 4, testShare: 0.2 })
    const borders = new Set(folds.map(({ test }) => test!.fromMs))
    const evaluator = evaluatorOf((point, fromMs) => (borders.has(fromMs) ? 2 : hill(point)))
    const { outOfSample, folds: steps, verdict } = await optimize(optionsOf({ evaluator, folds }))
    expect(steps.map(({ tested }) => tested!.metrics.returnPercent)).toEqual([2, 2, 2, 2])
    expect(outOfSample!.returnPercent).toBeCloseTo(100 * (1.02 ** 4 - 1), 12)
    expect([outOfSample!.roundTrips, outOfSample!.gainingFolds]).toEqual([80, 4])
    expect(verdict.text).toContain('the winners of 4 steps (the last: fast 10, slow 50) made 8.24 %')
  })
  it('takes another objective, and an own one', async () => {
    const evaluator: TrialEvaluator = {
      ...evaluatorOf(() => 0),
      evaluate: (point) => ({ metrics: metricsOf(point, { calmar: point === 3 ? 9 : null, drawdownPercent: point === 11 ? 0 : 50 }) }),
    }
    const own = ownObjective('calm', ({ returnPercent, drawdownPercent }) => returnPercent - drawdownPercent)
    const winners = await Promise.all(
      [objectives.calmar, objectives.sharpe, own].map(async (objective) => (await optimize(optionsOf({ evaluator, objective }))).winner!.point),
    )
    expect(winners).toEqual([3, 15, 11])
  })
  it('is incomplete when a trial could not be run, whoever won without it; a sweep that goes on tries it again', async () => {
    const evaluator = evaluatorOf(hill)
    const lost = 'the trial fast 15, slow 40 ended 3 workers'
    const log = memoryLog()
    const losing = (isLost: (point: number, window: TrialWindow) => boolean) => ({
      ...evaluator,
      evaluate: (point: number, window: TrialWindow) => (isLost(point, window) ? { lost } : evaluator.evaluate(point, window)),
    })
    const { verdict, winner, folds, hash } = await optimize(optionsOf({ evaluator: losing((point) => point === 9), log }))
    expect(verdict).toEqual({
      kind: 'incomplete',
      text: expect.stringMatching(/^INCOMPLETE: 1 trial was not run \(the trial fast 15, slow 40 ended 3 workers\)\. Without them: HOLDS: fast 10/) as string,
    })
    expect(folds[0]).toMatchObject({ trials: 16, refused: 0, lost: 1, loss: lost, unranked: 0 })
    expect([winner!.point, log.lines.length]).toEqual([6, 9])
    const whole = await optimize(optionsOf({ evaluator, log: memoryLog(log.lines) }))
    expect(whole).toEqual(await optimize(optionsOf({ evaluator })))
    expect(whole.hash).not.toBe(hash)
    const untested = await optimize(optionsOf({ evaluator: { ...losing((_point, { fromMs }) => fromMs > 0), trades: () => expect.unreachable() } }))
    expect(untested.verdict.text).toMatch(/^INCOMPLETE: 1 trial was not run .* NOT TESTED out of sample: fast 10.*; its test part was not run/)
    expect([untested.folds[0]!.lost, untested.folds[0]!.unranked, untested.folds[0]!.tested, untested.monteCarlo]).toEqual([1, 0, null, null])
  })
  it('breaks ties by the order of the points', async () => {
    expect((await optimize(optionsOf({ evaluator: evaluatorOf(() => 1) }))).winner!.point).toBe(0)
  })
})

describe('the log of a search', () => {
  it('that was cut anywhere is gone on with to the same bytes, and runs nothing twice', async () => {
    const folds = foldsOf({ fromMs: 0, toMs: 100 * DAY }, DAY, { folds: 2 })
    const whole = memoryLog()
    const result = await optimize(optionsOf({ evaluator: evaluatorOf(hill), folds, log: whole }))
    expect(whole.lines).toHaveLength(2 * 17)
    for (const cut of [0, 1, 15, 16, 17, 20, 34]) {
      let runs = 0
      const evaluator: TrialEvaluator = { ...evaluatorOf(hill), evaluate: (point, window) => (runs++, evaluatorOf(hill).evaluate(point, window)) }
      const log = memoryLog(whole.lines.slice(0, cut))
      const told: number[] = []
      const again = await optimize(optionsOf({ evaluator, folds, log, onProgress: ({ resumed }) => told.push(resumed) }))
      expect([log.lines, runs, told.at(-1)]).toEqual([whole.lines, 34 - cut, cut])
      expect(again).toEqual(result)
    }
  })
  it('is in the order of the search, whoever was first', async () => {
    const evaluator = evaluatorOf(hill)
    const backwards: SweepRunner = {
      name: 'backwards',
      run: async (points, window, { onTrial }) =>
        points.forEach((_, i) => onTrial(points.length - 1 - i, evaluator.evaluate(points[points.length - 1 - i]!, window))),
      close: async () => undefined,
    }
    const [forth, back] = [memoryLog(), memoryLog()]
    const [a, b] = [await optimize(optionsOf({ evaluator, log: forth })), await optimize(optionsOf({ evaluator, log: back, runner: backwards }))]
    expect(back.lines).toEqual(forth.lines)
    expect(b).toEqual(a)
  })
  it('of another sweep, or of none, is refused', async () => {
    const lines = memoryLog()
    await optimize(optionsOf({ evaluator: evaluatorOf(hill), log: lines }))
    const swapped = memoryLog([lines.lines[1]!])
    await expect(optimize(optionsOf({ evaluator: evaluatorOf(hill), log: swapped }))).rejects.toThrow('not those of this sweep: expected step 1 train point 0')
    await expect(optimize(optionsOf({ evaluator: evaluatorOf(hill), log: memoryLog(['{"fold":0}']) }))).rejects.toThrow('expected a trial')
  })
  it('ends with a runner that leaves trials out, and with a signal', async () => {
    const lazy: SweepRunner = { name: 'lazy', run: async () => undefined, close: async () => undefined }
    await expect(optimize(optionsOf({ evaluator: evaluatorOf(hill), runner: lazy }))).rejects.toThrow('the runner (lazy) ended with 16 trials missing')
    const cancel = new AbortController()
    const stopping = optimize(
      optionsOf({ evaluator: evaluatorOf(hill), signal: cancel.signal, onProgress: ({ done }) => done === 3 && cancel.abort(new Error('enough')) }),
    )
    await expect(stopping).rejects.toThrow('enough')
  })
})
