import { createHash } from 'node:crypto'
import { lastValueFrom, toArray } from 'rxjs'
import { describe, expect, test } from 'vitest'
import type { CandleEvent, MarketEvent } from '../../contracts/events.ts'
import { candleAt } from '../../model/candle-columns.ts'
import { ConfigError } from '../../model/errors.ts'
import { fits, money } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { marketContract } from '../../testing/market-contract.ts'
import { simulatedClock } from '../../testing/simulated-clock.ts'
import { simulatedMarket } from './simulated-market.ts'
import type { SimulatedMarketOptions } from './simulated-market.ts'

const MINUTE = 60_000
const HOUR = 3_600_000
const START = Date.UTC(2026, 0, 1)
const eleven = ['AERO-USD', 'AVAX-USD', 'AVNT-USD', 'BTC-USD', 'DOGE-USD', 'ETH-USD', 'PENGU-USD', 'SOL-USD', 'SUI-USD', 'TOSHI-USD', 'XRP-USD']

const candles = (events: Iterable<MarketEvent>): CandleEvent[] => [...events].filter((event) => event.type === 'candle')
const pull = (options: Partial<SimulatedMarketOptions>, instruments = ['BTC-USD'], timeframesMs = [MINUTE], afterMs?: number): CandleEvent[] =>
  candles(
    simulatedMarket({ seed: 7, speed: 'max', ...options }).events({
      instruments,
      timeframesMs,
      ...(afterMs === undefined ? {} : { afterMs: afterMs as EpochMs }),
    }),
  )
const hashOf = (events: readonly MarketEvent[]): string => createHash('sha256').update(JSON.stringify(events)).digest('hex')

describe('the contract of a market', () => {
  // Off the five-minute grid, over midnight, with a coin that has quiet minutes.
  const subject = { instruments: ['TOSHI-USD', 'BTC-USD'], timeframesMs: [MINUTE, 5 * MINUTE] }
  for (const { name, run } of marketContract(() => ({
    market: simulatedMarket({ seed: 3, speed: 'max', start: '2026-03-01T23:32Z', until: '71m' }),
    ...subject,
  })))
    test(name, () => run())
})

describe('the events of a minute', () => {
  const minute = pull({ until: '1m' })

  test('eleven forming candles five seconds apart, then the closed one at its end', () => {
    expect(minute.map(({ closed, atMs }) => [closed, atMs - START])).toEqual([
      ...Array.from({ length: 11 }, (_, i) => [false, (i + 1) * 5_000]),
      [true, MINUTE],
    ])
  })

  test('a forming candle only grows: same open, wider, more volume', () => {
    for (let i = 1; i < minute.length; i++) {
      const [before, after] = [minute[i - 1]!.candle, minute[i]!.candle]
      expect(after.openTime).toBe(START)
      expect(after.open).toBe(before.open)
      expect(after.high).toBe(Math.max(before.high, after.close))
      expect(after.low).toBe(Math.min(before.low, after.close))
      expect(after.volume).toBeGreaterThan(before.volume)
    }
  })

  test('without the one-minute timeframe the shortest one forms, and nothing else is given out', () => {
    const events = pull({ until: '15m' }, ['BTC-USD'], [15 * MINUTE, 5 * MINUTE])
    expect(events.filter(({ closed }) => closed).map(({ timeframeMs, atMs }) => [timeframeMs / MINUTE, (atMs - START) / MINUTE])).toEqual([
      [5, 5],
      [5, 10],
      [5, 15],
      [15, 15],
    ])
    const forming = events.filter(({ closed }) => !closed)
    expect(forming).toHaveLength(3 * 59)
    expect(new Set(forming.map(({ timeframeMs }) => timeframeMs))).toEqual(new Set([5 * MINUTE]))
    const fine = pull({ until: '5m' })
    expect(forming.slice(0, 59).map(({ candle }) => candle.close)).toEqual(fine.slice(0, 59).map(({ candle }) => candle.close))
    expect(forming[58]!.candle.volume).toBeCloseTo(
      fine
        .filter(({ closed }) => closed)
        .slice(0, 4)
        .reduce((sum, { candle }) => sum + candle.volume, 0) + fine[58]!.candle.volume,
      6,
    )
  })

  test('a minute without trades has no candle; a longer candle has the rest of its minutes', () => {
    const events = pull({ until: '24h' }, ['TOSHI-USD'], [MINUTE, 5 * MINUTE])
    const minutes = events.filter(({ timeframeMs, closed }) => timeframeMs === MINUTE && closed).map(({ candle }) => candle)
    expect(1 - minutes.length / 1_440).toBeCloseTo(0.08, 1.5)
    const quiet = Array.from({ length: 1_440 }, (_, i) => START + i * MINUTE).filter((openTime) => !minutes.some((candle) => candle.openTime === openTime))
    expect(events.filter(({ timeframeMs, candle }) => timeframeMs === MINUTE && quiet.includes(candle.openTime))).toEqual([])
    const five = events.filter(({ timeframeMs }) => timeframeMs === 5 * MINUTE)
    for (const { candle } of five) {
      const members = minutes.filter(({ openTime }) => openTime >= candle.openTime && openTime < candle.openTime + 5 * MINUTE)
      expect([candle.open, candle.close, candle.volume]).toEqual([
        members[0]!.open,
        members.at(-1)!.close,
        members.reduce((sum, { volume }) => sum + volume, 0),
      ])
    }
    expect(five.length).toBeGreaterThanOrEqual(287)
    expect(minutes.every(({ volume }) => volume > 0)).toBe(true)
  })
})

