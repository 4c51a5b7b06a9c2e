import type { AnyIndicator, Indicators } from '../contracts/indicator.ts'

/** Tells indicators of longer timeframes how long the bot's candles are; the same object when there are none. */
export function boundTo<I extends Indicators>(indicators: I, timeframeMs: number): I {
  const entries = Object.entries(indicators)
  if (entries.every(([, { forTimeframe }]) => forTimeframe === undefined)) return indicators
  return Object.fromEntries(entries.map(([key, indicator]) => [key, (indicator.forTimeframe?.(timeframeMs) ?? indicator) as AnyIndicator])) as unknown as I
}
