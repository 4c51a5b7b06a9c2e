import { z } from 'zod'
import type { Environment } from '../model/environment.ts'
import { parseParams } from '../model/params.ts'
import type { ConfiguredRule } from './configured-rule.ts'

const environments = z.enum(['backtest', 'paper', 'live'])
export const environmentGateParams = z.strictObject({ allow: z.array(environments).min(1).max(3) })

/**
 * Denies entries in any environment that is not named. A live run whose account does not have this rule makes no entry at all, so that real orders need a
 * configuration that names `live`. Code `ENVIRONMENT`, no unit.
 *
 * @throws ConfigError when an environment is not known or none is named
 * @example
 * ```ts
 * environmentGate(['paper', 'live']).code // => 'ENVIRONMENT'
 * ```
 */
export function environmentGate(allow: readonly Environment[]): ConfiguredRule {
  const params = parseParams(environmentGateParams, { allow: [...allow] }, 'environmentGate')
  return {
    apiVersion: 1,
    id: 'environment',
    code: 'ENVIRONMENT',
    unit: 'none',
    params,
    check(_intent, view, verdict) {
      verdict.require(params.allow.includes(view.environment) ? 0 : -1)
    },
    describe: () => `entries are allowed in ${params.allow.join(', ')} only`,
  }
}
