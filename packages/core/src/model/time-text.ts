import { isoDay, isoTime } from './iso-time.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'
import type { EpochMs } from './time.ts'

const isoForm = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?Z)?$/

/**
 * Returns the moment that ISO 8601 text in UTC names: `2026-01-01T06:00Z`, with seconds and milliseconds if wanted, or a date alone for its midnight.
 *
 * @throws RangeError on any other form, a missing `Z`, or a day or hour that does not exist
 * @example
 * ```ts
 * parseTime('2026-01-01T00:00Z') // => 1767225600000
 * ```
 */
export function parseTime(text: string): EpochMs {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = isoForm.exec(text) ?? []
  const dayMs = daysFromCivil(Number(year), Number(month), Number(day)) * DAY_MS
  // The way back gives the same text only for a day that exists.
  const exists = !Number.isNaN(dayMs) && isoDay(dayMs) === text.slice(0, 10) && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60
  if (!exists) throw new RangeError(`expected a UTC time such as 2026-01-01T06:00Z, received ${JSON.stringify(text)}`)
  return (dayMs + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS + Number(second) * SECOND_MS + Number(fraction.padEnd(3, '0'))) as EpochMs
}

/** Days since 1970-01-01, counted in eras of 400 years that begin on 1 March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

/**
 * Returns a moment as ISO 8601 text in UTC, without seconds or milliseconds that are zero.
 *
 * @example
 * ```ts
 * timeText(1767247200000) // => '2026-01-01T06:00Z'
 * ```
 */
export const timeText = (ms: number): string => isoTime(ms).replace(/(:00)?\.000Z$/, 'Z')

/**
 * Returns a length of time in days, hours, minutes, seconds and milliseconds, those that are zero left out.
 *
 * @example
 * ```ts
 * durationText(5400000) // => '1h30m'
 * ```
 */
export function durationText(ms: number): string {
  let text = ''
  let rest = ms
  for (const [unit, size] of [
    ['d', DAY_MS],
    ['h', HOUR_MS],
    ['m', MINUTE_MS],
    ['s', SECOND_MS],
    ['ms', 1],
  ] as const) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) text += `${count}${unit}`
  }
  return text === '' ? '0s' : text
}
