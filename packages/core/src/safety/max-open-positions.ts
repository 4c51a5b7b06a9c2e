import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

export const maxOpenPositionsParams = z.strictObject({ max: z.int().min(1).max(100_000) })

/**
 * Denies opening a position when the account holds `max` of them; adding to one is not its business. Code `OPEN_POSITIONS`, margin in positions that would be
 * left after this one.
 *
 * @throws ConfigError when max is no whole number from 1 to 100000
 * @example
 * ```ts
 * maxOpenPositions(11).code // => 'OPEN_POSITIONS'
 * ```
 */
export function maxOpenPositions(max: number): ConfiguredRule {
  const params = parseParams(maxOpenPositionsParams, { max }, 'maxOpenPositions')
  return {
    apiVersion: 1,
    id: 'max-open-positions',
    code: 'OPEN_POSITIONS',
    unit: 'positions',
    params,
    limits: limitPolicy<typeof params>({ max: 'lower' }, (p) => maxOpenPositions(p.max)),
    check(intent, view, verdict) {
      if (intent.kind === 'open') verdict.require(params.max - view.portfolio.openPositions - 1)
    },
    describe: (verdict) => `${params.max - verdict.margin - 1} of ${params.max} positions are open`,
  }
}
