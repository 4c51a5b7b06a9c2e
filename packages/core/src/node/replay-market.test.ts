import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { lastValueFrom, tap, toArray } from 'rxjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CandleEvent, MarketEvent } from '../contracts/events.ts'
import { candleAt } from '../model/candle-columns.ts'
import type { ConfigError } from '../model/errors.ts'
import { decimalText } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { coinbaseInstrument } from '../simulation/products.ts'
import { marketContract } from '../testing/market-contract.ts'
import { simulatedClock } from '../testing/simulated-clock.ts'
import { replayMarket } from './replay-market.ts'
import type { ReplayMarketOptions } from './replay-market.ts'

const MINUTE = 60_000
const T = Date.UTC(2026, 0, 1)
const at = (minute: number): number => T + minute * MINUTE

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'millrace-replay-'))
})
afterAll(() => rm(root, { recursive: true }))

/** Prices that tell their minute. */
const rowsOf = (minutes: readonly number[], step = 1): string =>
  minutes.map((minute) => [at(minute), 100 + minute, 103 + minute, 99 + minute, 101 + minute, step].join(',')).join('\n')
const range = (from: number, to: number, step = 1): number[] => Array.from({ length: Math.ceil((to - from) / step) }, (_, i) => from + i * step)

let folders = 0
async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = join(root, String(folders++))
  await mkdir(dir)
  for (const [name, rows] of Object.entries(files)) {
    const text = `ts,open,high,low,close,volume\n${rows}\n`
    await writeFile(join(dir, name), name.endsWith('.gz') ? gzipSync(text) : text)
  }
  return dir
}

const open = async (files: Readonly<Record<string, string>>, options: Omit<ReplayMarketOptions, 'dir' | 'files'> = {}) =>
  replayMarket({ dir: await folder(files), ...options })
const candles = (events: Iterable<MarketEvent>): CandleEvent[] => [...events].filter((event) => event.type === 'candle')
const brief = (events: Iterable<MarketEvent>): string[] =>
  candles(events).map(({ instrument, timeframeMs, atMs }) => `${(atMs - T) / MINUTE} ${instrument} ${timeframeMs / MINUTE}m`)
const problemsOf = async (promise: Promise<unknown>): Promise<ConfigError['problems']> =>
  promise.then(
    () => [],
    (error: unknown) => {
      expect(error).toMatchObject({ name: 'ConfigError' })
      return (error as ConfigError).problems
    },
  )

const two = { 'BTC-USDT_venue_1m.csv': rowsOf(range(0, 31)), 'AERO-USDC_venue_1m.csv.gz': rowsOf([...range(3, 12), ...range(14, 31)]) }

describe('the contract of a market', () => {
  const make = async () => ({
    market: await open(two, { instruments: ['BTC-USD', 'AERO-USD'], from: at(7) }),
    instruments: ['BTC-USD', 'AERO-USD'],
    timeframesMs: [MINUTE, 5 * MINUTE],
  })
  // The names do not depend on the subject; each case opens its own.
  for (const { name, run } of marketContract(make)) test(name, () => run())
})

