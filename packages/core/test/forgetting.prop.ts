import fc from 'fast-check'
import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { EpochMs, Json, JournalEntry, PastOrders, Projector } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { expect, test } from 'vitest'
import { snapshotDurable } from '../src/engine/durable-snapshot.ts'
import { DurableState } from '../src/engine/durable-state.ts'
import { decodeFacts } from '../src/engine/journal/facts.ts'
import { snapshotOrder } from '../src/engine/order-snapshot.ts'
import { relyOnStore } from '../src/engine/rely-on-store.ts'
import { EMPTY_CHAIN } from '../src/engine/journal/chain.ts'
import { nextEntry } from '../src/testing/sample-journal.ts'

type Fill = { readonly fillId: string; readonly clientOrderId: string; readonly side: string }

const apply = (state: DurableState, { type, atMs, botId, data }: JournalEntry): void => state.apply(type, atMs, botId, decodeFacts(type, data))

/** A journal in which venues tell old fills again, and book late ones on orders that were over long before. */
function journalWith(late: readonly { readonly at: number; readonly of: number; readonly again: boolean }[]): readonly JournalEntry[] {
  const whole = new DurableState()
  const entries: JournalEntry[] = []
  const take = (from: JournalEntry, botId = from.botId, data: unknown = from.data): void => {
    const entry = nextEntry(entries.at(-1) ?? EMPTY_CHAIN, from.atMs, from.type, data as Json, botId)
    apply(whole, entry)
    entries.push(entry)
  }
  for (const [i, entry] of sampleJournal(400).entries()) {
    take(entry)
    for (const { of, again } of late.filter(({ at }) => at === i)) {
      const bought = entries.filter(({ type, data }) => type === 'fill' && (data as Fill).side === 'buy')
      const fill = bought[of % Math.max(1, bought.length)]
      if (fill === undefined) continue
      const { botId } = whole.orders.get((fill.data as Fill).clientOrderId)!
      take(
        { ...fill, atMs: entry.atMs as EpochMs },
        botId,
        again ? fill.data : { ...(fill.data as object), fillId: `late-${entries.length}`, quantity: '0.001' },
      )
    }
  }
  return entries
}

/** A store that keeps every entry and nothing else. */
class Entries implements PastOrders {
  readonly list: JournalEntry[] = []
  walks = 0
  readonly keep: number

  constructor(keep: number) {
    this.keep = keep
  }

  private whole(): DurableState {
    const state = new DurableState()
    for (const entry of this.list) apply(state, entry)
    return state
  }

  has(clientOrderId: string): boolean {
    return this.list.some(({ type, data }) => type === 'intent' && (data as Fill).clientOrderId === clientOrderId)
  }

  order(clientOrderId: string): Json | undefined {
    if (!this.has(clientOrderId)) return undefined
    this.walks++
    return snapshotOrder(this.whole().orders.get(clientOrderId)!)
  }

  nameOf(venueOrderId: string): string | undefined {
    return this.whole().orders.nameOf(venueOrderId)
  }

  readonly hasFill = (fillId: string): boolean => this.list.some(({ type, data }) => type === 'fill' && (data as Fill).fillId === fillId)
}

/** What the rules, the books and the tables are made of: everything but the lists of what is over. */
function withoutLists(state: DurableState): unknown {
  const { trips } = state.analytics
  const { orders: _, ledger, analytics, ...rest } = snapshotDurable(state) as { readonly [key: string]: object }
  return {
    ...rest,
    ledger: { ...ledger, fillIds: [] },
    analytics: { ...analytics, closed: [] },
    trips: [trips.count, trips.wins, trips.losses, trips.best, trips.worst, [...trips.open]],
  }
}

const late = fc.array(fc.record({ at: fc.integer({ min: 40, max: 399 }), of: fc.nat(30), again: fc.boolean() }), { minLength: 1, maxLength: 6 })

