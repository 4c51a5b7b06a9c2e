import { describe, expect, it } from 'vitest'
import { presets } from './presets.ts'
import { run, walk } from './run.fixture.ts'
import type { Line } from './run.fixture.ts'
import { weightedSignals } from './weighted-signals.ts'

type WeightedSignalsInput = NonNullable<Parameters<typeof weightedSignals>[0]>

/* An independent reference: arrays and loops over the whole history, textbook formulas, Math.tanh. */

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
const average = (xs: readonly number[], n: number, i: number): number => mean(xs.slice(i - n + 1, i + 1))

function wilderRsi(xs: readonly number[], n: number): number {
  const changes = xs.slice(1).map((x, i) => x - xs[i]!)
  let up = mean(changes.slice(0, n).map((c) => Math.max(c, 0)))
  let down = mean(changes.slice(0, n).map((c) => Math.max(-c, 0)))
  for (const c of changes.slice(n)) {
    up = (up * (n - 1) + Math.max(c, 0)) / n
    down = (down * (n - 1) + Math.max(-c, 0)) / n
  }
  return 100 - 100 / (1 + up / down)
}

function meanRsi(xs: readonly number[], n: number): number {
  const changes = xs
    .slice(1)
    .map((x, i) => x - xs[i]!)
    .slice(-n)
  return 100 - 100 / (1 + mean(changes.map((c) => Math.max(c, 0))) / mean(changes.map((c) => Math.max(-c, 0))))
}

/** Recursive, seeded with the mean of the first n; NaN before. */
function seededEma(xs: readonly number[], n: number): number[] {
  const out: number[] = xs.map(() => Number.NaN)
  const start = xs.findIndex((x) => !Number.isNaN(x)) + n - 1
  out[start] = mean(xs.slice(start - n + 1, start + 1))
  for (let i = start + 1; i < xs.length; i++) out[i] = out[i - 1]! + (2 / (n + 1)) * (xs[i]! - out[i - 1]!)
  return out
}

/** Normalised by the finite sum of weights, from the first input. */
const adjustedEma = (xs: readonly number[], n: number): number[] =>
  xs.map((_, i) => {
    const weights = xs.slice(0, i + 1).map((_x, age) => (1 - 2 / (n + 1)) ** (i - age))
    return weights.reduce((sum, w, j) => sum + w * xs[j]!, 0) / weights.reduce((sum, w) => sum + w, 0)
  })

function macdAt(xs: readonly number[], ema: (xs: readonly number[], n: number) => number[]): { line: number; signal: number; change: number } {
  const fast = ema(xs, 12)
  const slow = ema(xs, 26)
  const line = fast.map((f, i) => f - slow[i]!)
  const signal = ema(line, 9)
  const last = xs.length - 1
  return { line: line[last]!, signal: signal[last]!, change: line[last]! - signal[last]! - (line[last - 1]! - signal[last - 1]!) }
}

function crossOr(xs: readonly number[], otherwise: (percent: number) => number): number {
  const i = xs.length - 1
  const [fast, slow, f1, s1] = [average(xs, 12, i), average(xs, 26, i), average(xs, 12, i - 1), average(xs, 26, i - 1)]
  if (fast > slow && f1 <= s1) return 0.8
  if (fast < slow && f1 >= s1) return -0.8
  return otherwise((100 * (fast - slow)) / slow)
}

const curve = (rsi: number, low: number, high: number): number =>
  rsi <= low ? 0.5 + (0.5 * (low - rsi)) / low : rsi >= high ? -0.5 - (0.5 * (rsi - high)) / (100 - high) : 0.5 - (rsi - low) / (high - low)

function standardScores(xs: readonly number[]): readonly number[] {
  const m = macdAt(xs, seededEma)
  const macd = 0.4 * Math.sign(m.line - m.signal) + 0.3 * Math.sign(m.line) + 0.3 * Math.tanh((1000 * m.change) / xs.at(-1)!)
  return [curve(wilderRsi(xs, 14), 30, 70), crossOr(xs, (percent) => Math.tanh(0.1 * percent)), Math.max(-1, Math.min(1, macd))]
}