describe('the stream', () => {
  test('is merged by time, then instrument, then timeframe; a candle is known at its end', async () => {
    const market = await open(two, { instruments: ['BTC-USD', 'AERO-USD'], from: at(8), to: at(15) })
    expect(brief(market.events({ instruments: ['BTC-USD', 'AERO-USD'], timeframesMs: [5 * MINUTE, MINUTE] }))).toEqual([
      '9 AERO-USD 1m',
      '9 BTC-USD 1m',
      '10 AERO-USD 1m',
      '10 AERO-USD 5m',
      '10 BTC-USD 1m',
      '10 BTC-USD 5m',
      '11 AERO-USD 1m',
      '11 BTC-USD 1m',
      '12 AERO-USD 1m',
      '12 BTC-USD 1m',
      '13 BTC-USD 1m',
      '14 BTC-USD 1m',
      '15 AERO-USD 1m',
      '15 AERO-USD 5m',
      '15 BTC-USD 1m',
      '15 BTC-USD 5m',
    ])
    expect(market.startMs()).toBe(at(8))
    expect(market.timeline).toBe('event')
  })

  test('pushed, it is what can be pulled, at a speed as well', async () => {
    const query = { instruments: ['BTC-USD', 'AERO-USD'], timeframesMs: [MINUTE] }
    const dir = await folder(two)
    const clock = simulatedClock(0)
    const slow = await replayMarket({ dir, instruments: query.instruments, from: at(10), speed: 60, clock })
    const fast = await replayMarket({ dir, instruments: query.instruments, from: at(10) })
    const paced: string[] = []
    slow.stream(query).subscribe((event) => paced.push(`${clock.nowMs()} ${event.atMs}`))
    clock.advance(30_000)
    const pulled = [...fast.events(query)]
    expect(await lastValueFrom(fast.stream(query).pipe(toArray()))).toEqual(pulled)
    expect(paced).toEqual(pulled.map(({ atMs }) => `${(atMs - at(10)) / 60} ${atMs}`))
  })

  test('asked to use its events again, it gives the same ones in one object a series; at a pace, and unasked, each is its own', async () => {
    const query = { instruments: ['BTC-USD', 'AERO-USD'], timeframesMs: [MINUTE] }
    const dir = await folder(two)
    const clock = simulatedClock(0)
    const fast = await replayMarket({ dir, instruments: query.instruments, from: at(10) })
    const slow = await replayMarket({ dir, instruments: query.instruments, from: at(10), speed: 60, clock })
    const own = [...fast.events(query)]
    const candlesOf = (events: readonly MarketEvent[]) => new Set(events.map((event) => event.type === 'candle' && event.candle)).size
    expect(candlesOf(own)).toBe(own.length)
    const seen: MarketEvent[] = []
    const reused: MarketEvent[] = []
    await lastValueFrom(
      fast.stream({ ...query, reuse: true }).pipe(
        tap((event) => {
          seen.push(structuredClone(event))
          reused.push(event)
        }),
      ),
    )
    expect(seen.map((event) => JSON.stringify(event))).toEqual(own.map((event) => JSON.stringify(event)))
    expect(candlesOf(reused)).toBe(2)
    const paced: MarketEvent[] = []
    slow.stream({ ...query, reuse: true }).subscribe((event) => paced.push(event))
    clock.advance(30_000)
    expect(paced).toEqual(own)
  })

  test('the last row of a file is never a candle, and longer candles need proof of their end', async () => {
    const market = await open({ 'BTC-USD_x.csv': rowsOf(range(0, 15)) }, { instruments: ['BTC-USD'] })
    expect(brief(market.events({ instruments: ['BTC-USD'], timeframesMs: [5 * MINUTE] }))).toEqual(['5 BTC-USD 5m', '10 BTC-USD 5m'])
    const proven = await open({ 'BTC-USD_x.csv': rowsOf(range(0, 16)) }, { instruments: ['BTC-USD'] })
    expect(brief(proven.events({ instruments: ['BTC-USD'], timeframesMs: [5 * MINUTE] })).at(-1)).toBe('15 BTC-USD 5m')
    expect(brief(proven.events({ instruments: ['BTC-USD'], timeframesMs: [MINUTE] })).at(-1)).toBe('15 BTC-USD 1m')
  })

  test('finer rows become the candles asked for, volume summed', async () => {
    const market = await open(two, { instruments: ['BTC-USD'], timeframes: ['5m'] })
    const [first] = candles(market.events({ instruments: ['BTC-USD'], timeframesMs: [5 * MINUTE] }))
    expect(first!.candle).toEqual({ openTime: T, open: 100, high: 107, low: 99, close: 105, volume: 5 })
    expect(market.describe().notes).toContain('BTC-USD 5m candles are made from 1m candles')
  })
})

