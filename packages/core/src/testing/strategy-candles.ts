import type { Candle } from '../model/candle.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { chanceOf } from './plugins/chance.ts'

/** 2026-01-01T00:00Z. */
const START_MS = 1_767_225_600_000

/** What kinds of market a strategy must stand: each stretch of candles moves in its own way. */
const stretches: readonly ((i: number, chance: () => number) => number)[] = [
  (_i, chance) => (chance() - 0.5) * 0.01,
  () => 0,
  (_i, chance) => 0.002 + (chance() - 0.5) * 0.002,
  (_i, chance) => -0.004 + (chance() - 0.5) * 0.004,
  (i) => (i % 7 === 0 ? 0.06 : i % 7 === 3 ? -0.06 : 0),
  (i) => 0.004 * Math.sign((i % 20) - 9.5),
]

/**
 * Returns made-up one-minute candles: quiet, flat, rising, falling, jumping, swinging, with empty minutes, candles without volume and missing candles. The same
 * for the same seed.
 */
export function strategyCandles(count: number, seed = 1): Candle[] {
  const chance = chanceOf(seed)
  const candles: Candle[] = []
  let price = 100
  let minute = 0
  for (let i = 0; i < count; i++) {
    const open = price
    price *= 1 + stretches[Math.floor(i / 60) % stretches.length]!(i, chance)
    const reach = open === price ? 1 : 1 + chance() * 0.002
    candles.push({
      openTime: (START_MS + minute * MINUTE_MS) as EpochMs,
      open,
      high: Math.max(open, price) * reach,
      low: Math.min(open, price) / reach,
      close: price,
      volume: i % 41 === 0 ? 0 : 1 + 20 * squared(chance() * chance()),
    })
    minute += i % 97 === 96 ? 3 : 1
  }
  return candles
}

const squared = (x: number): number => x * x
