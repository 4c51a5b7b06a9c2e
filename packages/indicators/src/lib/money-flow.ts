import type { Ohlcv } from './types.ts'

/** Volume weighted by where the close stands in its candle: all of it at the high, minus all of it at the low, 0 without range. */
export const moneyFlow = (candle: Ohlcv): number => {
  const { high, low, close, volume } = candle
  const range = high - low
  return range > 0 ? ((close - low - (high - close)) / range) * volume : 0
}
