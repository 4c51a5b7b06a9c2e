import fc from 'fast-check'
import type { Campaign } from '../lib/campaign.ts'
import { bookings } from '../../packages/core/src/ledger/lots.ts'
import { live, lives } from '../../packages/core/test/ledger-model.ts'

/** Events of one life. */
const STEPS = 10_000
/** Checks and restarts look at the whole life, so a long one has them further apart. */
const EVERY = { check: 100, costly: 40 }

/** `npm test` lives fifty lives of two hundred events; this lives long ones. */
export const campaign: Campaign = {
  title: 'the ledger holds through ten thousand random events, whichever way it is booked',
  run(seed) {
    const figures = { lives: 0, steps: 0, fills: 0, restarts: 0 }
    for (const booking of bookings) {
      fc.assert(
        fc.property(lives(STEPS), (steps) => {
          const report = live(booking, steps, EVERY)
          figures.lives++
          figures.steps += steps.length
          figures.fills += report.fills
          figures.restarts += report.restarts
        }),
        // A failure is shrunk by `npm test`, with its seed; here the first one is told.
        { seed, numRuns: 1, endOnFailure: true },
      )
    }
    return Promise.resolve(figures)
  },
}
