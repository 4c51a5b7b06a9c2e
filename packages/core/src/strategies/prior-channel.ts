import { donchian } from '@millrace/indicators'
import type { Candle } from '../model/candle.ts'
import type { Indicator } from '../contracts/indicator.ts'
import type { Json } from '../model/json.ts'
import { checkSnapshot, numberOf, textOf } from './indicator-snapshot.ts'

/** Highest high and lowest low of the candles before this one, in the unit of price. */
export interface PriorChannelValue {
  upper: number
  lower: number
}

const empty = (): PriorChannelValue => ({ upper: Number.NaN, lower: Number.NaN })

class PriorChannel implements Indicator<Candle, PriorChannelValue> {
  readonly input = 'candle'
  readonly id: string
  readonly warmup: number
  readonly value: PriorChannelValue = empty()
  private readonly peeked: PriorChannelValue = empty()
  private readonly channel: ReturnType<typeof donchian>

  constructor(period: number) {
    this.id = `priorChannel(${period})`
    this.warmup = period
    this.channel = donchian(period)
  }

  update(candle: Candle): PriorChannelValue {
    const { upper, lower } = this.channel.value
    this.channel.update(candle)
    this.value.upper = upper
    this.value.lower = lower
    return this.value
  }

  /** The candle at hand changes nothing: only those before it count. */
  preview(_candle: Candle): PriorChannelValue {
    this.peeked.upper = this.channel.value.upper
    this.peeked.lower = this.channel.value.lower
    return this.peeked
  }

  snapshot(): Json {
    return { id: this.id, version: 1, numbers: [this.value.upper, this.value.lower].map(textOf), channel: this.channel.snapshot() }
  }

  restore(state: Json): void {
    const { numbers, channel } = checkSnapshot(this.id, state, 2)
    this.channel.restore(channel ?? null)
    this.value.upper = numberOf(numbers[0])
    this.value.lower = numberOf(numbers[1])
  }

  reset(): void {
    this.channel.reset()
    Object.assign(this.value, empty())
    Object.assign(this.peeked, empty())
  }
}

/**
 * Makes a Donchian channel of the `period` candles before the one at hand: what a breakout breaks out of.
 *
 * Source: Donchian
 *
 * @throws RangeError when the period is not a whole number above 0
 * @example
 * ```ts
 * const channel = priorChannel(1)
 * const candle = { openTime: 0 as EpochMs, open: 5, high: 6, low: 4, close: 5, volume: 1 }
 * channel.update(candle)
 * channel.update({ ...candle, high: 9 }).upper // => 6
 * ```
 */
export const priorChannel = (period: number): Indicator<Candle, PriorChannelValue> & { readonly input: 'candle' } => new PriorChannel(period)
