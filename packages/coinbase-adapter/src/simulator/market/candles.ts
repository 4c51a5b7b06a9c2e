import { add, larger, smaller, text } from '../amount.ts'
import type { Amount } from '../amount.ts'

/** Open, high, low, close and volume of a bucket; it is only there when somebody traded. */
export interface Candle {
  readonly startMs: number
  readonly open: Amount
  readonly high: Amount
  readonly low: Amount
  readonly close: Amount
  readonly volume: Amount
}

/** Seconds of the granularities that the venue answers. */
export const granularities: Readonly<Record<string, number>> = {
  ONE_MINUTE: 60,
  FIVE_MINUTE: 300,
  FIFTEEN_MINUTE: 900,
  THIRTY_MINUTE: 1800,
  ONE_HOUR: 3600,
  TWO_HOUR: 7200,
  FOUR_HOUR: 14_400,
  SIX_HOUR: 21_600,
  ONE_DAY: 86_400,
}

/** Returns a candle of what came first and what came later. */
export function merged(first: Candle | undefined, later: Candle | undefined): Candle | undefined {
  if (first === undefined || later === undefined) return first ?? later
  return {
    startMs: first.startMs,
    open: first.open,
    high: larger(first.high, later.high),
    low: smaller(first.low, later.low),
    close: later.close,
    volume: add(first.volume, later.volume),
  }
}

export const candleOfTrade = (startMs: number, price: Amount, size: Amount): Candle => ({
  startMs,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: size,
})

/** A row as REST and the candles channel have it. */
export const candleRow = ({ startMs, open, high, low, close, volume }: Candle): Record<string, string> => ({
  start: String(startMs / 1000),
  low: text(low),
  high: text(high),
  open: text(open),
  close: text(close),
  volume: text(volume),
})
