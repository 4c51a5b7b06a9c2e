import { resample, sma } from '@millrace/indicators'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  backtest,
  bot,
  candleColumns,
  combine,
  createEngine,
  defineStrategy,
  memoryStore,
  paper,
  parseConfig,
  simulatedMarket,
} from '@millrace/core'
import type { Candle, CandleQuery, Decision, Duration, EpochMs, MarketSource } from '@millrace/core'
import { z } from 'zod'
import { MINUTE, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'

/** The mean of the last closes of a longer timeframe. */
const higher = defineStrategy({
  id: 'higher',
  params: z.strictObject({ to: z.string().default('5m'), period: z.int().default(1), from: z.string().optional() }),
  indicators: (p) => ({ mean: resample(p.to, sma(p.period), p.from === undefined ? {} : { from: p.from }) }),
  components: { mean: ({ reading }) => `mean ${reading}` },
  evaluate: ({ readings }, _params, signal) => signal.add('mean', 0, 1, readings.mean.value),
})

const seenBy = (decisions: readonly Decision[]) =>
  decisions.filter(({ outcome }) => outcome !== 'warmingUp').map(({ timeMs, preview, readings }) => [(timeMs - startMs) / MINUTE, preview, readings['mean']])

describe('a longer timeframe', () => {
  test('changes at the close of its last candle, and a preview does not see it before', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ strategy: higher(), on: 'update' })], { record: 'all' })
    const decisions: Decision[] = []
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    const closes = Array.from({ length: 16 }, (_, i) => 101 + i)
    candles(closes).forEach((event, minute) => {
      market.push(forming(minute, 6, 500), forming(minute, 11, 600), event)
    })
    await engine.stop()
    const seen = seenBy(decisions)
    expect(seen.filter(([, preview]) => preview === false)).toEqual([
      [9, false, 105],
      [10, false, 110],
      [11, false, 110],
      [12, false, 110],
      [13, false, 110],
      [14, false, 110],
      [15, false, 115],
      [16, false, 115],
    ])
    // The tenth and the fifteenth minute end a longer candle: while they form, it has not ended.
    const previews = seen.filter(([, preview]) => preview === true)
    expect(previews.length).toBeGreaterThan(6)
    for (const [time, , mean] of previews) expect([time, mean]).toEqual([time, (time as number) < 10 ? 105 : (time as number) < 15 ? 110 : 115])
  })

  test('is known from the first candle of a start in its middle: enough history is asked for, counted in base candles', async () => {
    const asked: CandleQuery[] = []
    const close = (minute: number): number => 1_000 + minute
    const from = startMs + 37 * MINUTE
    const rows = (query: CandleQuery): Candle[] =>
      Array.from({ length: (query.toMs - query.fromMs) / query.timeframeMs }, (_, i) => {
        const price = close((query.fromMs - startMs) / MINUTE + i)
        return { openTime: (query.fromMs + i * MINUTE) as EpochMs, open: price, high: price, low: price, close: price, volume: 1 }
      })
    const hand = handMarket()
    const market: MarketSource = {
      ...hand,
      startMs: () => from as EpochMs,
      candles: (query) => {
        asked.push(query)
        return Promise.resolve(candleColumns(rows(query)))
      },
    }
    const engine = levelEngine(market, memoryStore(), [levelBot({ strategy: higher({ to: '1h', period: 3 }) })], { record: 'all' })
    const decisions: Decision[] = []
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    hand.push(...candles([close(37)], 37))
    await engine.stop()
    // Three hours, and the one that is left out because the history begins in its middle.
    expect(asked.map(({ fromMs, toMs, timeframeMs }) => [(toMs - fromMs) / MINUTE, toMs, timeframeMs])).toEqual([[4 * 60, from, MINUTE]])
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['hold'])
    expect(seenBy(decisions)).toEqual([[38, false, (close(-1) + close(-61) + close(-121)) / 3]])
  })

  test('takes its base from the bot: the same strategy on 1m, 5m and 15m sees the same hours', () => {
    const count = 60 * 10
    const columns = (timeframeMs: number) =>
      candleColumns(
        Array.from({ length: count / (timeframeMs / MINUTE) }, (_, i) => {
          const price = 1_000 + ((i + 1) * timeframeMs) / MINUTE
          return { openTime: (startMs + i * timeframeMs) as EpochMs, open: price, high: price, low: price, close: price, volume: 1 }
        }),
      )
    const hourly = ([timeframe, timeframeMs]: readonly [Duration, number]) => {
      const one = bot({ id: 'btc', instrument: 'BTC-USD', timeframe, strategy: higher({ to: '1h' }), confirm: 0 })
      const { decisions } = backtest({
        bots: [one],
        candles: [{ instrument: 'BTC-USD', timeframeMs, columns: columns(timeframeMs) }],
        cash: { USD: '100' },
        record: 'all',
      })
      return seenBy(decisions).filter(([minute]) => (minute as number) % 60 === 0 && (minute as number) >= 120)
    }
    const minutes = hourly(['1m', MINUTE])
    expect(minutes).toEqual(Array.from({ length: 9 }, (_, i) => [120 + 60 * i, false, 1_120 + 60 * i]))
    expect(hourly(['5m', 5 * MINUTE])).toEqual(minutes)
    expect(hourly(['15m', 15 * MINUTE])).toEqual(minutes)
  })

  test.each<[string, Duration, Parameters<typeof higher>[0], RegExp]>([
    [
      'no multiple of the candles',
      '7m',
      { to: '1h' },
      /strategy: expected a strategy that can be made for candles of 7m \(resample: to: expected a multiple of 7m, received 1h\)/,
    ],
    ['shorter than the candles', '1h', { to: '5m' }, /expected a multiple of 1h, received 5m/],
    ['made for other candles', '5m', { to: '1h', from: '1m' }, /from: expected the timeframe of the candles, 5m, received 1m/],
  ])('that is %s is refused with the bot', (_name, timeframe, params, message) => {
    const make = (strategy = higher(params)) => bot({ id: 'btc', instrument: 'BTC-USD', timeframe, strategy })
    expect(() => make()).toThrow(ConfigError)
    expect(() => make()).toThrow(message)
    expect(() => make(combine([higher(params)], { mode: 'vote' }))).toThrow(message)
  })

  test('of a file is refused with the path of its bot', () => {
    const plugins = {
      strategies: { higher: { params: z.unknown(), make: () => higher({ to: '1h' }) } },
      exits: {},
      sizing: {},
      tranchePlans: {},
      safety: {},
      execution: {},
    }
    expect(() => parseConfig({ bots: [{ id: 'btc', instrument: 'BTC-USD', timeframe: '7m', strategy: 'higher' }] }, plugins)).toThrow(
      /bots\[0\]\.strategy: expected a strategy that can be made for candles of 7m/,
    )
  })

  test('goes on after a restart as if there had been none', async () => {
    const decisionsOf = async (...lengths: readonly Duration[]): Promise<unknown> => {
      const store = memoryStore()
      const decisions: Decision[] = []
      for (const until of lengths) {
        const engine = createEngine({
          market: simulatedMarket({ seed: 11, instruments: ['SOL-USD'], speed: 'max', until }),
          exchange: paper({ cash: { USD: '100' } }),
          store,
          bots: [bot({ id: 'sol', instrument: 'SOL-USD', strategy: higher({ to: '1h', period: 5 }) })],
          environment: 'paper',
          record: 'all',
        })
        engine.decisions$.subscribe((decision) => decisions.push(decision))
        await engine.start()
        await engine.finished
      }
      // Each moment counts once, as the last run saw it. A restart loads its history from elsewhere, so a running sum may differ in its last bits.
      return [...new Map(seenBy(decisions).map((seen) => [seen[0], seen])).values()].map((seen) =>
        seen.map((each) => (typeof each === 'number' ? each.toPrecision(12) : each)),
      )
    }
    const whole = await decisionsOf('4h')
    expect(whole).toHaveLength(240)
    expect(await decisionsOf('97m', '4h')).toEqual(whole)
  })
})
