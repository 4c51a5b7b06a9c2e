import type { CommonOptions, Description, Field, Ohlcv } from './types.ts'
import { unexpected } from './unexpected.ts'

/** A series of numbers, oldest first. A `Float64Array` is read in place, anything else is copied into one. */
export type Series = ArrayLike<number>

/** Candles as columns of equal length, oldest first. */
export interface Columns {
  readonly open: Series
  readonly high: Series
  readonly low: Series
  readonly close: Series
  readonly volume: Series
}

/** Columns ready for a kernel. */
export interface Candles {
  readonly length: number
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** The index of the first value that is not finite, or -1. */
export const firstInvalid = (x: Float64Array): number => {
  // Four sums, so that the additions do not wait for each other; any NaN or infinity times 0 makes its sum NaN.
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  const even = x.length & ~3
  for (let i = 0; i < even; i += 4) {
    a += x[i]! * 0
    b += x[i + 1]! * 0
    c += x[i + 2]! * 0
    d += x[i + 3]! * 0
  }
  for (let i = even; i < x.length; i++) a += x[i]! * 0
  return a + b + c + d === 0 ? -1 : x.findIndex((value) => !Number.isFinite(value))
}

/** The series as a `Float64Array`; with the policy `throw` the first bad value, up to index `limit`, is an error that names it. */
export const series = (about: Description, x: Series, options: CommonOptions, field: string = about.inputs[0]!, limit = Infinity): Float64Array => {
  if (typeof x?.length !== 'number' || typeof x === 'string') throw unexpected(`${about.name}: ${field}`, 'an array of numbers', typeof x)
  const out = x instanceof Float64Array ? x : Float64Array.from(x)
  if ((options.onInvalid ?? 'throw') === 'throw') {
    const bad = firstInvalid(limit < out.length ? out.subarray(0, limit) : out)
    if (bad >= 0) throw unexpected(`${about.name}: ${field}[${bad}]`, 'a finite number', x[bad])
  }
  return out
}

const FIELDS: readonly Field[] = ['open', 'high', 'low', 'close', 'volume']

/** The columns an indicator reads, checked up to index `limit`; the others are handed on as they are, or as the close if absent. */
export const candles = (about: Description, columns: Columns, options: CommonOptions, limit = Infinity): Candles => {
  const given = columns as Readonly<Partial<Record<Field, Series>>>
  const out: Partial<Record<Field, Float64Array>> = {}
  const inputs = about.inputs as readonly Field[]
  for (const field of inputs) out[field] = series(about, given[field]!, options, field, limit)
  const first = out[inputs[0]!]!
  for (const field of FIELDS) {
    const column = (out[field] ??= first)
    if (column.length !== first.length) throw unexpected(`${about.name}: ${field}`, `${first.length} values as in ${inputs[0]}`, column.length)
  }
  return { length: first.length, ...(out as Record<Field, Float64Array>) }
}

/** The array to write into: the caller's, if it is long enough, or a new one. */
export const target = (about: Description, out: Float64Array | undefined, length: number, name = 'out'): Float64Array => {
  if (out === undefined) return new Float64Array(length)
  if (!(out instanceof Float64Array) || out.length < length) {
    throw unexpected(`${about.name}: ${name}`, `a Float64Array of at least ${length} values`, out instanceof Float64Array ? out.length : typeof out)
  }
  return out
}

/** One array per output. */
export type Arrays<V> = { [K in keyof V]: Float64Array }

/** The record of arrays to write into. */
export const targets = <V>(about: Description, out: Arrays<V> | undefined, length: number): Arrays<V> => {
  const given = (out ?? {}) as Readonly<Record<string, Float64Array>>
  return Object.fromEntries(about.outputs.map((name) => [name, target(about, given[name], length, name)])) as Arrays<V>
}

/** A candle that is moved over columns. */
export class Cursor implements Ohlcv {
  open = NaN
  high = NaN
  low = NaN
  close = NaN
  volume = NaN

  at(c: Candles, i: number): this {
    this.open = c.open[i]!
    this.high = c.high[i]!
    this.low = c.low[i]!
    this.close = c.close[i]!
    this.volume = c.volume[i]!
    return this
  }
}
