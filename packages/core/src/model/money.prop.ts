import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ceilTo, decimalText, fits, floorTo, money, share, subtract, toFloat } from './money.ts'

const amountText = fc.tuple(fc.boolean(), fc.bigInt(0n, 10n ** 20n), fc.integer({ min: 0, max: 25 })).map(([negative, digits, places]) => {
  const text = digits.toString().padStart(places + 1, '0')
  const whole = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
  return negative && digits > 0n ? `-${whole}` : whole
})

describe('money', () => {
  test('toFloat is the nearest float64 of the amount, as parsing its text is', () => {
    fc.assert(
      fc.property(amountText, (text) => {
        expect(toFloat(money(text))).toBe(Number(decimalText(money(text))))
      }),
      { numRuns: 2_000 },
    )
  })

  test('text survives the way through money and back, without exponents or trailing zeros', () => {
    fc.assert(
      fc.property(amountText, (text) => {
        const out = decimalText(money(text))
        expect(out).toMatch(/^(0|-?(0|[1-9]\d*)(\.\d*[1-9])?)$/)
        expect(decimalText(money(out))).toBe(out)
      }),
    )
  })

  test('floorTo and ceilTo give the nearest whole number of increments on their side', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 15n), fc.constantFrom('0.01', '0.00000001', '0.1', '1', '0.0000001'), (digits, increment) => {
        const amount = money(`${digits / 1000n}.${(digits % 1000n).toString().padStart(3, '0')}7`)
        const step = money(increment)
        const low = floorTo(amount, step)
        const high = ceilTo(amount, step)
        expect(fits(low, step) && fits(high, step)).toBe(true)
        expect(low.lessThanOrEqualTo(amount) && high.greaterThanOrEqualTo(amount)).toBe(true)
        expect(subtract(high, low).lessThanOrEqualTo(step)).toBe(true)
      }),
    )
  })

  test('a share and its rest are the whole, to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 12n), fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 9n), (total, a, b) => {
        const whole = money((a + b).toString())
        const part = share(money(total.toString()), money(a.toString()), whole)
        expect(decimalText(part.plus(subtract(money(total.toString()), part)))).toBe(total.toString())
      }),
    )
  })

  test('refuses what is no plain amount, with what it received', () => {
    for (const bad of ['', '1e5', 'NaN', 'Infinity', ' 1', '1.', '.5', '+1', '0x10', '1_000']) expect(() => money(bad)).toThrow(JSON.stringify(bad))
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2]) expect(() => money(bad)).toThrow(String(bad))
    expect(decimalText(money(0.1))).toBe('0.1')
    expect(decimalText(money(-0))).toBe('0')
  })
})
