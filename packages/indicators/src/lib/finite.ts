import type { Ohlcv } from './types.ts'

// One test per set of columns; each is inlined where it is used.
export const hasHl = (c: Ohlcv): boolean => Number.isFinite(c.high) && Number.isFinite(c.low)
export const hasHlc = (c: Ohlcv): boolean => Number.isFinite(c.high) && Number.isFinite(c.low) && Number.isFinite(c.close)
export const hasHlcv = (c: Ohlcv): boolean => hasHlc(c) && Number.isFinite(c.volume)
export const hasOhlc = (c: Ohlcv): boolean => Number.isFinite(c.open) && hasHlc(c)
export const hasOc = (c: Ohlcv): boolean => Number.isFinite(c.open) && Number.isFinite(c.close)
export const hasCv = (c: Ohlcv): boolean => Number.isFinite(c.close) && Number.isFinite(c.volume)
