import { z } from 'zod'
import type { Duration } from '../model/time.ts'
import { parseParams } from '../model/params.ts'
import { periodSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { remainingText } from './texts.ts'

export const staleDataParams = z.strictObject({ maxAge: periodSchema })

/**
 * Denies entries when the last market message is older than a limit, or when there has been none. Code `STALE_DATA`, margin in ms.
 *
 * @throws ConfigError when the age is no duration above zero
 * @example
 * ```ts
 * staleData('2m').code // => 'STALE_DATA'
 * ```
 */
export function staleData(maxAge: Duration): ConfiguredRule {
  const params = parseParams(staleDataParams, { maxAge }, 'staleData')
  return {
    apiVersion: 1,
    id: 'stale-data',
    code: 'STALE_DATA',
    unit: 'ms',
    params,
    limits: limitPolicy<typeof params>({ maxAge: 'lower' }, (p) => staleData(p.maxAge)),
    check(_intent, view, verdict) {
      verdict.require(params.maxAge - view.market.dataAgeMs)
    },
    describe: (verdict) => `the last market data is ${remainingText(params.maxAge - verdict.margin)} old, at most ${remainingText(params.maxAge)} is allowed`,
  }
}
