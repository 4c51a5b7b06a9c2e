import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { DirectionLine } from '../lib/direction-line.ts'
import { hasHlc } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions, Seed } from '../lib/types.ts'

export const DMI: Description = {
  name: 'dmi',
  title: 'Directional Movement Index',
  params: {
    period: { kind: 'integer', default: 14, min: 2, max: LONG },
    seed: { kind: 'choice', default: 'tradingview', choices: ['tradingview', 'talib'] },
  },
  inputs: ['high', 'low', 'close'],
  outputs: ['plusDi', 'minusDi', 'dx'],
  pane: 'own',
  range: [0, 100],
  levels: [25],
  complexity: 'O(1)',
}

/** Output of {@link dmi}. */
export interface DmiValue {
  plusDi: number
  minusDi: number
  dx: number
}

/** Options of {@link dmi}. */
export interface DmiOptions extends RecordOptions {
  /** `tradingview` (default): Wilder averages start with `period` values. `talib`: with `period - 1`. */
  readonly seed?: Seed
}

class Dmi extends Several<DmiValue> implements CandleIndicator<DmiValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly line: DirectionLine

  constructor(options: DmiOptions & { period?: number }) {
    super(DMI, options)
    const { period, seed } = this.read<{ period: number; seed: Seed }>()
    this.warmup = period
    this.line = new DirectionLine(period, seed === 'talib')
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + 2 * fade(1 - 1 / this.warmup, epsilon)
  }

  update(candle: Ohlcv): DmiValue {
    const out = hasHlc(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): DmiValue {
    const out = hasHlc(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: DmiValue): DmiValue {
    const { scratch } = this.line
    if (!this.line.step(candle, keep)) return out
    out.plusDi = scratch.plusDi
    out.minusDi = scratch.minusDi
    out.dx = scratch.dx
    return out
  }
}

/**
 * Directional movement: `plusDi`, `minusDi` and `dx`, each 0 to 100.
 *
 * Formula: up = high - high[-1], down = low[-1] - low; +DM = up if up > down and up > 0, -DM likewise; +DI = 100 wilder(+DM) / wilder(true range), -DI
 * likewise;
 * dx = 100 |+DI - -DI| / (+DI + -DI)
 * Flat: +DI and -DI 0; dx keeps its last value, 0 at the start
 * Source: Wilder 1978
 * TA-Lib: PLUS_DI, MINUS_DI, DX (`seed: 'talib'`), the same
 * TradingView: ta.dmi, the same first bar and recursion
 *
 * @example
 * ```ts
 * import { dmi } from '@millrace/indicators'
 * const m = dmi(2)
 * m.update({ open: 1, high: 2, low: 1, close: 2, volume: 1 })
 * m.update({ open: 2, high: 3, low: 2, close: 3, volume: 1 })
 * m.update({ open: 3, high: 4, low: 3, close: 4, volume: 1 }).plusDi // => 100
 * ```
 */
export const dmi = (period = 14, options: DmiOptions = {}): CandleIndicator<DmiValue> => new Dmi({ ...options, period })

/** Batch form of {@link dmi}: as long as its input, NaN in the warm-up. */
export const dmiBatch = (columns: Columns, period = 14, out?: Arrays<DmiValue>, options: DmiOptions = {}): Arrays<DmiValue> => {
  const c = candles(DMI, columns, options)
  const cursor = new Cursor()
  const result = targets<DmiValue>(DMI, out, c)
  const one = new Dmi({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.plusDi[i] = v.plusDi
    result.minusDi[i] = v.minusDi
    result.dx[i] = v.dx
  }
  return result
}
