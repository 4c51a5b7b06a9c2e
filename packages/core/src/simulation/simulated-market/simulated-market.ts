import type { Clock } from '../../contracts/clock.ts'
import type { MarketEvent } from '../../contracts/events.ts'
import type { CandleQuery, MarketDescription } from '../../contracts/market-source.ts'
import { candleColumnsBuilder } from '../../model/candle-columns.ts'
import type { CandleColumns } from '../../model/candle.ts'
import { ConfigError } from '../../model/errors.ts'
import type { ConfigProblem } from '../../model/errors.ts'
import { resample } from '../../model/resample.ts'
import { durationText, parseTime, timeText } from '../../model/time-text.ts'
import { DAY_MS, MINUTE_MS, durationMs, utcDayStart } from '../../model/time.ts'
import type { Duration, EpochMs } from '../../model/time.ts'
import { eventMarket } from '../../runtime/event-market.ts'
import type { EventMarket } from '../../runtime/event-market.ts'
import type { Speed } from '../../runtime/paced.ts'
import { systemClock } from '../../runtime/system-clock.ts'
import { coinbaseInstrument, coinbaseProducts } from '../products.ts'
import { boundedCache } from '../../model/bounded-cache.ts'
import { instrumentFeed } from './instrument-feed.ts'
import { STEPS_PER_DAY, STEP_MS, simulatedCoins, simulatedMarketParameters as parameters } from './parameters.ts'
import { priceProcess, volatilityRegime } from './price-process.ts'
import { eachMinute, tradingDay } from './trading-day.ts'
import type { TradingDay } from './trading-day.ts'

/** Seed, coins, pace and span of a simulated market. */
export interface SimulatedMarketOptions {
  /** Any safe integer: the same seed gives the same prices, volumes and events, at every speed. */
  readonly seed: number
  /** Ids such as `BTC-USD`; all eleven when absent. */
  readonly instruments?: readonly string[]
  /** Event seconds per wall second, or `'max'`; 1 when absent. */
  readonly speed?: Speed
  /** Epoch ms or UTC text, taken down to the minute. When absent: 2026-01-01T00:00Z at full speed, else now. */
  readonly start?: number | string
  /** Event time from the start after which the market ends; it never ends when absent. */
  readonly until?: Duration
  /** How far before the start `candles` answers; 400 days when absent. */
  readonly history?: Duration
  /** Paces the events and says what "now" is; the machine's when absent. */
  readonly clock?: Clock
}

interface Run {
  readonly seed: number
  readonly ids: readonly string[]
  readonly startMs: EpochMs
  readonly endMs: number
  readonly earliestMs: number
}

/** Days kept per instrument, some 330 kB each. */
const CACHED_DAYS = 3
const DEFAULT_HISTORY = '400d'

/**
 * Returns a market of made-up prices: eleven coins, one price every five seconds, reproducible from the seed. It answers history as well.
 *
 * @throws ConfigError with every option that is wrong
 * @example
 * ```ts
 * const market = simulatedMarket({ seed: 7, instruments: ['BTC-USD'], speed: 'max', until: '1m' })
 * const events = Array.from(market.events({ instruments: ['BTC-USD'], timeframesMs: [60000] }))
 * events.length // => 12
 * ```
 */
export function simulatedMarket(options: SimulatedMarketOptions): EventMarket {
  const { speed = 1, clock = systemClock() } = options
  const anchored = options.start === undefined && speed !== 'max'
  const run = parseOptions(options, anchored ? clock.nowMs() : parameters.startMs)
  const days = simulatedDays(run)
  return eventMarket(
    {
      id: 'simulated',
      instruments: run.ids.map((id) => coinbaseInstrument(id)!),
      startMs: run.startMs,
      description: describe(run, speed),
      history: (query) => history(run, days, query),
      events: (query, afterMs) => {
        const timeframesMs = [...new Set(query.timeframesMs)].sort((a, b) => a - b)
        const ids = [...new Set(query.instruments)].sort()
        checkQuery(run, ids, timeframesMs)
        return events(run, days, ids, timeframesMs, afterMs)
      },
    },
    { speed, clock, anchored },
  )
}

