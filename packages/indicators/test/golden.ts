import { readdirSync, readFileSync } from 'node:fs'
import type { TestColumns } from '../src/testing.ts'

// Outputs of TA-Lib 0.6 on our own seeded series; test/golden/README.md says how they were made.
const FOLDER = new URL('./golden/', import.meta.url)

interface File {
  readonly params: Readonly<Record<string, number>>
  readonly lookback: number
  readonly series: Readonly<Record<string, { readonly begIndex: number; readonly outputs: Readonly<Record<string, readonly (number | string)[]>> }>>
}

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))

/** Names of the files with outputs. */
export const goldenNames = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json') && name !== 'inputs.json')
  .map((name) => name.slice(0, -5))
  .sort()

const inputs = (read('inputs.json') as { series: Record<string, Record<keyof TestColumns, (number | string)[]>> }).series

/** The six series of 500 candles. */
export const goldenInputs: Readonly<Record<string, TestColumns>> = Object.fromEntries(
  Object.entries(inputs).map(([name, columns]) => [
    name,
    Object.fromEntries(
      (['open', 'high', 'low', 'close', 'volume'] as const).map((field) => [field, Float64Array.from(columns[field], Number)]),
    ) as unknown as TestColumns,
  ]),
)

export interface Golden {
  readonly lookback: number
  /** By series, then by output: one value per candle, NaN before the first. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, Float64Array>>>>
}

/** One golden file, its outputs aligned with the candles. */
export const golden = (name: string): Golden => {
  const file = read(`${name}.json`) as File
  const outputs = Object.fromEntries(
    Object.entries(file.series).map(([series, { begIndex, outputs: columns }]) => [
      series,
      Object.fromEntries(
        Object.entries(columns).map(([key, values]) => {
          const out = new Float64Array(500).fill(NaN)
          out.set(Float64Array.from(values, Number), begIndex)
          return [key, out]
        }),
      ),
    ]),
  )
  return { lookback: file.lookback, outputs }
}
