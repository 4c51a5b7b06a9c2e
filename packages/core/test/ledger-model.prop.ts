import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bookings } from '../src/ledger/lots.ts'
import { live, lives, type LifeReport } from './ledger-model.ts'

const RUNS = 50
const STEPS = 200

it.each(bookings)(
  `${RUNS} lives of ${STEPS} random events: books balance, coins and cash are what the fills say, P&L is the same however it is summed, restarts change nothing (%s) [row 35] [row 42] [INC-25] [INC-28]`,
  (booking) => {
    const sums = { fills: 0, restarts: 0 }
    fc.assert(
      fc.property(lives(STEPS), (steps) => {
        const report: LifeReport = live(booking, steps)
        sums.fills += report.fills
        sums.restarts += report.restarts
      }),
      { numRuns: RUNS },
    )
    // The lives were lived: this is not a test of nothing.
    expect([sums.fills > 10 * RUNS, sums.restarts > RUNS]).toEqual([true, true])
  },
)
