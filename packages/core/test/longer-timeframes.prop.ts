import { atr, chain, ema, macd, of, resample, sma } from '@millrace/indicators'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { combine, defineStrategy } from '@millrace/core'
import type { Candle, EpochMs, Strategy } from '@millrace/core'
import { StrategyRun } from '../src/testing/strategy-run.ts'
import type { Evaluation } from '../src/testing/strategy-run.ts'

const MINUTE = 60_000
const DAY_START = Date.UTC(2026, 0, 1)

const looks = defineStrategy({
  id: 'looks',
  params: z.strictObject({}),
  indicators: () => ({
    close: resample('5m', sma(1)),
    mean: resample('15m', ema(2)),
    range: resample('5m', atr(3)),
    part: resample('10m', of(macd({ fast: 2, slow: 3, signal: 2 }), 'histogram')),
    of: of(resample('10m', macd({ fast: 2, slow: 3, signal: 2 })), 'histogram'),
    chained: chain(resample('5m', sma(2)), sma(3)),
    own: sma(2),
  }),
  components: { close: () => '', mean: () => '', range: () => '', part: () => '', of: () => '', chained: () => '', own: () => '' },
  evaluate({ readings }, _params, signal) {
    for (const name of ['close', 'mean', 'range', 'part', 'of', 'chained', 'own'] as const) signal.add(name, 0, 1, readings[name].value)
  },
})

const path = fc.record({
  /** Minutes after midnight: a start anywhere in a longer candle. */
  start: fc.integer({ min: 0, max: 59 }),
  steps: fc.array(
    fc.record({
      price: fc.integer({ min: 50, max: 150 }),
      reach: fc.integer({ min: 0, max: 9 }),
      gap: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 40 })),
    }),
    { minLength: 60, maxLength: 150 },
  ),
})
type Path = typeof path extends fc.Arbitrary<infer T> ? T : never

function candlesOf({ start, steps }: Path): Candle[] {
  let minute = start
  return steps.map(({ price, reach, gap }, i) => {
    if (i > 0) minute += gap
    return { openTime: (DAY_START + minute * MINUTE) as EpochMs, open: price, high: price + reach, low: price - reach, close: price, volume: 1 }
  })
}

/** The candles of a longer timeframe that have closed by a moment, put together the slow way. A first one that began before the stream is left out. */
function closedBy(candles: readonly Candle[], atMs: number, size: number): Candle[] {
  const buckets = new Map<number, Candle[]>()
  for (const candle of candles) {
    const start = Math.floor(candle.openTime / size) * size
    buckets.set(start, [...(buckets.get(start) ?? []), candle])
  }
  const [first] = candles
  return [...buckets].flatMap(([start, parts]) => {
    if (start + size > atMs || (parts[0] === first && first!.openTime !== start)) return []
    return [
      {
        openTime: start as EpochMs,
        open: parts[0]!.open,
        high: Math.max(...parts.map(({ high }) => high)),
        low: Math.min(...parts.map(({ low }) => low)),
        close: parts.at(-1)!.close,
        volume: parts.length,
      },
    ]
  })
}

const readingsOf = ({ components }: Evaluation): Readonly<Record<string, number>> => Object.fromEntries(components.map(({ name, reading }) => [name, reading]))

function run(strategy: Strategy, candles: readonly Candle[]) {
  const one = new StrategyRun(strategy)
  return candles.map((candle) => one.step(candle))
}

describe('a longer timeframe in a strategy', () => {
  test('shows the last candle that has closed, aligned to UTC, whatever is missing; and it is warm when the engine says so', () => {
    let compared = 0
    fc.assert(
      fc.property(path, (walk) => {
        const candles = candlesOf(walk)
        run(looks(), candles).forEach((said, i) => {
          if (said === undefined) return
          compared++
          const seen = candles.slice(0, i + 1)
          const now = candles[i]!.openTime + MINUTE
          const [five, quarter] = [closedBy(seen, now, 5 * MINUTE), closedBy(seen, now, 15 * MINUTE)]
          const [mean, range, lines] = [ema(2), atr(3), macd({ fast: 2, slow: 3, signal: 2 })]
          for (const { close } of quarter) mean.update(close)
          for (const candle of five) range.update(candle)
          for (const { close } of closedBy(seen, now, 10 * MINUTE)) lines.update(close)
          const found = readingsOf(said)
          expect(found['close']).toBe(five.at(-1)!.close)
          expect(found['mean']).toBe(mean.value)
          expect(found['range']).toBe(range.value)
          expect([found['part'], found['of']]).toEqual([lines.value.histogram, lines.value.histogram])
          for (const value of Object.values(found)) expect(value).not.toBeNaN()
        })
      }),
      { numRuns: 40 },
    )
    expect(compared).toBeGreaterThan(500)
  })

  test('never changes with what comes later', () => {
    fc.assert(
      fc.property(path, path, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (walk, other, share) => {
        const candles = candlesOf(walk)
        const cut = Math.floor(candles.length * share)
        const shift = candles[cut - 1]!.openTime - DAY_START
        const changed = [
          ...candles.slice(0, cut),
          ...candlesOf({ ...other, start: 0 }).map((candle) => ({ ...candle, openTime: (candle.openTime + shift + MINUTE) as EpochMs })),
        ]
        expect(run(looks(), changed).slice(0, cut)).toEqual(run(looks(), candles).slice(0, cut))
      }),
    )
  })

  test('is the same in a combination', () => {
    fc.assert(
      fc.property(path, (walk) => {
        const candles = candlesOf(walk)
        const alone = run(looks(), candles).map((said) => said && Object.values(readingsOf(said)))
        const together = run(combine([looks(), looks()], { mode: 'weights' }), candles).map((said) => said && Object.values(readingsOf(said)))
        expect(together).toEqual(alone.map((values) => values && [...values, ...values]))
      }),
      { numRuns: 20 },
    )
  })
})
