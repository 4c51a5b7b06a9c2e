import { basename } from 'node:path'
import type { Clock } from '../contracts/clock.ts'
import type { StreamQuery } from '../contracts/market-source.ts'
import type { MarketEvent } from '../contracts/events.ts'
import { boundedCache } from '../model/bounded-cache.ts'
import { candleColumns, firstRowFrom, rowsBetween } from '../model/candle-columns.ts'
import type { CandleSeries } from '../backtest/merge-series.ts'
import type { CandleColumns } from '../model/candle.ts'
import { ConfigError } from '../model/errors.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { fillForward } from '../model/gaps.ts'
import type { GapPolicy } from '../model/gaps.ts'
import type { Instrument } from '../model/instrument.ts'
import { resample } from '../model/resample.ts'
import { durationText, parseTime, timeText } from '../model/time-text.ts'
import { durationMs } from '../model/time.ts'
import type { Duration, EpochMs } from '../model/time.ts'
import { CandleCursor, CandleMerge } from '../pipeline/candle-cursor.ts'
import { eventMarket } from '../runtime/event-market.ts'
import type { EventMarket } from '../runtime/event-market.ts'
import type { Speed } from '../runtime/paced.ts'
import { systemClock } from '../runtime/system-clock.ts'
import { coinbaseInstrument, coinbaseProducts } from '../simulation/products.ts'
import type { CandleCsvReport } from './candle-csv.ts'
import { chooseFile, listCandleFiles, loadFiles, pairFile, reachOf, serves } from './replay-files.ts'
import type { Choice, LoadedFile, PairFile } from './replay-files.ts'
import { replayNotes } from './replay-notes.ts'

/** Which recorded candles a replay reads and how fast it runs. */
export interface ReplayMarketOptions {
  /** Folder with one candle file per pair, the pair at the beginning of its name: `BTC-USDT_binance-usdm_15m.csv.gz`. */
  readonly dir?: string
  /** The files themselves, in place of a folder. */
  readonly files?: readonly string[]
  /** What to replay; a file in USDC or USDT serves a pair in USD. Every pair found when absent. */
  readonly instruments?: readonly string[]
  /** Timeframes that the bots use: looked at when choosing files, and refused at once when they cannot be made. */
  readonly timeframes?: readonly Duration[]
  /** Epoch ms or UTC text: candles that end later are streamed; those before are history. The beginning of the data when absent. */
  readonly from?: number | string
  /** Epoch ms or UTC text: candles that end later are left out. The end of the data when absent. */
  readonly to?: number | string
  /** What to do about missing candles; `skip` when absent. In the notes in any case. */
  readonly gapPolicy?: GapPolicy
  /** Event seconds per wall second; `'max'` when absent. */
  readonly speed?: Speed
  readonly clock?: Clock
  /** Rules of pairs beyond the eleven that are built in. */
  readonly products?: readonly Instrument[]
}

/** A market that plays recorded candles. */
export interface ReplayMarket extends EventMarket {
  /** All closed candles of the file that serves an instrument, gap policy applied, in its own or a longer timeframe; empty without data. */
  columns(instrument: string, timeframeMs: number): CandleColumns
  /** The candles of an instrument as they were recorded, gaps and all: what `backtest()` takes; undefined without data. */
  recorded(instrument: string): CandleSeries | undefined
  /** What was found in each file used, by instrument. */
  readonly reports: Readonly<Record<string, CandleCsvReport>>
}

interface Window {
  readonly fromMs: number
  readonly toMs: number
}
interface Series {
  readonly timeframeMs: number
  readonly report: CandleCsvReport
  readonly recorded: CandleColumns
  columns(timeframeMs: number): CandleColumns
}

/** Timeframes of one instrument that are kept once made. */
const CACHED_TIMEFRAMES = 8
const gapPolicies: readonly string[] = ['skip', 'fillForward', 'halt']

