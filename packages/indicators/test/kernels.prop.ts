import { array, assert, constantFrom, double, integer, oneof, property, record } from 'fast-check'
import { adx, atr, bollinger, ema, macd, rsi, sma, stochastic } from '@millrace/indicators'
import * as batch from '@millrace/indicators/batch'
import { describe, expect, test } from 'vitest'

// The kernels of the batch form have no branches where the streaming form has some: ties, zeros and sizes at the ends of the range are where they could part.
const price = oneof(
  { weight: 6, arbitrary: double({ min: 0.5, max: 1000, noNaN: true }) },
  { weight: 3, arbitrary: constantFrom(1, 2, 100) },
  { weight: 1, arbitrary: constantFrom(0, -3, 1e-300, 1e300, 1.7e308, Number.MAX_VALUE, -Number.MAX_VALUE) },
)
const candle = record({ open: price, high: price, low: price, close: price, volume: price })
const candles = array(candle, { maxLength: 90 })
const small = integer({ min: 1, max: 24 })

interface Streaming<In> {
  update(input: In): number | object
}
type Batch = Float64Array | Readonly<Record<string, Float64Array>>
type Candle = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'volume', number>>

const same = <In>(one: Streaming<In>, inputs: readonly In[], out: Batch): void => {
  const columns = out instanceof Float64Array ? { value: out } : out
  inputs.forEach((input, i) => {
    const value = one.update(input)
    const row: Readonly<Record<string, number>> = typeof value === 'number' ? { value } : { ...value }
    expect(Object.fromEntries(Object.keys(columns).map((name) => [name, columns[name]![i]]))).toStrictEqual(row)
  })
}

const columnsOf = (rows: readonly Candle[]): Readonly<Record<keyof Candle, number[]>> => ({
  open: rows.map(({ open }) => open),
  high: rows.map(({ high }) => high),
  low: rows.map(({ low }) => low),
  close: rows.map(({ close }) => close),
  volume: rows.map(({ volume }) => volume),
})

const overCloses: Readonly<Record<string, (x: number[], p: number, q: number) => void>> = {
  sma: (x, p) => same(sma(p), x, batch.sma(x, p)),
  ema: (x, p) => same(ema(p), x, batch.ema(x, p)),
  rsi: (x, p) => same(rsi(p), x, batch.rsi(x, p)),
  macd: (x, p, q) => same(macd({ fast: p, slow: p + q, signal: q }), x, batch.macd(x, { fast: p, slow: p + q, signal: q })),
  bollinger: (x, p, q) => same(bollinger({ period: p, deviations: q - 1 }), x, batch.bollinger(x, { period: p, deviations: q - 1 })),
}
const overCandles: Readonly<Record<string, (rows: readonly Candle[], p: number, q: number) => void>> = {
  atr: (rows, p) => same(atr(p), rows, batch.atr(columnsOf(rows), p)),
  adx: (rows, p) => same(adx(p + 1), rows, batch.adx(columnsOf(rows), p + 1)),
  stochastic: (rows, p, q) => {
    const options = { period: p, smooth: q, d: 1 + (p % 4) }
    same(stochastic(options), rows, batch.stochastic(columnsOf(rows), options))
  },
}

test('a candle of the warm-up that is too large to reckon with is one to the kernel as well', () => {
  const row = (high: number, low: number): Candle => ({ open: 0.5, high, low, close: 0.5, volume: 0.5 })
  const rows = [row(0.5, 0.5), row(1, 0.5), row(1, 0.5), row(0.5, Number.MAX_VALUE), row(0.5, 0.5)]
  expect(() => overCandles['adx']!(rows, 1, 1)).not.toThrow()
})

describe('the kernel of the batch form gives the bits of the streaming form', () => {
  for (const [name, run] of Object.entries(overCloses)) {
    test(name, () => assert(property(array(price, { maxLength: 90 }), small, small, run)))
  }
  for (const [name, run] of Object.entries(overCandles)) {
    test(name, () => assert(property(candles, small, small, run)))
  }
})

test('rsi: no price moved at first, and much later the averages have faded to nothing', () => {
  const x = [...Array.from({ length: 40 }, () => 7), 8, ...Array.from({ length: 1200 }, () => 9)]
  const out = batch.rsi(x, 2, undefined, { flat: 33 })
  expect(out[39]).toBe(33)
  expect(out[40]).toBe(100)
  expect(out.at(-1)).toBe(33)
  same(rsi(2, { flat: 33 }), x, out)
})