describe('seed and speed', () => {
  test('the same seed gives the same bytes, pinned', () => {
    const day = pull({ until: '24h' }, eleven, [MINUTE, 15 * MINUTE])
    expect(day.length).toBeGreaterThan(180_000)
    expect(hashOf(day)).toBe('1a1234e4cb2390cfd683f5ab6422700f56fbd9a9bce868585cef05a3c6e4f62e')
  })

  test('another seed gives other prices', () => {
    const closes = [1, 2, 3, -1, 2 ** 40].map((seed) => pull({ seed, until: '1m' }).at(-1)!.candle.close)
    expect(new Set(closes).size).toBe(closes.length)
  })

  test('every speed gives the same events, each when it is due', async () => {
    const pushed = await lastValueFrom(
      simulatedMarket({ seed: 7, speed: 'max', until: '2m' })
        .stream({ instruments: eleven, timeframesMs: [MINUTE] })
        .pipe(toArray()),
    )
    const clock = simulatedClock(5_000)
    const paced: MarketEvent[] = []
    const wall: number[] = []
    simulatedMarket({ seed: 7, speed: 60, start: START, until: '2m', clock })
      .stream({ instruments: eleven, timeframesMs: [MINUTE] })
      .subscribe((event) => {
        paced.push(event)
        wall.push(clock.nowMs() - 5_000)
      })
    clock.advance(2_000)
    expect(paced).toEqual(pushed)
    expect(paced).toEqual(pull({ until: '2m' }, eleven))
    expect(wall).toEqual(paced.map(({ atMs }) => Math.ceil((atMs - START) / 60)))
  })
})

