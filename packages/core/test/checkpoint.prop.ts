import fc from 'fast-check'
import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { JournalEntry, Projector } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { expect, test } from 'vitest'
import { restoreParts, snapshotDurable } from '../src/engine/durable-snapshot.ts'
import { DurableState } from '../src/engine/durable-state.ts'
import { decodeFacts } from '../src/engine/journal/facts.ts'

const journal = sampleJournal(600)

function fold(state: DurableState, entries: readonly JournalEntry[]): DurableState {
  for (const { type, atMs, botId, data } of entries) state.apply(type, atMs, botId, decodeFacts(type, data))
  return state
}

/** Rows that the entries change, in order, and the sizes after them. */
function changes(projector: Projector, entries: readonly JournalEntry[]): unknown {
  const rows = createProjectionRows(projectionTables)
  for (const entry of entries) rows.write(projector.apply(entry))
  return [projectionTables.map(({ name }) => rows.sorted(name)), [...projector.sizes], projector.halted]
}

const cuts = fc.uniqueArray(fc.integer({ min: 0, max: journal.length }), { minLength: 1, maxLength: 6 }).map((places) => places.sort((a, b) => a - b))

test('a fold that goes on from any checkpoints is the fold from the first entry', () => {
  fc.assert(
    fc.property(cuts, (places) => {
      const whole = fold(new DurableState(), journal)
      const last = places.at(-1)!
      // Taken by one process after another, each of which began where the one before stopped.
      let projector = createProjector()
      let core: unknown
      const grown: unknown[] = []
      for (const [i, place] of places.entries()) {
        for (const entry of journal.slice(places[i - 1] ?? 0, place)) projector.apply(entry)
        const taken = projector.checkpoint()
        core = JSON.parse(JSON.stringify(taken.core))
        grown.push(JSON.parse(JSON.stringify(taken.grown)))
        if (i % 2 === 0) projector = createProjector({ core, grown } as never)
      }
      const resumed = new DurableState()
      restoreParts(resumed, core as never, grown as never)
      fold(resumed, journal.slice(last))
      expect(snapshotDurable(resumed)).toEqual(snapshotDurable(whole))

      const fresh = createProjector()
      for (const entry of journal.slice(0, last)) fresh.apply(entry)
      expect(changes(createProjector({ core, grown } as never), journal.slice(last))).toEqual(changes(fresh, journal.slice(last)))
    }),
    { numRuns: 40 },
  )
})

test('every part of the durable state has its place in a snapshot', () => {
  // Working orders follow from the orders, the halves of a name from the name; the last fill is over with the next entry.
  const derived = ['working', 'lastFill', 'pairs']
  const state = new DurableState()
  expect([...Object.keys(snapshotDurable(state) as object), ...derived].sort()).toEqual(Object.keys(state).sort())
})

test('what a checkpoint adds is what changed since the one before', () => {
  const projector = createProjector()
  const sizes: number[] = []
  for (let at = 0; at < journal.length; at += 100) {
    for (const entry of journal.slice(at, at + 100)) projector.apply(entry)
    const { core, grown } = projector.checkpoint()
    sizes.push(JSON.stringify(grown).length)
    expect(Object.keys(core as object)).toContain('ledger')
  }
  // Not the sum of all before.
  expect(Math.max(...sizes)).toBeLessThan(3 * sizes[0]!)
  expect(projector.checkpoint().grown).toEqual({ orders: { columns: ['clientOrderId', 'done'], rows: [] }, fillIds: [], closed: [] })
})
