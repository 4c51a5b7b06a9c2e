import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromPlainText, plainText } from './decimal-text.ts'
import { Money } from './decimal-words.ts'

/** Digits around the borders of words, with zeros at both ends and inside. */
const digits = (most: number) =>
  fc.oneof(
    fc.stringMatching(new RegExp(`^\\d{1,${most}}$`)),
    fc.stringMatching(new RegExp(`^0{0,9}[1-9]?0{0,9}$`)).filter((text) => text !== '' && text.length <= most),
  )
const plain = fc
  .tuple(fc.constantFrom('', '-'), digits(22), fc.option(digits(24)))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`)

const sameWords = (ours: object, text: string): void => {
  const theirs = new Money(text)
  // A zero has no sign here: nothing else would be equal to it in both.
  if (theirs.isZero()) expect(ours).toMatchObject({ d: [0] })
  else expect(ours).toMatchObject({ s: theirs.s, e: theirs.e, d: theirs.d })
}

test('plain text is read as decimal.js reads it', () => {
  fc.assert(
    fc.property(plain, (text) => {
      const made = fromPlainText(text)
      const count = (part: string): number => Math.ceil(part.length / 7)
      const [whole, fraction = ''] = text.replace('-', '').split('.') as [string, string?]
      expect(made === undefined).toBe(count(whole) + count(fraction) > 5)
      if (made !== undefined) sameWords(made, text)
    }),
    { numRuns: 5_000 },
  )
})

test('the shortest text of every float64 is read, or left to decimal.js', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -20, max: 20 }), (value, power) => {
      for (const number of [value, Number((value * 10 ** power).toPrecision(17))]) {
        const made = fromPlainText(String(number))
        if (made !== undefined) sameWords(made, String(number))
        else expect(String(number)).toMatch(/e|Infinity|^-?\d{29,}/)
      }
    }),
    { numRuns: 5_000 },
  )
})

test('what is no plain number is not read', () => {
  for (const text of ['', '-', '.', '1.', '.5', '-.5', '+1', '1e5', '1.2.3', '--1', '1-', 'NaN', 'Infinity', ' 1', '0x10', '1_000', '1,5'])
    expect(fromPlainText(text)).toBeUndefined()
})

test('an amount is written as decimal.js writes it', () => {
  const amount = fc
    .tuple(fc.boolean(), fc.oneof(fc.bigInt(0n, 10n ** 8n), fc.bigInt(0n, 10n ** 16n), fc.bigInt(0n, 10n ** 38n)), fc.integer({ min: -40, max: 40 }))
    .map(([negative, number, exponent]) => new Money(`${negative ? '-' : ''}${number}e${exponent}`))
  fc.assert(
    fc.property(amount, (made) => {
      const text = plainText(made)
      if (text !== undefined) expect(text).toBe(made.isZero() ? '0' : made.toFixed())
      else expect(made.d.length > 5 || made.e >= 35 || made.e < -35).toBe(true)
    }),
    { numRuns: 5_000 },
  )
})
