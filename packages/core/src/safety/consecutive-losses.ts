import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { periodSchema } from '../model/value-schemas.ts'
import type { Duration } from '../model/time.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { remainingText } from './texts.ts'

export const consecutiveLossesParams = z.strictObject({ max: z.int().min(1).max(1_000), pause: periodSchema })

/**
 * Denies entries of a bot whose last round trips all lost, by their P&L net of all fees, for a while after the last of them. A round trip that gains starts the
 * count anew; one more loss starts the pause anew. Code `LOSS_STREAK`, margin in ms.
 *
 * @param limits - `max`: round trips in a row that lost, 1 to 1000; `pause`: how long
 * @throws ConfigError when max is no whole number from 1 to 1000 or the pause is none
 * @example
 * ```ts
 * consecutiveLosses({ max: 3, pause: '4h' }).code // => 'LOSS_STREAK'
 * ```
 */
export function consecutiveLosses(limits: { readonly max: number; readonly pause: Duration }): ConfiguredRule {
  const params = parseParams(consecutiveLossesParams, limits, 'consecutiveLosses')
  return {
    apiVersion: 1,
    id: 'consecutive-losses',
    code: 'LOSS_STREAK',
    unit: 'ms',
    params,
    limits: limitPolicy<typeof params>({ max: 'lower', pause: 'higher' }, (p) => consecutiveLosses(p)),
    check(_intent, view, verdict) {
      if (view.lossStreak < params.max) verdict.allow(Number.POSITIVE_INFINITY)
      else verdict.require(Number.isNaN(view.lossStreak) ? Number.NaN : view.nowMs - view.lastLossMs - params.pause, view.lastLossMs + params.pause)
    },
    describe: (verdict) => `${params.max} or more round trips in a row lost; entries again in ${remainingText(-verdict.margin)}`,
  }
}
