import type { Strategy } from '../../contracts/strategy.ts'
import { SignalSlots } from '../../pipeline/signal-slots.ts'

// Shared by the tests of this folder; nothing in the library imports it.

export interface Line {
  readonly score: number
  /** The components that spoke. */
  readonly names: readonly string[]
  readonly scores: readonly number[]
}

/** Feeds closes to a strategy and answers what it says of each candle; before it is warm, of NaN readings. */
export function run(strategy: Strategy, closes: readonly number[]): Line[] {
  const instance = strategy.create()
  const slots = new SignalSlots(strategy.componentNames)
  return closes.map((close) => {
    for (const [, indicator] of instance.indicators) indicator.update(close as never)
    slots.reset()
    instance.evaluate({ readings: instance.readings, candle: { close } } as never, slots)
    const spoken = slots.names.filter((_, i) => slots.weights[i]! > 0)
    return { score: slots.score, names: spoken, scores: spoken.map((name) => slots.scores[slots.names.indexOf(name)]!) }
  })
}

/** A seeded random walk of prices. */
export function walk(seed: number, length: number, start: number, step: number): number[] {
  let state = seed
  let price = start
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647
    price *= 1 + (state / 2147483647 - 0.5) * step
    return price
  })
}
