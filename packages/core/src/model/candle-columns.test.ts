import { expect, test } from 'vitest'
import { candleAt, candleColumns, candleColumnsBuilder, firstRowFrom, pickRows, rowsBetween, sliceColumns } from './candle-columns.ts'

const minutes = (...starts: readonly number[]) =>
  candleColumns(
    starts.map((minute) => ({ openTime: minute * 60_000, open: minute, high: minute + 2, low: minute - 1, close: minute + 1, volume: minute * 10 })),
  )
const startsOf = (columns: { readonly openTime: Float64Array }): number[] => Array.from(columns.openTime, (ms) => ms / 60_000)

test('a builder grows beyond its capacity and keeps every column', () => {
  const builder = candleColumnsBuilder(1)
  for (let i = 1; i <= 9; i++) builder.push(i, i + 0.1, i + 0.4, i, i + 0.2, i * 100)
  const columns = builder.build()
  expect(builder.length).toBe(9)
  expect(columns.length).toBe(9)
  expect(candleAt(columns, 8)).toEqual({ openTime: 9, open: 9.1, high: 9.4, low: 9, close: 9.2, volume: 900 })
})

test('slices are views, picked rows are copies', () => {
  const columns = minutes(1, 2, 3)
  const slice = sliceColumns(columns, 1, 3)
  const picked = pickRows(columns, [2, 0])
  columns.close[2] = 99
  expect(slice.close[1]).toBe(99)
  expect(startsOf(picked)).toEqual([3, 1])
  expect(picked.close[0]).toBe(4)
  expect(sliceColumns(columns, 3, 2).length).toBe(0)
})

test('firstRowFrom finds the first row at or after a moment', () => {
  const columns = minutes(1, 3, 5)
  expect([0, 1, 2, 3, 5, 6].map((minute) => firstRowFrom(columns, minute * 60_000))).toEqual([0, 0, 1, 1, 2, 3])
})

test('rowsBetween gives whole candles only: one that is still forming at the end is not among them', () => {
  const columns = minutes(0, 1, 2, 3)
  expect(startsOf(rowsBetween(columns, 60_000, 60_000, 180_000))).toEqual([1, 2])
  expect(startsOf(rowsBetween(columns, 60_000, 60_001, 179_999))).toEqual([])
  expect(startsOf(rowsBetween(columns, 60_000, -Infinity, Infinity))).toEqual([0, 1, 2, 3])
})
