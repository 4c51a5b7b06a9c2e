import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { periodSchema } from '../model/value-schemas.ts'
import type { Duration } from '../model/time.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

export const clockSkewParams = z.strictObject({ max: periodSchema })

/**
 * Denies entries while our clock and the venue's differ by more than a limit, either way; what a connection measured last counts. Code `CLOCK_SKEW`, margin
 * in ms.
 *
 * @throws ConfigError when the limit is no duration above zero
 * @example
 * ```ts
 * clockSkew('5s').code // => 'CLOCK_SKEW'
 * ```
 */
export function clockSkew(max: Duration): ConfiguredRule {
  const params = parseParams(clockSkewParams, { max }, 'clockSkew')
  return {
    apiVersion: 1,
    id: 'clock-skew',
    code: 'CLOCK_SKEW',
    unit: 'ms',
    params,
    limits: limitPolicy<typeof params>({ max: 'lower' }, (p) => clockSkew(p.max)),
    check(_intent, view, verdict) {
      verdict.require(params.max - Math.abs(view.market.clockSkewMs))
    },
    describe: (verdict) => `our clock is ${params.max - verdict.margin} ms from the venue's, at most ${params.max} ms are allowed`,
  }
}
