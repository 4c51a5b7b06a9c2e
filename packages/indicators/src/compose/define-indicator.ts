import { Scalar } from '../lib/base.ts'
import { FIELDS } from '../lib/columns.ts'
import { walk } from '../lib/state.ts'
import type { CandleIndicator, CommonOptions, Description, Field, NumberIndicator, Ohlcv } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'

/** What an indicator of your own remembers: numbers, and lists and records of numbers whose lengths stay as they begin. */
export interface IndicatorState {
  [key: string]: number | number[] | IndicatorState
}

type Numbers = Readonly<Record<string, { readonly kind: 'integer' | 'number'; readonly default: number; readonly min: number; readonly max: number }>>
type ParamsOf<P extends Numbers> = { readonly [K in keyof P]: number }
type GivenOf<P extends Numbers> = { readonly [K in keyof P]?: number } & CommonOptions

type NoParams = Readonly<Record<never, never>>

interface Shared<P extends Numbers, S extends IndicatorState> {
  /** Stands in ids, as in `rsi(14)`. */
  readonly name: string
  /** For people; the name when left out. */
  readonly title?: string
  /** Parameters with default and bounds, both included. */
  readonly params?: P
  /** Inputs before the first value; 0 when left out. */
  warmup?(params: ParamsOf<P>): number
  /** The state before the first input. */
  initial(params: ParamsOf<P>): S
  /** Inputs until two different starts agree to `epsilon` relative; one more than the warm-up when left out: right for windows, wrong for recursions. */
  stableAfter?(epsilon: number, params: ParamsOf<P>): number
  readonly pane?: Description['pane']
  readonly range?: Description['range']
  readonly levels?: Description['levels']
}

/** An indicator of your own over numbers. */
export interface NumberDefinition<P extends Numbers, S extends IndicatorState> extends Shared<P, S> {
  /** Takes the next number: writes into the state and returns the value. What it returns during the warm-up is not shown. */
  step(state: S, x: number, params: ParamsOf<P>): number
}

/** An indicator of your own over candles. */
export interface CandleDefinition<P extends Numbers, S extends IndicatorState> extends Shared<P, S> {
  /** The columns that `step` reads: a candle in which one of them is not a finite number is refused. */
  readonly inputs: readonly Field[]
  /** Takes the next candle: writes into the state and returns the value. What it returns during the warm-up is not shown. */
  step(state: S, candle: Ohlcv, params: ParamsOf<P>): number
}

type Loose = Omit<Shared<Numbers, IndicatorState>, 'warmup' | 'initial' | 'stableAfter'> & { readonly inputs?: readonly Field[] }

interface Parts {
  readonly about: Description
  readonly candles: boolean
  readonly definition: {
    warmup?(params: object): number
    initial(params: object): IndicatorState
    step(state: IndicatorState, input: unknown, params: object): number
    stableAfter?(epsilon: number, params: object): number
  }
}

class Defined extends Scalar {
  readonly input: 'close' | 'candle'
  readonly warmup: number
  private seen = 0
  private readonly state: IndicatorState
  readonly #parts: Parts

  constructor(options: CommonOptions, parts: Parts) {
    super(parts.about, options)
    this.#parts = parts
    this.input = parts.candles ? 'candle' : 'close'
    this.warmup = parts.definition.warmup?.(this.read<object>()) ?? 0
    this.state = parts.definition.initial(this.read<object>())
  }

  update(input: unknown): number {
    if (!this.isValid(input)) return this.refuse(input)
    const value = this.step(this.state, input)
    return (this.value = this.seen++ < this.warmup ? NaN : value)
  }

  preview(input: unknown): number {
    if (!this.isValid(input)) return this.refuse(input)
    const value = this.step(copyOf(this.state), input)
    return this.seen < this.warmup ? NaN : value
  }

  override stableAfter(epsilon: number): number {
    return this.#parts.definition.stableAfter?.(epsilon, this.read<object>()) ?? super.stableAfter(epsilon)
  }

