import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { temperatureNames } from '../model/temperature.ts'
import type { TemperatureName } from '../model/temperature.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

export const minTemperatureParams = z.strictObject({ atLeast: z.enum(['frozen', 'cool', 'warm', 'hot']) })

/**
 * Denies entries on a signal that is weaker than a temperature. Code `TEMPERATURE`, margin in steps of the scale frozen, cool, warm, hot.
 *
 * @throws ConfigError on any other name
 * @example
 * ```ts
 * minTemperature('warm').code // => 'TEMPERATURE'
 * ```
 */
export function minTemperature(atLeast: TemperatureName): ConfiguredRule {
  const params = parseParams(minTemperatureParams, { atLeast }, 'minTemperature')
  const required = temperatureNames.indexOf(params.atLeast)
  return {
    apiVersion: 1,
    id: 'min-temperature',
    code: 'TEMPERATURE',
    unit: 'steps',
    params,
    limits: limitPolicy<typeof params>({ atLeast: temperatureNames }, (p) => minTemperature(p.atLeast)),
    check(_intent, view, verdict) {
      verdict.require(view.temperature - required)
    },
    describe: (verdict) => `the signal is ${temperatureNames[required + verdict.margin]}, an entry needs ${params.atLeast}`,
  }
}
