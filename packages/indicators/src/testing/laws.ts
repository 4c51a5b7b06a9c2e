import { near } from './check.ts'
import { type Create, outputsOf } from './runs.ts'
import { flat, rising, transformed, walk } from './series.ts'

/** The same for all outputs, or one per output; an output left out has no such law. */
export type PerOutput<T> = T | Readonly<Record<string, T>>

/** What is known of an indicator beyond its contract. */
export interface Laws {
  /** Power of a price scale in the output: 0 for the RSI, 1 for an average, 2 for a variance. */
  readonly price?: PerOutput<number>
  /** The same for volumes; default 0. */
  readonly volume?: PerOutput<number>
  /** What a constant added to all prices does to the output: nothing (0) or the same shift (1). */
  readonly shift?: PerOutput<0 | 1>
  /** The output for flat prices; `price` stands for the price itself, exactly; `near` for the price up to rounding. */
  readonly flat?: PerOutput<number | 'price' | 'near'>
  /** The output for strictly rising prices. */
  readonly rising?: PerOutput<number>
}

const perOutput = <T>(names: readonly string[], law: PerOutput<T>): (T | undefined)[] =>
  names.map((name) => (typeof law === 'object' && law !== null ? (law as Readonly<Record<string, T>>)[name] : (law as T)))

export const scale = (create: Create, laws: Laws): void => {
  const names = create().describe().outputs
  const price = perOutput(names, laws.price!)
  const volume = perOutput(names, laws.volume ?? 0)
  const columns = walk(300)
  const plain = outputsOf(create(), columns)
  const largest = names.map((_, k) => Math.max(...plain.map((row) => Math.abs(row[k]!)).filter(Number.isFinite), 0))
  for (const [p, v] of [
    [1024, 1],
    [0.37, 1],
    [1, 8],
    [1e-6, 3],
  ] as const) {
    const scaled = outputsOf(create(), transformed(columns, p, v, 0))
    scaled.forEach((row, i) =>
      row.forEach((x, k) => {
        const power = price[k]
        if (power === undefined) return
        const factor = p ** power * v ** (volume[k] ?? 0)
        near(`prices x ${p}, volumes x ${v}, candle ${i}, ${names[k]}`, plain[i]![k]! * factor, x, 1e-9 * (largest[k]! || 1) * factor)
      }),
    )
  }
}

export const shift = (create: Create, law: PerOutput<0 | 1>): void => {
  const names = create().describe().outputs
  const shifts = perOutput(names, law)
  const columns = walk(300)
  const plain = outputsOf(create(), columns)
  outputsOf(create(), transformed(columns, 1, 1, 1000)).forEach((row, i) =>
    row.forEach((x, k) => {
      const moves = shifts[k]
      if (moves !== undefined) near(`prices + 1000, candle ${i}, ${names[k]}`, plain[i]![k]! + 1000 * moves, x, 1e-7)
    }),
  )
}

export const flatValue = (create: Create, law: PerOutput<number | 'price' | 'near'>): void => {
  const { warmup } = create()
  const values = perOutput(create().describe().outputs, law)
  for (const price of [0.1, 90_000, 1.1e-8]) {
    outputsOf(create(), flat(warmup + 50, price))
      .slice(warmup)
      .forEach((row, i) =>
        row.forEach((x, k) => {
          const value = values[k]
          if (value === undefined) return
          near(`flat at ${price}, candle ${warmup + i}`, typeof value === 'number' ? value : price, x === 0 ? 0 : x, value === 'near' ? 1e-14 * price : 0)
        }),
      )
  }
}

export const risingValue = (create: Create, law: PerOutput<number>): void => {
  const { warmup } = create()
  const values = perOutput(create().describe().outputs, law)
  outputsOf(create(), rising(warmup + 100))
    .slice(warmup)
    .forEach((row, i) =>
      row.forEach((x, k) => {
        const value = values[k]
        if (value !== undefined) near(`rising, candle ${warmup + i}`, value, x, 1e-9 * Math.max(1, Math.abs(value)))
      }),
    )
}
