import { expect, test } from 'vitest'
import { faultKinds } from '@millrace/coinbase-adapter/simulator'
import { harshChances, runVenueSchedule } from './schedules/venue-schedule.ts'

const wide = process.env['MILLRACE_WIDE'] === '1'
const SEEDS = wide ? 200 : 50
const sums: Record<string, number> = {}
let orders = 0
let fills = 0
let crashes = 0

// One test a seed: what fails says which.
test.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
  "eleven bots over real sockets on a bad day, seed %i: the account is the venue's to the last unit",
  async (seed) => {
    const { words, other, faults, ...counts } = await runVenueSchedule({ seed })
    expect(words).toEqual([])
    expect(other).toEqual([])
    for (const [kind, count] of Object.entries(faults)) sums[kind] = (sums[kind] ?? 0) + count
    orders += counts.orders
    fills += counts.fills
    crashes += counts.crashes
  },
)

test('[fault 2] [fault 11] [fault 24] [fault 25] [fault 30] every kind of fault of the plan did happen, and there were orders, fills and crashes', () => {
  // A kind that never happens is proven by nothing.
  expect(Object.keys(harshChances).filter((kind) => sums[kind] === undefined)).toEqual([])
  expect(Object.keys(sums).every((kind) => (faultKinds as readonly string[]).includes(kind))).toBe(true)
  expect(orders).toBeGreaterThan(5 * SEEDS)
  expect(fills).toBeGreaterThan(3 * SEEDS)
  expect(crashes).toBeGreaterThan(SEEDS / 10)
})
