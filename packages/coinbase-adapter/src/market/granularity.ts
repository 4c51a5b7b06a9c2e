import { HOUR_MS, MINUTE_MS, durationText } from '@millrace/core'

/** The candle lengths that the venue has, by ms. */
const granularities: ReadonlyMap<number, string> = new Map([
  [MINUTE_MS, 'ONE_MINUTE'],
  [5 * MINUTE_MS, 'FIVE_MINUTE'],
  [15 * MINUTE_MS, 'FIFTEEN_MINUTE'],
  [30 * MINUTE_MS, 'THIRTY_MINUTE'],
  [HOUR_MS, 'ONE_HOUR'],
  [2 * HOUR_MS, 'TWO_HOUR'],
  [4 * HOUR_MS, 'FOUR_HOUR'],
  [6 * HOUR_MS, 'SIX_HOUR'],
  [24 * HOUR_MS, 'ONE_DAY'],
])

/**
 * Returns the venue's name for a candle length.
 *
 * @throws RangeError that lists what there is
 */
export function granularityOf(timeframeMs: number): string {
  const name = granularities.get(timeframeMs)
  if (name === undefined)
    throw new RangeError(
      `expected a timeframe that Coinbase has (${[...granularities.keys()].map((ms) => durationText(ms)).join(', ')}), received ${durationText(timeframeMs)}`,
    )
  return name
}
