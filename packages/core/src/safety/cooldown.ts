import { z } from 'zod'
import type { Duration } from '../model/time.ts'
import { parseParams } from '../model/params.ts'
import { durationSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { remainingText } from './texts.ts'

export const cooldownParams = z.strictObject({ duration: durationSchema })

/**
 * The second of the three points where a trade is decided: time beyond the end of the cooldown, negative = left. The journal has its answer as the margin of the
 * verdict `cooldown` in the `decision` entry.
 */
export const checkCooldown = (nowMs: number, lastFillMs: number, durationMs: number): number => nowMs - lastFillMs - durationMs

/**
 * Denies entries for a while after the last fill of the bot's last finished order. Code `COOLDOWN`, margin in ms.
 *
 * @throws ConfigError when the duration is none
 * @example
 * ```ts
 * cooldown('15m').code // => 'COOLDOWN'
 * ```
 */
export function cooldown(duration: Duration): ConfiguredRule {
  const params = parseParams(cooldownParams, { duration }, 'cooldown')
  return {
    apiVersion: 1,
    id: 'cooldown',
    code: 'COOLDOWN',
    unit: 'ms',
    params,
    limits: limitPolicy<typeof params>({ duration: 'higher' }, (p) => cooldown(p.duration)),
    check(intent, view, verdict) {
      if (intent.rest === true) return
      verdict.require(checkCooldown(view.nowMs, view.lastFillMs, params.duration), view.lastFillMs + params.duration)
    },
    describe: (verdict) => `${remainingText(-verdict.margin)} of ${remainingText(params.duration)} since the last fill are left`,
  }
}