describe('start, end and restart', () => {
  test('at full speed it starts at 2026-01-01T00:00Z, else now, taken down to the minute', () => {
    const clock = simulatedClock(Date.UTC(2026, 10, 21, 9, 30, 17))
    expect(simulatedMarket({ seed: 1, speed: 'max', clock }).startMs()).toBe(START)
    expect(simulatedMarket({ seed: 1, clock }).startMs()).toBe(Date.UTC(2026, 10, 21, 9, 30))
    expect(simulatedMarket({ seed: 1, clock, start: '2026-05-05T05:05:05Z' }).startMs()).toBe(Date.UTC(2026, 4, 5, 5, 5))
  })

  test('started now, event time is wall time', () => {
    const clock = simulatedClock(START + 17_000)
    const ages: number[] = []
    simulatedMarket({ seed: 1, clock })
      .stream({ instruments: ['BTC-USD'], timeframesMs: [MINUTE] })
      .subscribe((event) => ages.push(clock.nowMs() - event.atMs))
    clock.advance(0)
    expect(ages).toEqual([12_000, 7_000, 2_000])
    clock.advance(60_000)
    expect(ages.slice(3)).toEqual(Array.from({ length: 12 }, () => 0))
  })

  test('started now and resumed later, the time in between is a gap and not made up for; a market ahead of the clock goes on where it was', () => {
    const clock = simulatedClock(START)
    const market = simulatedMarket({ seed: 1, speed: 60, clock })
    const first = (afterMs: number): number => {
      for (const { atMs } of market.events({ instruments: ['BTC-USD'], timeframesMs: [MINUTE], afterMs: afterMs as EpochMs })) return atMs
      return Number.NaN
    }
    expect(first(START - HOUR)).toBe(START + 5_000)
    expect(first(START + HOUR)).toBe(START + HOUR + 5_000)
    const seen: number[] = []
    market.stream({ instruments: ['BTC-USD'], timeframesMs: [MINUTE], afterMs: (START + HOUR) as EpochMs }).subscribe(({ atMs }) => seen.push(atMs))
    clock.advance(1_000)
    expect(seen.at(-1)).toBe(START + HOUR + MINUTE)
  })

  test('resumed in the middle of a fifteen-minute candle, that candle is whole', () => {
    const all = pull({ until: '30m' }, ['BTC-USD', 'TOSHI-USD'], [MINUTE, 15 * MINUTE])
    const afterMs = START + 22 * MINUTE + 12_345
    expect(pull({ until: '30m' }, ['BTC-USD', 'TOSHI-USD'], [MINUTE, 15 * MINUTE], afterMs)).toEqual(all.filter(({ atMs }) => atMs > afterMs))
  })

  test('ends after `until`, counted from the start of the run', () => {
    expect(pull({ start: '2026-02-02T23:58Z', until: '3m' }).at(-1)!.atMs).toBe(Date.UTC(2026, 1, 3, 0, 1))
    expect(pull({ until: 90_000 }).at(-1)!.atMs).toBe(START + 90_000)
    expect(pull({ until: '5m' }, ['BTC-USD'], [MINUTE], START + 5 * MINUTE)).toEqual([])
    expect(pull({ until: 0 })).toEqual([])
  })
})

describe('history', () => {
  const market = simulatedMarket({ seed: 7, speed: 'max', until: '24h', history: '30d' })
  const ask = (timeframeMs: number, fromMs: number, toMs: number, instrument = 'BTC-USD') =>
    market.candles({ instrument, timeframeMs, fromMs: fromMs as EpochMs, toMs: toMs as EpochMs })

  test('reaches back as far as asked and no further, up to the start without a hole', async () => {
    const hours = await ask(HOUR, START - 100 * 24 * HOUR, START)
    expect(hours.length).toBe(30 * 24)
    expect(hours.openTime[0]).toBe(START - 30 * 24 * HOUR)
    expect(hours.openTime[hours.length - 1]).toBe(START - HOUR)
    const minutes = await ask(MINUTE, START - MINUTE, START)
    const first = pull({ until: '5m' })[0]!
    expect(Math.abs(first.candle.open / minutes.close[0]! - 1)).toBeLessThan(0.01)
  })

  test('a day read in pieces is the day read at once', async () => {
    const whole = await ask(MINUTE, START - 24 * HOUR, START, 'AERO-USD')
    const parts = [await ask(MINUTE, START - 24 * HOUR, START - 7 * HOUR, 'AERO-USD'), await ask(MINUTE, START - 7 * HOUR, START, 'AERO-USD')]
    expect(parts.flatMap((part) => Array.from({ length: part.length }, (_, row) => candleAt(part, row)))).toEqual(
      Array.from({ length: whole.length }, (_, row) => candleAt(whole, row)),
    )
  })

  test('does not depend on what was asked before', async () => {
    const fresh = simulatedMarket({ seed: 7, speed: 'max' })
    const query = { instrument: 'SUI-USD', timeframeMs: HOUR, fromMs: (START - 48 * HOUR) as EpochMs, toMs: START as EpochMs }
    const direct = await fresh.candles(query)
    for (let day = 20; day >= 0; day--)
      await fresh.candles({ ...query, fromMs: (START - day * 24 * HOUR) as EpochMs, toMs: (START - (day - 1) * 24 * HOUR) as EpochMs })
    expect(await fresh.candles(query)).toEqual(direct)
  })

  test('asked for nothing, gives nothing', async () => {
    expect((await ask(MINUTE, START, START)).length).toBe(0)
    expect((await ask(MINUTE, START, START - HOUR)).length).toBe(0)
  })
})

