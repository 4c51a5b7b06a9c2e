import type { Indicator } from '../lib/types.ts'

/** The part over base candles of this length; itself, when it does not care. */
export const bound = <In, Out>(part: Indicator<In, Out>, timeframeMs: number): Indicator<In, Out> => part.forTimeframe?.(timeframeMs) ?? part

/** Inputs that a composition may need until its parts of a longer timeframe begin a candle; undefined when it has no such part. */
export const alignmentOf = (parts: readonly Indicator<never, unknown>[]): number | undefined => {
  const longer = parts.filter((part) => part.forTimeframe !== undefined)
  return longer.length === 0 ? undefined : Math.max(...longer.map((part) => part.alignment ?? 0))
}