test('books that ask their store for what is over are the books that remember everything, and hold no more after a long run than after a short one', () => {
  let walks = 0
  fc.assert(
    fc.property(late, fc.nat(300), fc.integer({ min: 1, max: 4 }), (wanted, from, room) => {
      const journal = journalWith(wanted)
      const [whole, small, store] = [new DurableState(), new DurableState(), new Entries(room)]
      for (const [i, entry] of journal.entries()) {
        if (i === from) relyOnStore(small, store)
        apply(whole, entry)
        apply(small, entry)
        store.list.push(entry)
        expect(small.lastFill?.result.realizedPnl).toEqual(whole.lastFill?.result.realizedPnl)
        expect(small.lastFill && snapshotOrder(small.lastFill.order)).toEqual(whole.lastFill && snapshotOrder(whole.lastFill.order))
        expect(small.ledger.fillIds.size).toBe(whole.ledger.fillIds.size)
        if (i < from) continue
        // Three bots, each with one order at work.
        expect(small.orders.size).toBeLessThanOrEqual(2 * room + 3)
        expect(small.ledger.fillIds.held).toBeLessThanOrEqual(2 * room)
        expect(small.analytics.trips.closed.length).toBeLessThan(2 * room)
      }
      expect(withoutLists(small)).toEqual(withoutLists(whole))
      for (const order of whole.orders.values()) {
        expect(small.orders.has(order.clientOrderId)).toBe(true)
        if (order.venueOrderId !== undefined) expect(small.orders.nameOf(order.venueOrderId)).toBe(order.clientOrderId)
      }
      expect([small.orders.has('of nobody'), small.orders.get('of nobody'), small.ledger.hasFill('of nobody')]).toEqual([false, undefined, false])
      const [first] = whole.orders.values()
      expect(snapshotOrder(small.orders.get(first!.clientOrderId)!)).toEqual(snapshotOrder(first!))
      ;({ walks } = store)
    }),
    { numRuns: 10 },
  )
  expect(walks).toBeGreaterThan(0)
})

/** Feeds a journal to projectors as a store does: checkpoints at some places, where what is over is forgotten, and a fold from them when that is spoken of. */
function projectForgetting(journal: readonly JournalEntry[], places: ReadonlySet<number>) {
  const rows = createProjectionRows(projectionTables)
  const grown: Json[] = []
  const booked = new Set<string>()
  let projector: Projector = createProjector()
  let [core, since, anew]: [Json, number, number] = [null, 0, 0]
  for (const [i, entry] of journal.entries()) {
    if (!projector.covers([entry], (fillId) => booked.has(fillId))) {
      projector = createProjector(grown.length === 0 ? undefined : { core, grown })
      for (const known of journal.slice(since, i)) projector.apply(known)
      anew++
    }
    rows.write(projector.apply(entry))
    if (entry.type === 'fill') booked.add((entry.data as Fill).fillId)
    if (!places.has(i)) continue
    const taken = projector.checkpoint()
    core = taken.core
    grown.push(taken.grown)
    since = i + 1
    projector.forget()
    if (i > 60) expect(projector.order('sample-0-buy')).toBeUndefined()
  }
  return { rows, sizes: [...projector.sizes], halted: projector.halted, anew }
}

test('tables made by folds that forget what is over are those of the fold from the first entry', () => {
  let folds = 0
  fc.assert(
    fc.property(late, fc.uniqueArray(fc.integer({ min: 10, max: 399 }), { minLength: 1, maxLength: 6 }), (wanted, places) => {
      const journal = journalWith(wanted)
      const rows = createProjectionRows(projectionTables)
      const whole = createProjector()
      for (const entry of journal) rows.write(whole.apply(entry))
      const small = projectForgetting(journal, new Set(places))
      for (const { name } of projectionTables) expect([name, small.rows.sorted(name)]).toEqual([name, rows.sorted(name)])
      expect([small.sizes, small.halted]).toEqual([[...whole.sizes], whole.halted])
      folds += small.anew
    }),
    { numRuns: 20 },
  )
  expect(folds).toBeGreaterThan(0)
})
