import type { Candle } from '../../model/candle.ts'
import type { EpochMs } from '../../model/time.ts'

/** A data set that is the same up to a candle and another one after it. */
export interface Alteration {
  readonly name: string
  /** @param kept - candles that stay, from the first on; at least one */
  alter(candles: readonly Candle[], kept: number): readonly Candle[]
}

const scaled = (candle: Candle, factor: number): Candle => ({
  ...candle,
  open: candle.open * factor,
  high: candle.high * factor,
  low: candle.low * factor,
  close: candle.close * factor,
})

/** Every later candle by another function of the same shape. */
const later =
  (change: (candle: Candle, i: number, last: Candle) => Candle) =>
  (candles: readonly Candle[], kept: number): readonly Candle[] =>
    candles.map((candle, i) => (i < kept ? candle : change(candle, i - kept, candles[kept - 1]!)))

/** Ways to change the future: up, down, turned round, quiet, shorter, longer, with other volumes. */
export const alterations: readonly Alteration[] = [
  { name: 'later prices 7 % higher', alter: later((candle) => scaled(candle, 1.07)) },
  { name: 'later prices falling', alter: later((candle, i) => scaled(candle, 1 / (1.05 + 0.002 * i))) },
  {
    name: 'later prices mirrored',
    alter: later((candle, _i, last) => {
      const turn = (price: number): number => (last.close * last.close) / price
      return { ...candle, open: turn(candle.open), high: turn(candle.low), low: turn(candle.high), close: turn(candle.close), volume: candle.volume * 3 + 1 }
    }),
  },
  {
    name: 'later prices without a movement',
    alter: later((candle, _i, last) => ({ ...candle, open: last.close, high: last.close, low: last.close, close: last.close, volume: 0 })),
  },
  { name: 'the data ending here', alter: (candles, kept) => candles.slice(0, kept) },
  {
    name: 'more data at the end',
    alter(candles) {
      const last = candles.at(-1)!
      const step = candles.length > 1 ? last.openTime - candles.at(-2)!.openTime : 60_000
      return [
        ...candles,
        ...Array.from({ length: 60 }, (_, i) => scaled({ ...last, openTime: (last.openTime + (i + 1) * step) as EpochMs }, 1.3 + 0.01 * (i % 9))),
      ]
    },
  },
]
