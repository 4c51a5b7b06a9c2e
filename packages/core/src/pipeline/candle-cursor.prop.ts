import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CandleEvent } from '../contracts/events.ts'
import { candleAt, candleColumns } from '../model/candle-columns.ts'
import type { CandleColumns } from '../model/candle.ts'
import { CandleCursor, CandleMerge } from './candle-cursor.ts'

const MINUTE = 60_000

const columnsOf = (gaps: readonly number[]): CandleColumns => {
  let minute = 0
  return candleColumns(gaps.map((gap, i) => ({ openTime: (minute += gap) * MINUTE, open: i + 0.1, high: i + 0.4, low: i, close: i + 0.2, volume: i / 3 })))
}
/** Around the ends of the blocks that a cursor copies. */
const length = fc.constantFrom(0, 1, 2, 63, 64, 65, 127, 128, 129, 150)
const series = length.chain((rows) => fc.array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows })).map(columnsOf)
const timeframe = fc.constantFrom(1, 2, 5).map((minutes) => minutes * MINUTE)
const copyOf = (event: CandleEvent): CandleEvent => ({ ...event, candle: { ...event.candle } })

function all(merge: CandleMerge, endMs = Infinity): CandleEvent[] {
  const events: CandleEvent[] = []
  for (let event = merge.next(endMs); event !== undefined; event = merge.next(endMs)) events.push(copyOf(event))
  return events
}

test('a cursor gives every row from its first one on, in one event object', () => {
  fc.assert(
    fc.property(series, fc.nat(150), (columns, from) => {
      const row = Math.min(from, columns.length)
      const cursor = new CandleCursor('BTC-USD', MINUTE, columns, row)
      for (let i = row; i < columns.length; i++) {
        expect(cursor.nextMs).toBe(columns.openTime[i]! + MINUTE)
        const event = cursor.take()
        expect(event).toEqual({
          type: 'candle',
          instrument: 'BTC-USD',
          timeframeMs: MINUTE,
          candle: { ...candleAt(columns, i) },
          closed: true,
          atMs: columns.openTime[i]! + MINUTE,
        })
        expect(event).toBe(cursor.event)
      }
      expect(cursor.nextMs).toBe(Infinity)
    }),
  )
})

test('a merge gives every candle once, by close time and then in the order of its cursors', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(series, timeframe), { maxLength: 4 }), (parts) => {
      const cursors = () => parts.map(([columns, timeframeMs], i) => new CandleCursor(`${i}`, timeframeMs, columns))
      const expected = parts
        .flatMap(([columns, timeframeMs], i) =>
          Array.from({ length: columns.length }, (_, row) => ({ i, timeframeMs, candle: candleAt(columns, row), atMs: columns.openTime[row]! + timeframeMs })),
        )
        .sort((a, b) => a.atMs - b.atMs || a.i - b.i)
        .map(({ i, timeframeMs, candle, atMs }) => ({ type: 'candle', instrument: `${i}`, timeframeMs, candle, closed: true, atMs }))
      expect(all(new CandleMerge(cursors()))).toEqual(expected)
      const endMs = expected[expected.length >> 1]?.atMs ?? 0
      expect(all(new CandleMerge(cursors()), endMs)).toEqual(expected.filter(({ atMs }) => atMs <= endMs))
    }),
  )
})
