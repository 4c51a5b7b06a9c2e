import type { Candle, CandleColumns, EpochMs } from '@millrace/core'
import { isoTime } from '@millrace/core'

/** What a look at the venue's candles brought. */
interface ClosedNews {
  /** Oldest first, each for the first time. */
  readonly candles: readonly Candle[]
  /** Candles already handed out that the venue tells otherwise now. */
  readonly revisions: readonly string[]
}

/** Knows which closed candles of one series were handed out, so that each is handed out once. */
export interface ClosedCandles {
  /** Start of the first candle to ask for: the last one handed out is looked at again. */
  readonly fromMs: EpochMs
  /** Start of the last candle handed out; -Infinity before the first. */
  readonly lastMs: number
  /** Takes what the venue has from `fromMs` on. */
  take(columns: CandleColumns): ClosedNews
}

/** Returns the account of one series whose first candle opens at or after `startMs`. */
export function createClosedCandles(instrument: string, startMs: number): ClosedCandles {
  let last: Candle | undefined
  return {
    get fromMs() {
      return (last?.openTime ?? startMs) as EpochMs
    },
    get lastMs() {
      return last?.openTime ?? Number.NEGATIVE_INFINITY
    },
    take(columns) {
      const candles: Candle[] = []
      const revisions: string[] = []
      for (let i = 0; i < columns.length; i++) {
        const candle = rowOf(columns, i)
        if (candle.openTime < startMs) continue
        if (last === undefined || candle.openTime > last.openTime) {
          candles.push(candle)
          last = candle
        } else if (candle.openTime === last.openTime && !sameCandle(candle, last)) {
          revisions.push(`${instrument} ${isoTime(candle.openTime)}: ${textOf(last)} is ${textOf(candle)} now; decisions already made stand`)
          last = candle
        }
      }
      return { candles, revisions }
    },
  }
}

const rowOf = (columns: CandleColumns, i: number): Candle => ({
  openTime: columns.openTime[i]! as EpochMs,
  open: columns.open[i]!,
  high: columns.high[i]!,
  low: columns.low[i]!,
  close: columns.close[i]!,
  volume: columns.volume[i]!,
})

const members = ['open', 'high', 'low', 'close', 'volume'] as const
const sameCandle = (a: Candle, b: Candle): boolean => members.every((member) => a[member] === b[member])
const textOf = (candle: Candle): string => members.map((member) => candle[member]).join('/')
