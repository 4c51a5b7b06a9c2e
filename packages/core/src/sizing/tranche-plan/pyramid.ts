import { z } from 'zod'
import type { TranchePlan } from '../../contracts/tranche-plan.ts'
import type { Json } from '../../model/json.ts'
import { parseParams } from '../../model/params.ts'

export const pyramidParams = z.strictObject({ step: z.number().gt(0).lte(10).default(0.5) })

/** Weights 1, 1 + step, 1 + 2 step, …; their sum over `count` tranches. */
const weight = (step: number, index: number): number => 1 + step * index
const sum = (step: number, count: number): number => count + (step * count * (count - 1)) / 2

/**
 * Spreads a position over tranches that grow: weights 1 : 1.5 : 2 (each `step` more than the one before) by count, so that together they are the budget. For a
 * position that is added to while it wins.
 *
 * @param options - `step`: growth in units of the first tranche, above 0, at most 10; 0.5 when left out
 * @throws ConfigError when the step is out of range
 * @example
 * ```ts
 * pyramidUp({ step: 1 }).id // => 'pyramid-up'
 * ```
 */
export function pyramidUp(options: z.input<typeof pyramidParams> = {}): TranchePlan & { readonly params: Json } {
  const params = parseParams(pyramidParams, options, 'pyramidUp')
  const { step } = params
  return { apiVersion: 1, id: 'pyramid-up', params, size: (budget, index, count) => (budget * weight(step, index)) / sum(step, count) }
}

/**
 * Spreads a position over tranches that shrink: weights 2 : 1.5 : 1, those of {@link pyramidUp} in reverse.
 *
 * @param options - `step`: as of `pyramidUp`
 * @throws ConfigError when the step is out of range
 * @example
 * ```ts
 * pyramidDown().id // => 'pyramid-down'
 * ```
 */
export function pyramidDown(options: z.input<typeof pyramidParams> = {}): TranchePlan & { readonly params: Json } {
  const params = parseParams(pyramidParams, options, 'pyramidDown')
  const { step } = params
  return { apiVersion: 1, id: 'pyramid-down', params, size: (budget, index, count) => (budget * weight(step, count - 1 - index)) / sum(step, count) }
}