/**
 * Opens recorded candles as a market: files are read and checked now, events come in the total order of time, instrument id and timeframe.
 *
 * Rejects with a ConfigError naming every wrong option and every pair whose candles are longer than a timeframe asked for, and with an Error naming a
 * file that cannot be read.
 *
 * @example
 * ```ts no-run
 * const market = await replayMarket({ dir: 'data', instruments: ['BTC-USD'], timeframes: ['15m'], from: '2025-09-17T06:00Z' })
 * market.describe().notes // USDT prices stand for USD: BTC, …
 * ```
 */
export async function replayMarket(options: ReplayMarketOptions): Promise<ReplayMarket> {
  const { gapPolicy = 'skip', speed = 'max', clock = systemClock() } = options
  const { window, timeframesMs } = parseOptions(options)
  const paths = options.files ?? (await listCandleFiles(options.dir!))
  const found = paths.map((path) => pairFile(path) ?? basename(path))
  const files = found.filter((file): file is PairFile => typeof file !== 'string')
  const { instruments, withoutRules } = wantedInstruments(options, files)
  const loaded = await loadFiles(files.filter((file) => instruments.some(({ id }) => serves(file, id))))
  const choices = choose(instruments, loaded, timeframesMs, window, options)
  const used = choices.flatMap(({ instrument, chosen }) => (chosen === undefined ? [] : [{ instrument, file: chosen }]))
  const fromMs = Math.max(window.fromMs, Math.min(...used.map(({ file }) => file.report.fromMs!)))
  const toMs = Math.min(window.toMs, Math.max(...used.map(({ file }) => file.report.provenToMs!)))
  const startMs = (window.fromMs > -Infinity ? window.fromMs : fromMs) as EpochMs
  const ignored = found.filter((file) => typeof file === 'string')
  const series = new Map(used.map(({ instrument, file }) => [instrument, seriesOf(file, gapPolicy)]))
  const columns = (instrument: string, timeframeMs: number): CandleColumns => columnsOf(series, instruments, instrument, timeframeMs)
  const market = eventMarket(
    {
      id: 'replay',
      instruments,
      startMs,
      description: {
        text: `recorded prices of ${used.length} ${used.length === 1 ? 'pair' : 'pairs'}, ${timeText(startMs)} to ${timeText(toMs)}, gap policy ${gapPolicy}`,
        fromMs: startMs,
        toMs: toMs as EpochMs,
        notes: replayNotes({ choices, ignored, withoutRules, timeframesMs, gapPolicy, fromMs: startMs, toMs }),
      },
      history: (query) => rowsBetween(columns(query.instrument, query.timeframeMs), query.timeframeMs, query.fromMs, query.toMs),
      events(query, afterMs) {
        const cursors = cursorsOf(query, columns, afterMs)
        const halt = gapPolicy === 'halt' ? firstGap(query, series, afterMs) : undefined
        return merge(cursors, toMs, halt, query.reuse === true)
      },
    },
    { speed, clock, anchored: false },
  )
  const recorded = (instrument: string): CandleSeries | undefined => {
    const found = series.get(instrument)
    return found && { instrument, timeframeMs: found.timeframeMs, columns: found.recorded, completeToMs: found.report.provenToMs! }
  }
  return { ...market, columns, recorded, reports: Object.fromEntries(used.map(({ instrument, file }) => [instrument, file.report])) }
}

