import { describe, expect, it } from 'vitest'
import { TripMarks } from './trip-marks.ts'

function marksAfter(...candles: readonly (readonly [high: number, low: number, close: number])[]): TripMarks {
  const marks = new TripMarks()
  marks.open(100)
  for (const [high, low, close] of candles) marks.candle(high, low, close)
  return marks
}

describe('what the price did since an entry', () => {
  it('knows no extremes before the first candle', () => expect(marksAfter()).toMatchObject({ low: Number.NaN, high: Number.NaN, peak: 100, drawdown: 0 }))
  it('keeps the extremes of all candles', () => expect(marksAfter([104, 99, 101], [103, 98, 100])).toMatchObject({ low: 98, high: 104 }))
  it('measures a fall from the price of the entry', () => expect(marksAfter([100, 95, 96]).drawdown).toBeCloseTo(0.05, 12))
  it('measures a fall from the highest price so far to a later low', () => expect(marksAfter([110, 104, 109], [109, 99, 100]).drawdown).toBeCloseTo(0.1, 12))
  it('does not count from a high to a low of the same candle: which came first is not known', () => {
    expect(marksAfter([120, 100, 120]).drawdown).toBe(0)
  })
  it('counts from the high of a candle to its close, which came after it', () => expect(marksAfter([120, 100, 108]).drawdown).toBeCloseTo(0.1, 12))
  it('starts anew with the next entry', () => {
    const marks = marksAfter([110, 90, 100])
    marks.open(50)
    marks.candle(51, 50, 51)
    expect(marks).toMatchObject({ low: 50, high: 51, peak: 51, drawdown: 0 })
  })
})
