import type { z } from 'zod'
import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'
import type { PositionView } from '../model/position.ts'
import type { EpochMs } from '../model/time.ts'
import type { AnyIndicator, Indicators, Readings } from './indicator.ts'

/** Read-only to the last member; `Json` is so already. */
export type Frozen<T> = Json extends T ? T : T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** Engine-owned, reset before each call: writes numbers into fixed slots. Objects and text are made only when a record is materialised or read. */
export interface SignalBuilder<Name extends string, State = never> {
  /** `score` in -1..+1 (positive = buy), `weight` > 0 (default 1), `reading` = the number a person would look at. */
  add(name: Name, score: number, weight?: number, reading?: number): void
  /** Hands over the state that the next evaluation will see: plain data, at most once. Nothing handed over: it stays. A preview's is thrown away. */
  next(state: Frozen<State>): void
}

/** What became of the bot's orders: how a strategy with memory learns that a wish was filled, and not only spoken. */
export interface OrdersView {
  /** Finished entry orders with at least one fill, over all runs; a person's manual entries are among them. */
  readonly entries: number
  /** Finished exit orders with at least one fill, over all runs. */
  readonly exits: number
  /** Venue time of the last fill of the last such entry; -Infinity before the first. */
  readonly lastEntryMs: EpochMs
  /** Price of that fill; NaN before the first. */
  readonly lastEntryPrice: number
}

/** Fixed ring buffer over the declared `window`; back(0) = this candle. Never the whole history. */
export interface WindowView {
  readonly length: number
  open(back: number): number
  close(back: number): number
  high(back: number): number
  low(back: number): number
  volume(back: number): number
}

/** What `evaluate` may look at. Everything in it is reused: valid only during the call. The state is frozen: it is replaced, never changed. */
export interface StrategyContext<I extends Indicators = Indicators, State = never> {
  readonly readings: Readings<I>
  readonly candle: Candle
  readonly position: PositionView
  readonly orders: OrdersView
  readonly window: WindowView
  /** What the last evaluation of a closed candle that handed something over handed over; nothing for a strategy without memory. */
  readonly state: Frozen<State>
}

/** Makes the text of one component out of its score and reading. Called only when somebody reads it. */
export type Describe = (component: { readonly score: number; readonly reading: number }) => string

/** The memory of a strategy: it survives a restart, because every change is journalled. */
export interface StateDefinition<P, M extends z.ZodType> {
  /** Of plain data. A stored state that does not fit refuses the start: a schema that grows reads what it wrote earlier, with `default` or `preprocess`. */
  readonly schema: M
  /** The state before the first one handed over. */
  initial(params: P): z.input<M>
}

/** What {@link defineStrategy} takes: names, schemas, indicators, and one pure function. */
export interface StrategyDefinition<S extends z.ZodObject, I extends Indicators, Name extends string, M extends z.ZodType = z.ZodNever> {
  readonly id: string
  readonly params: S
  /** Candles that `window` must hold; 0 if left out. */
  readonly window?: number | ((params: z.output<S>) => number)
  /** Absent: no memory. */
  readonly state?: StateDefinition<z.output<S>, M>
  indicators(params: z.output<S>): I
  /** Component names, fixed, each with the text shown for it. Called only when a reason is read. */
  readonly components: Readonly<Record<Name, Describe>>
  /** Pure: may read context and params, may call signal.add and signal.next, nothing else. */
  evaluate(context: StrategyContext<I, z.output<M>>, params: z.output<S>, signal: SignalBuilder<NoInfer<Name>, z.input<M>>): void
}

/** A configured strategy: parameters already parsed. Closed over its types, so engines need no generics. */
export interface Strategy {
  readonly apiVersion: 1
  readonly id: string
  readonly params: Json
  readonly componentNames: readonly string[]
  /** Candles that `window` must hold. */
  readonly window: number
  /**
   * Called once per bot: fresh indicators bound to one evaluate function.
   *
   * @param timeframeMs - length of the candles it will be fed with; a minute when left out
   * @throws RangeError when an indicator cannot be fed with them
   */
  create(timeframeMs?: number): StrategyInstance
}

/** How the engine keeps a state: as plain data in the journal, as the strategy reads it in memory. */
export interface StrategyMemory {
  /** Plain data. */
  readonly initial: Json
  /**
   * Reads plain data that `evaluate` or the journal gave.
   *
   * @throws TypeError when it does not fit the schema, with path, expected and received
   */
  read(state: Json): unknown
}

/** One bot's strategy at work: its own indicators, and the function that reads them. */
export interface StrategyInstance {
  readonly indicators: readonly (readonly [key: string, indicator: AnyIndicator])[]
  readonly readings: object
  /** Absent: the strategy has no memory. */
  readonly memory?: StrategyMemory | undefined
  evaluate(context: StrategyContext<never, never>, signal: SignalBuilder<string, Json>): void
  describe(name: string, component: { readonly score: number; readonly reading: number }): string
}

/** Makes a configured strategy out of parameters; what is left out comes from its schema. */
export interface StrategyFactory<S extends z.ZodObject> {
  (params?: z.input<S>): Strategy
  readonly id: string
  readonly schema: S
}
