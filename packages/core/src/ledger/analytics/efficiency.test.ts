import { describe, expect, it } from 'vitest'
import { tripEfficiency } from './efficiency.ts'

const prices = { averageEntry: 102, averageExit: 107, low: 100, high: 110 }

describe('efficiency of a round trip', () => {
  it('worked example: bought at 102 and sold at 107 in a range of 100 to 110 is 80 %, 70 % and 75 % [row 43]', () => {
    const { entry, exit, total, adverseExcursion, favourableExcursion } = tripEfficiency(prices)
    expect([entry, exit, total]).toEqual([80, 70, 75])
    expect([adverseExcursion.toFixed(4), favourableExcursion.toFixed(4)]).toEqual(['1.9608', '7.8431'])
  })
  it('is 100 at the best prices and 0 at the worst [row 43]', () => {
    expect(tripEfficiency({ ...prices, averageEntry: 100, averageExit: 110 })).toMatchObject({ entry: 100, exit: 100, total: 100, adverseExcursion: 0 })
    expect(tripEfficiency({ ...prices, averageEntry: 110, averageExit: 100 })).toMatchObject({ entry: 0, exit: 0, total: 0, favourableExcursion: 0 })
  })
  it('stays within 0 to 100 where slippage filled outside of the candles [row 43]', () => {
    expect(tripEfficiency({ ...prices, averageEntry: 111, averageExit: 99 })).toMatchObject({ entry: 0, exit: 0 })
    expect(tripEfficiency({ ...prices, averageEntry: 99, averageExit: 111 })).toMatchObject({ entry: 100, exit: 100 })
  })
  it('is 50 when the price never moved, and when no candle was seen [row 43]', () => {
    expect(tripEfficiency({ averageEntry: 100, averageExit: 101, low: 100, high: 100 })).toMatchObject({ entry: 50, exit: 50, total: 50 })
    expect(tripEfficiency({ averageEntry: 100, averageExit: 101, low: Number.NaN, high: Number.NaN })).toEqual({
      entry: 50,
      exit: 50,
      total: 50,
      adverseExcursion: 0,
      favourableExcursion: 0,
    })
  })
})
