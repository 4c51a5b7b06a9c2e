import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { exp, log, tanh } from './transcendental.ts'

const Exact = Decimal.clone({ precision: 60 })
const scratch = new DataView(new ArrayBuffer(8))

function bitsOf(x: number): bigint {
  scratch.setFloat64(0, x)
  return scratch.getBigUint64(0)
}

/** The binary value itself, not its shortest text. */
function exact(x: number): Decimal {
  const bits = bitsOf(Math.abs(x))
  const exponent = Number(bits >> 52n)
  const mantissa = (bits & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n)
  const value = new Exact(mantissa.toString()).times(new Exact(2).pow((exponent === 0 ? 1 : exponent) - 1075))
  return x < 0 ? value.negated() : value
}

function ulpOf(x: number): number {
  scratch.setBigUint64(0, bitsOf(Math.abs(x)) + 1n)
  return scratch.getFloat64(0) - Math.abs(x)
}

function randomNumbers(): () => number {
  let state = 12345
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

function worstUlps(f: (x: number) => number, reference: (x: Decimal) => Decimal, at: (random: () => number) => number, count: number): number {
  const random = randomNumbers()
  let worst = 0
  for (let i = 0; i < count; i++) {
    const x = at(random)
    const wanted = reference(exact(x))
    worst = Math.max(
      worst,
      wanted
        .minus(exact(f(x)))
        .abs()
        .toNumber() / ulpOf(wanted.toNumber()),
    )
  }
  return worst
}

const exactTanh = (x: Decimal): Decimal => {
  const grown = x.times(2).exp()
  return grown.minus(1).dividedBy(grown.plus(1))
}

const exactExp = (x: Decimal): Decimal => x.exp()
const exactLog = (x: Decimal): Decimal => x.ln()

describe('transcendental', () => {
  it.each([
    [1e-9, 1e-9],
    [0.01, 0.00999966667999946],
    [0.1, 0.09966799462495582],
    [0.17328, 0.1715662801363796],
    [0.17329, 0.17157598576984281],
    [0.5, 0.4621171572600097],
    [1, 0.7615941559557649],
    [-2.5, -0.9866142981514304],
    [7, 0.9999983369439447],
    [20, 1],
  ])('tanh(%d) is pinned', (x, y) => {
    expect(tanh(x)).toBe(y)
  })
  it.each([
    [-745, 5e-324],
    [-10, 0.00004539992976248485],
    [-0.1, 0.9048374180359595],
    [1e-9, 1.000000001],
    [0.3, 1.3498588075760032],
    [1, 2.7182818284590455],
    [2.5, 12.182493960703473],
    [100, 2.6881171418161356e43],
    [709.7, 1.6549840276802644e308],
  ])('exp(%d) is pinned', (x, y) => {
    expect(exp(x)).toBe(y)
  })
  it.each([
    [5e-324, -744.4400719213812],
    [1e-9, -20.72326583694641],
    [0.1, -2.3025850929940455],
    [0.7071, -0.346583180371942],
    [1.0001, 0.00009999500033329732],
    [2, 0.6931471805599453],
    [10, 2.302585092994046],
    [90000, 11.407564949312402],
    [1e308, 709.1962086421661],
  ])('log(%d) is pinned', (x, y) => {
    expect(log(x)).toBe(y)
  })

  it('has the same bits at 60,000 points on every engine (checked on Node 22, 24 and 26)', () => {
    const random = randomNumbers()
    let checksum = 0n
    for (let i = 0; i < 20_000; i++) {
      const x = random()
      for (const value of [tanh((x - 0.5) * 6), exp((x - 0.5) * 60), log(x * 100)]) checksum = (checksum * 31n + bitsOf(value)) & 0xffffffffffffffffn
    }
    expect(checksum.toString(16)).toBe('b051c5dc0deb7e77')
  })

  it('stays within the stated accuracy of 60-digit references', () => {
    expect(worstUlps(tanh, exactTanh, (random) => (random() - 0.5) * 0.4, 300)).toBeLessThan(4)
    expect(worstUlps(tanh, exactTanh, (random) => (random() - 0.5) * 6, 300)).toBeLessThan(4)
    expect(worstUlps(exp, exactExp, (random) => (random() - 0.5) * 4, 300)).toBeLessThan(1)
    expect(worstUlps(exp, exactExp, (random) => (random() - 0.5) * 1400, 100)).toBeLessThan(1)
    expect(worstUlps(log, exactLog, (random) => random() * 2, 100)).toBeLessThan(1)
    expect(worstUlps(log, exactLog, (random) => random() * 1e6, 100)).toBeLessThan(1)
  })

  it('answers at the ends of its ranges and for what is no number', () => {
    expect([tanh(0), tanh(50), tanh(-50), tanh(Infinity), tanh(-Infinity), tanh(Number.NaN)]).toEqual([0, 1, -1, 1, -1, Number.NaN])
    expect(Object.is(tanh(-0), -0)).toBe(true)
    expect([exp(0), exp(-746), exp(710), exp(-Infinity), exp(Infinity), exp(Number.NaN)]).toEqual([1, 0, Infinity, 0, Infinity, Number.NaN])
    expect([log(1), log(0), log(-1), log(Infinity), log(Number.NaN)]).toEqual([0, -Infinity, Number.NaN, Infinity, Number.NaN])
  })
})
