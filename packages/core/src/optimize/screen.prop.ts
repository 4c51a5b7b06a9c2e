import fc from 'fast-check'
import { sma } from '@millrace/indicators'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { backtest } from '../backtest/backtest.ts'
import { START_MS, plainBot, walkColumns } from '../backtest/backtest.fixture.ts'
import { MINUTE_MS } from '../model/time.ts'
import { fixedSize } from '../sizing/fixed-size.ts'
import { defineStrategy } from '../strategies/define-strategy.ts'
import { screen } from './screen.ts'

/** The rule of the screening as a strategy: in above, out below. */
const crossing = defineStrategy({
  id: 'crossing',
  params: z.strictObject({ fast: z.int(), slow: z.int() }),
  indicators: (p) => ({ fast: sma(p.fast), slow: sma(p.slow) }),
  components: { distance: ({ reading }) => `${reading}` },
  evaluate({ readings }, _params, signal) {
    const distance = readings.fast.value - readings.slow.value
    signal.add('distance', distance > 0 ? 1 : distance < 0 ? -1 : 0, 1, distance)
  },
})

/** The same indicator over the whole series: NaN until it is ready. */
function line(close: Float64Array, period: number): Float64Array {
  const average = sma(period)
  return close.map((value) => average.update(value))
}

describe('screen', () => {
  test("makes the engine's trades of the same rule: the same candles, the same prices, and the same return", () => {
    const walks = fc.record({
      seed: fc.integer({ min: 1, max: 2 ** 30 }),
      fast: fc.integer({ min: 2, max: 20 }),
      more: fc.integer({ min: 1, max: 40 }),
      minutes: fc.integer({ min: 2, max: 700 }),
    })
    let trips = 0
    fc.assert(
      fc.property(walks, ({ seed, fast, more, minutes }) => {
        const columns = walkColumns(minutes, seed)
        const slow = fast + more
        const { trades, fills } = backtest({
          bots: [plainBot({ strategy: crossing({ fast, slow }), sizing: fixedSize(500), tranches: { max: 1 } })],
          candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }],
          cash: { USD: '1000000' },
          fees: { makerRate: '0.001', takerRate: '0.001' },
          safety: [],
          slippageBps: 0,
          spreadBps: 0,
          latencyMs: 0,
        })
        const [f, s] = [line(columns.close, fast), line(columns.close, slow)]
        const [screened] = screen(columns, [{ enterAbove: [f, s], leaveBelow: [f, s] }], { costRate: 0.001, keepTrades: true })
        const rows = fills.slice(0, 2 * trades.length).map(({ atMs }) => (atMs - START_MS) / MINUTE_MS)
        expect(screened!.rows).toEqual(rows)
        // The engine rounds prices to the cent, against us, and amounts to the increment.
        fills.slice(0, rows.length).forEach(({ price }, i) => expect(Math.abs(Number(price) - columns.open[rows[i]!]!)).toBeLessThanOrEqual(0.0101))
        const returned = trades.reduce((sum, { returnPercent }) => sum + returnPercent, 0)
        expect(Math.abs(screened!.returnPercent - returned)).toBeLessThan(0.025 * (1 + trades.length))
        trips += trades.length
      }),
      { numRuns: 25 },
    )
    expect(trips).toBeGreaterThan(25)
  })
  test('takes levels, and prices by hand', () => {
    const open = Float64Array.of(10, 10, 20, 20, 40, 20, 99)
    const reading = Float64Array.of(Number.NaN, 25, 50, 75, 25, 75, 25)
    const options = { costRate: 0.1, keepTrades: true }
    // In below 30 (row 1, at the open of row 2), out above 70 (row 3, at row 4); in again at row 5, out at row 6.
    const [told] = screen({ open, length: 7 }, [{ enterAbove: [30, reading], leaveBelow: [70, reading] }], options)
    const [first, second] = [(40 / 20) * (0.9 / 1.1) - 1, (99 / 20) * (0.9 / 1.1) - 1]
    expect(told).toEqual({ trades: 2, wins: 2, returnPercent: 100 * (first + second), drawdownPercent: 0, rows: [2, 4, 5, 6] })
    expect(screen({ open, length: 7 }, [{ enterAbove: [reading, 70], leaveBelow: [reading, 30] }], options)[0]!.rows).toEqual([4, 5])
    expect(screen({ open: new Float64Array(0), length: 0 }, [{ enterAbove: [1, 0], leaveBelow: [1, 0] }], options)[0]!.trades).toBe(0)
    expect(() => screen({ open, length: 7 }, [{ enterAbove: [reading.subarray(1), 0], leaveBelow: [1, 0] }], options)).toThrow('expected lines of 7 values')
    expect(() => screen({ open, length: 7 }, [], { costRate: Number.NaN })).toThrow('expected a cost from 0')
  })
})
