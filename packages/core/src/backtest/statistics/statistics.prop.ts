import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RoundTripRecord } from '../../contracts/analytics.ts'
import { breakdownOf } from './breakdown.ts'
import { drawdownStatistics } from './drawdown.ts'
import { periodStatistics } from './period-statistics.ts'
import { tradeStatistics } from './trade-statistics.ts'

const equities = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 })
const pnls = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 40 })
const trip = (pnl: number) => ({ pnl, grossPnl: pnl + 1, fees: 1, returnPercent: pnl, holdingMs: 1 })

test('the deepest fall is the largest share between any value and a later one', () => {
  fc.assert(
    fc.property(equities, (values) => {
      let deepest = 0
      values.forEach((peak, i) => values.slice(i).forEach((low) => (deepest = Math.max(deepest, (peak - low) / peak))))
      const { deepest: found, count, meanShare, longest } = drawdownStatistics(values.map((equity, atMs) => ({ atMs, equity })))
      expect(found?.share ?? 0).toBeCloseTo(deepest, 12)
      expect(count === 0).toBe(deepest === 0)
      if (meanShare !== undefined) expect(meanShare).toBeLessThanOrEqual(found!.share + 1e-12)
      if (longest !== undefined) expect(longest.durationMs).toBeLessThanOrEqual(values.length - 1)
    }),
  )
})

test('statistics per round trip do not depend on the order, but for streaks, and add up', () => {
  fc.assert(
    fc.property(pnls, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (list, chance) => {
      const shuffled = list.map((pnl, i) => ({ pnl, key: chance[i]! })).sort((a, b) => a.key - b.key)
      const [a, b] = [list, shuffled.map(({ pnl }) => pnl)].map((each) => tradeStatistics(each.map(trip)))
      expect([b!.pnl, b!.wins, b!.profitFactor, b!.bestPercent]).toEqual([a!.pnl, a!.wins, a!.profitFactor, a!.bestPercent])
      if (a!.sqn !== undefined) expect(b!.sqn).toBeCloseTo(a!.sqn, 9)
      expect(a!.pnl).toBe(list.reduce((sum, pnl) => sum + pnl, 0))
      if (a!.profitFactor !== undefined) expect(a!.profitFactor > 1).toBe(a!.pnl > 0)
    }),
  )
})

test('ratios per day do not depend on how much money there is', () => {
  fc.assert(
    fc.property(equities, fc.integer({ min: 1, max: 20 }), (values, doublings) => {
      // A power of two changes no digit.
      const scaled = values.map((value) => value * 2 ** doublings)
      expect(periodStatistics(scaled)).toEqual(periodStatistics(values))
    }),
  )
})

test('every cut holds every round trip once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ pnl: fc.integer({ min: -50, max: 50 }), closedAtMs: fc.integer({ min: 0, max: 2e12 }), bot: fc.constantFrom('a', 'b', 'c') })),
      (list) => {
        const trades = list.map(({ pnl, closedAtMs, bot }) => ({ pnl: String(pnl), fees: '2', closedAtMs, botId: bot, closedBy: bot }) as RoundTripRecord)
        for (const cut of Object.values(breakdownOf(trades)) as { key: string; trades: number; pnl: number; fees: number }[][]) {
          expect(cut.reduce((sum, slice) => sum + slice.trades, 0)).toBe(list.length)
          expect(cut.reduce((sum, slice) => sum + slice.pnl, 0)).toBe(list.reduce((sum, { pnl }) => sum + pnl, 0))
          expect(new Set(cut.map(({ key }) => key)).size).toBe(cut.length)
        }
      },
    ),
  )
})
