import type { BotConfig } from '../contracts/bot-config.ts'
import { rowsBetween } from '../model/candle-columns.ts'
import type { ConfigProblem } from '../model/errors.ts'
import { fillForward, findGaps } from '../model/gaps.ts'
import type { Gap, GapPolicy } from '../model/gaps.ts'
import { resample } from '../model/resample.ts'
import { durationText, parseTime, timeText } from '../model/time-text.ts'
import { durationMs } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import type { CandleSeries } from './merge-series.ts'
import type { BacktestOptions } from './options.ts'

/** Missing candles of one series, as a report shows them. */
export interface SeriesGaps {
  readonly instrument: string
  readonly timeframeMs: number
  /** Candles that are not there. */
  readonly missing: number
  readonly gaps: number
  readonly longest: Gap
}

/** What a run plays. */
export interface PreparedCandles {
  readonly series: readonly CandleSeries[]
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  /** Of the series as given, inside the time of the run. */
  readonly gaps: readonly SeriesGaps[]
  /** Why the run ends before `to`; undefined when it does not. */
  readonly halted: string | undefined
  /** Candles that the run will take. */
  readonly total: number
}

/** Puts together the candles that a run plays; problems are added to a list, and then the answer must not be used. */
export function prepareCandles(options: BacktestOptions, problems: ConfigProblem[]): PreparedCandles {
  const gapPolicy = options.gapPolicy ?? 'skip'
  if (!['skip', 'fillForward', 'halt'].includes(gapPolicy))
    problems.push({ path: 'gapPolicy', expected: 'skip, fillForward or halt', received: String(gapPolicy) })
  const fromMs = timeOf(options.from, 'from', -Infinity, problems)
  const toMs = timeOf(options.to, 'to', Infinity, problems)
  if (fromMs >= toMs) problems.push({ path: 'to', expected: 'a time after `from`', received: String(options.to) })
  const detailMs = detailOf(options, problems)
  orderProblems(options.candles, problems)
  if (options.candles.every(({ columns }) => columns.length === 0)) problems.push({ path: 'candles', expected: 'at least one candle', received: 'none' })
  if (problems.length > 0) return { series: [], startMs: 0 as EpochMs, endMs: 0 as EpochMs, gaps: [], halted: undefined, total: 0 }
  const given =
    gapPolicy === 'fillForward'
      ? options.candles.map((one) => ({ ...one, columns: fillForward(one.columns, one.timeframeMs, one.completeToMs) }))
      : options.candles
  const series = played(options.bots, given, detailMs, problems)
  const startMs = (fromMs > -Infinity ? fromMs : Math.min(...series.map(({ columns }) => columns.openTime[0] ?? Infinity))) as EpochMs
  const gaps = gapsOf(options.candles, startMs, toMs)
  const halt = gapPolicy === 'halt' ? firstGap(options.candles, startMs, toMs) : undefined
  const endMs = Math.min(toMs, halt === undefined ? Infinity : halt.atMs - 1) as EpochMs
  const total = series.reduce((sum, { columns, timeframeMs }) => sum + rowsBetween(columns, timeframeMs, startMs - timeframeMs + 1, endMs).length, 0)
  if (total === 0 && problems.length === 0)
    problems.push({ path: 'candles', expected: `at least one that ends in the time of the run`, received: `none from ${timeText(startMs)}` })
  return { series, startMs, endMs, gaps, halted: halt?.detail, total }
}

