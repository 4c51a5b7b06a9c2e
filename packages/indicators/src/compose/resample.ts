import type { CandleIndicator, Description, Indicator, Json, NumberIndicator, Ohlcv } from '../lib/types.ts'
import { FIELDS } from '../lib/columns.ts'
import { hasOhlc } from '../lib/finite.ts'
import { unexpected } from '../lib/unexpected.ts'
import { loadParts, saveParts } from './parts.ts'

/** A candle that knows its start. */
export interface TimedOhlcv extends Ohlcv {
  /** Start of the candle, epoch milliseconds. */
  readonly openTime: number
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** The shortest text of a timeframe: `5m`, not `300s`. */
const textOf = (milliseconds: number): string => {
  for (const unit of ['w', 'd', 'h', 'm', 's']) {
    const count = milliseconds / UNITS[unit]!
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`
  }
  throw new RangeError(`resample: from: expected whole seconds, received ${milliseconds} ms`)
}

/** Milliseconds of a timeframe such as `5m`. */
const millisecondsOf = (name: string, text: string): number => {
  const [, count, unit] = /^([1-9]\d*)([smhdw])$/.exec(text) ?? []
  if (count === undefined || unit === undefined) throw new RangeError(`resample: ${name}: expected a timeframe such as 5m, 4h, 1d or 1w, received ${text}`)
  return Number(count) * UNITS[unit]!
}

/** An indicator of a longer timeframe. */
export interface Resampled<Out> extends Indicator<TimedOhlcv, Out> {
  readonly input: 'candle'
  readonly alignment: number
  readonly forTimeframe: (timeframeMs: number) => Resampled<Out>
}

interface Bucket {
  /** Start of the candle being put together; NaN: none. */
  start: number
  open: number
  high: number
  low: number
  close: number
  volume: number
}

const EMPTY: Bucket = { start: NaN, open: NaN, high: NaN, low: NaN, close: NaN, volume: NaN }

/** The error for a candle that is not whole. */
const refused = (id: string, candle: unknown): RangeError => {
  const given = Object(candle) as Readonly<Record<string, unknown>>
  const name = [...FIELDS, 'openTime'].find((each) => !Number.isFinite(given[each]))!
  return unexpected(`${id}: ${name}`, name === 'openTime' ? 'milliseconds' : 'a finite number', given[name])
}

// The epoch was a Thursday; weeks start on Monday.
const startOf = (time: number, size: number): number => {
  const shift = size % UNITS['w']! === 0 ? 3 * UNITS['d']! : 0
  return Math.floor((time + shift) / size) * size - shift
}

class Resample<Out> implements Resampled<Out> {
  readonly input = 'candle'
  readonly id: string
  readonly warmup: number
  readonly alignment: number
  value: Out
  private readonly source: CandleIndicator<Out> | NumberIndicator<Out>
  private readonly to: string
  private readonly from: string | undefined
  private readonly size: number
  private readonly step: number
  private readonly bucket: Bucket = { ...EMPTY }
  private readonly next: Bucket = { ...EMPTY }
  private last = NaN

  /** @param base - the timeframe it is fed with; `from` is the one its maker asked for */
  constructor(to: string, source: CandleIndicator<Out> | NumberIndicator<Out>, from: string | undefined, base: string) {
    this.to = to
    this.from = from
    this.size = millisecondsOf('to', to)
    this.step = millisecondsOf('from', base)
    if (this.size % this.step !== 0) throw new RangeError(`resample: to: expected a multiple of ${base}, received ${to}`)
    this.source = source
    this.id = `${source.id} @ ${to} of ${base}`
    this.alignment = this.size / this.step - 1
    this.warmup = (source.warmup + 1) * (this.size / this.step) - 1
    this.value = source.value
  }

  update(candle: TimedOhlcv): Out {
    const left = this.add(candle)
    const { bucket, next } = this
    if (left) this.value = this.commit(bucket)
    Object.assign(bucket, next)
    if (this.ends(candle)) {
      this.value = this.commit(next)
      bucket.start = NaN
    }
    this.last = candle.openTime
    return this.value
  }

  preview(candle: TimedOhlcv): Out {
    const left = this.add(candle)
    const ends = this.ends(candle)
    if (left && ends) return this.previewBoth()
    return left ? this.look(this.bucket) : ends ? this.look(this.next) : this.value
  }

  readonly forTimeframe = (timeframeMs: number): Resample<Out> => {
    const base = textOf(timeframeMs)
    if (this.from !== undefined && millisecondsOf('from', this.from) !== timeframeMs)
      throw new RangeError(`resample: from: expected the timeframe of the candles, ${base}, received ${this.from}`)
    return new Resample(this.to, this.source, this.from, base)
  }

  stableAfter(epsilon: number): number {
    return (this.source.stableAfter(epsilon) + 1) * (this.size / this.step)
  }

  snapshot(): Json {
    const own = [...(Object.values(this.bucket) as number[]), this.last].map((x) => (Number.isNaN(x) ? null : x))
    return saveParts(this.id, [this.source], own)
  }

  restore(state: Json): void {
    const own = loadParts(this.id, [this.source], state)
    const [start = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN, last = NaN] = (own as readonly Json[]).map((x) =>
      typeof x === 'number' ? x : NaN,
    )
    Object.assign(this.bucket, { start, open, high, low, close, volume })
    this.last = last
    this.value = this.source.value
  }

  reset(): void {
    Object.assign(this.bucket, EMPTY)
    this.last = NaN
    this.source.reset()
    this.value = this.source.value
  }

  describe(): Description {
    return { ...this.source.describe(), name: this.id, params: {} }
  }

  /** Puts the candle into `next`, the bucket after this candle. True: an unfinished bucket is left behind, it is closed now. */
  private add(candle: TimedOhlcv): boolean {
    if (!(hasOhlc(candle) && Number.isFinite(candle.volume) && Number.isFinite(candle.openTime))) throw refused(this.id, candle)
    const { openTime } = candle
    if (openTime <= this.last) throw new RangeError(`${this.id}: openTime: expected later than ${this.last}, received ${openTime}`)
    const { bucket, next } = this
    const start = startOf(openTime, this.size)
    if (start === bucket.start) {
      next.start = start
      next.open = bucket.open
      next.high = Math.max(bucket.high, candle.high)
      next.low = Math.min(bucket.low, candle.low)
      next.close = candle.close
      next.volume = bucket.volume + candle.volume
      return false
    }
    // A stream that begins inside a bucket does not know that bucket's open: the bucket is left out.
    const partial = openTime !== start && !(startOf(this.last, this.size) < start)
    next.start = partial ? NaN : start
    next.open = candle.open
    next.high = candle.high
    next.low = candle.low
    next.close = candle.close
    next.volume = candle.volume
    return bucket.start === bucket.start
  }

  /** Is `next` complete with this candle? */
  private ends(candle: TimedOhlcv): boolean {
    return candle.openTime + this.step === this.next.start + this.size
  }

  private commit(bucket: Bucket): Out {
    const { source } = this
    return source.input === 'candle' ? source.update(bucket) : source.update(bucket.close)
  }

  private look(bucket: Bucket): Out {
    const { source } = this
    return source.input === 'candle' ? source.preview(bucket) : source.preview(bucket.close)
  }

  // After a gap one candle can close two buckets; that needs the state after the first.
  private previewBoth(): Out {
    const before = this.source.snapshot()
    this.commit(this.bucket)
    const result = this.look(this.next)
    const copy = typeof result === 'object' ? { ...result } : result
    this.source.restore(before)
    return copy
  }
}

/**
 * An indicator over the closed candles of a longer timeframe, or over their closes, fed with candles of a shorter one that carry their `openTime` (UTC buckets,
 * weeks from Monday). The shorter one is `from`, `1m` when left out; in a strategy the engine says what it is (`forTimeframe`).
 * The value changes only when a longer candle is complete: with its last short candle, or with the first one after it if that is missing.
 * A bucket in which the stream begins half-way is left out. Throws a `RangeError` for candles out of order and for values that are not finite.
 *
 * @example
 * ```ts
 * import { atr, ema, resample } from '@millrace/indicators'
 * const slow = resample('5m', atr(14), { from: '1m' })
 * slow.id // => 'atr(14) @ 5m of 1m'
 * slow.warmup // => 69
 * resample('1h', ema(20)).forTimeframe(300_000).id // => 'ema(20) @ 1h of 5m'
 * ```
 */
export const resample = <Out>(to: string, source: CandleIndicator<Out> | NumberIndicator<Out>, options: { readonly from?: string } = {}): Resampled<Out> =>
  new Resample(to, source, options.from, options.from ?? '1m')