describe('gap policy', () => {
  const query = { instruments: ['AERO-USD'], timeframesMs: [MINUTE] }
  const opened = (gapPolicy: 'skip' | 'fillForward' | 'halt', from = at(9)) => open(two, { instruments: ['AERO-USD', 'BTC-USD'], gapPolicy, from, to: at(16) })

  test('skip goes on without the missing candles and says so', async () => {
    const market = await opened('skip')
    expect(brief(market.events(query))).toEqual([10, 11, 12, 15, 16].map((minute) => `${minute} AERO-USD 1m`))
    expect(market.describe().notes).toContain('AERO-USD 2 candles missing in 1 gap, 2m from 2026-01-01T00:12Z; gone on without them')
    expect(market.describe().text).toContain('gap policy skip')
  })

  test('fillForward puts flat candles of volume 0 in their place, in stream and history', async () => {
    const market = await opened('fillForward')
    const events = candles(market.events(query))
    expect(brief(events)).toEqual(range(10, 17).map((minute) => `${minute} AERO-USD 1m`))
    expect(events[3]!.candle).toEqual({ openTime: at(12), open: 112, high: 112, low: 112, close: 112, volume: 0 })
    const columns = await market.candles({ instrument: 'AERO-USD', timeframeMs: MINUTE, fromMs: at(12) as EpochMs, toMs: at(14) as EpochMs })
    expect([...columns.close, ...columns.volume]).toEqual([112, 112, 0, 0])
    expect(market.describe().notes.join('\n')).toContain('filled with flat candles')
  })

  test('halt ends the run when the first missing candle should have closed, of what was asked for only; a restart goes on', async () => {
    const market = await opened('halt')
    const events = [...market.events({ instruments: ['AERO-USD', 'BTC-USD'], timeframesMs: [MINUTE] })]
    expect(brief(events)).toEqual([10, 11, 12].flatMap((minute) => [`${minute} AERO-USD 1m`, `${minute} BTC-USD 1m`]))
    expect(events.at(-1)).toEqual({
      type: 'link',
      event: { type: 'down', detail: 'AERO-USD has no candle from 2026-01-01T00:12Z to 2026-01-01T00:14Z; gap policy halt' },
      atMs: at(13),
    })
    expect(brief(market.events({ instruments: ['BTC-USD'], timeframesMs: [MINUTE] }))).toHaveLength(7)
    expect(brief(market.events({ ...query, afterMs: at(13) as EpochMs }))).toEqual(['15 AERO-USD 1m', '16 AERO-USD 1m'])
    expect((await opened('halt', at(13))).describe().notes.join('\n')).toContain('the run ends at the first')
  })
})

