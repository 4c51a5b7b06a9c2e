import { durationText, timeText } from '@millrace/core'
import type { SeriesInfo } from '@millrace/core'
import { countText } from '../text/format.ts'
import { table } from '../text/table.ts'
import { withCandles } from './stored-candles.ts'

/** The stored series. */
export const listSeries = (db: string): Promise<readonly SeriesInfo[]> => withCandles(db, (candles) => candles.list())

/** The list for people. */
export const listText = (list: readonly SeriesInfo[]): string =>
  list.length === 0
    ? 'no candles are stored'
    : table(
        ['pair', 'candles of', 'source', 'from', 'to', 'candles', 'gaps', 'missing'],
        list.map(({ series, fromMs, toMs, rows, gaps, missing }) => [
          series.instrument,
          durationText(series.timeframeMs),
          series.source,
          timeText(fromMs),
          timeText(toMs),
          countText(rows),
          countText(gaps),
          countText(missing),
        ]),
        [5, 6, 7],
      )
