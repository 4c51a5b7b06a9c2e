import type { Decimal } from 'decimal.js'
import { BASE, fromWords, topOf, zeros } from './decimal-words.ts'

/**
 * Amounts from plain text and back, on the words of decimal.js (see `decimal-words.ts`): its own ways look for every notation a number can have, and an order
 * takes several of each. `decimal-text.prop.ts` holds both to be equal.
 */

const ZERO_CODE = 48
/** What an amount is counted in whose last word stands so many words behind the point. */
const unitsOf = [1, 1e7, 1e14] as const
const tens = [1, 10, 100, 1e3, 1e4, 1e5, 1e6] as const
/** Words of an amount that is written here: more digits, or more zeros beside them, are rare. */
const MOST_WORDS = 5

/** Returns the amount of text that is digits with at most one point inside and a minus before; undefined of any other text and of long ones. */
export function fromPlainText(text: string): Decimal | undefined {
  const first = text.charCodeAt(0) === 45 ? 1 : 0
  const dot = text.indexOf('.')
  const whole = (dot < 0 ? text.length : dot) - first
  const fraction = dot < 0 ? 0 : text.length - dot - 1
  const wholeWords = Math.ceil(whole / 7)
  const count = wholeWords + Math.ceil(fraction / 7)
  if (whole < 1 || (dot >= 0 && fraction < 1) || count > MOST_WORDS) return undefined
  const words = zeros(count)
  // Words begin at the point, to both sides: the first digit stands somewhere in its word.
  let place = 7 * wholeWords - whole
  for (let i = first; i < text.length; i++) {
    if (i === dot) continue
    const digit = text.charCodeAt(i) - ZERO_CODE
    if (!(digit >= 0 && digit <= 9)) return undefined
    const index = (place / 7) | 0
    words[index] = (words[index]! + digit * tens[6 - (place - 7 * index)]!) | 0
    place++
  }
  return fromWords(first === 1 ? -1 : 1, words, wholeWords - 1, 0)
}

/** Returns the plain text of an amount, without trailing zeros; undefined of one with many words. */
export function plainText(amount: Decimal): string | undefined {
  const words = amount.d
  if (words === null || words.length > MOST_WORDS) return undefined
  const top = topOf(amount)
  if (top >= MOST_WORDS || top < -MOST_WORDS) return undefined
  if (words[0] === 0) return '0'
  const short = shortText(amount, words, top)
  if (short !== undefined) return short
  let text = amount.s < 0 ? '-' : ''
  if (top < 0) text += '0'
  for (let i = 0; i <= top; i++) text += i === 0 ? String(words[0]) : padded(words[i] ?? 0, 7)
  if (words.length - 1 <= top) return text
  text += '.'
  for (let i = top + 1; i < 0; i++) text += '0000000'
  for (let i = Math.max(0, top + 1); i < words.length - 1; i++) text += padded(words[i]!, 7)
  return text + lastDigits(words[words.length - 1]!)
}

/**
 * Of an amount with at most 15 digits: those of its float64, which no other text so short reads as. One text in one piece, where the general way joins several, and
 * a replay keeps five of them for every fill.
 */
function shortText(amount: Decimal, words: readonly number[], top: number): string | undefined {
  const below = words.length - 1 - top
  // Below 10^-6 and from 10^21 on, numbers are written with an exponent.
  if (words.length > 2 || top > 0 || below > 2 || amount.e < -6) return undefined
  const integer = words.length === 1 ? words[0]! : words[0]! * BASE + words[1]!
  return String((amount.s * integer) / unitsOf[below]!)
}

const padded = (word: number, width: number): string => String(word).padStart(width, '0')

/** The digits of the last word after the point: it is not zero, the zeros at its end are none. */
function lastDigits(word: number): string {
  let left = word
  let width = 7
  while (left % 10 === 0) {
    left /= 10
    width--
  }
  return padded(left, width)
}