describe('files', () => {
  test('a USDC or USDT file serves USD and the notes say so; a pair without data is noted and stays empty', async () => {
    const market = await open(two, { instruments: ['BTC-USD', 'AERO-USD', 'PENGU-USD'] })
    expect((await market.instruments()).map(({ id, priceIncrement }) => `${id} ${decimalText(priceIncrement)}`)).toEqual([
      'BTC-USD 0.01',
      'AERO-USD 0.00001',
      'PENGU-USD 0.000001',
    ])
    expect(market.describe()).toEqual({
      text: 'recorded prices of 2 pairs, 2026-01-01T00:00Z to 2026-01-01T00:30Z, gap policy skip',
      fromMs: at(0),
      toMs: at(30),
      notes: [
        'PENGU-USD has no data',
        'USDT prices stand for USD: BTC',
        'USDC prices stand for USD: AERO',
        'the last row of a file is left out, since no later one proves it closed: BTC-USD 2026-01-01T00:30Z, AERO-USD 2026-01-01T00:30Z',
        'AERO-USD begins at 2026-01-01T00:03Z',
        'AERO-USD 2 candles missing in 1 gap, 2m from 2026-01-01T00:12Z; gone on without them',
      ],
    })
    expect(brief(market.events({ instruments: ['PENGU-USD'], timeframesMs: [MINUTE] }))).toEqual([])
    expect((await market.candles({ instrument: 'PENGU-USD', timeframeMs: MINUTE, fromMs: 0 as EpochMs, toMs: at(9) as EpochMs })).length).toBe(0)
  })

  test('without a list every pair found is replayed as it is called, what cannot be is noted', async () => {
    const market = await open({
      ...two,
      'ADA-USD_x.csv': rowsOf(range(0, 5)),
      'btcusd.csv': rowsOf(range(0, 5)),
      'BIP-20DEC30-CDE_x.csv': rowsOf(range(0, 5)),
      'notes.txt': '',
    })
    expect((await market.instruments()).map(({ id }) => id)).toEqual(['AERO-USDC', 'BTC-USDT'])
    expect(market.describe().notes.slice(-3)).toEqual([
      `ADA-USD_x.csv is not used: the venue's rules for ADA-USD are not known`,
      'BIP-20DEC30-CDE_x.csv is not used: its name does not begin with a pair such as BTC-USD_',
      'btcusd.csv is not used: its name does not begin with a pair such as BTC-USD_',
    ])
  })

  test('the rules of other pairs can be given', async () => {
    const ada = { ...coinbaseInstrument('XRP-USD')!, id: 'ADA-USD', base: 'ADA' }
    const market = await open({ 'ADA-USD_x.csv': rowsOf(range(0, 5)) }, { instruments: ['ADA-USD'], products: [ada] })
    expect(await market.instruments()).toEqual([ada])
    expect(brief(market.events({ instruments: ['ADA-USD'], timeframesMs: [MINUTE] }))).toHaveLength(4)
  })

  test('of several files of a pair: with data in the time asked for, the longest candles that will do, the nearest quote', async () => {
    const files = {
      'BTC-USDT_a_1m.csv': rowsOf(range(0, 40)),
      'BTC-USDT_b_5m.csv': rowsOf(range(0, 40, 5), 5),
      'BTC-USD_c_5m.csv': rowsOf(range(0, 40, 5), 5),
      'BTC-USDC_d_5m.csv': rowsOf(range(400, 500, 5)),
      'BTC-USDT_e_15m.csv': rowsOf(range(0, 60, 15)),
    }
    const used = async (options: Omit<ReplayMarketOptions, 'dir'>): Promise<string> =>
      (await open(files, { instruments: ['BTC-USD'], ...options })).reports['BTC-USD']!.file.split(/[\\/]/).at(-1)!
    expect(await used({ timeframes: ['5m'], to: at(100) })).toBe('BTC-USD_c_5m.csv')
    expect(await used({ timeframes: ['5m', '1m'] })).toBe('BTC-USDT_a_1m.csv')
    expect(await used({ timeframes: ['15m'], to: at(100) })).toBe('BTC-USDT_e_15m.csv')
    expect(await used({ timeframes: ['5m'], from: at(300) })).toBe('BTC-USDC_d_5m.csv')
    expect(await used({})).toBe('BTC-USDT_a_1m.csv')
    const { notes } = (await open(files, { instruments: ['BTC-USD'], timeframes: ['5m'], to: at(100) })).describe()
    expect(notes).toContain('BTC-USDT_a_1m.csv is not used: BTC-USD is read from BTC-USD_c_5m.csv')
  })

  test('what is odd in a file is in the notes', async () => {
    const rows = [
      rowsOf([0, 2, 1, 3, 3]),
      `${at(4)},1,2,3`,
      rowsOf(range(5, 9)),
      ...range(9, 14).map((minute) => `${at(minute)},1,1,1,x,1`),
      rowsOf(range(14, 20)),
    ].join('\n')
    const { notes } = (await open({ 'BTC-USD_venue_5m.csv': rows }, { instruments: ['BTC-USD'] })).describe()
    expect(notes.slice(1)).toEqual([
      'BTC-USD_venue_5m.csv says 5m, its rows are 1m apart',
      'BTC-USD 6 candles missing in 2 gaps, the longest 5m from 2026-01-01T00:09Z; gone on without them',
      'BTC-USD_venue_5m.csv 1 rows out of order, sorted in',
      'BTC-USD_venue_5m.csv 1 repeated rows, 0 of them different, the first of each kept',
      '6 bad rows left out: BTC-USD_venue_5m.csv:7 expected 6 fields, received 4; BTC-USD_venue_5m.csv:12 close is not a number; BTC-USD_venue_5m.csv:13 close is not a number; and 3 more',
    ])
  })

  test('files can be named one by one', async () => {
    const dir = await folder(two)
    const market = await replayMarket({ files: [join(dir, 'BTC-USDT_venue_1m.csv')], instruments: ['BTC-USD', 'AERO-USD'] })
    expect(market.describe().notes).toContain('AERO-USD has no data')
  })
})

