import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/journal.ts'
import type { ReadQuery, Store, StoreFactory } from '../contracts/store.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { storeContract } from './store-contract.ts'
import { storeFixes } from './store-contract-fixes.ts'

/** A memory store with a fault: `break_` replaces methods of what it opens. */
const faulty = (break_: (store: Store) => Partial<Store>) => (): StoreFactory => {
  const factory = memoryStore()
  return {
    open(request) {
      const store = factory.open(request)
      return { ...store, ...break_(store) }
    },
  }
}

const reading = (change: (query: ReadQuery) => ReadQuery) => faulty((store) => ({ read: (query) => store.read(change(query)) }))
const without = <K extends keyof ReadQuery>(key: K) => reading(({ [key]: _, ...query }) => query as ReadQuery)

const broken: Readonly<Record<string, () => StoreFactory>> = {
  'ignores the guard': faulty((store) => ({ append: (batch) => store.append(batch) })),
  'ignores the latch': faulty((store) => ({ append: (batch, guard) => store.append(batch, guard && { ...guard, notHalted: false }) })),
  'heeds the latch unasked': faulty((store) => ({
    append: (batch, guard) => store.append(batch, { lastSeq: guard?.lastSeq ?? store.lastSeq(), notHalted: true }),
  })),
  'keeps the good part of a bad batch': faulty((store) => ({
    append(batch, guard) {
      const result = store.append([], guard)
      if (result === 'ok') for (const entry of batch) store.append([entry])
      return result
    },
  })),
  'loses what fails': faulty((store) => ({
    append(batch, guard) {
      try {
        return store.append(batch, guard)
      } catch {
        return 'conflict'
      }
    },
  })),
  'reads from the start': without('afterSeq'),
  'reads every type': without('types'),
  'reads every bot': without('botId'),
  'reads past the limit': reading((query) => ({ ...query, limit: Math.max(10_000, query.limit) })),
  'reads newest first': faulty((store) => ({ read: (query) => [...store.read(query)].reverse() })),
  'hands out its own entries': faulty((store) => {
    const kept = new Map<number, JournalEntry>()
    return { read: (query) => store.read(query).map((entry) => kept.get(entry.seq) ?? (kept.set(entry.seq, entry), entry)) }
  }),
  'leaves the rows behind': faulty((store) => {
    const rows = new Map<string, ReturnType<Store['rows']>>()
    return { rows: (table) => rows.get(table) ?? (rows.set(table, store.rows(table)), rows.get(table)!) }
  }),
  'invents projections': faulty((store) => ({
    rows(table) {
      try {
        return store.rows(table)
      } catch {
        return []
      }
    },
  })),
  'forgets at a restart': () => ({ open: (request) => memoryStore().open(request) }),
  'never closes': faulty(() => ({ close: () => {} })),
  'closes once too often': faulty((store) => {
    let closed = false
    return {
      close() {
        if (closed) throw new Error('closed twice')
        closed = true
        store.close()
      },
    }
  }),
  'takes any environment': () => {
    const factory = memoryStore()
    return { open: (request) => factory.open({ ...request, environment: 'paper' }) }
  },
  'takes any id': () => {
    const factory = memoryStore()
    return { open: ({ environment }) => factory.open({ environment }) }
  },
  'takes a second writer': () => {
    const factory = memoryStore()
    let last: Store | undefined
    return {
      open(request) {
        last?.close()
        return (last = factory.open(request))
      },
    }
  },
}

describe('a store with a fault fails the contract', () => {
  test.each(Object.entries(broken))('%s', (_, make) => {
    const failed = storeContract(make).filter(({ run }) => {
      try {
        run()
        return false
      } catch (error) {
        expect((error as Error).message).toMatch(/To put it right: \w/)
        return true
      }
    })
    expect(failed).not.toEqual([])
  })
})

test('every case has a name of its own, and says how a store that fails it is put right', () => {
  const names = storeContract(memoryStore).map(({ name }) => name)
  expect(Object.keys(storeFixes)).toEqual(names)
  expect(new Set(names).size).toBe(names.length)
})
