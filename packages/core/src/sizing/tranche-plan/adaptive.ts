import { z } from 'zod'
import type { TranchePlan } from '../../contracts/tranche-plan.ts'
import type { Json } from '../../model/json.ts'
import { parseParams } from '../../model/params.ts'
import { maCross } from '../../strategies/weighted-signals/ma-cross.ts'
import type { MaCrossValue } from '../../strategies/weighted-signals/ma-cross.ts'
import { movingAverageScore, separationPercent } from '../../strategies/weighted-signals/scores.ts'

const factor = z.number().gt(0).lte(100)
const average = z.int().min(1).max(1_000)

export const adaptiveParams = z
  .strictObject({
    slope: z.number().gt(0).lte(1_000).default(10),
    lowest: factor.default(0.5),
    highest: factor.default(1.5),
    fast: average.default(12),
    slow: average.default(26),
    fallingBelow: z.number().gte(-1).lt(0).default(-0.3),
    inFall: z.number().gt(0).lte(1).default(0.5),
  })
  .refine((p) => p.lowest <= p.highest, { path: ['highest'], error: 'a factor that is at least lowest' })
  .refine((p) => p.fast < p.slow, { path: ['slow'], error: 'a period longer than fast' })

/**
 * Spreads a position over tranches that grow with the distance below the average entry and halve in a falling trend:
 * `budget / count x clamp(1 + 10 (average - price) / average, 0.5, 1.5) x (trend < -0.3 ? 0.5 : 1)`, the sum capped at the budget.
 *
 * The trend is the moving-average score of the reference strategy on simple averages of its own: -1 to +1, -0.8 on the candle of a cross down, else
 * tanh(0.1 x separation in percent).
 *
 * @param options - `slope`, `lowest`, `highest`: of the clamp; `fast`, `slow`: periods of the trend; `fallingBelow`, `inFall`: its bound and factor
 * @throws ConfigError when a number is out of range, lowest is above highest, or fast not below slow
 * @example
 * ```ts
 * adaptive({ highest: 2 }).id // => 'adaptive'
 * ```
 */
export function adaptive(options: z.input<typeof adaptiveParams> = {}): TranchePlan & { readonly params: Json } {
  const params = parseParams(adaptiveParams, options, 'adaptive')
  const { slope, lowest, highest, fallingBelow, inFall } = params
  return {
    apiVersion: 1,
    id: 'adaptive',
    params,
    indicators: () => ({ trend: maCross(params.fast, params.slow) }),
    size(budget, _index, count, { position, market }, readings) {
      const below = position.open ? (position.averageEntry - market.price) / position.averageEntry : 0
      const stretch = Math.min(highest, Math.max(lowest, 1 + slope * below))
      const trend = readings?.['trend']?.value as MaCrossValue | undefined
      const falling = trend !== undefined && movingAverageScore(trend, separationPercent(trend)) < fallingBelow
      return Math.min((budget / count) * stretch * (falling ? inFall : 1), budget - position.cost)
    },
  }
}
