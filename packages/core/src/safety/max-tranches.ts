import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

export const maxTranchesParams = z.strictObject({ max: z.int().min(1).max(1_000) })

/**
 * Denies an entry when the bot's position has all its tranches. Code `MAX_TRANCHES`, margin in tranches that would be left after this one.
 *
 * @throws ConfigError when max is no whole number from 1 to 1000
 * @example
 * ```ts
 * maxTranches(3).code // => 'MAX_TRANCHES'
 * ```
 */
export function maxTranches(max: number): ConfiguredRule {
  const params = parseParams(maxTranchesParams, { max }, 'maxTranches')
  return {
    apiVersion: 1,
    id: 'max-tranches',
    code: 'MAX_TRANCHES',
    unit: 'tranches',
    params,
    limits: limitPolicy<typeof params>({ max: 'lower' }, (p) => maxTranches(p.max)),
    check(intent, view, verdict) {
      if (intent.rest === true) return
      verdict.require(params.max - view.position.lots - 1)
    },
    describe: (verdict) => `${params.max - verdict.margin - 1} of ${params.max} tranches are held`,
  }
}
