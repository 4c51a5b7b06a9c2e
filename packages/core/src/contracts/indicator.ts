import type { Candle } from '../model/candle.ts'
import type { Json } from '../model/json.ts'

/**
 * A streaming indicator. Implement it as a class with private fields behind a factory function.
 * `value` is a data property holding the last committed output: NaN (or the same record, filled with NaN) until warm;
 * a record output is one object reused in place. `preview` changes nothing.
 */
export interface Indicator<In, Out> {
  readonly id: string
  /** Inputs before the first value. */
  readonly warmup: number
  readonly value: Out
  update(input: In): Out
  preview(input: In): Out
  snapshot(): Json
  restore(state: Json): void
  reset(): void
  /** Inputs until two different starts agree to `epsilon` relative; absent: the warm-up is enough. */
  stableAfter?(epsilon: number): number
  /**
   * Only on indicators of a longer timeframe, whose candles are put together from the bot's: the same one for candles of this length. The engine calls it once, before
   * the first candle. Its value changes with closed candles only, so a preview shows the committed one.
   */
  readonly forTimeframe?: ((timeframeMs: number) => Indicator<In, Out>) | undefined
  /** Inputs on top of the warm-up that a start in the middle of a longer candle may need. */
  readonly alignment?: number | undefined
}

/** Any indicator over closes or over candles. `input` says which; absent means closes. */
export type AnyIndicator = (Indicator<number, unknown> & { readonly input?: 'close' }) | (Indicator<Candle, unknown> & { readonly input: 'candle' })
/** The indicators of a strategy by the names under which it reads them. */
export type Indicators = Readonly<Record<string, AnyIndicator>>

/** What a strategy sees of an indicator: the value, not the methods that would change it. No copy is made per candle. */
export type Readings<I extends Indicators> = {
  readonly [K in keyof I]: {
    readonly value: Exclude<I[K], undefined> extends { readonly value: infer Out } ? (Out extends object ? Readonly<Out> : Out) : never
  }
}