  override reset(): void {
    walk(this, walk(new Defined(this.read<CommonOptions>(), this.#parts)))
  }

  private step(state: IndicatorState, input: unknown): number {
    return this.#parts.definition.step(state, input, this.read<object>())
  }

  private isValid(input: unknown): boolean {
    const { about, candles } = this.#parts
    return candles ? about.inputs.every((name) => Number.isFinite((input as Readonly<Record<string, unknown>> | null)?.[name])) : Number.isFinite(input)
  }
}

/** Refuses at once what would fail at the first candle. */
const check = (definition: unknown): void => {
  const { name, initial, step, inputs, params } = Object(definition) as Readonly<Record<string, unknown>>
  if (typeof name !== 'string' || name === '') throw unexpected('defineIndicator: name', 'a text', name)
  for (const [key, value] of Object.entries({ initial, step })) if (typeof value !== 'function') throw unexpected(`${name}: ${key}`, 'a function', value)
  if (inputs !== undefined && !(Array.isArray(inputs) && inputs.length > 0 && inputs.every((each: Field) => FIELDS.includes(each))))
    throw unexpected(`${name}: inputs`, `some of ${FIELDS.join(', ')}`, inputs)
  for (const [key, spec] of Object.entries(Object(params) as Record<string, unknown>)) {
    const { kind, default: standard, min, max } = Object(spec) as Readonly<Record<string, unknown>>
    if ((kind !== 'integer' && kind !== 'number') || ![standard, min, max].every((each) => Number.isFinite(each)))
      throw unexpected(`${name}: params.${key}`, "kind 'integer' or 'number' with the numbers default, min and max", JSON.stringify(spec))
  }
}

const copyOf = (state: IndicatorState): IndicatorState =>
  Object.fromEntries(Object.entries(state).map(([key, value]) => [key, typeof value === 'number' ? value : Array.isArray(value) ? [...value] : copyOf(value)]))

/**
 * Makes an indicator out of a state and one step, with everything that the engine asks for: preview, snapshot, restart, reset, checked options and inputs. It is
 * slower than one that is written out as a class, because a preview copies the state.
 *
 * @param definition - `step` is pure but for the state that it is given: the same state and input give the same value
 * @returns a factory that takes the parameters and {@link CommonOptions}; it throws a RangeError when one is out of its bounds
 * @example
 * ```ts
 * import { defineIndicator } from '@millrace/indicators'
 * const rangePosition = defineIndicator({
 *   name: 'rangePosition',
 *   params: { period: { kind: 'integer', default: 3, min: 1, max: 1000 } },
 *   inputs: ['high', 'low', 'close'],
 *   warmup: ({ period }) => period - 1,
 *   initial: ({ period }) => ({ highs: Array(period).fill(0), lows: Array(period).fill(0), at: 0 }),
 *   step(state, { high, low, close }, { period }) {
 *     state.highs[state.at] = high
 *     state.lows[state.at] = low
 *     state.at = (state.at + 1) % period
 *     const [top, bottom] = [Math.max(...state.highs), Math.min(...state.lows)]
 *     return top === bottom ? 0.5 : (close - bottom) / (top - bottom)
 *   },
 * })
 * const position = rangePosition({ period: 1 })
 * position.id // => 'rangePosition(1)'
 * position.update({ open: 9, high: 10, low: 6, close: 9, volume: 1 }) // => 0.75
 * ```
 */
export function defineIndicator<S extends IndicatorState, const P extends Numbers = NoParams>(
  definition: CandleDefinition<P, S>,
): (given?: GivenOf<P>) => CandleIndicator
export function defineIndicator<S extends IndicatorState, const P extends Numbers = NoParams>(
  definition: NumberDefinition<P, S>,
): (given?: GivenOf<P>) => NumberIndicator
export function defineIndicator(definition: Loose): unknown {
  check(definition)
  const { name, title = name, params = {}, pane = 'own', range, levels, inputs } = definition
  const about: Description = {
    name,
    title,
    params,
    inputs: inputs ?? ['close'],
    outputs: ['value'],
    pane,
    ...(range === undefined ? {} : { range }),
    ...(levels === undefined ? {} : { levels }),
    complexity: 'O(n)',
  }
  const parts = { about, candles: inputs !== undefined, definition: definition as unknown as Parts['definition'] }
  return (given: CommonOptions = {}) => new Defined(given, parts)
}