describe('what is refused', () => {
  test('longer candles than a bot needs: an error that names them all, or a bot that asks later', async () => {
    const files = { 'BTC-USDT_x_15m.csv': rowsOf(range(0, 60, 15)), 'ETH-USD_x_15m.csv': rowsOf(range(0, 60, 15)) }
    expect(await problemsOf(open(files, { instruments: ['BTC-USD', 'ETH-USD'], timeframes: ['1m'] }))).toEqual([
      {
        path: 'replayMarket BTC-USD',
        expected: 'candles that 1m can be made from',
        received: '15m in BTC-USDT_x_15m.csv: shorter candles cannot be made from longer ones',
      },
      {
        path: 'replayMarket ETH-USD',
        expected: 'candles that 1m can be made from',
        received: '15m in ETH-USD_x_15m.csv: shorter candles cannot be made from longer ones',
      },
    ])
    expect(await problemsOf(open(files, { instruments: ['BTC-USD'], timeframes: ['20m'] }))).toMatchObject([
      { received: '15m in BTC-USDT_x_15m.csv: a whole number of them must make one' },
    ])
    const market = await open(files, { instruments: ['BTC-USD'] })
    expect(() => market.stream({ instruments: ['BTC-USD'], timeframesMs: [MINUTE] })).toThrow(
      /BTC-USD: expected a multiple of 15m, received 1m: .*BTC-USDT_x_15m.csv has no shorter candles/,
    )
    expect(() => market.stream({ instruments: ['ETH-USD'], timeframesMs: [15 * MINUTE] })).toThrow('expected one of BTC-USD, received "ETH-USD"')
    await expect(market.candles({ instrument: 'BTC-USD', timeframeMs: 20 * MINUTE, fromMs: 0 as EpochMs, toMs: 1 as EpochMs })).rejects.toThrow(
      'expected a multiple of 15m, received 20m',
    )
  })

  test('every wrong option is named', async () => {
    const wrong = { dir: 'x', files: ['y'], from: '2026-01-02', to: '2026-01-01', speed: -1, gapPolicy: 'ignore' as 'skip', timeframes: ['5m', 'long', 0] }
    expect((await problemsOf(replayMarket(wrong))).map(({ path, received }) => `${path} ${received}`)).toEqual([
      'replayMarket both',
      'replayMarket.to "2026-01-01"',
      'replayMarket.timeframes[1] "long"',
      'replayMarket.timeframes[2] 0',
      'replayMarket.speed -1',
      'replayMarket.gapPolicy "ignore"',
    ])
    expect((await problemsOf(replayMarket({ dir: 'x', from: 'noon', to: Number.NaN }))).map(({ path }) => path)).toEqual([
      'replayMarket.from',
      'replayMarket.to',
    ])
    expect((await problemsOf(replayMarket({}))).map(({ received }) => received)).toEqual(['none'])
    expect(await problemsOf(open(two, { instruments: ['ADA-USD'] }))).toMatchObject([{ path: 'replayMarket.instruments', received: '"ADA-USD"' }])
  })

  test('a folder without any of the data, and one that is not there', async () => {
    expect(await problemsOf(open(two, { instruments: ['ETH-USD'] }))).toMatchObject([
      { path: 'replayMarket.dir', expected: 'closed candles of ETH-USD in the time asked for', received: expect.stringContaining('none in ') as unknown },
    ])
    expect(await problemsOf(open(two, { instruments: ['ETH-USD'] }))).toMatchObject([
      { received: expect.stringContaining('; a file is named after its pair') as unknown },
    ])
    expect(await problemsOf(open(two, { instruments: ['BTC-USD'], from: '2027-01-01' }))).toMatchObject([
      {
        path: 'replayMarket.dir',
        received: expect.stringMatching(/, which has candles that open from 2026-01-01T00:00Z to 2026-01-01T\d\d:\d\dZ$/) as unknown,
      },
    ])
    expect(await problemsOf(open({}))).toMatchObject([{ expected: 'closed candles of some pair in the time asked for' }])
    await expect(replayMarket({ dir: join(root, 'nowhere') })).rejects.toThrow('nowhere')
  })
})

const data = resolve(import.meta.dirname, '../../../..', process.env.MILLRACE_DATA ?? '../shared/data')
const recorded = existsSync(join(data, 'demo'))
const elevenIds = ['BTC', 'ETH', 'SOL', 'XRP', 'DOGE', 'AVNT', 'AERO', 'SUI', 'AVAX', 'TOSHI', 'PENGU'].map((base) => `${base}-USD`)
if (!recorded) process.stderr.write(`skipped: 4 tests on recorded data, since there is no ${join(data, 'demo')} (MILLRACE_DATA)\n`)

