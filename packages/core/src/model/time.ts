import type { Brand } from './brand.ts'

/** Milliseconds since 1970-01-01T00:00Z, always UTC. */
export type EpochMs = Brand<number, 'EpochMs'>

/** A length of time: milliseconds, or text such as `'5s'`, `'15m'`, `'1h'`, `'2d'`. */
export type Duration = number | string

/** Milliseconds of a second. */
export const SECOND_MS = 1_000
/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000
/** Milliseconds of an hour. */
export const HOUR_MS = 3_600_000
/** Milliseconds of a day. */
export const DAY_MS = 86_400_000

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/**
 * Returns a duration in milliseconds.
 *
 * @param duration - milliseconds as a non-negative integer, or `<number><ms|s|m|h|d>`
 * @throws RangeError when the text has no such form, or the number is negative, fractional milliseconds or not finite
 * @example
 * ```ts
 * durationMs('5m') // => 300000
 * ```
 */
export function durationMs(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : textMs(duration)
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`expected a duration such as '5m' or whole milliseconds >= 0, received ${JSON.stringify(duration)}`)
  return ms
}

function textMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text)
  return match ? (Math.round(Number(match[1]) * 1e6) / 1e6) * (unitMs[match[2]!] ?? Number.NaN) : Number.NaN
}

/**
 * Returns the start of the UTC day that holds a moment.
 *
 * @example
 * ```ts
 * utcDayStart(Date.UTC(2026, 0, 2, 13)) === Date.UTC(2026, 0, 2) // => true
 * ```
 */
export const utcDayStart = (ms: number): EpochMs => (Math.floor(ms / DAY_MS) * DAY_MS) as EpochMs
