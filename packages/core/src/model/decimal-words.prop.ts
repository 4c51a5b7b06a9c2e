import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Money, compare, cutTo, fitsStored, fromShort, productOf, sumOf, tensExponent } from './decimal-words.ts'
import { toFloat, toFloatRatio } from './to-float.ts'

/** Amounts of all lengths: around word borders, with zeros inside, beyond the precision. */
const amount = fc
  .tuple(
    fc.boolean(),
    fc.oneof(fc.bigInt(0n, 10n ** 8n), fc.bigInt(0n, 10n ** 16n), fc.bigInt(0n, 10n ** 38n)),
    fc.integer({ min: 0, max: 30 }),
    fc.integer({ min: 0, max: 15 }),
  )
  .map(([negative, digits, places, zeros]) => new Money(`${negative && digits > 0n ? '-' : ''}${digits}e${zeros - places}`))

const same = (ours: { toFixed(): string }, theirs: { toFixed(): string }): void => {
  const text = (x: { toFixed(): string }): string => (x.toFixed() === '-0' ? '0' : x.toFixed())
  expect(text(ours)).toBe(text(theirs))
  const normal = new Money(text(ours))
  // As decimal.js would have made it: no zero words at the ends, the exponent of the first digit.
  if (!normal.isZero()) expect(ours).toMatchObject({ s: normal.s, e: normal.e, d: normal.d })
}

describe('arithmetic on words', () => {
  test('sums, differences and products are those of decimal.js', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        same(sumOf(a, b, 1), a.plus(b))
        same(sumOf(a, b, -1), a.minus(b))
        same(sumOf(a, a, -1), a.minus(a))
        same(productOf(a, b), a.times(b))
      }),
      { numRuns: 5_000 },
    )
  })

  test('comparisons are those of decimal.js', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(Math.sign(compare(a, b)) + 0).toBe(a.comparedTo(b) + 0)
        expect(compare(a, a.plus(0)) === 0).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })

  test('cutting is rounding towards zero at a power of ten', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: -22, max: 12 }), (a, exponent) => {
        const unit = new Money(`1e${exponent}`)
        expect(tensExponent(unit)).toBe(exponent)
        expect(tensExponent(unit.times(3))).toBeNaN()
        const exact = Money.clone({ precision: 100 })
        same(cutTo(a, exponent), new Money(new exact(a).dividedToIntegerBy(unit).times(unit)))
        expect(fitsStored(a)).toBe(a.decimalPlaces() <= 20)
      }),
      { numRuns: 3_000 },
    )
  })

  test('a short number is the amount that its text says', () => {
    const short = fc
      .tuple(fc.integer({ min: -999_999_999, max: 999_999_999 }), fc.integer({ min: 0, max: 12 }))
      .map(([digits, places]) => digits / 10 ** places)
    fc.assert(
      fc.property(fc.oneof(short, fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
        const made = fromShort(value)
        if (made !== undefined) same(made, new Money(value))
      }),
      { numRuns: 5_000 },
    )
    expect(fromShort(0.1)?.toFixed()).toBe('0.1')
    expect(fromShort(0.1 + 0.2)).toBeUndefined()
  })

  test('the nearest float64 is that of the text, and a ratio is that of the quotient', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(toFloat(a)).toBe(Number(a.toFixed()))
        if (!b.isZero() && !a.isZero()) expect(toFloatRatio(a, b)).toBe(Number(a.dividedBy(b).toFixed()))
      }),
      { numRuns: 5_000 },
    )
    // Halfway between two float64, and just beside it.
    for (const text of [
      '9007199254740993',
      '9007199254740993.00000000000000000001',
      '9007199254740992.99999999999999999999',
      '4503599627370496.500000000000000000001',
    ]) {
      expect(toFloat(new Money(text))).toBe(Number(text))
    }
  })
})
