import { createProjectionRows, createProjector, projectionTables } from '@millrace/core'
import type { Json, JournalEntry, Store } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { describe, expect, test } from 'vitest'
import { nextEntry } from '../../core/src/testing/sample-journal.ts'
import { inMemory, temporaryFiles } from '../test/temporary-folder.ts'
import { sqliteStore } from './sqlite-store.ts'

const newFile = temporaryFiles(inMemory)
const sample = sampleJournal(300)
const options = { retention: { checkpointEvery: 40 } }
const paper = { environment: 'paper' } as const

/** Fills of the first order there was: told again, and one more that nobody knew of. */
function afterAll(): readonly JournalEntry[] {
  const fill = sample.find(({ type }) => type === 'fill')!
  const again = nextEntry(sample.at(-1)!, sample.at(-1)!.atMs, 'fill', fill.data as Json, 'btc-4')
  const late = nextEntry(again, again.atMs, 'fill', { ...(fill.data as object), fillId: 'late', quantity: '0.001' }, 'btc-4')
  return [again, late]
}

function filled(path: string): Store {
  const store = sqliteStore(path, options).open(paper)
  for (let at = 0; at < sample.length; at += 10) store.append(sample.slice(at, at + 10))
  return store
}

function expectRows(store: Store, entries: readonly JournalEntry[]): void {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of entries) rows.write(projector.apply(entry))
  for (const { name } of projectionTables) expect([name, store.rows(name)]).toEqual([name, rows.sorted(name)])
}

describe('a store that has forgotten what its checkpoints hold', () => {
  test('[row 96] books a fill of an order that was over long ago, and none twice, also after a restart', () => {
    for (const restart of [false, true]) {
      const path = newFile()
      let store = filled(path)
      if (restart) {
        store.close()
        store = sqliteStore(path, options).open(paper)
      }
      const [again, late] = afterAll() as [JournalEntry, JournalEntry]
      store.append([again])
      expectRows(store, [...sample, again])
      store.append([late])
      expectRows(store, [...sample, again, late])
      expect(store.rows('fills').filter(({ fill_id: id }) => id === 'late')).toMatchObject([{ client_order_id: 'sample-0-buy', bot_id: 'btc-4' }])
      store.close()
      expect(() =>
        sqliteStore(path, { ...options, verify: 'everything' })
          .open(paper)
          .close(),
      ).not.toThrow()
    }
  })

  test('tells of every order and fill that it ever booked, and of no other', () => {
    const store = filled(newFile())
    const { past } = store as Required<Store>
    const projector = createProjector()
    for (const entry of sample) projector.apply(entry)
    expect(past.order('sample-0-buy')).toEqual(projector.order('sample-0-buy'))
    expect(past.order('sample-0-buy')).toMatchObject({ clientOrderId: 'sample-0-buy', botId: 'btc-4', state: 'filled', done: true, bookedQuantity: '0.09' })
    for (const row of store.rows('orders')) {
      const id = String(row['client_order_id'])
      expect(past.has(id)).toBe(true)
      if (row['venue_order_id'] !== null) expect(past.nameOf(String(row['venue_order_id']))).toBe(id)
    }
    for (const { fill_id: id } of store.rows('fills')) expect(past.hasFill(String(id))).toBe(true)
    expect([past.has('x'), past.order('x'), past.nameOf('x'), past.hasFill('x')]).toEqual([false, undefined, undefined, false])
    store.close()
    for (const ask of [() => past.has('x'), () => past.order('x'), () => past.nameOf('x'), () => past.hasFill('x')]) expect(ask).toThrow(/is closed/)
  })

  test('a backtest is there to be looked at as a whole: nothing of it is forgotten', () => {
    const store = sqliteStore(newFile(), options).open({ environment: 'backtest' })
    expect(store.past).toBeUndefined()
    store.close()
  })
})
