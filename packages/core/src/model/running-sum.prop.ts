import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Money } from './decimal-words.ts'
import { decimalText } from './money.ts'
import { RunningSum } from './running-sum.ts'

const amount = fc
  .tuple(fc.bigInt(-(10n ** 38n), 10n ** 38n), fc.integer({ min: 4, max: 30 }))
  .map(([digits, places]) => new Money(digits.toString()).times(new Money(10).pow(-places)))
const Exact = Money.clone({ precision: 200 })

describe('RunningSum', () => {
  test('is the sum to the last digit, whenever it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(amount, fc.boolean(), fc.boolean()), { maxLength: 30 }), (steps) => {
        const sum = new RunningSum()
        let expected = new Exact(0)
        for (const [step, plus, read] of steps) {
          if (plus) sum.add(step)
          else sum.subtract(step)
          expected = plus ? expected.plus(step) : expected.minus(step)
          if (read) expect(decimalText(sum.value)).toBe(decimalText(expected))
        }
        expect(decimalText(sum.value)).toBe(decimalText(expected))
      }),
    )
  })

  test('sums cancel exactly when they add up to zero', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), fc.integer({ min: -60, max: 28 }), (amounts, exponent) => {
        const sums = amounts.map((step) => {
          const sum = new RunningSum()
          sum.add(step)
          return sum
        })
        const rest = new RunningSum()
        for (const step of amounts) rest.subtract(step)
        expect(RunningSum.cancel([...sums, rest])).toBe(true)
        if (exponent >= -49) {
          rest.add(new Money(`1e${exponent}`))
          expect(RunningSum.cancel([...sums, rest])).toBe(false)
        }
      }),
    )
  })

  test('refuses what it has no words for', () => {
    expect(() => new RunningSum().add(new Money('1e35'))).toThrow('at most 35 digits')
    expect(() => new RunningSum().add(new Money('1e-50'))).toThrow('49 after it')
    expect(() => new RunningSum().add(new Money(Number.POSITIVE_INFINITY))).toThrow(RangeError)
    new RunningSum().add(new Money('1e34'))
    new RunningSum().add(new Money('1e-49'))
  })
})