function compatScores(xs: readonly number[]): readonly number[] {
  const m = macdAt(xs, adjustedEma)
  const macd = (m.line > m.signal ? 0.4 : -0.4) + (m.line > 0 ? 0.3 : -0.3) + 0.3 * Math.tanh(1000 * m.change)
  return [curve(meanRsi(xs, 14), 30, 70), crossOr(xs, (percent) => Math.tanh(0.1 * percent)), Math.max(-1, Math.min(1, macd))]
}

describe('weighted-signals', () => {
  it.each([
    ['standard', standardScores, 90_000],
    ['standard', standardScores, 0.0007],
    ['compat', compatScores, 90_000],
    ['compat', compatScores, 0.27],
  ] as const)('[row 9] set %s agrees with an independent reference, component by component', (set, reference, price) => {
    const closes = walk(23, 130, price, 0.004)
    const lines = run(weightedSignals({ set }), closes)
    let crossings = 0
    for (let i = 45; i < closes.length; i++) {
      const wanted = reference(closes.slice(0, i + 1))
      const line = lines[i]!
      expect(
        line.scores.map((score) => score.toFixed(9)),
        `candle ${i}`,
      ).toEqual(wanted.map((score) => score.toFixed(9)))
      expect(line.score).toBeCloseTo(0.4 * wanted[0]! + 0.35 * wanted[1]! + 0.25 * wanted[2]!, 9)
      if (Math.abs(wanted[1]!) === 0.8) crossings++
    }
    expect(crossings).toBeGreaterThan(2)
  })

  it.each<[string, WeightedSignalsInput]>([
    ['set', { set: 'compat' }],
    ['rsi.enabled', { rsi: { enabled: false } }],
    ['rsi.weight', { rsi: { weight: 0.3 } }],
    ['rsi.period', { rsi: { period: 15 } }],
    ['rsi.oversold', { rsi: { oversold: 31 } }],
    ['rsi.overbought', { rsi: { overbought: 69 } }],
    ['movingAverage.enabled', { movingAverage: { enabled: false } }],
    ['movingAverage.weight', { movingAverage: { weight: 0.3 } }],
    ['movingAverage.fast', { movingAverage: { fast: 11 } }],
    ['movingAverage.slow', { movingAverage: { slow: 27 } }],
    ['macd.enabled', { macd: { enabled: false } }],
    ['macd.weight', { macd: { weight: 0.2 } }],
    ['macd.fast', { macd: { fast: 11 } }],
    ['macd.slow', { macd: { slow: 27 } }],
    ['macd.signal', { macd: { signal: 8 } }],
  ])('parameter %s changes the score', (_name, change) => {
    const closes = walk(23, 60, 100, 0.004)
    const scores = (strategy = weightedSignals()) =>
      run(strategy, closes)
        .slice(45)
        .map((line) => line.score)
    expect(scores(weightedSignals(change))).not.toEqual(scores())
  })

  it('is warm with its slowest component: 35 candles for the standard set, 40 for compat', () => {
    const warmup = (strategy = weightedSignals()) => Math.max(...strategy.create().indicators.map(([, indicator]) => indicator.warmup + 1))
    expect([
      warmup(),
      warmup(weightedSignals({ set: 'compat' })),
      warmup(weightedSignals({ macd: { enabled: false } })),
      warmup(weightedSignals({ macd: { enabled: false }, movingAverage: { enabled: false } })),
    ]).toEqual([35, 40, 27, 15])
  })

  it('leaves a disabled component out of the sums and of the readings', () => {
    const closes = walk(3, 80, 100, 0.004)
    const [both] = run(weightedSignals({ macd: { enabled: false } }), closes).slice(-1) as [Line]
    const [all] = run(weightedSignals(), closes).slice(-1) as [Line]
    expect(both.names).toEqual(['rsi', 'movingAverage'])
    expect(both.score).toBeCloseTo((0.4 * all.scores[0]! + 0.35 * all.scores[1]!) / 0.75, 12)
    expect(
      weightedSignals({ macd: { enabled: false } })
        .create()
        .indicators.map(([key]) => key),
    ).toEqual(['rsi', 'movingAverage'])
  })

  it('compat leaves out a component that says exactly 0; standard counts it', () => {
    const flat = Array.from({ length: 60 }, () => 100)
    const line = (set: 'standard' | 'compat') => run(weightedSignals({ set, rsi: { oversold: 35, overbought: 60 } }), flat).at(-1)!
    expect(line('compat').names).toEqual(['macd'])
    expect(line('compat').score).toBeCloseTo(-0.7, 12)
    expect(line('standard').names).toEqual(['rsi', 'movingAverage', 'macd'])
    // RSI 50 between 35 and 60 is -0.1, the other two are 0.
    expect(line('standard').score).toBeCloseTo((0.4 * -0.1) / 1, 12)
  })

  it('describes its components in words', () => {
    const instance = weightedSignals().create()
    expect(instance.describe('rsi', { score: 0, reading: 28.44 })).toBe('RSI 28.4')
    expect(instance.describe('movingAverage', { score: 0, reading: -0.1234 })).toBe('fast average 0.123 % below the slow one')
    expect(instance.describe('macd', { score: 0, reading: 0.00001234 })).toBe('MACD histogram 0.0000123')
  })

  it.each([
    ['weights above 1', { rsi: { weight: 0.5 } }, /sum to at most 1/],
    ['a weight of 0', { rsi: { weight: 0 } }, /weight/],
    ['nothing enabled', { rsi: { enabled: false }, movingAverage: { enabled: false }, macd: { enabled: false } }, /at least one enabled/],
    ['levels in the wrong order', { rsi: { oversold: 70, overbought: 30 } }, /above oversold \(70\)/],
    ['averages in the wrong order', { movingAverage: { fast: 26, slow: 12 } }, /above fast/],
    ['a period of half a candle', { macd: { signal: 9.5 } }, /int/],
    ['an unknown key', { rsi: { periods: 14 } }, /periods/],
    ["the original's spelling", { moving_average: {} }, /moving_average/],
  ])('refuses %s', (_name, params, message) => {
    expect(() => weightedSignals(params as never)).toThrow(message)
  })

  it('accepts weights that sum to 1 only up to rounding', () => {
    expect(() => weightedSignals({ rsi: { weight: 0.1 }, movingAverage: { weight: 0.2 }, macd: { weight: 0.7 } })).not.toThrow()
    expect(() => weightedSignals({ rsi: { weight: 0.33 }, movingAverage: { weight: 0.33 }, macd: { weight: 0.34 } })).not.toThrow()
  })
})

