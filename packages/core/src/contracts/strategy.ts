import type { z } from 'zod'
import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { PositionView } from '../model/position.ts'
import type { AnyIndicator, Indicators, Readings } from './indicator.ts'

/** Engine-owned, reset before each call: writes numbers into fixed slots. Objects and text are made only when a record is materialised or read. */
export interface SignalBuilder<Name extends string> {
  /** `score` in -1..+1 (positive = buy), `weight` > 0 (default 1), `reading` = the number a person would look at. */
  add(name: Name, score: number, weight?: number, reading?: number): void
}

/** What `evaluate` may look at. Everything in it is reused: valid only during the call. */
export interface StrategyContext<I extends Indicators = Indicators> {
  readonly readings: Readings<I>
  readonly candle: Candle
  readonly position: PositionView
  /** Fixed ring buffer over the declared `window`; back(0) = this candle. Never the whole history. */
  readonly window: { readonly length: number; close(back: number): number; high(back: number): number; low(back: number): number }
}

export type Describe = (component: { readonly score: number; readonly reading: number }) => string

export interface StrategyDefinition<S extends z.ZodObject, I extends Indicators, Name extends string> {
  readonly id: string
  readonly params: S
  /** Candles that `window` must hold; 0 if left out. */
  readonly window?: number
  indicators(params: z.output<S>): I
  /** Component names, fixed, each with the text shown for it. Called only when a reason is read. */
  readonly components: Readonly<Record<Name, Describe>>
  /** Pure: may read context and params, may call signal.add, nothing else. */
  evaluate(context: StrategyContext<I>, params: z.output<S>, signal: SignalBuilder<NoInfer<Name>>): void
}

/** A configured strategy: parameters already parsed. Closed over its types, so engines need no generics. */
export interface Strategy {
  readonly apiVersion: 1
  readonly id: string
  readonly params: Json
  readonly componentNames: readonly string[]
  /** Candles that `window` must hold. */
  readonly window: number
  /** Called once per bot: fresh indicators bound to one evaluate function. */
  create(): StrategyInstance
}

export interface StrategyInstance {
  readonly indicators: readonly (readonly [key: string, indicator: AnyIndicator])[]
  readonly readings: object
  evaluate(context: StrategyContext<never>, signal: SignalBuilder<string>): void
  describe(name: string, component: { readonly score: number; readonly reading: number }): string
}

export interface StrategyFactory<S extends z.ZodObject> {
  (params?: z.input<S>): Strategy
  readonly id: string
  readonly schema: S
}
