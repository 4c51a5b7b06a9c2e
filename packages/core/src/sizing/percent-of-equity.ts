import { z } from 'zod'
import type { Sizer } from '../contracts/sizer.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'

export const percentOfEquityParams = z.strictObject({ percent: z.number().gt(0).lte(100) })

/**
 * Sizes every entry as a percentage of the account's equity.
 *
 * @param percent - above 0, at most 100
 * @throws ConfigError when it is out of range
 * @example
 * ```ts
 * percentOfEquity(2).id // => 'percent-of-equity'
 * ```
 */
export function percentOfEquity(percent: number): Sizer & { readonly params: Json } {
  const params = parseParams(percentOfEquityParams, { percent }, 'percentOfEquity')
  return { apiVersion: 1, id: 'percent-of-equity', params, size: (_score, view) => (view.portfolio.equity * params.percent) / 100 }
}
