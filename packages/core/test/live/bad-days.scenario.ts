import { faultKinds, harshFaults, runSchedule, simulate } from '@millrace/core/testing'
import type { FaultKind } from '@millrace/core/testing'
import { describe, expect, it } from 'vitest'

const wide = process.env['MILLRACE_WIDE'] === '1'
/** Schedules of one test, four of them: on a busy machine one alone would take too long. */
const seeds = wide ? 2_000 : 200
const firstSeeds = [1, 2_001, 4_001, 6_001]
// Long enough for every bot to make all of its orders.
const minutes = 60

describe('the real engine on bad days', () => {
  it.each(firstSeeds)(
    "[row 94] [fault 1] [fault 2] [fault 11] [fault 22] [fault 23] [fault 34] [fault 35] three bots, six orders each: after any mixture of faults the account is the venue's, to the last unit, from seed %i",
    async (firstSeed) => {
      const report = await simulate({ seeds, firstSeed, bots: 3, orders: 6, minutes })
      expect(report.failures).toEqual([])
      expect(report.orders).toBeGreaterThan(17.9 * seeds)
      expect(report.fills).toBeGreaterThan(report.orders)
      expect(report.probes).toBeGreaterThan(0)
      // A kind that never happens is proven by nothing.
      expect(faultKinds.filter((kind) => report.faults[kind] === undefined)).toEqual([])
    },
  )

  it('the same seed is the same bytes, a hundred times', async () => {
    const first = await runSchedule({ seed: 75, minutes: 5 })
    expect(first.orders).toBeGreaterThan(3)
    expect(first.faults.crash).toBeGreaterThan(0)
    for (let n = 0; n < 100; n++) expect(await runSchedule({ seed: 75, minutes: 5 })).toEqual(first)
    expect((await runSchedule({ seed: 49, minutes: 5 })).hash).not.toBe(first.hash)
  })
})

/** Rows of the fault matrix that one kind alone stands for. */
const rowsOf: Readonly<Partial<Record<FaultKind, string>>> = {
  lostRequest: '[fault 1]',
  lostReply: '[fault 2] [fault 20]',
  lateReply: '[fault 3]',
  errorBefore: '[fault 5]',
  errorAfter: '[fault 4]',
  unreadable: '[fault 9]',
  rateLimited: '[fault 6]',
  refused: '[fault 7]',
  orderLag: '[fault 13]',
  emptyList: '[fault 14]',
  fillLag: '[fault 16]',
  incompleteList: '[fault 17]',
  partialFills: '[fault 18]',
  cancelRace: '[fault 19]',
  duplicateEvent: '[fault 22]',
  reorderedEvent: '[fault 23]',
  droppedEvent: '[fault 24]',
  manualTrade: '[fault 27]',
  withdrawal: '[fault 54]',
  lateCandles: '[fault 47]',
  crash: '[fault 37]',
}

describe('one kind of fault alone, often', () => {
  it.each(faultKinds.map((kind) => [kind, rowsOf[kind] ?? ''] as const))('%s %s: nothing is lost, doubled or stuck', async (kind) => {
    const rate = Math.min(0.5, 5 * harshFaults[kind]!)
    const { failures, faults, fills } = await simulate({ seeds: 2, minutes: 12, faults: { [kind]: rate } })
    expect(failures).toEqual([])
    expect(faults[kind]).toBeGreaterThan(0)
    expect(fills).toBeGreaterThan(0)
  })
})