describe.skipIf(!recorded)('recorded data', () => {
  test('ten pairs of 15m over the crash of October 2025: 3,446 candles each, PENGU-USD without data', async () => {
    const market = await replayMarket({
      dir: join(data, 'demo'),
      instruments: elevenIds,
      timeframes: ['15m'],
      from: '2025-09-17T06:00Z',
      to: '2025-10-23T03:30Z',
    })
    const events = candles(market.events({ instruments: elevenIds, timeframesMs: [15 * MINUTE] }))
    expect(events).toHaveLength(34_460)
    expect([...Map.groupBy(events, ({ instrument }) => instrument).values()].map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 3_446))
    expect([events[0]!.atMs, events.at(-1)!.atMs]).toEqual([Date.UTC(2025, 8, 17, 6, 15), Date.UTC(2025, 9, 23, 3, 30)])
    expect(market.describe().notes.slice(0, 2)).toEqual([
      'PENGU-USD has no data',
      'USDT prices stand for USD: BTC, ETH, SOL, XRP, DOGE, AVNT, AERO, SUI, AVAX, TOSHI',
    ])
    expect(market.reports['SUI-USD']!.unfinishedMs).toBe(Date.UTC(2025, 9, 23, 7, 15))
    const sui = events.filter(({ instrument }) => instrument === 'SUI-USD').map(({ candle }) => candle.low)
    expect(Math.min(...sui)).toBeLessThan(0.6)
    await expect(replayMarket({ dir: join(data, 'demo'), instruments: elevenIds, timeframes: ['1m'] })).rejects.toThrow('10 problems')
  })

  test('730,469 rows of 5m: six unfinished ones are left out, one outage is reported for each pair, the 1m file is not mixed in', async () => {
    const market = await replayMarket({ dir: join(data, 'perf'), instruments: elevenIds, timeframes: ['5m'] })
    expect(Object.values(market.reports).reduce((sum, { rows }) => sum + rows, 0)).toBe(730_469)
    let count = 0
    for (const _ of market.events({ instruments: elevenIds, timeframesMs: [5 * MINUTE] })) count++
    expect(count).toBe(730_463)
    expect(market.describe().notes.filter((note) => note.includes('16 candles missing in 1 gap, 1h20m from 2023-03-24T12:40Z'))).toHaveLength(6)
    expect(market.describe().notes.at(-1)).toContain('BTC-USDT_binance-spot_1m_2025.csv.gz is not used')
  })

  test('a file with more than half of its minutes absent, one with repeated rows, one in order of newest first', async () => {
    const sparse = await replayMarket({ dir: join(data, 'gaps'), instruments: ['BTC-USDC'] })
    expect(sparse.reports['BTC-USDC']).toMatchObject({ timeframeMs: MINUTE, candles: 56_716 })
    expect(sparse.reports['BTC-USDC']!.gaps.reduce((sum, { missing }) => sum + missing, 0)).toBe(72_883)
    const sandbox = await replayMarket({ files: [join(data, 'gaps/BTC-USD_coinbase-SANDBOX_1m_2021-09.csv.gz')] })
    expect(sandbox.reports['BTC-USD']!.repeated).toEqual({ count: 47, differing: 0 })
    const rules = { ...coinbaseInstrument('XRP-USD')!, id: 'ALGO-USD', base: 'ALGO' }
    const newestFirst = await replayMarket({
      files: [join(data, 'coinbase/ALGO-USD_coinbase_1d_2021-23_rest-descending.csv.gz')],
      products: [rules],
      instruments: ['ALGO-USD'],
    })
    expect(newestFirst.reports['ALGO-USD']).toMatchObject({ outOfOrder: 780, candles: 780, timeframeMs: 1_440 * MINUTE })
  })

  test('5m of one venue resampled to 1h agree with themselves: volume, extremes, closes', async () => {
    const market = await replayMarket({ dir: join(data, 'perf'), instruments: ['ETH-USD'], timeframes: ['5m', '1h'] })
    const [five, hour] = [market.columns('ETH-USD', 5 * MINUTE), market.columns('ETH-USD', 60 * MINUTE)]
    const last = candleAt(hour, hour.length - 1)
    const members = Array.from({ length: five.length }, (_, row) => row).filter(
      (row) => five.openTime[row]! >= last.openTime && five.openTime[row]! < last.openTime + 60 * MINUTE,
    )
    expect(members).toHaveLength(12)
    expect(last.volume).toBe(members.reduce((sum, row) => sum + five.volume[row]!, 0))
    expect([last.high, last.close]).toEqual([Math.max(...members.map((row) => five.high[row]!)), five.close[members.at(-1)!]])
  })
})
