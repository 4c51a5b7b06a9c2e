import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ConfigProblem } from '../model/errors.ts'
import { durationText, timeText } from '../model/time-text.ts'
import { durationMs } from '../model/time.ts'
import type { CandleCsv } from './candle-csv.ts'
import { readCandleCsv } from './read-candle-csv.ts'

/** A candle file and the pair its name says it holds. */
export interface PairFile {
  readonly path: string
  /** Without the folder. */
  readonly name: string
  readonly base: string
  readonly quote: string
  /** As in `_15m`; undefined when the name says none. */
  readonly namedTimeframeMs: number | undefined
}

export interface LoadedFile extends PairFile, CandleCsv {}

/** The file that serves an instrument, and those that might have. */
export interface Choice {
  readonly instrument: string
  readonly chosen: LoadedFile | undefined
  readonly unused: readonly LoadedFile[]
}

/** Dollar coins whose prices may stand for dollars, in order of preference. */
const dollarQuotes: readonly string[] = ['USD', 'USDC', 'USDT']

/** Lists the candle files of a folder by name. */
export async function listCandleFiles(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir)
  return names
    .filter((name) => /\.csv(\.gz)?$/i.test(name))
    .sort()
    .map((name) => join(dir, name))
}

/** Reads the pair out of a name such as `BTC-USDT_binance-usdm_15m.csv.gz`; undefined when there is none. */
export function pairFile(path: string): PairFile | undefined {
  const name = basename(path)
  const pair = /^([A-Z0-9]+)-([A-Z0-9]+)(?=[_.])/i.exec(name)
  if (pair === null) return undefined
  const timeframe = /_(\d+[smhd])(?=[_.])/.exec(name)
  return {
    path,
    name,
    base: pair[1]!.toUpperCase(),
    quote: pair[2]!.toUpperCase(),
    namedTimeframeMs: timeframe === null ? undefined : durationMs(timeframe[1]!),
  }
}

/** True when the file may serve the instrument: the same pair, or a dollar coin's where dollars are wanted. */
export function serves(file: PairFile, instrument: string): boolean {
  const [base, quote] = instrument.split('-')
  return file.base === base && (file.quote === quote || (quote === 'USD' && dollarQuotes.includes(file.quote)))
}

/** Reads the files, each once and a few at a time. */
export async function loadFiles(files: readonly PairFile[]): Promise<readonly LoadedFile[]> {
  const loaded: LoadedFile[] = []
  const atOnce = 4
  for (let first = 0; first < files.length; first += atOnce) {
    const some = files.slice(first, first + atOnce)
    loaded.push(...(await Promise.all(some.map(async (file) => ({ ...file, ...(await readCandleCsv(file.path)) })))))
  }
  return loaded
}

/**
 * Chooses the file of an instrument: one that all timeframes can be made from, with data in the window; then the longest candles (the shortest when no
 * timeframe is asked for), the nearest quote currency, the most rows. A problem when there is data, but only in longer candles.
 */
export function chooseFile(
  instrument: string,
  files: readonly LoadedFile[],
  timeframesMs: readonly number[],
  window: { readonly fromMs: number; readonly toMs: number },
): Choice | ConfigProblem {
  const candidates = files.filter((file) => serves(file, instrument) && file.columns.length > 0 && file.report.timeframeMs > 0)
  const inside = candidates.filter(
    ({ columns, report }) => columns.openTime[0]! < window.toMs && columns.openTime[columns.length - 1]! + report.timeframeMs > window.fromMs,
  )
  const fitting = inside.filter(({ report }) => timeframesMs.every((ms) => ms % report.timeframeMs === 0))
  const sign = timeframesMs.length > 0 ? -1 : 1
  const [chosen] = fitting.toSorted(
    (a, b) => sign * (a.report.timeframeMs - b.report.timeframeMs) || rank(a, instrument) - rank(b, instrument) || b.columns.length - a.columns.length,
  )
  if (chosen === undefined && inside.length > 0) return tooCoarse(instrument, inside, timeframesMs)
  return { instrument, chosen, unused: files.filter((file) => file !== chosen && serves(file, instrument)) }
}

const rank = (file: LoadedFile, instrument: string): number => (instrument.endsWith(`-${file.quote}`) ? -1 : dollarQuotes.indexOf(file.quote))

function tooCoarse(instrument: string, files: readonly LoadedFile[], timeframesMs: readonly number[]): ConfigProblem {
  const found = files.map(({ name, report }) => `${durationText(report.timeframeMs)} in ${name}`).join(', ')
  const shorter = files.some(({ report }) => timeframesMs.some((ms) => ms < report.timeframeMs))
  return {
    path: `replayMarket ${instrument}`,
    expected: `candles that ${timeframesMs.map(durationText).join(' and ')} can be made from`,
    received: `${found}: ${shorter ? 'shorter candles cannot be made from longer ones' : 'a whole number of them must make one'}`,
  }
}

/** What files have of some pairs when none of it is in the time asked for, to end a sentence with. */
export function reachOf(instruments: readonly string[], files: readonly LoadedFile[]): string {
  const there = files.filter((file) => file.columns.length > 0 && (instruments.length === 0 || instruments.some((id) => serves(file, id))))
  if (there.length === 0) return '; a file is named after its pair, as in BTC-USD_1m.csv'
  const from = Math.min(...there.map(({ columns }) => columns.openTime[0]!))
  const last = Math.max(...there.map(({ columns }) => columns.openTime[columns.length - 1]!))
  return `, which has candles that open from ${timeText(from)} to ${timeText(last)}`
}
