import type { TranchePlan } from '../../contracts/tranche-plan.ts'
import type { Json } from '../../model/json.ts'

/**
 * Spreads a position over tranches of the same size: budget / count.
 *
 * @example
 * ```ts
 * equalSize().id // => 'equal-size'
 * ```
 */
export const equalSize = (): TranchePlan & { readonly params: Json } => ({
  apiVersion: 1,
  id: 'equal-size',
  params: {},
  size: (budget, _index, count) => budget / count,
})
