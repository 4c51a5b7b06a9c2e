import { fade, Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { hasHl } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const DIRECTIONAL_MOVEMENT: Description = {
  name: 'directionalMovement',
  title: 'Directional Movement',
  params: { period: { kind: 'integer', default: 14, min: 2, max: LONG } },
  inputs: ['high', 'low'],
  outputs: ['plusDm', 'minusDm'],
  pane: 'own',
  range: [0, Infinity],
  complexity: 'O(1)',
}

/** Output of {@link directionalMovement}. */
export interface DirectionalMovementValue {
  plusDm: number
  minusDm: number
}

class DirectionalMovement extends Several<DirectionalMovementValue> implements CandleIndicator<DirectionalMovementValue> {
  readonly input = 'candle'
  readonly warmup: number
  private high = NaN
  private low = NaN
  private plus = 0
  private minus = 0
  private count = 0

  constructor(options: RecordOptions & { period?: number }) {
    super(DIRECTIONAL_MOVEMENT, options)
    const { period } = this.read<{ period: number }>()
    this.warmup = period - 1
  }

  override stableAfter(epsilon: number): number {
    return this.warmup + fade(1 - 1 / (this.warmup + 1), epsilon)
  }

  update(candle: Ohlcv): DirectionalMovementValue {
    const out = hasHl(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): DirectionalMovementValue {
    const out = hasHl(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: DirectionalMovementValue): DirectionalMovementValue {
    const up = candle.high - this.high
    const down = this.low - candle.low
    const plusDm = up > down && up > 0 ? up : 0
    const minusDm = down > up && down > 0 ? down : 0
    const { count, warmup } = this
    const rest = count > warmup ? 1 - 1 / (warmup + 1) : 1
    const plus = this.plus * rest + plusDm
    const minus = this.minus * rest + minusDm
    if (keep) {
      this.high = candle.high
      this.low = candle.low
      this.plus = plus
      this.minus = minus
      if (count <= warmup) this.count = count + 1
    }
    if (count < warmup) return out
    out.plusDm = plus
    out.minusDm = minus
    return out
  }
}

/**
 * Wilder sums of the directional movement over `period` candles, `plusDm` and `minusDm`, in the unit of price.
 *
 * Formula: sum of the first p - 1 movements; then s = s - s / p + dm
 * Flat: 0
 * Source: Wilder 1978
 * TA-Lib: PLUS_DM, MINUS_DM, the same
 * TradingView: no built-in
 *
 * @example
 * ```ts
 * import { directionalMovement } from '@millrace/indicators'
 * const m = directionalMovement(2)
 * m.update({ open: 1, high: 2, low: 1, close: 2, volume: 1 })
 * m.update({ open: 2, high: 5, low: 2, close: 3, volume: 1 }).plusDm // => 3
 * ```
 */
export const directionalMovement = (period = 14, options: RecordOptions = {}): CandleIndicator<DirectionalMovementValue> =>
  new DirectionalMovement({ ...options, period })

/** Batch form of {@link directionalMovement}: as long as its input, NaN in the warm-up. */
export const directionalMovementBatch = (
  columns: Columns,
  period = 14,
  out?: Arrays<DirectionalMovementValue>,
  options: RecordOptions = {},
): Arrays<DirectionalMovementValue> => {
  const c = candles(DIRECTIONAL_MOVEMENT, columns, options)
  const cursor = new Cursor()
  const result = targets<DirectionalMovementValue>(DIRECTIONAL_MOVEMENT, out, c)
  const one = new DirectionalMovement({ ...options, period })
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.plusDm[i] = v.plusDm
    result.minusDm[i] = v.minusDm
  }
  return result
}