describe('presets', () => {
  const numbers = (name: keyof typeof presets) => {
    const {
      actionThreshold,
      params: { rsi, movingAverage, macd },
    } = presets[name]
    return [
      actionThreshold,
      rsi.weight,
      movingAverage.weight,
      macd.weight,
      rsi.period,
      rsi.oversold,
      rsi.overbought,
      movingAverage.fast,
      movingAverage.slow,
      macd.fast,
      macd.slow,
      macd.signal,
    ]
  }
  it('[row 50] hold the documented numbers', () => {
    expect(numbers('conservative')).toEqual([0.3, 0.4, 0.4, 0.2, 14, 35, 65, 12, 26, 12, 26, 9])
    expect(numbers('balanced')).toEqual([0.15, 0.4, 0.35, 0.25, 14, 30, 70, 12, 26, 12, 26, 9])
    expect(numbers('aggressive')).toEqual([0.1, 0.3, 0.5, 0.2, 14, 40, 60, 9, 21, 12, 26, 9])
    expect(numbers('adaptive')).toEqual([0.15, 0.35, 0.35, 0.3, 14, 30, 70, 20, 50, 12, 26, 9])
  })
  it('aggressive-balanced is A or B with a threshold of 0.10', () => {
    expect(numbers('aggressiveBalanced')).toEqual([0.1, 0.4, 0.35, 0.25, 14, 30, 70, 12, 26, 12, 26, 9])
    expect(numbers('aggressiveBalancedB')).toEqual([0.1, 0.4, 0.4, 0.2, 14, 35, 65, 12, 26, 12, 26, 9])
  })
  it('are plain data of the standard set, and balanced is the default', () => {
    for (const preset of Object.values(presets)) {
      expect(JSON.parse(JSON.stringify(preset))).toEqual(preset)
      expect(preset.params.set).toBe('standard')
      expect(weightedSignals(preset.params).params).toEqual(preset.params)
    }
    expect(weightedSignals().params).toEqual(presets.balanced.params)
  })
})
