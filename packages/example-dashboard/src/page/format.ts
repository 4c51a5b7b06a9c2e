import type { Change } from '@millrace/core'

// Numbers and times as a person reads them. Amounts come as decimal text and are rounded from that text, never by way of a float.

/** What stands where there is nothing to show. */
export const missing = '–'

/** A number as it comes: decimal text, or a float that was never exact; undefined when there is none. */
export type Shown = string | number | undefined

/** @param signDisplay - `exceptZero` writes + as well: a gain is told by its sign, not by its colour alone */
function decimals(minDecimals: number, maxDecimals = minDecimals, signDisplay: 'negative' | 'exceptZero' = 'negative'): (value: Shown) => string {
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: minDecimals, maximumFractionDigits: maxDecimals, signDisplay })
  return (value) => (value === undefined ? missing : format.format(value as Intl.StringNumericLiteral | number).replace('-', '−'))
}

const prices = Array.from({ length: 21 }, (_, places) => decimals(places))

/** An amount of the quote currency, in cents. */
export const amount = decimals(2)
/** A gain or loss, with its sign. */
export const signedAmount = decimals(2, 2, 'exceptZero')
/** A fee: small, so four places. */
export const fee = decimals(4)
/** A quantity, with every digit it has. */
export const quantity = decimals(0, 20)
/** A price at the instrument's own decimals. */
export const price = (value: Shown, places: number): string => (prices[places] ?? decimals(places))(value)
/** A score, -1..+1. */
export const score = decimals(2, 2, 'exceptZero')
/** A share, 0..1, as whole percent. */
export const percent = (value: number): string => `${Math.floor(value * 100)} %`

/** A length of time in at most two units. */
export function duration(ms: number | undefined): string {
  if (ms === undefined) return missing
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `2026-01-05 12:03:04` */
export const dateTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** The time of day, with the day where it is another one than that of `nowMs`. */
export function shortTime(ms: number, nowMs: number): string {
  const text = dateTime(ms)
  return text.slice(0, 10) === dateTime(nowMs).slice(0, 10) ? text.slice(11) : text.slice(5, 16)
}

/** `12:03:04.123` */
export const exactTime = (ms: number): string => new Date(ms).toISOString().slice(11, 23)

/** `orderOpen` → `order open` */
export const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** Which colour joins the sign that a gain or loss is shown with. */
export function tone(value: Shown): 'good' | 'bad' | '' {
  const sign = signedAmount(value).charAt(0)
  return sign === '+' ? 'good' : sign === '−' ? 'bad' : ''
}

/** At most six significant digits: a reading of an indicator. */
const reading = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })

/** A number in the unit that the engine names. */
export function measure(value: number | undefined, unit: string, currency = ''): string {
  if (value === undefined) return missing
  switch (unit) {
    case 'quote':
      return `${amount(value)} ${currency}`.trim()
    case 'ms':
      return duration(Math.abs(value))
    case 'fraction':
      return `${decimals(2)(value * 100)} %`
    case 'score':
      return decimals(2, 4)(value)
    default:
      return reading.format(value).replace('-', '−')
  }
}

/** One number that would have to be another. */
export function changeText({ what, from, to, by, unit }: Change, currency: string): string {
  if (what === 'time') return `in ${duration(by)}, at ${dateTime(to)}`
  if (unit === 'ms') return `${what}: ${duration(from)}, needed ${duration(to)} (${by < 0 ? '−' : '+'}${duration(Math.abs(by))})`
  const sign = by < 0 ? '−' : '+'
  const name = words(what.replace(/^readings\./, '').replaceAll('.', ' '))
  return `${name}: ${measure(from, unit, currency)}, needed ${measure(to, unit, currency)} (${sign}${measure(Math.abs(by), unit, currency)})`
}

/** A share, -1..+1 and beyond, in percent with its sign. */
export const signedPercent = (value: Shown): string => `${decimals(2, 2, 'exceptZero')(value)} %`
/** A plain count. */
export const count = decimals(0, 0)
