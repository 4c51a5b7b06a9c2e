/** What a round trip's prices were, against what they could have been. float64: these are readings, not money. */
export interface TripPrices {
  readonly averageEntry: number
  readonly averageExit: number
  /** Candle extremes from the first entry fill to the last exit fill; NaN when no candle was seen. */
  readonly low: number
  readonly high: number
}

/** Shares in per cent. */
export interface Efficiency {
  readonly entry: number
  readonly exit: number
  readonly total: number
  /** Largest distance of the price below the average entry. */
  readonly adverseExcursion: number
  /** Largest distance of the price above the average entry. */
  readonly favourableExcursion: number
}

/** What an efficiency is when the price never moved. */
const NO_RANGE = 50

/**
 * Returns how good the prices of a round trip were, 0 to 100: entry = 100 (H - entry) / (H - L), exit = 100 (exit - L) / (H - L), total their mean;
 * 50 when the price never moved. Excursions are per cent of the average entry.
 *
 * @example
 * ```ts
 * tripEfficiency({ averageEntry: 102, averageExit: 107, low: 100, high: 110 }).total // => 75
 * ```
 */
export function tripEfficiency({ averageEntry, averageExit, low, high }: TripPrices): Efficiency {
  const range = high - low
  const entry = range > 0 ? share((100 * (high - averageEntry)) / range) : NO_RANGE
  const exit = range > 0 ? share((100 * (averageExit - low)) / range) : NO_RANGE
  return {
    entry,
    exit,
    total: (entry + exit) / 2,
    adverseExcursion: low < averageEntry ? (100 * (averageEntry - low)) / averageEntry : 0,
    favourableExcursion: high > averageEntry ? (100 * (high - averageEntry)) / averageEntry : 0,
  }
}

/** Fills may lie outside of the candles by slippage. */
export const share = (percent: number): number => Math.min(100, Math.max(0, percent))
