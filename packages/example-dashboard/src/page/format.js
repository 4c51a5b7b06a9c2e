// Numbers and times as a person reads them. Amounts come as decimal text and are rounded from that text, never by way of a float.

/** What stands where there is nothing to show. */
export const missing = '–'

/**
 * @param {number} minDecimals
 * @param {number} [maxDecimals]
 * @param {'negative' | 'exceptZero'} [signDisplay] `exceptZero` writes + as well: a gain is told by its sign, not by its colour alone
 */
function decimals(minDecimals, maxDecimals = minDecimals, signDisplay = 'negative') {
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: minDecimals, maximumFractionDigits: maxDecimals, signDisplay })
  /** @param {string | number | undefined} value decimal text, or a number that was never exact */
  return (value) => (value === undefined ? missing : format.format(/** @type {Intl.StringNumericLiteral | number} */ (value)).replace('-', '−'))
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
/** A price at the instrument's own decimals. @param {string | number | undefined} value @param {number} places */
export const price = (value, places) => (prices[places] ?? decimals(places))(value)
/** A score, -1..+1. */
export const score = decimals(2, 2, 'exceptZero')
/** A share, 0..1, as whole percent. @param {number} value */
export const percent = (value) => `${Math.floor(value * 100)} %`

/**
 * A length of time in at most two units.
 *
 * @param {number | undefined} ms
 */
export function duration(ms) {
  if (ms === undefined) return missing
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 || minutes >= 10 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `2026-01-05 12:03:04` @param {number} ms */
export const dateTime = (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/**
 * The time of day, with the day where it is another one than that of `nowMs`.
 *
 * @param {number} ms
 * @param {number} nowMs
 */
export function shortTime(ms, nowMs) {
  const text = dateTime(ms)
  return text.slice(0, 10) === dateTime(nowMs).slice(0, 10) ? text.slice(11) : text.slice(5, 16)
}

/** `12:03:04.123` @param {number} ms */
export const exactTime = (ms) => new Date(ms).toISOString().slice(11, 23)

/** `orderOpen` → `order open` @param {string} name */
export const words = (name) => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/**
 * 'good', 'bad' or '': which colour joins the sign that a gain or loss is shown with.
 *
 * @param {string | number | undefined} value
 */
export function tone(value) {
  const sign = signedAmount(value).charAt(0)
  return sign === '+' ? 'good' : sign === '−' ? 'bad' : ''
}

/** At most six significant digits: a reading of an indicator. */
const reading = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 })

/**
 * A number in the unit that the engine names.
 *
 * @param {number} value
 * @param {string} unit
 * @param {string} [currency]
 */
export function measure(value, unit, currency = '') {
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

/**
 * One number that would have to be another.
 *
 * @param {import('@millrace/core').Change} change
 * @param {string} currency
 */
export function changeText({ what, from, to, by, unit }, currency) {
  if (what === 'time') return `in ${duration(by)}, at ${dateTime(to)}`
  if (unit === 'ms') return `${what}: ${duration(from)}, needed ${duration(to)} (${by < 0 ? '−' : '+'}${duration(Math.abs(by))})`
  const sign = by < 0 ? '−' : '+'
  const name = words(what.replace(/^readings\./, '').replaceAll('.', ' '))
  return `${name}: ${measure(from, unit, currency)}, needed ${measure(to, unit, currency)} (${sign}${measure(Math.abs(by), unit, currency)})`
}