function timeOf(time: number | string | undefined, path: string, absent: number, problems: ConfigProblem[]): number {
  if (time === undefined) return absent
  try {
    const ms = typeof time === 'string' ? parseTime(time) : time
    if (!Number.isNaN(ms)) return ms
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  problems.push({ path, expected: 'epoch ms or a UTC time such as 2026-01-01T00:00Z', received: String(JSON.stringify(time)) })
  return absent
}

function detailOf({ detail, bots }: BacktestOptions, problems: ConfigProblem[]): number | undefined {
  if (detail === undefined) return undefined
  let ms = Number.NaN
  try {
    ms = durationMs(detail)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
  if (ms > 0 && bots.every(({ timeframeMs }) => timeframeMs % ms === 0)) return ms
  problems.push({ path: 'detail', expected: "a duration such as '1m' that divides the timeframe of every bot", received: JSON.stringify(detail) })
  return undefined
}

function orderProblems(candles: readonly CandleSeries[], problems: ConfigProblem[]): void {
  const seen = new Set<string>()
  for (const { instrument, timeframeMs, columns } of candles) {
    const name = `${instrument} ${timeframeMs} ms`
    if (seen.has(name)) problems.push({ path: 'candles', expected: 'each instrument and timeframe once', received: `${name} twice` })
    seen.add(name)
    for (let row = 1; row < columns.length; row++) {
      if (columns.openTime[row]! > columns.openTime[row - 1]!) continue
      problems.push({ path: `candles ${name}, row ${row}`, expected: 'a time after the row before', received: String(columns.openTime[row]) })
      break
    }
  }
}

/** The series given, and those made from them that bots need; with a detail, nothing of a traded instrument but these. */
function played(bots: readonly BotConfig[], given: readonly CandleSeries[], detailMs: number | undefined, problems: ConfigProblem[]): readonly CandleSeries[] {
  const traded = new Set(bots.map(({ instrument }) => instrument))
  const series = detailMs === undefined ? [...given] : given.filter(({ instrument }) => !traded.has(instrument))
  const need = (instrument: string, timeframeMs: number, who: string): void => {
    if (series.some((one) => one.instrument === instrument && one.timeframeMs === timeframeMs)) return
    const own = given.filter((one) => one.instrument === instrument)
    const source = own.filter((one) => timeframeMs % one.timeframeMs === 0).sort((a, b) => b.timeframeMs - a.timeframeMs)[0]
    if (source !== undefined) series.push({ instrument, timeframeMs, columns: resample(source.columns, source.timeframeMs, timeframeMs, coverageOf(source)) })
    else
      problems.push({
        path: 'candles',
        expected: `a series of ${instrument} with timeframe ${timeframeMs} ms for ${who}, or one that it can be made from`,
        received: given.map((one) => `${one.instrument} ${one.timeframeMs} ms`).join(', '),
      })
  }
  for (const { id, instrument, timeframeMs } of bots) need(instrument, timeframeMs, `bot ${id}`)
  if (detailMs !== undefined) for (const instrument of traded) need(instrument, detailMs, 'the detail')
  return series
}

const coverageOf = ({ completeToMs }: CandleSeries) => (completeToMs === undefined ? {} : { toMs: completeToMs })

const inside = (gap: Gap, fromMs: number, toMs: number): boolean => gap.toMs > fromMs && gap.fromMs < toMs

function gapsOf(candles: readonly CandleSeries[], fromMs: number, toMs: number): readonly SeriesGaps[] {
  return candles.flatMap(({ instrument, timeframeMs, columns }) => {
    const gaps = findGaps(columns, timeframeMs).filter((gap) => inside(gap, fromMs, toMs))
    if (gaps.length === 0) return []
    const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0)
    return [{ instrument, timeframeMs, missing, gaps: gaps.length, longest: gaps.reduce((a, b) => (b.missing > a.missing ? b : a)) }]
  })
}

function firstGap(candles: readonly CandleSeries[], fromMs: number, toMs: number): { readonly atMs: number; readonly detail: string } | undefined {
  let first: { readonly atMs: number; readonly detail: string } | undefined
  for (const { instrument, timeframeMs, columns } of candles) {
    const gap = findGaps(columns, timeframeMs).find((one) => inside(one, fromMs, toMs))
    if (gap === undefined || (first !== undefined && gap.fromMs + timeframeMs >= first.atMs)) continue
    const detail = `${instrument} has no ${durationText(timeframeMs)} candle from ${timeText(gap.fromMs)} to ${timeText(gap.toMs)}; gap policy halt`
    first = { atMs: gap.fromMs + timeframeMs, detail }
  }
  return first
}

/** What a report says of the policy. */
export const gapPolicyText: Readonly<Record<GapPolicy, string>> = {
  skip: 'gone on without them',
  fillForward: 'filled with flat candles',
  halt: 'the run ends at the first',
}
