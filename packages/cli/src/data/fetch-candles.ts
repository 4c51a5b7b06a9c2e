import { DAY_MS, durationText, timeText } from '@millrace/core'
import type { EpochMs, MarketSource, PutReport, Series } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import type { Progress } from '../run/progress.ts'
import { countText } from '../text/format.ts'
import { storingCandles } from './stored-candles.ts'

/** Which candles to ask for, and where to keep them. */
export interface Fetch {
  readonly pairs: readonly string[]
  readonly timeframeMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly db: string
}

/** What came of one pair. */
export interface Fetched extends PutReport {
  readonly series: Series
}

/**
 * Asks a venue for closed candles, a day at a time, and stores each day as it comes: what was asked for before an interruption stays.
 *
 * @param say - told what is done
 * @param progress - counts the days on the way
 */
export async function fetchCandles(
  market: Pick<MarketSource, 'id' | 'candles'>,
  { pairs, timeframeMs, fromMs, toMs, db }: Fetch,
  say: (line: string) => void,
  progress: Pick<Progress, 'count' | 'end'> = { count: () => undefined, end: () => undefined },
): Promise<readonly Fetched[]> {
  return storingCandles(db, async (put) => {
    const fetched: Fetched[] = []
    for (const instrument of pairs) {
      const series = { instrument, timeframeMs, source: market.id }
      const report = { added: 0, unchanged: 0, corrected: 0 }
      // At the turn of the day, or of a longer candle: between other moments no whole one may lie.
      const stepMs = Math.max(DAY_MS, timeframeMs)
      for (let pageMs = fromMs; pageMs < toMs; pageMs = (Math.floor(pageMs / stepMs) + 1) * stepMs) {
        const endMs = Math.min((Math.floor(pageMs / stepMs) + 1) * stepMs, toMs)
        const columns = await pageOf(market, { instrument, timeframeMs, fromMs: pageMs as EpochMs, toMs: endMs as EpochMs })
        const { added, unchanged, corrected } = await put(series, columns)
        report.added += added
        report.unchanged += unchanged
        report.corrected += corrected
        progress.count(() => `${instrument}  ${timeText(endMs)}  ${((100 * (endMs - fromMs)) / (toMs - fromMs)).toFixed(0).padStart(3)} %`)
      }
      progress.end()
      if (report.added + report.unchanged + report.corrected === 0)
        say(`${instrument}: ${market.id} has no candles from ${timeText(fromMs)} to ${timeText(toMs)}`)
      else
        say(
          `${instrument} ${durationText(timeframeMs)} from ${market.id}, ${timeText(fromMs)} to ${timeText(toMs)}: ${countText(report.added)} added, ${countText(report.unchanged)} there already, ${countText(report.corrected)} corrected`,
        )
      fetched.push({ series, ...report })
    }
    return fetched
  })
}

async function pageOf(market: Pick<MarketSource, 'candles'>, query: Parameters<MarketSource['candles']>[0]): ReturnType<MarketSource['candles']> {
  try {
    return await market.candles(query)
  } catch (error) {
    // A pair or a length that the venue does not have, or a venue that is away: what is stored so far stays.
    throw new CliError(exitCodes.refused, `${query.instrument} from ${timeText(query.fromMs)}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}