describe('prices and volumes', () => {
  test('lie on the increments of the product and above 0', async () => {
    const market = simulatedMarket({ seed: 11, speed: 'max' })
    for (const { id, priceIncrement, baseIncrement } of await market.instruments()) {
      const columns = await market.candles({ instrument: id, timeframeMs: MINUTE, fromMs: (START - 2 * HOUR) as EpochMs, toMs: START as EpochMs })
      const off = (values: readonly number[], increment: typeof priceIncrement): number[] =>
        values.filter((value) => !(value > 0 && fits(money(value), increment)))
      expect(columns.length).toBeGreaterThan(100)
      expect({
        id,
        prices: off([...columns.open, ...columns.high, ...columns.low, ...columns.close], priceIncrement),
        volumes: off([...columns.volume], baseIncrement),
      }).toEqual({ id, prices: [], volumes: [] })
    }
  })

  test('25 USD are far below a tenth of nearly every minute, for TOSHI sometimes not', async () => {
    const share = async (instrument: string): Promise<number> => {
      const { close, volume } = await simulatedMarket({ seed: 5, speed: 'max' }).candles({
        instrument,
        timeframeMs: MINUTE,
        fromMs: (START - 48 * HOUR) as EpochMs,
        toMs: START as EpochMs,
      })
      return close.filter((price, row) => price * volume[row]! * 0.1 < 25).length / close.length
    }
    expect(await share('BTC-USD')).toBe(0)
    expect(await share('AERO-USD')).toBeLessThan(0.02)
    expect(await share('TOSHI-USD')).toBeGreaterThan(0.02)
    expect(await share('TOSHI-USD')).toBeLessThan(0.4)
  })
})

describe('what is refused', () => {
  test('every wrong option is named', () => {
    const wrong = { seed: 0.5, speed: 0, instruments: ['ADA-USD'], start: 'now', until: '5 minutes', history: -1 }
    const attempt = (): unknown => simulatedMarket(wrong)
    expect(attempt).toThrow(ConfigError)
    try {
      attempt()
    } catch (error) {
      expect((error as ConfigError).problems).toEqual([
        { path: 'simulatedMarket.seed', expected: 'a whole number', received: '0.5' },
        { path: 'simulatedMarket.speed', expected: `a number above 0 or 'max'`, received: '0' },
        { path: 'simulatedMarket.instruments', expected: expect.stringContaining('BTC-USD, ETH-USD') as unknown, received: '["ADA-USD"]' },
        { path: 'simulatedMarket.start', expected: expect.stringContaining('2026-01-01T00:00Z') as unknown, received: '"now"' },
        { path: 'simulatedMarket.until', expected: `a duration such as '24h'`, received: '"5 minutes"' },
        { path: 'simulatedMarket.history', expected: `a duration such as '30d'`, received: '-1' },
      ])
    }
  })

  test('queries that it cannot answer throw at once, not in the stream', async () => {
    const market = simulatedMarket({ seed: 1, speed: 'max', instruments: ['BTC-USD'] })
    const timeframesMs = [MINUTE]
    expect(() => market.stream({ instruments: ['ETH-USD'], timeframesMs })).toThrow('expected one of BTC-USD, received "ETH-USD"')
    expect(() => market.events({ instruments: ['BTC-USD'], timeframesMs: [90_000] })).toThrow('expected a timeframe of whole minutes, received 90000 ms')
    expect(() => market.stream({ instruments: ['BTC-USD'], timeframesMs: [] })).toThrow('expected at least one timeframe')
    await expect(market.candles({ instrument: 'ETH-USD', timeframeMs: MINUTE, fromMs: 0 as EpochMs, toMs: 1 as EpochMs })).rejects.toThrow(
      'expected one of BTC-USD',
    )
  })
})

test('it says what it is', () => {
  const { text, fromMs, toMs, notes } = simulatedMarket({ seed: 7, speed: 'max', until: '24h' }).describe()
  expect(text).toBe('simulated prices, seed 7, from 2026-01-01T00:00Z until 2026-01-02T00:00Z, full speed')
  expect([fromMs, toMs]).toEqual([START, START + 24 * HOUR])
  expect(notes.join('\n')).toMatch(/made up[\s\S]*TOSHI 8.0 %[\s\S]*400d/)
  expect(simulatedMarket({ seed: 7, speed: 'max' }).describe().toMs).toBeUndefined()
})
