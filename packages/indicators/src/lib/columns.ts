import type { CommonOptions, Description, Field, Ohlcv } from './types.ts'
import { unexpected } from './unexpected.ts'

/** A series of numbers, oldest first. A `Float64Array` is read in place, anything else is copied into one; what is no number in it is invalid input. */
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
// A type and not an interface: those do not fit an index signature.
export type Candles = {
  readonly length: number
  readonly open: Float64Array
  readonly high: Float64Array
  readonly low: Float64Array
  readonly close: Float64Array
  readonly volume: Float64Array
}

/** The index of the first value that is not finite, or -1. */
const firstInvalid = (x: Float64Array): number => {
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

/** Not `Float64Array.from`, which takes null for 0 and '5' for 5. */
const copyOf = (x: ArrayLike<unknown>): Float64Array => {
  const out = new Float64Array(x.length)
  for (let i = 0; i < out.length; i++) {
    const value = x[i]
    out[i] = typeof value === 'number' ? value : NaN
  }
  return out
}

/** The series as a `Float64Array`; with the policy `throw` the first bad value, up to index `limit`, is an error that names it. */
export const series = (about: Description, x: Series, options: CommonOptions, field: string = about.inputs[0]!, limit = Infinity): Float64Array => {
  if (typeof x?.length !== 'number' || typeof x === 'string') throw unexpected(`${about.name}: ${field}`, 'an array of numbers', x)
  const copied = !(x instanceof Float64Array)
  const out = copied ? copyOf(x) : x
  if ((options.onInvalid ?? 'throw') === 'throw') {
    // All of a copy, while what it was made of can still be named.
    const bad = firstInvalid(limit < out.length && !copied ? out.subarray(0, limit) : out)
    if (bad >= 0) throw unexpected(`${about.name}: ${field}[${bad}]`, 'a finite number', x[bad])
  }
  return out
}

/** The columns there are. */
export const FIELDS: readonly Field[] = ['open', 'high', 'low', 'close', 'volume']

/** The columns an indicator reads, checked up to index `limit`; the others are handed on as they are, or as the close if absent. */
export const candles = (about: Description, columns: Columns, options: CommonOptions, limit = Infinity): Candles => {
  const given = Object(columns) as Readonly<Partial<Record<Field, Series>>>
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

/** What was read: one series, or an object of several. */
type Inputs = Float64Array | { readonly length: number; readonly [name: string]: unknown }

/** The array to write into: the caller's, if it is long enough and lies apart from what is read, or a new one. */
export const target = (about: Description, out: Float64Array | undefined, inputs: Inputs): Float64Array =>
  out === undefined ? new Float64Array(inputs.length) : own(`${about.name}: out`, out, inputs)

const own = (where: string, out: unknown, inputs: Inputs, others: readonly Float64Array[] = []): Float64Array => {
  const { length } = inputs
  if (!(out instanceof Float64Array) || out.length < length) {
    const received = out instanceof Float64Array ? out.length : Object.prototype.toString.call(out).slice(8, -1)
    throw new RangeError(`${where}: expected a Float64Array of at least ${length} values, received ${received}`)
  }
  // A kernel reads again what it has read before: what it writes must not lie there.
  for (const [what, arrays] of [
    ['an input', inputs instanceof Float64Array ? [inputs] : Object.values(inputs)],
    ['another output', others],
  ] as const) {
    if (arrays.some((array) => overlap(array, out))) throw new RangeError(`${where}: expected memory of its own, received that of ${what}`)
  }
  return out
}

const overlap = (a: unknown, b: Float64Array): boolean =>
  a instanceof Float64Array && a.buffer === b.buffer && a.byteOffset < b.byteOffset + b.byteLength && b.byteOffset < a.byteOffset + a.byteLength

/** One array per output. */
export type Arrays<V> = { [K in keyof V]: Float64Array }

/** The record of arrays to write into: with `out` all of them have to be there, since one made anew would be looked for in vain. */
export const targets = <V>(about: Description, out: Arrays<V> | undefined, inputs: Inputs): Arrays<V> => {
  const given = Object(out) as Readonly<Record<string, unknown>>
  const arrays: Record<string, Float64Array> = {}
  for (const name of about.outputs)
    arrays[name] = out === undefined ? new Float64Array(inputs.length) : own(`${about.name}: out.${name}`, given[name], inputs, Object.values(arrays))
  return arrays as Arrays<V>
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
