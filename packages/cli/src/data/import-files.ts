import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { PutReport, Series } from '@millrace/core'
import { durationText, timeText } from '@millrace/core'
import { readCandleCsv } from '@millrace/core/node'
import type { CandleCsvReport } from '@millrace/core/node'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import { countText, counted } from '../text/format.ts'
import { storingCandles } from './stored-candles.ts'

/** What became of one file. */
interface ImportedFile extends PutReport {
  readonly file: string
  readonly series: Series
  readonly report: CandleCsvReport
}

const pairName = /^([A-Z0-9]+(?:-[A-Z0-9]+)+)(?=[_.])/i

/** What became of an import. */
export interface Imported {
  readonly files: readonly ImportedFile[]
  /** Files of a folder that were not read. */
  readonly ignored: readonly string[]
}

/** Files to read: those named, and of the folders named those whose names begin with a pair; the others of them are said. */
export function candlePaths(paths: readonly string[]): { readonly files: readonly string[]; readonly ignored: readonly string[] } {
  const ignored: string[] = []
  const files = paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) throw new CliError(exitCodes.refused, `${path}: there is no such file or folder`)
    if (!found.isDirectory()) return [path]
    const names = readdirSync(path)
      .filter((name) => /\.csv(\.gz)?$/i.test(name))
      .sort()
    ignored.push(...names.filter((name) => !pairName.test(name)))
    return names.filter((name) => pairName.test(name)).map((name) => join(path, name))
  })
  return { files, ignored }
}

/** The pair that a file's name begins with. */
export function pairOf(path: string): string {
  const pair = pairName.exec(basename(path))
  if (pair === null) throw new CliError(exitCodes.refused, `${path}: expected a name that begins with a pair such as BTC-USD_, received ${basename(path)}`)
  return pair[1]!.toUpperCase()
}

/** Says which files of a folder were not read. */
export const ignoredText = (ignored: readonly string[]): readonly string[] =>
  ignored.map((name) => `${name} is not read: its name does not begin with a pair such as BTC-USD_`)

/** Reads a file; one that is no file of candles is a refusal, not a crash. */
export async function readFile(path: string): ReturnType<typeof readCandleCsv> {
  try {
    return await readCandleCsv(path)
  } catch (error) {
    throw new CliError(exitCodes.refused, error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** Stores the closed candles of files, each in its own series. */
export async function importFiles(paths: readonly string[], { db, source }: { readonly db: string; readonly source: string }): Promise<Imported> {
  const { files: found, ignored } = candlePaths(paths)
  const files = found.map((path) => ({ path, instrument: pairOf(path) }))
  if (files.length === 0) throw new CliError(exitCodes.refused, `${paths.join(', ')}: there is no .csv or .csv.gz file`)
  return storingCandles(db, async (put) => {
    const imported: ImportedFile[] = []
    for (const { path, instrument } of files) {
      const { columns, report } = await readFile(path)
      if (columns.length === 0) throw new CliError(exitCodes.refused, `${path}: there is no closed candle in it`)
      const series = { instrument, timeframeMs: report.timeframeMs, source }
      imported.push({ file: path, series, report, ...(await put(series, columns)) })
    }
    return { files: imported, ignored }
  })
}

/** What a reader found in a file, beside the candles. */
export function fileNotes(report: CandleCsvReport): readonly string[] {
  const { gaps, outOfOrder, repeated, bad, badRows, unfinishedMs } = report
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0)
  return [
    ...(gaps.length > 0 ? [`${counted(missing, 'candle')} missing in ${counted(gaps.length, 'gap')}`] : []),
    ...(outOfOrder > 0 ? [`${counted(outOfOrder, 'row')} out of order, sorted in`] : []),
    ...(repeated.count > 0 ? [`${counted(repeated.count, 'repeated row')}, ${countText(repeated.differing)} of them different, the first of each kept`] : []),
    ...(badRows > 0 ? [`${counted(badRows, 'bad row')} left out, the first in line ${bad[0]!.line}: ${bad[0]!.reason}`] : []),
    ...(unfinishedMs === undefined ? [] : [`the last row, ${timeText(unfinishedMs)}, is left out: nothing proves that it was finished`]),
  ]
}

/** An import for people. */
export const importText = ({ files, ignored }: Imported): string =>
  [
    ...files.flatMap(({ file, series, report, added, unchanged, corrected }) => [
      `${basename(file)}: ${series.instrument} ${durationText(series.timeframeMs)} from ${series.source}: ${countText(added)} added, ${countText(unchanged)} there already, ${countText(corrected)} corrected${corrected > 0 ? ' (the older ones are kept)' : ''}`,
      ...fileNotes(report).map((note) => `  ${note}`),
    ]),
    ...ignoredText(ignored),
  ].join('\n')
