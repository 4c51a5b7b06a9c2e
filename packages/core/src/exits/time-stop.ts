import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import { durationText } from '../model/time-text.ts'
import type { Duration } from '../model/time.ts'
import { periodSchema } from '../model/value-schemas.ts'

export const timeStopParams = z.strictObject({ duration: periodSchema })

/**
 * Closes the position at the first update that comes so long after its first fill, in event time. It sells at market, win or lose.
 *
 * @param duration - above zero, at most 366 days
 * @throws ConfigError when it is no such duration
 * @example
 * ```ts
 * timeStop('4h').id // => 'time-stop'
 * ```
 */
export function timeStop(duration: Duration): ExitRule & { readonly params: Json } {
  const params = parseParams(timeStopParams, { duration }, 'timeStop')
  return {
    apiVersion: 1,
    id: 'time-stop',
    params,
    check: (position, view) => (position.open && view.nowMs - position.openedAtMs >= params.duration ? 1 : 0),
    describe: (position, view) => `time stop after ${durationText(params.duration)}, held for ${durationText(Math.max(0, view.nowMs - position.openedAtMs))}`,
  }
}
