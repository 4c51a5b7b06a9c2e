import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts'

const two = (value: number): string => String(value).padStart(2, '0')

/**
 * Returns a moment as ISO 8601 text in UTC, without the platform's date object, which has no place in the kernel.
 *
 * @param ms - epoch milliseconds, years 0000 to 9999
 * @example
 * ```ts
 * isoTime(1767225600000) // => '2026-01-01T00:00:00.000Z'
 * ```
 */
export function isoTime(ms: number): string {
  const inDay = ((ms % DAY_MS) + DAY_MS) % DAY_MS
  const clock = `${two(Math.floor(inDay / HOUR_MS))}:${two(Math.floor(inDay / MINUTE_MS) % 60)}:${two(Math.floor(inDay / SECOND_MS) % 60)}`
  return `${isoDay(ms)}T${clock}.${String(inDay % SECOND_MS).padStart(3, '0')}Z`
}

/**
 * Returns the UTC day of a moment. Civil-from-days algorithm (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
 *
 * @example
 * ```ts
 * isoDay(1767225599999) // => '2025-12-31'
 * ```
 */
export function isoDay(ms: number): string {
  const shifted = Math.floor(ms / DAY_MS) + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthIndex = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * monthIndex + 2) / 5) + 1
  const month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}