function parseOptions(options: ReplayMarketOptions): { readonly window: Window; readonly timeframesMs: readonly number[] } {
  const problems: ConfigProblem[] = []
  const read = (name: string, expected: string, received: unknown, parse: () => number): number => {
    try {
      const value = parse()
      if (!Number.isNaN(value)) return value
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
    }
    problems.push({ path: `replayMarket.${name}`, expected, received: String(JSON.stringify(received)) })
    return Number.NaN
  }
  const time = (name: 'from' | 'to', absent: number): number =>
    read(name, 'epoch ms or a UTC time such as 2026-01-01T00:00Z', options[name], () => {
      const value = options[name] ?? absent
      return typeof value === 'string' ? parseTime(value) : value
    })
  if ((options.dir === undefined) === (options.files === undefined))
    problems.push({ path: 'replayMarket', expected: 'either dir or files', received: options.dir === undefined ? 'none' : 'both' })
  const window = { fromMs: time('from', -Infinity), toMs: time('to', Infinity) }
  if (window.fromMs >= window.toMs) problems.push({ path: 'replayMarket.to', expected: 'a time after `from`', received: String(JSON.stringify(options.to)) })
  const timeframesMs = (options.timeframes ?? []).map((timeframe, i) =>
    read(`timeframes[${i}]`, `a duration such as '15m'`, timeframe, () => durationMs(timeframe) || Number.NaN),
  )
  const { speed = 'max', gapPolicy = 'skip' } = options
  if (speed !== 'max' && !(Number.isFinite(speed) && speed > 0))
    problems.push({ path: 'replayMarket.speed', expected: `a number above 0 or 'max'`, received: String(JSON.stringify(speed)) })
  if (!gapPolicies.includes(gapPolicy))
    problems.push({ path: 'replayMarket.gapPolicy', expected: gapPolicies.join(', '), received: String(JSON.stringify(gapPolicy)) })
  if (problems.length > 0) throw new ConfigError(problems)
  return { window, timeframesMs: [...new Set(timeframesMs)].sort((a, b) => a - b) }
}

function wantedInstruments(
  options: ReplayMarketOptions,
  files: readonly PairFile[],
): { readonly instruments: readonly Instrument[]; readonly withoutRules: readonly PairFile[] } {
  const rules = (id: string): Instrument | undefined => options.products?.find((product) => product.id === id) ?? coinbaseInstrument(id)
  if (options.instruments === undefined) {
    const ids = new Set(files.map((file) => `${file.base}-${file.quote}`))
    return { instruments: [...ids].flatMap((id) => rules(id) ?? []), withoutRules: files.filter((file) => rules(`${file.base}-${file.quote}`) === undefined) }
  }
  const ids = [...new Set(options.instruments)]
  const problems = ids
    .filter((id) => rules(id) === undefined)
    .map((id) => ({
      path: 'replayMarket.instruments',
      expected: `a pair of ${coinbaseProducts.map((product) => product.base).join(', ')} against USD, or one whose rules stand in products`,
      received: JSON.stringify(id),
    }))
  if (problems.length > 0) throw new ConfigError(problems)
  return { instruments: ids.map((id) => rules(id)!), withoutRules: [] }
}

function choose(
  instruments: readonly Instrument[],
  files: readonly LoadedFile[],
  timeframesMs: readonly number[],
  window: Window,
  options: ReplayMarketOptions,
): readonly Choice[] {
  const choices = instruments.map(({ id }) => chooseFile(id, files, timeframesMs, window))
  const problems = choices.filter((choice): choice is ConfigProblem => 'path' in choice)
  if (problems.length > 0) throw new ConfigError(problems)
  const good = choices.filter((choice): choice is Choice => 'chosen' in choice)
  if (!good.some(({ chosen }) => chosen !== undefined)) {
    const wanted = instruments.length > 0 ? instruments.map(({ id }) => id).join(', ') : 'some pair'
    throw new ConfigError([
      {
        path: options.dir === undefined ? 'replayMarket.files' : 'replayMarket.dir',
        expected: `closed candles of ${wanted} in the time asked for`,
        received: `none in ${options.dir ?? options.files!.join(', ')}${reachOf(
          instruments.map(({ id }) => id),
          files,
        )}`,
      },
    ])
  }
  return good
}

