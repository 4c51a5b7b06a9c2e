import { simulate } from '@millrace/core/testing'
import { expect, it } from 'vitest'

const wide = process.env['MILLRACE_WIDE'] === '1'
const seeds = wide ? 2_000 : 200

// A file of its own: it runs beside the other one.
it("[fault 11] [fault 55] eleven bots, two orders each: after any mixture of faults the account is the venue's, to the last unit", async () => {
  const report = await simulate({ seeds, firstSeed: 100_001, bots: 11, orders: 2, minutes: 60 })
  expect(report.failures).toEqual([])
  expect(report.orders).toBeGreaterThan(21 * seeds)
  expect(report.fills).toBeGreaterThan(report.orders)
})

it('[fault 55] eleven bots that want the same last dollars', async () => {
  const report = await simulate({ seeds: wide ? 500 : 20, firstSeed: 200_001, bots: 11, minutes: wide ? 20 : 6, cash: '60' })
  expect(report.failures).toEqual([])
  expect(report.orders).toBeGreaterThan(100)
})
