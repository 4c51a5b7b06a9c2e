import { candleQuality, durationText, isoDay, timeText } from '@millrace/core'
import type { CandleQuality, Series } from '@millrace/core'
import type { CandleRevision } from '@millrace/sqlite-store'
import { countText, counted } from '../text/format.ts'
import { candlePaths, fileNotes, ignoredText, pairOf, readFile } from './import-files.ts'
import { withCandles } from './stored-candles.ts'

/** What is odd about one series. */
interface CheckedSeries {
  readonly series: Series
  readonly quality: CandleQuality
  /** Days that were corrected. */
  readonly revisions: readonly CandleRevision[]
  /** What the reader of its file found. */
  readonly notes: readonly string[]
}

/** What is odd, and what is damaged. */
export interface CheckedData {
  readonly series: readonly CheckedSeries[]
  readonly damage: readonly string[]
  /** Files of the folder that were not read. */
  readonly ignored: readonly string[]
}

/** Looks at a file of candles, or at a folder of candle files. */
export async function checkData(where: { readonly db: string } | { readonly dir: string }): Promise<CheckedData> {
  if ('db' in where) {
    return withCandles(where.db, (candles) => {
      const damage = candles.verify()
      if (damage.length > 0) return { series: [], damage, ignored: [] }
      const series = candles.list().map(({ series: one, fromMs, toMs }) => ({
        series: one,
        quality: candleQuality(candles.read(one, fromMs, toMs), one.timeframeMs),
        revisions: candles.revisions(one),
        notes: [],
      }))
      return { series, damage, ignored: [] }
    })
  }
  const series: CheckedSeries[] = []
  const { files, ignored } = candlePaths([where.dir])
  for (const path of files) {
    const { columns, report } = await readFile(path)
    const one = { instrument: pairOf(path), timeframeMs: report.timeframeMs, source: path }
    series.push({ series: one, quality: candleQuality(columns, Math.max(1, report.timeframeMs)), revisions: [], notes: fileNotes(report) })
  }
  return { series, damage: [], ignored }
}

const OUTLIERS_SHOWN = 3

/** A check for people. */
export function checkText({ series, damage, ignored }: CheckedData): string {
  if (damage.length > 0) return damage.map((line) => `damaged: ${line}`).join('\n')
  return [
    ...series.flatMap(({ series: one, quality, revisions, notes }) => [
      `${one.instrument} ${durationText(one.timeframeMs)} from ${one.source}: ${countText(quality.candles)} candles`,
      ...lines(quality, revisions, notes).map((line) => `  ${line}`),
    ]),
    ...ignoredText(ignored),
  ].join('\n')
}

function lines(
  { gaps, missing, longest, zeroVolume, flat, candles, outliers, outlierCount, medianChangePercent }: CandleQuality,
  revisions: readonly CandleRevision[],
  notes: readonly string[],
): readonly string[] {
  const share = (count: number): string => `${countText(count)} (${((100 * count) / Math.max(1, candles)).toFixed(1)} %)`
  const shown = outliers.toSorted((a, b) => Math.abs(b.changePercent) - Math.abs(a.changePercent)).slice(0, OUTLIERS_SHOWN)
  return [
    ...notes,
    ...(notes.length === 0 && longest !== undefined
      ? [`${counted(missing, 'candle')} missing in ${counted(gaps, 'gap')}, the longest from ${timeText(longest.fromMs)} to ${timeText(longest.toMs)}`]
      : []),
    ...(zeroVolume > 0 ? [`${share(zeroVolume)} without volume`] : []),
    ...(flat > 0 ? [`${share(flat)} without any movement`] : []),
    ...(outlierCount > 0
      ? [
          `${counted(outlierCount, 'move')} of more than 20 times the usual ${medianChangePercent.toFixed(3)} %: ${shown.map(({ openTime, changePercent, what }) => `${what} ${changePercent.toFixed(1)} % at ${timeText(openTime)}`).join(', ')}`,
        ]
      : []),
    ...[...new Set(revisions.map(({ dayMs }) => dayMs))].map((dayMs) => {
      const own = revisions.filter((revision) => revision.dayMs === dayMs)
      return `${isoDay(dayMs)} was corrected: ${own.length} revisions are kept, the last changed ${countText(own.at(-1)!.corrected)} candles`
    }),
  ]
}
