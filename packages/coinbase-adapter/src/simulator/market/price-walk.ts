import { chance, mix, numberOf } from '../random.ts'

/** Octaves of the walk: the longest wave has 2^16 minutes, 45 days. */
const OCTAVES = 17
const MINUTE_MS = 60_000
/** Times a trade of a usual minute is larger than the typical one at most. */
const LARGEST_TRADE = 20

/** A trade of the seeded market, in whole steps of price and size. */
export interface SeededTrade {
  readonly atMs: number
  readonly ticks: number
  readonly lots: number
  /** Who was resting. */
  readonly makerSide: 'BUY' | 'SELL'
}

export interface WalkOptions {
  readonly seed: number
  readonly name: string
  /** Standard deviation of a minute's change, as a share of the price. */
  readonly volatility: number
}

/**
 * Returns a log price by minute that looks like a random walk over hours and days and does not run away over months: waves of noise of doubling length,
 * whose size grows with the root of their length. Any minute costs the same, whatever came before.
 */
export function priceWalk({ seed, name, volatility }: WalkOptions): (minute: number) => number {
  const key = mix(seed, numberOf(name))
  const noise = (octave: number, cell: number): number => (chance(key, octave, cell) * 2 - 1) * volatility * Math.sqrt(2 ** octave)
  // The waves of the last minute asked for: the next one is mostly on the same ones.
  const waves = Array.from({ length: OCTAVES }, () => ({ cell: Number.NaN, from: 0, to: 0 }))
  return (minute) => {
    let level = 0
    for (let octave = 0; octave < OCTAVES; octave++) {
      const place = minute / 2 ** octave
      const cell = Math.floor(place)
      const wave = waves[octave]!
      if (wave.cell !== cell) {
        wave.from = wave.cell === cell - 1 ? wave.to : noise(octave, cell)
        wave.to = noise(octave, cell + 1)
        wave.cell = cell
      }
      level += wave.from + (wave.to - wave.from) * (place - cell)
    }
    return level
  }
}

export interface SeededTradesOptions extends WalkOptions {
  /** Price at a log level of 0. */
  readonly price: number
  readonly priceStep: number
  readonly sizeStep: number
  /** Distance of a trade from the middle, as a share of the price. */
  readonly halfSpread: number
  readonly quietMinutes: number
  /** Value of a typical trade in quote. */
  readonly typicalValue: number
}

/** Returns the trades of any minute, oldest first; some minutes have none. */
export function seededTrades(options: SeededTradesOptions): (minute: number) => readonly SeededTrade[] {
  const walk = priceWalk(options)
  const key = mix(options.seed, numberOf(`${options.name} trades`))
  return (minute) => {
    if (chance(key, minute, 0) < options.quietMinutes) return []
    const count = 1 + Math.floor(chance(key, minute, 1) * 6)
    const [from, to] = [walk(minute), walk(minute + 1)]
    return Array.from({ length: count }, (_, index): SeededTrade => {
      // Each trade has a slot of its own, so that they come in order.
      const share = (index + chance(key, minute, 2, index)) / count
      const makerSide = chance(key, minute, 3, index) < 0.5 ? 'BUY' : 'SELL'
      const price = options.price * Math.exp(from * (1 - share) + to * share) * (makerSide === 'BUY' ? 1 - options.halfSpread : 1 + options.halfSpread)
      const value = options.typicalValue * (0.1 + chance(key, minute, 4, index) ** 4 * LARGEST_TRADE)
      return {
        atMs: minute * MINUTE_MS + Math.floor(share * MINUTE_MS),
        ticks: Math.max(1, Math.round(price / options.priceStep)),
        lots: Math.max(1, Math.round(value / price / options.sizeStep)),
        makerSide,
      }
    })
  }
}
