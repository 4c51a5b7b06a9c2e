import { Several } from '../lib/base.ts'
import { type Arrays, candles, type Columns, Cursor, targets } from '../lib/columns.ts'
import { Delay } from '../lib/delay.ts'
import { ExtremeWindow } from '../lib/extreme-window.ts'
import { hasHl } from '../lib/finite.ts'
import { LONG } from '../lib/params.ts'
import type { CandleIndicator, Description, Ohlcv, RecordOptions } from '../lib/types.ts'

export const ICHIMOKU: Description = {
  name: 'ichimoku',
  title: 'Ichimoku Cloud',
  params: {
    conversion: { kind: 'integer', default: 9, min: 1, max: LONG },
    base: { kind: 'integer', default: 26, min: 1, max: LONG },
    span: { kind: 'integer', default: 52, min: 1, max: LONG },
    displacement: { kind: 'integer', default: 26, min: 1, max: LONG },
  },
  inputs: ['high', 'low'],
  outputs: ['conversion', 'base', 'spanA', 'spanB', 'leadA', 'leadB'],
  pane: 'price',
  complexity: 'O(1)',
}

/** Output of {@link ichimoku}. */
export interface IchimokuValue {
  conversion: number
  base: number
  spanA: number
  spanB: number
  leadA: number
  leadB: number
}

/** Options of {@link ichimoku}. */
export interface IchimokuOptions extends RecordOptions {
  readonly conversion?: number
  readonly base?: number
  readonly span?: number
  readonly displacement?: number
}

class Ichimoku extends Several<IchimokuValue> implements CandleIndicator<IchimokuValue> {
  readonly input = 'candle'
  readonly warmup: number
  private readonly high1: ExtremeWindow
  private readonly low1: ExtremeWindow
  private readonly high2: ExtremeWindow
  private readonly low2: ExtremeWindow
  private readonly high3: ExtremeWindow
  private readonly low3: ExtremeWindow
  private readonly delayA: Delay
  private readonly delayB: Delay

  constructor(options: IchimokuOptions) {
    super(ICHIMOKU, options)
    const { conversion, base, span, displacement } = this.read<{ conversion: number; base: number; span: number; displacement: number }>()
    this.warmup = Math.max(conversion, base, span) + displacement - 2
    this.high1 = new ExtremeWindow(conversion, 1)
    this.low1 = new ExtremeWindow(conversion, -1)
    this.high2 = new ExtremeWindow(base, 1)
    this.low2 = new ExtremeWindow(base, -1)
    this.high3 = new ExtremeWindow(span, 1)
    this.low3 = new ExtremeWindow(span, -1)
    this.delayA = new Delay(displacement - 1)
    this.delayB = new Delay(displacement - 1)
  }

  update(candle: Ohlcv): IchimokuValue {
    const out = hasHl(candle) ? this.step(candle, true, this.value) : this.refuse(candle, this.value)
    return this.fresh ? { ...out } : out
  }

  preview(candle: Ohlcv): IchimokuValue {
    const out = hasHl(candle) ? this.step(candle, false, this.scratch) : this.refuse(candle, this.scratch)
    return this.fresh ? { ...out } : out
  }

  private step(candle: Ohlcv, keep: boolean, out: IchimokuValue): IchimokuValue {
    const { high, low } = candle
    const conversion = (this.high1.step(high, keep) + this.low1.step(low, keep)) / 2
    const base = (this.high2.step(high, keep) + this.low2.step(low, keep)) / 2
    const leadB = (this.high3.step(high, keep) + this.low3.step(low, keep)) / 2
    const leadA = (conversion + base) / 2
    const spanA = this.delayA.step(leadA, keep)
    const spanB = this.delayB.step(leadB, keep)
    if (spanA !== spanA || spanB !== spanB) return out
    out.conversion = conversion
    out.base = base
    out.spanA = spanA
    out.spanB = spanB
    out.leadA = leadA
    out.leadB = leadB
    return out
  }
}

/**
 * Lines of Ichimoku, in the unit of price: `conversion`, `base`, the cloud over this candle (`spanA`, `spanB`) and the cloud it casts ahead (`leadA`,
 * `leadB`).
 *
 * Formula: mid(n) = (highest high + lowest low) / 2 over n; conversion = mid(9), base = mid(26), leadA = (conversion + base) / 2, leadB = mid(52); spans
 * = leads of `displacement - 1` candles ago
 * Flat: all exactly the price
 * Source: Hosoda 1969
 * TA-Lib: none
 * TradingView: the chart script, the same lines and displacement; the lagging span is the close drawn `displacement - 1` candles back and needs no
 * indicator
 *
 * @example
 * ```ts
 * import { ichimoku } from '@millrace/indicators'
 * const m = ichimoku({ conversion: 1, base: 2, span: 2, displacement: 1 })
 * m.update({ open: 1, high: 4, low: 2, close: 3, volume: 1 })
 * m.update({ open: 3, high: 3, low: 1, close: 2, volume: 1 }).base // => 2.5
 * ```
 */
export const ichimoku = (options: IchimokuOptions = {}): CandleIndicator<IchimokuValue> => new Ichimoku(options)

/** Batch form of {@link ichimoku}: as long as its input, NaN in the warm-up. */
export const ichimokuBatch = (columns: Columns, options: IchimokuOptions = {}, out?: Arrays<IchimokuValue>): Arrays<IchimokuValue> => {
  const c = candles(ICHIMOKU, columns, options)
  const cursor = new Cursor()
  const result = targets<IchimokuValue>(ICHIMOKU, out, c)
  const one = new Ichimoku(options)
  for (let i = 0; i < c.length; i++) {
    const v = one.update(cursor.at(c, i))
    result.conversion[i] = v.conversion
    result.base[i] = v.base
    result.spanA[i] = v.spanA
    result.spanB[i] = v.spanB
    result.leadA[i] = v.leadA
    result.leadB[i] = v.leadB
  }
  return result
}
