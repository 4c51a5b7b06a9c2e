import type { Ohlcv, Pair } from './types.ts'

// One test per set of columns; each is inlined where it is used. A candle that is missing altogether is as bad as one without a price.
type Maybe<T> = T | null | undefined
export const hasHl = (c: Maybe<Ohlcv>): boolean => Number.isFinite(c?.high) && Number.isFinite(c?.low)
export const hasHlc = (c: Maybe<Ohlcv>): boolean => hasHl(c) && Number.isFinite(c?.close)
export const hasHlcv = (c: Maybe<Ohlcv>): boolean => hasHlc(c) && Number.isFinite(c?.volume)
export const hasOhlc = (c: Maybe<Ohlcv>): boolean => Number.isFinite(c?.open) && hasHlc(c)
export const hasOc = (c: Maybe<Ohlcv>): boolean => Number.isFinite(c?.open) && Number.isFinite(c?.close)
export const hasCv = (c: Maybe<Ohlcv>): boolean => Number.isFinite(c?.close) && Number.isFinite(c?.volume)
export const hasXy = (p: Maybe<Pair>): boolean => Number.isFinite(p?.x) && Number.isFinite(p?.y)
