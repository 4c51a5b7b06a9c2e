import { Scalar } from '../lib/base.ts'
import type { CandleIndicator, Description, Field, Ohlcv } from '../lib/types.ts'

class FieldOf extends Scalar implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup = 0
  private readonly key: Field

  constructor({ key }: { key: Field }) {
    const about: Description = { name: key, title: key, params: {}, inputs: [key], outputs: ['value'], pane: key === 'volume' ? 'own' : 'price', complexity: 'O(1)' }
    super(about, {})
    this.key = key
  }

  update(candle: Ohlcv): number {
    return (this.value = Number.isFinite(candle[this.key]) ? candle[this.key] : this.refuse(candle))
  }

  preview(candle: Ohlcv): number {
    return Number.isFinite(candle[this.key]) ? candle[this.key] : this.refuse(candle)
  }

  override reset(): void {
    this.value = NaN
  }
}

/**
 * One column of a candle as an indicator, to feed others with.
 *
 * @example
 * ```ts
 * import { chain, correlation, field, join, sma } from '@millrace/indicators'
 * chain(field('volume'), sma(20)).id // => 'volume() > sma(20)'
 * join(field('close'), field('volume'), correlation(30)).warmup // => 29
 * ```
 */
export const field = (name: Field): CandleIndicator => new FieldOf({ key: name })
