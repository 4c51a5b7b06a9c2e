import { fade, Several } from '../lib/base.ts'
import { type Arrays, type Candles, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { DirectionLine } from '../lib/direction-line.ts'
import { runDirection } from '../lib/direction-run.ts'
import { type EmaLine, wilderLine } from '../lib/ema-line.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions, Seed } from '../lib/types.ts'

export const ADX: Description = {
  name: 'adx',
  title: 'Average Directional Index',
  params: {
    period: { kind: 'integer', default: 14, min: 2, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['adx', 'plusDi', 'minusDi', 'dx'],
  pane: 'own',
  range: [0, 100],
  levels: [25],
  complexity: 'O(1)',
}

/** Output of {@link adx}. */
export interface AdxValue {
  adx: number
  plusDi: number
  minusDi: number
  dx: number
}

/** Options of {@link adx}. */
export interface AdxOptions extends RecordOptions {
  /** `tradingview` (default): Wilder averages of the movements start with `period` values. `talib`: with `period - 1`. */
  readonly seed?: Seed
}

class Adx extends Several<AdxValue> implements CandleIndicator<AdxValue> {
  readonly input = 'candle'
  readonly warmup: number
  readonly line: DirectionLine
  readonly average: EmaLine

  constructor(options: AdxOptions & { period?: number }) {
    super(ADX, options)
    const { period, seed } = this.read<{ period: number; seed: Seed }>()
    this.warmup = 2 * period - 1
    this.line = new DirectionLine(period, seed === 'talib')
    this.average = wilderLine(period)
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 3 * fade(1 - 1 / this.read<{ period: number }>().period, epsilon)
  }

  update(candle: Ohlcv): AdxValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): AdxValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: AdxValue): AdxValue {
    if (!this.line.step(candle, keep)) return out
    const { plusDi, minusDi, dx } = this.line.scratch
    const adx = this.average.step(dx, keep)
    if (adx !== adx) return out
    out.adx = adx
    out.plusDi = plusDi
    out.minusDi = minusDi
    out.dx = dx
    return out
  }
}

/**
 * Strength of a trend, 0 to 100, with its parts `plusDi`, `minusDi` and `dx`, each 0 to 100. All four are NaN until the ADX exists; dmi has the parts
 * earlier.
 *
 * Formula: up = high - high[-1], down = low[-1] - low; +DM = up if up > down and up > 0, -DM likewise; +DI = 100 wilder(+DM) / wilder(true range), -DI
 * likewise;
 * dx = 100 |+DI - -DI| / (+DI + -DI); adx = wilder(dx, p), starting with the mean of the first p
 * Flat: +DI and -DI 0; dx keeps its last value, 0 at the start
 * Source: Wilder 1978
 * TA-Lib: ADX, PLUS_DI, MINUS_DI, DX (`seed: 'talib'`), the same
 * TradingView: ta.dmi(p, p), the same first bar and recursion
 *
 * @example
 * ```ts
 * import { adx } from '@millrace/indicators'
 * const m = adx(2)
 * for (let i = 0; i < 4; i++) m.update({ open: i, high: i + 1, low: i, close: i + 1, volume: 1 })
 * m.value.adx // => 100
 * ```
 */
export const adx = (period = 14, options: AdxOptions = {}): CandleIndicator<AdxValue> => new Adx({ ...options, period })

/** Batch form of {@link adx}: as long as its input, NaN in the warm-up. */
export const adxBatch = (columns: Columns, period = 14, out?: Arrays<AdxValue>, options: AdxOptions = {}): Arrays<AdxValue> => {
  let one = new Adx({ ...options, period })
  const c = candles(ADX, columns, options, one.warmup + 1)
  const result = targets<AdxValue>(ADX, out, c)
  const start = Math.min(one.warmup + 1, c.length)
  fillAdx(one, c, start, result)
  if (start === c.length || (Number.isFinite(one.value.adx) && runDirection(one.line, one.average, c, start, result))) return result
  candles(ADX, c, options)
  one = new Adx({ ...options, period })
  fillAdx(one, c, c.length, result)
  return result
}

/** Updates, written into columns. */
const fillAdx = (one: Adx, c: Candles, end: number, out: Arrays<AdxValue>): void => {
  const cursor = new Cursor()
  for (let i = 0; i < end; i++) {
    const v = one.update(cursor.at(c, i))
    out.adx[i] = v.adx
    out.plusDi[i] = v.plusDi
    out.minusDi[i] = v.minusDi
    out.dx[i] = v.dx
  }
}
