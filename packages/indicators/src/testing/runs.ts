import type { CommonOptions, Indicator, Ohlcv, Pair } from '../lib/types.ts'
import { numbersOf } from './check.ts'
import { inputsOf, type TestColumns } from './series.ts'

/** Any indicator, as the checks see it. */
export type Any = Indicator<number | Ohlcv | Pair, unknown> & { readonly input?: unknown }

/** Candles of most checks. */
export const LENGTH = 320

/** The numbers of an output, detached from a record that is reused. */
export const copyOf = (out: unknown): number[] => [...numbersOf(out)]

/** All outputs, one list of numbers per input. */
export const outputsOf = (indicator: Any, columns: TestColumns, start = 0): number[][] =>
  inputsOf(columns, indicator.input as string, start).map((x) => copyOf(indicator.update(x)))

/** Builds a new one. */
export type Create = (options?: CommonOptions & { copy?: boolean }) => Any