function parseOptions(options: SimulatedMarketOptions, defaultStartMs: number): Run {
  const problems: ConfigProblem[] = []
  const read = <T>(name: keyof SimulatedMarketOptions, expected: string, fallback: T, parse: () => T | undefined): T => {
    let value: T | undefined
    try {
      value = parse()
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
    if (value === undefined) problems.push({ path: `simulatedMarket.${name}`, expected, received: String(JSON.stringify(options[name])) })
    return value ?? fallback
  }
  const { start = defaultStartMs, speed = 1, until, instruments = coinbaseProducts.map((product) => `${product.base}-USD`) } = options
  const seed = read('seed', 'a whole number', 0, () => (Number.isSafeInteger(options.seed) ? options.seed : undefined))
  read('speed', `a number above 0 or 'max'`, 1, () => (speed === 'max' || (Number.isFinite(speed) && speed > 0) ? speed : undefined))
  const known = simulatedCoins.map((coin) => `${coin.base}-USD`)
  const ids = read('instruments', `some of ${known.join(', ')}`, [], () =>
    instruments.length > 0 && instruments.every((id) => known.includes(id)) ? [...new Set(instruments)] : undefined,
  )
  const startMs = read('start', 'epoch ms or a UTC time such as 2026-01-01T00:00Z', 0, () => {
    const ms = typeof start === 'string' ? parseTime(start) : start
    return Number.isSafeInteger(ms) && ms >= 0 ? Math.floor(ms / MINUTE_MS) * MINUTE_MS : undefined
  })
  const length = read('until', `a duration such as '24h'`, Infinity, () => (until === undefined ? Infinity : durationMs(until)))
  const reach = read('history', `a duration such as '30d'`, 0, () => durationMs(options.history ?? DEFAULT_HISTORY))
  if (problems.length > 0) throw new ConfigError(problems)
  return { seed, ids, startMs: startMs as EpochMs, endMs: startMs + length, earliestMs: startMs - reach }
}

/** Days of each instrument, made when first asked for. */
function simulatedDays({ seed, ids }: Run): (id: string, day: number) => TradingDay {
  const { jumpsPerDay, factorDailyVolatility } = parameters
  const regime = volatilityRegime(seed)
  const factor = boundedCache(CACHED_DAYS, priceProcess(seed, { name: 'factor', dailyVolatility: factorDailyVolatility, jumpsPerDay: 0, jumpSize: 0 }, regime))
  const coins = new Map(
    ids.map((id) => {
      const base = id.slice(0, id.indexOf('-'))
      const coin = simulatedCoins.find((candidate) => candidate.base === base)!
      const product = coinbaseProducts.find((candidate) => candidate.base === base)!
      const own = priceProcess(seed, { name: base, dailyVolatility: coin.dailyVolatility, jumpsPerDay, jumpSize: coin.jumpSize }, regime)
      return [id, boundedCache(CACHED_DAYS, (day: number) => tradingDay(seed, coin, product, day, factor(day), own(day)))] as const
    }),
  )
  return (id, day) => coins.get(id)!(day)
}

function checkQuery(run: Run, ids: readonly string[], timeframesMs: readonly number[]): void {
  for (const id of ids) {
    if (!run.ids.includes(id)) throw new RangeError(`expected one of ${run.ids.join(', ')}, received ${JSON.stringify(id)}: this simulated market has no other`)
  }
  for (const ms of timeframesMs) {
    if (!(ms > 0) || ms % MINUTE_MS !== 0)
      throw new RangeError(`expected a timeframe of whole minutes, received ${ms} ms: the simulated market makes its candles from minutes`)
  }
  if (timeframesMs.length === 0) throw new RangeError('expected at least one timeframe, received none')
}

function history(run: Run, days: (id: string, day: number) => TradingDay, query: CandleQuery): CandleColumns {
  const { instrument, timeframeMs } = query
  checkQuery(run, [instrument], [timeframeMs])
  const fromMs = Math.ceil(Math.max(query.fromMs, run.earliestMs) / timeframeMs) * timeframeMs
  const toMs = Math.floor(Math.min(query.toMs, run.endMs) / timeframeMs) * timeframeMs
  const minutes = candleColumnsBuilder(Math.max(1, (toMs - fromMs) / MINUTE_MS))
  eachMinuteBetween(days, instrument, fromMs, toMs, (c) => minutes.push(c.openTime, c.open, c.high, c.low, c.close, c.volume))
  return resample(minutes.build(), MINUTE_MS, timeframeMs, { fromMs, toMs })
}

function eachMinuteBetween(
  days: (id: string, day: number) => TradingDay,
  id: string,
  fromMs: number,
  toMs: number,
  push: Parameters<typeof eachMinute>[3],
): void {
  for (let dayMs: number = utcDayStart(fromMs); dayMs < toMs; dayMs += DAY_MS) {
    const last = Math.min(DAY_MS, toMs - dayMs) / MINUTE_MS
    eachMinute(days(id, dayMs / DAY_MS), Math.max(0, fromMs - dayMs) / MINUTE_MS, last, push)
  }
}

/** The pure series behind every stream: by time, then instrument id, then timeframe. */
function* events(
  run: Run,
  days: (id: string, day: number) => TradingDay,
  ids: readonly string[],
  timeframesMs: readonly number[],
  afterMs: number,
): Generator<MarketEvent, void, undefined> {
  const coveredFromMs = Math.min(...timeframesMs.map((ms) => Math.floor(afterMs / ms) * ms))
  const minuteMs = Math.floor(afterMs / MINUTE_MS) * MINUTE_MS
  const feeds = ids.map((id) => {
    const feed = instrumentFeed(id, timeframesMs, coveredFromMs)
    eachMinuteBetween(days, id, coveredFromMs, minuteMs, (candle) => feed.warm(candle))
    return feed
  })
  const batch: MarketEvent[] = []
  for (let dayMs: number = utcDayStart(afterMs); dayMs < run.endMs; dayMs += DAY_MS) {
    const today = ids.map((id) => days(id, dayMs / DAY_MS))
    for (let step = Math.max(0, Math.floor((afterMs - dayMs) / STEP_MS)); step < STEPS_PER_DAY && dayMs + (step + 1) * STEP_MS <= run.endMs; step++) {
      for (let i = 0; i < feeds.length; i++) feeds[i]!.step(today[i]!, step, batch)
      for (const event of batch) yield event
      batch.length = 0
    }
  }
}

function describe(run: Run, speed: Speed): MarketDescription {
  const end = run.endMs === Infinity ? 'without end' : `until ${timeText(run.endMs)}`
  const quiet = simulatedCoins
    .filter((coin) => coin.quietShare > 0 && run.ids.includes(`${coin.base}-USD`))
    .map((coin) => `${coin.base} ${(coin.quietShare * 100).toFixed(1)} %`)
  return {
    text: `simulated prices, seed ${run.seed}, from ${timeText(run.startMs)} ${end}, ${speed === 'max' ? 'full speed' : `speed ${speed}`}`,
    fromMs: run.startMs,
    ...(run.endMs === Infinity ? {} : { toMs: run.endMs as EpochMs }),
    notes: [
      'the prices are made up: no result on them says anything about a real market',
      ...(quiet.length > 0 ? [`minutes without trades have no candle, as on the venue (gap policy skip): ${quiet.join(', ')}`] : []),
      `history reaches back ${durationText(run.startMs - run.earliestMs)} before the start`,
    ],
  }
}
