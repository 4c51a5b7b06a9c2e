import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MarketEvent } from '../../contracts/events.ts'
import type { CandleColumns } from '../../model/candle.ts'
import type { EpochMs } from '../../model/time.ts'
import { STEPS_PER_DAY, STEPS_PER_MINUTE, simulatedCoins, simulatedMarketParameters as parameters } from './parameters.ts'
import { dayJumps, priceProcess, volatilityRegime } from './price-process.ts'
import { randomStream } from './random.ts'
import { simulatedMarket } from './simulated-market.ts'

const MINUTE = 60_000
const DAY = 86_400_000
const DAYS = 20
const START = Date.UTC(2026, 0, 1)
const SEED = 1

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values)
  let shared = 0
  for (let i = lag; i < values.length; i++) shared += (values[i]! - centre) * (values[i - lag]! - centre)
  return shared / sum(values.map((value) => (value - centre) ** 2))
}

/** One-minute log returns between neighbouring minutes, and the common factor's over the same minutes. */
function returnsOf({ length, openTime, close }: CandleColumns, factor: (ms: number) => number): { own: number[]; common: number[] } {
  const [own, common]: [number[], number[]] = [[], []]
  for (let i = 1; i < length; i++) {
    if (openTime[i]! - openTime[i - 1]! !== MINUTE) continue
    own.push(Math.log(close[i]! / close[i - 1]!))
    common.push(factor(openTime[i]!) - factor(openTime[i - 1]!))
  }
  return { own, common }
}

describe(`one-minute returns of ${DAYS} days`, async () => {
  const market = simulatedMarket({ seed: SEED, speed: 'max' })
  const factorDay = priceProcess(
    SEED,
    { name: 'factor', dailyVolatility: parameters.factorDailyVolatility, jumpsPerDay: 0, jumpSize: 0 },
    volatilityRegime(SEED),
  )
  const levels = Array.from({ length: DAYS }, (_, day) => factorDay(START / DAY + day).level)
  const factor = (ms: number): number => levels[Math.floor((ms - START) / DAY)]![((ms % DAY) / MINUTE) * STEPS_PER_MINUTE + STEPS_PER_MINUTE - 1]!
  const returns = await Promise.all(
    simulatedCoins.map(async (coin) => {
      const columns = await market.candles({
        instrument: `${coin.base}-USD`,
        timeframeMs: MINUTE,
        fromMs: START as EpochMs,
        toMs: (START + DAYS * DAY) as EpochMs,
      })
      return { coin, ...returnsOf(columns, factor) }
    }),
  )

  test('do not remember direction: autocorrelation at lags 1 to 5 is near 0, for each coin and on average', () => {
    for (const lag of [1, 2, 3, 4, 5]) {
      const found = returns.map(({ own }) => autocorrelation(own, lag))
      // 26,000 returns with fat tails: a standard error of 0.006 to 0.012.
      expect(Math.max(...found.map(Math.abs))).toBeLessThan(0.04)
      expect(Math.abs(mean(found))).toBeLessThan(0.008)
    }
  })

  test('remember size: volatility comes in clusters, for minutes and for hours', () => {
    for (const { own } of returns) {
      const size = own.map(Math.abs)
      const usual = mean(size)
      const clipped = size.map((value) => Math.min(value, 5 * usual))
      expect(autocorrelation(clipped, 1)).toBeGreaterThan(0.1)
      expect(autocorrelation(clipped, 30)).toBeGreaterThan(0.04)
    }
  })

  test('share the common factor as documented', () => {
    for (const { coin, own, common } of returns) {
      const beta = sum(own.map((value, i) => value * common[i]!)) / sum(common.map((value) => value * value))
      expect(Math.abs(beta - coin.beta)).toBeLessThan(0.1)
    }
    expect([Math.min(...simulatedCoins.map(({ beta }) => beta)), Math.max(...simulatedCoins.map(({ beta }) => beta))]).toEqual([0.5, 1.4])
  })

  test('are as large as documented, up to the mood of these days, with fat tails', () => {
    for (const { coin, own } of returns) {
      const daily = Math.sqrt(mean(own.map((value) => value * value)) * 1_440)
      const documented = Math.hypot(coin.beta * parameters.factorDailyVolatility, coin.dailyVolatility, coin.jumpSize * Math.sqrt(parameters.jumpsPerDay))
      expect(daily / documented).toBeGreaterThan(0.5)
      expect(daily / documented).toBeLessThan(2)
      expect(mean(own.map((value) => value ** 4)) / mean(own.map((value) => value ** 2)) ** 2).toBeGreaterThan(3.5)
    }
  })

  test('have quiet minutes as documented', () => {
    // Each quiet minute takes two returns away, but for neighbours.
    for (const { coin, own } of returns) expect(1 - own.length / (DAYS * 1_440)).toBeCloseTo(2 * coin.quietShare - coin.quietShare ** 2, 1.8)
  })
})