function seriesOf({ columns, report }: LoadedFile, gapPolicy: GapPolicy): Series {
  const own = gapPolicy === 'fillForward' ? fillForward(columns, report.timeframeMs, report.provenToMs) : columns
  const made = boundedCache(CACHED_TIMEFRAMES, (timeframeMs: number) =>
    resample(own, report.timeframeMs, timeframeMs, { fromMs: report.fromMs!, toMs: report.provenToMs! }),
  )
  return { timeframeMs: report.timeframeMs, report, recorded: columns, columns: made }
}

function columnsOf(series: ReadonlyMap<string, Series>, instruments: readonly Instrument[], instrument: string, timeframeMs: number): CandleColumns {
  const found = series.get(instrument)
  if (found === undefined) {
    if (instruments.some(({ id }) => id === instrument)) return candleColumns([])
    throw new RangeError(`expected one of ${instruments.map(({ id }) => id).join(', ')}, received ${JSON.stringify(instrument)}: this replay has no other`)
  }
  if (!(timeframeMs > 0) || timeframeMs % found.timeframeMs !== 0) {
    throw new RangeError(
      `${instrument}: expected a multiple of ${durationText(found.timeframeMs)}, received ${durationText(timeframeMs)}: ${found.report.file} has no shorter candles`,
    )
  }
  return found.columns(timeframeMs)
}

/** One cursor per instrument and timeframe, in the order in which candles of the same time are given out. */
function cursorsOf(query: StreamQuery, columns: ReplayMarket['columns'], afterMs: number): readonly CandleCursor[] {
  const timeframesMs = [...new Set(query.timeframesMs)].sort((a, b) => a - b)
  return [...new Set(query.instruments)].sort().flatMap((instrument) =>
    timeframesMs.map((timeframeMs) => {
      const own = columns(instrument, timeframeMs)
      return new CandleCursor(instrument, timeframeMs, own, firstRowFrom(own, afterMs - timeframeMs + 1))
    }),
  )
}

interface Halt {
  readonly atMs: number
  readonly detail: string
}

/** The end of the first missing candle after a moment, for the policy that ends there. */
function firstGap(query: StreamQuery, series: ReadonlyMap<string, Series>, afterMs: number): Halt | undefined {
  let first: Halt | undefined
  for (const instrument of [...query.instruments].sort()) {
    const { report, timeframeMs } = series.get(instrument) ?? {}
    const gap = report?.gaps.find(({ fromMs }) => fromMs + timeframeMs! > afterMs)
    if (gap === undefined || (first !== undefined && gap.fromMs + timeframeMs! >= first.atMs)) continue
    first = { atMs: gap.fromMs + timeframeMs!, detail: `${instrument} has no candle from ${timeText(gap.fromMs)} to ${timeText(gap.toMs)}; gap policy halt` }
  }
  return first
}

/** Closed candles by time, at the same time in the order of the cursors. No generator: resuming one costs as much as making the event. */
function merge(cursors: readonly CandleCursor[], toMs: number, halt: Halt | undefined, reuse: boolean): Iterable<MarketEvent> {
  const endMs = Math.min(toMs, halt === undefined ? Infinity : halt.atMs - 1)
  const last: MarketEvent[] =
    halt !== undefined && halt.atMs <= toMs ? [{ type: 'link', event: { type: 'down', detail: halt.detail }, atMs: halt.atMs as EpochMs }] : []
  const candles = new CandleMerge(cursors)
  const pull = (): MarketEvent | undefined => {
    const event = candles.next(endMs)
    if (event === undefined) return last.shift()
    return reuse ? event : { ...event, candle: { ...event.candle } }
  }
  let given: { done: false; value: MarketEvent } | undefined
  const next = (): IteratorResult<MarketEvent, undefined> => {
    const value = pull()
    if (value === undefined) return { done: true, value }
    if (!reuse || given === undefined) given = { done: false, value }
    else given.value = value
    return given
  }
  return { [Symbol.iterator]: () => ({ next }) }
}
