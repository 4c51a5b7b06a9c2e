import type { Strategy } from '../contracts/strategy.ts'
import type { Candle } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import { StrategyRun } from '../testing/strategy-run.ts'
import type { Evaluation, Surroundings } from '../testing/strategy-run.ts'

// Shared by the tests of this folder; nothing in the library imports it.

export const START_MS = Date.UTC(2026, 0, 1)

/** A candle that opens, moves and closes at one price, unless more is said; minute by minute. */
export const bar = (close: number, more: Partial<Candle> & { readonly minute?: number } = {}): Candle => {
  const { minute = 0, ...rest } = more
  return { openTime: (START_MS + minute * 60_000) as EpochMs, open: close, high: close, low: close, close, volume: 1, ...rest }
}

export const bars = (closes: readonly number[], more: Partial<Candle> = {}): Candle[] => closes.map((close, minute) => bar(close, { ...more, minute }))

/** What a strategy says of each candle once it is warm. */
export const sayings = (strategy: Strategy, candles: readonly Candle[], around?: Surroundings): Evaluation[] => {
  const run = new StrategyRun(strategy)
  return candles.flatMap((candle) => run.step(candle, around) ?? [])
}

export const lastOf = (strategy: Strategy, candles: readonly Candle[], around?: Surroundings): Evaluation => sayings(strategy, candles, around).at(-1)!

export const reading = (evaluation: Evaluation, name: string): number => evaluation.components.find((component) => component.name === name)!.reading
