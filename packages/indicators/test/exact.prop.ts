import { describe, expect, test } from 'vitest'
import { bollinger, correlation, linearRegression, sma, stdev, sum, variance, wma, zScore } from '../src/index.ts'
import { random } from '../src/testing.ts'

// Exact arithmetic: every double is an integer times 2^-1074, so BigInt sums have no rounding at all.
const UNIT = 1074n

const exact = (x: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, x)
  const bits = view.getBigUint64(0)
  const exponent = (bits >> 52n) & 0x7ffn
  const fraction = bits & 0xfffffffffffffn
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n)
  return bits >> 63n === 1n ? -magnitude : magnitude
}

/** `top / bottom` as a double, to about 2^-60 relative. */
const quotient = (top: bigint, bottom: bigint): number => {
  if (top === 0n) return 0
  const negative = top < 0n !== bottom < 0n
  const a = top < 0n ? -top : top
  const b = bottom < 0n ? -bottom : bottom
  const shift = BigInt(Math.max(0, 64 - (a.toString(2).length - b.toString(2).length)))
  const whole = (a << shift) / b
  const excess = Math.max(0, whole.toString(2).length - 64)
  const value = Number(whole >> BigInt(excess)) * 2 ** (excess - Number(shift))
  return negative ? -value : value
}

interface Exact {
  readonly mean: number
  readonly m2: number
}

const statistics = (window: readonly number[]): Exact => {
  const values = window.map(exact)
  const n = BigInt(values.length)
  const total = values.reduce((a, b) => a + b, 0n)
  const squares = values.reduce((a, b) => a + b * b, 0n)
  // m2 = (n Q - S^2) / n; the unit of S is 2^-1074, that of Q its square.
  return { mean: quotient(total, n << UNIT), m2: quotient(n * squares - total * total, n << (2n * UNIT)) }
}

const gap = (expected: number, received: number): number =>
  expected === received ? 0 : Math.abs(received - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE)

const series: Readonly<Record<string, { readonly length: number; readonly next: (i: number, last: number, r: () => number) => number }>> = {
  'a walk near 100': { length: 1_000_000, next: (i, last, r) => (i === 0 ? 100 : last * (1 + (r() - 0.5) * 0.01)) },
  '50,000 +- 0.01': { length: 1_000_000, next: (_i, _last, r) => 50_000 + (r() - 0.5) * 0.02 },
  'one spike of 1e9, then 1e-5': { length: 100_000, next: (i, _last, r) => (i === 250 ? 1e9 : 1e-5 * (1 + (r() - 0.5) * 0.01)) },
  'a spike of 1e9 every 4,999': { length: 200_000, next: (i, _last, r) => (i % 4999 === 4998 ? 1e9 : 1e-5 * (1 + (r() - 0.5) * 0.01)) },
  'prices of 1e-8': { length: 200_000, next: (_i, _last, r) => 1e-8 * (1 + (r() - 0.5) * 0.0004) },
}

/** Bounds on the worst relative error of mean and m2. */
const BOUNDS: Readonly<Record<number, readonly [mean: number, m2: number]>> = { 2: [1e-15, 1e-14], 20: [1e-15, 1e-13], 200: [2e-15, 1e-12] }

describe('statistics against exact arithmetic', () => {
  for (const [name, { length, next }] of Object.entries(series)) {
    for (const [period, [meanBound, m2Bound]] of Object.entries(BOUNDS).map(([key, bounds]) => [Number(key), bounds] as const)) {
      test(`mean, sum, variance, deviation, bands: ${name}, period ${period}`, () => {
        const r = random(period)
        const recent: number[] = []
        const [average, total, spread, deviation, bands, score] = [
          sma(period),
          sum(period),
          variance(period),
          stdev(period),
          bollinger({ period }),
          zScore(period),
        ]
        let last = 0
        let negative = 0
        const worst = { mean: 0, sum: 0, variance: 0, stdev: 0, middle: 0, width: 0 }
        for (let i = 0; i < length; i++) {
          last = next(i, last, r)
          recent.push(last)
          if (recent.length > period) recent.shift()
          const values = [average, total, spread, deviation, score].map((one) => one.update(last))
          const band = bands.update(last)
          if (values[2]! < 0) negative++
          // All phases of the blocks: 997 is prime.
          if (i < period || (i % 997 !== 0 && !(i > 240 && i < 240 + 3 * period && i % 7 === 0))) continue
          const { mean, m2 } = statistics(recent)
          worst.mean = Math.max(worst.mean, gap(mean, values[0]!))
          worst.sum = Math.max(worst.sum, gap(mean * period, values[1]!))
          worst.variance = Math.max(worst.variance, gap(m2 / period, values[2]!))
          worst.stdev = Math.max(worst.stdev, gap(Math.sqrt(m2 / period), values[3]!))
          worst.middle = Math.max(worst.middle, gap(mean, band.middle))
          worst.width = Math.max(worst.width, gap((4 * Math.sqrt(m2 / period)) / mean, band.width))
        }
        expect(negative).toBe(0)
        expect(Math.max(worst.mean, worst.sum, worst.middle), JSON.stringify(worst)).toBeLessThan(meanBound)
        expect(Math.max(worst.variance, worst.stdev, worst.width), JSON.stringify(worst)).toBeLessThan(m2Bound)
      })
    }
  }

  test('regression and weighted mean keep their precision on a quiet price', () => {
    const r = random(3)
    const period = 14
    const line = linearRegression(period)
    const weighted = wma(period)
    const recent: number[] = []
    for (let i = 0; i < 20_000; i++) {
      const x = 50_000 + (r() - 0.5) * 0.02
      recent.push(x)
      if (recent.length > period) recent.shift()
      const { slope } = line.update(x)
      const mean = weighted.update(x)
      if (recent.length < period || i % 97 !== 0) continue
      const values = recent.map(exact)
      const n = BigInt(period)
      const total = values.reduce((a, b) => a + b, 0n)
      const moments = values.reduce((a, b, k) => a + b * BigInt(k), 0n)
      const times = (n * (n - 1n)) / 2n
      // slope = (n sum(t x) - sum(t) sum(x)) / (n^2 (n^2 - 1) / 12)
      const expected = quotient((n * moments - times * total) * 12n, (n * n * (n * n - 1n)) << UNIT)
      expect(Math.abs(slope - expected)).toBeLessThan(5e-12)
      expect(gap(quotient((moments + total) * 2n, (n * (n + 1n)) << UNIT), mean)).toBeLessThan(1e-15)
    }
  })

  test('correlation forgets a spike after one window', () => {
    const r = random(8)
    const [hit, clean] = [correlation(20), correlation(20)]
    let different = 0
    for (let i = 0; i < 300; i++) {
      const x = 1e-5 * (1 + r())
      const y = 2 * x + r() * 1e-6
      const expected = clean.update({ x, y })
      const received = hit.update(i === 100 ? { x: 1e9, y: -1e9 } : { x, y })
      if (i >= 120 && received !== expected) different++
    }
    expect(different).toBe(0)
  })

  test('no drift: after ten million values the mean is as good as at the start', () => {
    const average = sma(20)
    const r = random(1)
    const recent = new Float64Array(20)
    for (let i = 0; i < 10_000_000; i++) average.update((recent[i % 20] = 100 + r()))
    const { mean } = statistics([...recent])
    expect(gap(mean, average.value)).toBeLessThan(1e-15)
  })
})
