import { describe, expect, it } from 'vitest'
import { bars, lastOf, reading, sayings } from './bars.fixture.ts'
import { bandScore, meanReversion } from './mean-reversion.ts'

describe('bandScore', () => {
  it.each([
    [0, 0.5],
    [1e-12, 0],
    [-0.25, 0.75],
    [-0.5, 1],
    [-9, 1],
    [0.5, 0],
    [1 - 1e-12, 0],
    [1, -0.5],
    [1.25, -0.75],
    [1.5, -1],
    [9, -1],
  ])('%f gives %f', (percentB, score) => {
    expect(bandScore(percentB)).toBeCloseTo(score, 9)
  })
})

describe('mean-reversion', () => {
  // Two candles of RSI(2): changes +2 and -6, so RSI = 100 * 2 / 8 = 25; bands of the last three closes.
  const closes = [100, 102, 96]
  const params = { rsi: 2, period: 3, deviations: 1 }

  it('agrees with a calculation by hand', () => {
    const mean = (100 + 102 + 96) / 3
    const deviation = Math.sqrt(((100 - mean) ** 2 + (102 - mean) ** 2 + (96 - mean) ** 2) / 3)
    const percentB = (96 - (mean - deviation)) / (2 * deviation)
    const said = lastOf(meanReversion(params), bars(closes))
    expect(reading(said, 'rsi')).toBeCloseTo(25, 9)
    expect(reading(said, 'bands')).toBeCloseTo(percentB, 9)
    expect(percentB).toBeLessThan(0)
    expect(said.score).toBeCloseTo((0.5 + (0.5 * 5) / 30 + 0.5 - percentB) / 2, 9)
  })

  it('counts an RSI exactly at its level, and none between the levels', () => {
    const at = (oversold: number) => lastOf(meanReversion({ ...params, oversold }), bars(closes)).components[0]!.score
    expect(at(25 + 1e-9)).toBeCloseTo(0.5, 6)
    expect(at(25 - 1e-6)).toBe(0)
  })

  it('keeps still on flat prices and is opposite for opposite ones', () => {
    for (const { score } of sayings(meanReversion(), bars(Array.from({ length: 60 }, () => 7)))) expect(score).toBe(0)
    const drop = [...Array.from({ length: 40 }, (_, i) => 100 + (i % 2)), 90]
    const said = lastOf(meanReversion(), bars(drop))
    expect(said.score).toBeGreaterThan(0.5)
    expect(lastOf(meanReversion(), bars(drop.map((price) => 201 - price))).score).toBeCloseTo(-said.score, 9)
  })

  it('describes its readings in words', () => {
    const { describe: words } = meanReversion().create()
    expect(words('rsi', { score: 0, reading: 28.44 })).toBe('RSI 28.4')
    expect(words('bands', { score: 0, reading: -0.126 })).toBe('price at -13 % of the way from the lower to the upper band')
  })

  it.each([
    ['levels in the wrong order', { oversold: 70, overbought: 30 }, /above oversold/],
    ['bands without width', { deviations: 0 }, /deviations/],
  ])('refuses %s', (_name, params_, message) => {
    expect(() => meanReversion(params_)).toThrow(message)
  })
})
