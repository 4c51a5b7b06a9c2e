import { turn } from '../runtime/turn.ts'
import type { SweepRunner, TrialEvaluator } from './sweep-runner.ts'

/**
 * Runs trials one after the other in this process, with a turn of the event loop between them: a page stays alive, and a signal comes through.
 *
 * @example
 * ```ts
 * const evaluator = { evaluate: (point: number) => ({ refused: `no ${point}` }), trades: () => ({ startEquity: 0, pnls: [] }) }
 * const told: number[] = []
 * await inProcessRunner(evaluator).run([4, 5], { fromMs: 0, toMs: 1 }, { onTrial: (position) => told.push(position) })
 * told // => [0, 1]
 * ```
 */
export const inProcessRunner = (evaluator: TrialEvaluator): SweepRunner => ({
  name: 'this process',
  async run(points, window, { signal, onTrial }) {
    for (const [position, point] of points.entries()) {
      await turn()
      signal?.throwIfAborted()
      onTrial(position, evaluator.evaluate(point, window))
    }
  },
  close: async () => undefined,
})
