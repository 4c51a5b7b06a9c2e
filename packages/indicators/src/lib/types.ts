/** Plain data: what `snapshot()` returns and `restore()` takes. Text of it survives `JSON.stringify`, NaN and -0 included. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** One candle. Extra fields (an `openTime`, say) are welcome and ignored. */
export interface Ohlcv {
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** What an indicator does with NaN, an infinity or a value that is not a number. */
export type OnInvalid = 'throw' | 'skip' | 'propagate'

/** Options every indicator takes. */
export interface CommonOptions {
  /**
   * `throw` (default): a `RangeError` that names the input, state unchanged. `skip`: the input is ignored and the last value returned.
   * `propagate`: the input is ignored and NaN returned for it. In no mode does a bad input enter the state.
   */
  readonly onInvalid?: OnInvalid
}

/** Options of indicators with several outputs. */
export interface RecordOptions extends CommonOptions {
  /** `true`: `update` and `preview` return a fresh record; default `false`: one record is reused. */
  readonly copy?: boolean
}

/** Where the first value of a recursive average comes from, when TA-Lib and TradingView differ. */
export type Seed = 'talib' | 'tradingview'

/** A streaming indicator. */
export interface Indicator<In, Out> {
  /** Name and parameters, such as `rsi(14)`. */
  readonly id: string
  /** Inputs before the first value: the index of the first output. */
  readonly warmup: number
  /** The last committed output: NaN, or a record of NaN, until warm. */
  readonly value: Out
  /** Takes the next input and returns the new value. */
  update(input: In): Out
  /** The value that `update` would return; changes nothing. */
  preview(input: In): Out
  /** The whole state as plain data: a list of id, version and numbers. */
  snapshot(): Json
  /** Continues from a snapshot of an indicator with the same id. */
  restore(state: Json): void
  /** Back to the state after construction. */
  reset(): void
  /** Inputs until two different starts agree to `epsilon` relative. */
  stableAfter(epsilon: number): number
  /** Name, parameters with bounds, outputs, pane, range and levels. */
  describe(): Description
  /**
   * Only on indicators of a longer timeframe: the same one for base candles of this length. Whoever knows the length calls it before the first candle and feeds what it
   * returns.
   */
  readonly forTimeframe?: ((timeframeMs: number) => Indicator<In, Out>) | undefined
  /** Inputs on top of the warm-up that a start in the middle of a longer candle may need. */
  readonly alignment?: number | undefined
}

/** An indicator over numbers, usually closes. */
export interface NumberIndicator<Out = number> extends Indicator<number, Out> {
  readonly input: 'close'
}

/** An indicator over candles. */
export interface CandleIndicator<Out = number> extends Indicator<Ohlcv, Out> {
  readonly input: 'candle'
}

/** Two numbers of the same moment. */
export interface Pair {
  readonly x: number
  readonly y: number
}

/** An indicator over two series. */
export interface PairIndicator<Out = number> extends Indicator<Pair, Out> {
  readonly input: 'pair'
}

/** A parameter: a number with bounds or a choice. */
export type ParamSpec =
  | { readonly kind: 'integer' | 'number'; readonly default: number; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly default: string | boolean; readonly choices: readonly (string | boolean)[] }

/** Columns an indicator reads. */
export type Field = 'open' | 'high' | 'low' | 'close' | 'volume'

/** What an input can be called: a column, or the halves of a pair. */
export type InputName = Field | 'x' | 'y'

/** What charts and documents need to know of an indicator. */
export interface Description {
  readonly name: string
  readonly title: string
  readonly params: Readonly<Record<string, ParamSpec>>
  /** The columns it reads; `close` stands for any series of numbers. */
  readonly inputs: readonly InputName[]
  /** Names of the outputs; a single-output indicator has `value`. */
  readonly outputs: readonly string[]
  /** `price`: drawn over the candles; `own`: below them. */
  readonly pane: 'price' | 'own'
  /** Lowest and highest possible output. */
  readonly range?: readonly [number, number]
  /** Customary reference lines. */
  readonly levels?: readonly number[]
  /** Average cost of one update in the period. */
  readonly complexity: 'O(1)' | 'O(log n)' | 'O(n)'
}
