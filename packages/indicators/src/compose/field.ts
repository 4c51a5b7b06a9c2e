import { FIELDS } from '../lib/columns.ts'
import type { CandleIndicator, Description, Field, Json, Ohlcv } from '../lib/types.ts'
import { unexpected } from '../lib/unexpected.ts'
import { loadParts, saveParts } from './parts.ts'

class FieldOf implements CandleIndicator {
  readonly input = 'candle'
  readonly warmup = 0
  readonly id: string
  value = NaN
  private readonly name: Field

  constructor(name: Field) {
    if (!FIELDS.includes(name)) throw unexpected('field', `one of ${FIELDS.join(', ')}`, name)
    this.name = name
    this.id = `${name}()`
  }

  update(candle: Ohlcv): number {
    return (this.value = this.preview(candle))
  }

  preview(candle: Ohlcv): number {
    const x = (candle as Ohlcv | null | undefined)?.[this.name]
    if (x === undefined || !Number.isFinite(x)) throw unexpected(this.name, 'a finite number', x)
    return x
  }

  stableAfter(): number {
    return 1
  }

  snapshot(): Json {
    return saveParts(this.id, [], Number.isNaN(this.value) ? null : this.value)
  }

  restore(state: Json): void {
    const value = loadParts(this.id, [], state)
    this.value = typeof value === 'number' ? value : NaN
  }

  reset(): void {
    this.value = NaN
  }

  describe(): Description {
    const { name } = this
    return { name, title: name, params: {}, inputs: [name], outputs: ['value'], pane: name === 'volume' ? 'own' : 'price', complexity: 'O(1)' }
  }
}

/**
 * One column of a candle as an indicator, to feed others with. Throws a `RangeError` for a value that is not finite.
 *
 * @example
 * ```ts
 * import { chain, correlation, field, join, sma } from '@millrace/indicators'
 * chain(field('volume'), sma(20)).id // => 'volume() > sma(20)'
 * join(field('close'), field('volume'), correlation(30)).warmup // => 29
 * ```
 */
export const field = (name: Field): CandleIndicator => new FieldOf(name)
