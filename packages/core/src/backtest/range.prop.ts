import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stopLoss } from '../exits/stop-loss.ts'
import { takeProfit } from '../exits/take-profit.ts'
import { resample } from '../model/resample.ts'
import { MINUTE_MS } from '../model/time.ts'
import { backtest } from './backtest.ts'
import { pathColumns, plainBot, timed } from './backtest.fixture.ts'
import { rangeRunOf } from './range.ts'
import { resultOf } from './result.ts'

const QUARTER = 15 * MINUTE_MS

/** The only round trip of a run under an order of the extremes. */
function exitUnder(options: Parameters<typeof backtest>[0], order: 'highFirst' | 'lowFirst'): number | undefined {
  const run = rangeRunOf(options, order)
  while (run.advance());
  run.finish()
  const [trade] = resultOf(run).trades
  return trade && Number(trade.averageExit)
}

test('of a stop and a target that stand since the entry: the exit of a finer replay lies between the pessimistic and the optimistic one, given the same entry and a price that does not jump', () => {
  let ambiguous = 0
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), { minLength: 90, maxLength: 300 }),
      fc.double({ min: 0.01, max: 0.06, noNaN: true }),
      fc.double({ min: 0.01, max: 0.06, noNaN: true }),
      fc.boolean(),
      (steps, stop, target, stopFirst) => {
        const minutes = pathColumns(steps)
        const exits = stopFirst ? [stopLoss(stop), takeProfit(target)] : [takeProfit(target), stopLoss(stop)]
        const bots = [plainBot({ timeframe: '15m', strategy: timed({ buyAt: [0] }), exits })]
        const common = { bots, cash: { USD: '1000' }, safety: [], priceProtection: { 'SOL-USD': 0.9 } }
        const quarters = { ...common, candles: [{ instrument: 'SOL-USD', timeframeMs: QUARTER, columns: resample(minutes, MINUTE_MS, QUARTER) }] }
        const fine = backtest({ ...common, candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns: minutes }], detail: '1m' })
        const best = exitUnder(quarters, 'highFirst')
        const worst = exitUnder(quarters, 'lowFirst')
        const own = fine.trades[0] && Number(fine.trades[0].averageExit)
        // Minutes after the last whole quarter are no part of the coarser run.
        if (best === undefined || worst === undefined) {
          expect(best).toBe(worst)
          return
        }
        if (best > worst) ambiguous++
        expect(own).toBeGreaterThanOrEqual(worst)
        expect(own).toBeLessThanOrEqual(best)
      },
    ),
    { numRuns: 60 },
  )
  expect(ambiguous).toBeGreaterThan(0)
})
