// Numbers and times as a person reads them. Amounts come as decimal text and are rounded from that text, never by way of a float.

/** What stands where there is nothing to show. */
export const missing = '–'

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map()

/**
 * @param {string | number | undefined} value decimal text, or a number that was never exact
 * @param {number} minDecimals
 * @param {number} [maxDecimals]
 * @param {'negative' | 'exceptZero'} [signDisplay] `exceptZero` writes + as well: a gain is told by its sign, not by its colour alone
 */
function decimal(value, minDecimals, maxDecimals = minDecimals, signDisplay = 'negative') {
  if (value === undefined) return missing
  const key = `${minDecimals} ${maxDecimals} ${signDisplay}`
  const format = formats.get(key) ?? new Intl.NumberFormat('en-US', { minimumFractionDigits: minDecimals, maximumFractionDigits: maxDecimals, signDisplay })
  formats.set(key, format)
  return format.format(/** @type {Intl.StringNumericLiteral | number} */ (value)).replace('-', '−')
}

/** An amount of the quote currency, in cents. @param {string | number | undefined} value */
export const amount = (value) => decimal(value, 2)
/** A gain or loss, with its sign. @param {string | number | undefined} value */
export const signedAmount = (value) => decimal(value, 2, 2, 'exceptZero')
/** A fee: small, so four places. @param {string | undefined} value */
export const fee = (value) => decimal(value, 4)
/** A quantity, with every digit it has. @param {string | undefined} value */
export const quantity = (value) => decimal(value, 0, 20)
/** A price at the instrument's own decimals. @param {string | number | undefined} value @param {number} decimals */
export const price = (value, decimals) => decimal(value, decimals)
/** A score, -1..+1. @param {number | undefined} value */
export const score = (value) => decimal(value, 2, 2, 'exceptZero')
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

/** 'good', 'bad' or '': which colour joins the sign. @param {string | number | undefined} value */
export function tone(value) {
  const number = Number(value ?? 0)
  return number > 0 ? 'good' : number < 0 ? 'bad' : ''
}
