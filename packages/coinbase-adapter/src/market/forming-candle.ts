import type { Candle, EpochMs } from '@millrace/core'
import { bucketOf } from './fetch-candles.ts'

interface Trade {
  readonly price: number
  readonly size: number
  readonly timeMs: number
}

/** The candle that is forming, from the trades seen so far: for prices inside the bar. What it closes at is asked of the venue. */
export interface FormingCandle {
  /** Returns the candle as it stands after a trade; undefined when the trade belongs to a bucket that is over. */
  add(trade: Trade): Candle | undefined
}

/**
 * Returns a maker of forming candles of one instrument.
 *
 * @example
 * ```ts
 * const forming = createFormingCandle(60_000)
 * forming.add({ price: 100, size: 1, timeMs: 60_001 })
 * forming.add({ price: 99, size: 2, timeMs: 60_500 })?.low // => 99
 * ```
 */
export function createFormingCandle(timeframeMs: number): FormingCandle {
  let current: Candle | undefined
  return {
    add({ price, size, timeMs }) {
      const openTime = bucketOf(timeMs, timeframeMs)
      if (current !== undefined && openTime < current.openTime) return undefined
      current = current?.openTime === openTime ? grown(current, price, size) : first(openTime, price, size)
      return current
    },
  }
}

const first = (openTime: EpochMs, price: number, size: number): Candle => ({ openTime, open: price, high: price, low: price, close: price, volume: size })

const grown = ({ openTime, open, high, low, volume }: Candle, price: number, size: number): Candle => ({
  openTime,
  open,
  high: Math.max(high, price),
  low: Math.min(low, price),
  close: price,
  volume: volume + size,
})
