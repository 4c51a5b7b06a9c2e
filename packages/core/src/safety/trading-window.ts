import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, utcDayStart } from '../model/time.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { remainingText } from './texts.ts'

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
const clockForm = /^([01]\d|2[0-3]):([0-5]\d)$/
const clock = z.string().regex(clockForm, { error: "a UTC time from '00:00' to '23:59'" })

export const tradingWindowParams = z.strictObject({
  from: clock,
  to: clock,
  days: z
    .array(z.enum(dayNames))
    .min(1)
    .max(7)
    .default([...dayNames]),
})

const clockMs = (text: string): number => Number(text.slice(0, 2)) * HOUR_MS + Number(text.slice(3)) * MINUTE_MS

/** 1970-01-01 was a Thursday. */
const weekday = (dayMs: number): (typeof dayNames)[number] => dayNames[(dayMs / DAY_MS + 4) % 7]!

/**
 * Denies entries outside of a daily window of UTC times: from `from` (within) to `to` (outside). With `to` at or before `from` it runs over midnight, with both
 * the same it is the whole day; `days` are those on which it opens. Code `TRADING_WINDOW`, margin in ms: until it closes, or (negative) until it opens.
 *
 * @throws ConfigError on another form of time, or a name of a day that is none
 * @example
 * ```ts
 * tradingWindow({ from: '22:00', to: '06:00', days: ['mon', 'tue'] }).code // => 'TRADING_WINDOW'
 * ```
 */
export function tradingWindow(window: z.input<typeof tradingWindowParams>): ConfiguredRule {
  const params = parseParams(tradingWindowParams, window, 'tradingWindow')
  const fromMs = clockMs(params.from)
  const length = clockMs(params.to) - fromMs
  const lengthMs = length > 0 ? length : length + DAY_MS
  const days = new Set(params.days)
  return {
    apiVersion: 1,
    id: 'trading-window',
    code: 'TRADING_WINDOW',
    unit: 'ms',
    params,
    check(_intent, { nowMs }, verdict) {
      const today = utcDayStart(nowMs)
      // The window that opened yesterday may still be open; within a week one opens.
      for (let day = today - DAY_MS; day <= today + 7 * DAY_MS; day += DAY_MS) {
        if (!days.has(weekday(day))) continue
        const opensMs = day + fromMs
        if (nowMs >= opensMs + lengthMs) continue
        if (nowMs >= opensMs) verdict.allow(opensMs + lengthMs - nowMs)
        else verdict.deny(nowMs - opensMs, opensMs)
        return
      }
    },
    describe: (verdict) => `entries are made from ${params.from} to ${params.to} UTC on ${params.days.join(', ')}; again in ${remainingText(-verdict.margin)}`,
  }
}