describe('the ingredients', () => {
  test('jumps come once a day on average, at any time, of the documented size, and are in the path', () => {
    const process = { name: 'X', dailyVolatility: 0.02, jumpsPerDay: 1, jumpSize: 0.3 }
    const jumps = Array.from({ length: 20_000 }, (_, day) => dayJumps(randomStream(9, 'X/jumps', day), process))
    expect(mean(jumps.map(({ length }) => length))).toBeCloseTo(1, 1.2)
    expect(jumps.filter(({ length }) => length === 0).length / jumps.length).toBeCloseTo(Math.exp(-1), 1.5)
    const all = jumps.flat()
    expect(mean(all.map(({ step }) => step / STEPS_PER_DAY))).toBeCloseTo(0.5, 1.5)
    expect(Math.sqrt(mean(all.map(({ size }) => size ** 2)))).toBeCloseTo(0.3, 1.5)
    const day = jumps.findIndex((each, i) => i > 400 && each.length === 1 && Math.abs(each[0]!.size) > 0.1 && each[0]!.step > 0)
    const [{ step, size }] = jumps[day] as readonly [{ step: number; size: number }]
    const { level } = priceProcess(9, process, () => 1)(day)
    expect(level[step]! - level[step - 1]!).toBeCloseTo(size, 2)
  })

  test('a day begins where the day before ended', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 30_000 }), (seed, day) => {
        const process = priceProcess(seed, { name: 'X', dailyVolatility: 0.05, jumpsPerDay: 0, jumpSize: 0 }, volatilityRegime(seed))
        const [before, after] = [process(day).level, process(day + 1).level]
        // Eight deviations of a step in a wild hour.
        expect(Math.abs(after[0]! - before[STEPS_PER_DAY - 1]!)).toBeLessThan((8 * 4 * 0.05) / Math.sqrt(STEPS_PER_DAY))
      }),
      { numRuns: 20 },
    )
  })

  test('the volatility of the day is moderate, and mean square 1', () => {
    // Neighbouring days are alike, so many seeds rather than many days.
    const days = Array.from({ length: 200 }, (_, seed) => volatilityRegime(seed)).flatMap((regime) => Array.from({ length: 100 }, (_, i) => regime(5 * i)))
    expect(mean(days.map((value) => value * value))).toBeCloseTo(1, 1.2)
    expect(days.filter((value) => value > 0.4 && value < 2).length / days.length).toBeGreaterThan(0.93)
  })

  test('prices stay around their level for years', async () => {
    const market = simulatedMarket({ seed: 6, speed: 'max', start: '2040-06-01', instruments: ['BTC-USD', 'TOSHI-USD'] })
    for (const [instrument, low, high] of [
      ['BTC-USD', 45_000, 180_000],
      ['TOSHI-USD', 0.0001, 0.004],
    ] as const) {
      const { low: lows, high: highs } = await market.candles({
        instrument,
        timeframeMs: DAY,
        fromMs: (market.startMs() - 60 * DAY) as EpochMs,
        toMs: market.startMs(),
      })
      expect(Math.min(...lows)).toBeGreaterThan(low)
      expect(Math.max(...highs)).toBeLessThan(high)
    }
  })
})

test('restarted anywhere, a run goes on with exactly the events that follow', () => {
  const instruments = ['BTC-USD', 'TOSHI-USD', 'AERO-USD']
  const timeframesMs = [MINUTE, 15 * MINUTE, 60 * MINUTE]
  const pull = (seed: number, start: number, afterMs?: number): MarketEvent[] => [
    ...simulatedMarket({ seed, start, speed: 'max', until: '90m' }).events({
      instruments,
      timeframesMs,
      ...(afterMs === undefined ? {} : { afterMs: afterMs as EpochMs }),
    }),
  ]
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 1_439 }), fc.integer({ min: 0, max: 90 * MINUTE }), (seed, minute, offset) => {
      const start = START + minute * MINUTE
      expect(pull(seed, start, start + offset)).toEqual(pull(seed, start).filter(({ atMs }) => atMs > start + offset))
    }),
    { numRuns: 15 },
  )
})
