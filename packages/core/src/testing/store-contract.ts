import type { JournalEntry } from '../contracts/journal.ts'
import type { StoreFactory } from '../contracts/store.ts'
import { projectionTables } from '../engine/projection-tables.ts'
import type { Json } from '../model/json.ts'
import { promisesOf } from './plugins/contract-case.ts'
import type { PluginContractCase } from './plugins/contract-case.ts'
import { nextEntry } from './sample-journal.ts'
import { storeFixes } from './store-contract-fixes.ts'
import { equal, isAt, journal, paper, throws, using } from './store-contract-checks.ts'

/** One thing that every store must do. */
export type StoreContractCase = PluginContractCase

/**
 * Returns the cases that every store must pass, for any test runner.
 *
 * @param make - makes an empty store that nobody has opened yet; asked once per case
 * @example
 * ```ts
 * const cases = storeContract(memoryStore)
 * for (const { run } of cases) run()
 * cases.length > 10 // => true
 * ```
 */
export function storeContract(make: () => StoreFactory): readonly StoreContractCase[] {
  const promise = promisesOf(make)
  return [...identityCases, ...appendCases, ...guardCases, ...readCases, ...restartCases].map(([name, check]) => promise(name, storeFixes[name]!, check))
}

type Case = readonly [name: string, check: (factory: StoreFactory) => void]

const identityCases: readonly Case[] = [
  [
    'starts empty, as the store it was asked to be',
    (factory) =>
      using(factory.open({ ...paper, storeId: 'mine' }), (store) => {
        equal('identity', [store.identity.storeId, store.identity.environment], ['mine', 'paper'])
        equal('lastSeq', store.lastSeq(), 0)
        equal('entries', store.read({ limit: 10 }), [])
        for (const table of projectionTables) equal(`rows of ${table.name}`, store.rows(table.name), [])
      }),
  ],
  [
    'keeps its id',
    (factory) => {
      const { storeId } = using(factory.open(paper), (store) => store.identity)
      equal(
        'id after a restart',
        using(factory.open(paper), (store) => store.identity.storeId),
        storeId,
      )
      equal(
        'id when asked for',
        using(factory.open({ ...paper, storeId }), (store) => store.identity.storeId),
        storeId,
      )
      throws('STORE_MISMATCH', () => factory.open({ ...paper, storeId: `${storeId}-other` }))
    },
  ],
  [
    'keeps its environment: another is refused, and the refusal changes nothing',
    (factory) => {
      using(factory.open(paper), (store) => store.append(journal.slice(0, 3)))
      throws('WRONG_ENVIRONMENT', () => factory.open({ environment: 'backtest' }))
      throws('WRONG_ENVIRONMENT', () => factory.open({ environment: 'live' }))
      equal(
        'lastSeq',
        using(factory.open(paper), (store) => store.lastSeq()),
        3,
      )
    },
  ],
  [
    'belongs to the first account that it is opened for',
    (factory) => {
      equal(
        'account of a run that names none',
        using(factory.open(paper), (store) => store.identity.account ?? null),
        null,
      )
      for (const _ of [1, 2])
        equal(
          'account',
          using(factory.open({ ...paper, account: 'ours' }), (store) => store.identity.account ?? null),
          'ours',
        )
      throws('STORE_MISMATCH', () => factory.open({ ...paper, account: 'theirs' }))
      throws('STORE_MISMATCH', () => factory.open(paper))
    },
  ],
  [
    'has one writer at a time',
    (factory) => {
      using(factory.open(paper), () => throws('STORE_LOCKED', () => factory.open(paper)))
      using(factory.open(paper), (store) => equal('lastSeq', store.lastSeq(), 0))
    },
  ],
]

const appendCases: readonly Case[] = [
  [
    'gives every entry back as it was written',
    (factory) =>
      using(factory.open(paper), (store) => {
        equal('result', store.append(journal), 'ok')
        equal('result of an empty batch', store.append([]), 'ok')
        equal('lastSeq', store.lastSeq(), journal.length)
        equal('entries', store.read({ limit: journal.length }), journal)
      }),
  ],
  [
    'takes entries only in order',
    (factory) =>
      using(factory.open(paper), (store) => {
        throws('JOURNAL_FAILED', () => store.append(journal.slice(1, 2)))
        store.append(journal.slice(0, 5))
        throws('JOURNAL_FAILED', () => store.append(journal.slice(4, 6)))
        throws('JOURNAL_FAILED', () => store.append(journal.slice(6, 7)))
        isAt(store, 5)
      }),
  ],
  [
    'takes only entries whose hash follows',
    (factory) =>
      using(factory.open(paper), (store) => {
        const [first, second] = journal as readonly [JournalEntry, JournalEntry]
        throws('JOURNAL_FAILED', () => store.append([{ ...first, hash: second.hash }]))
        throws('JOURNAL_FAILED', () => store.append([{ ...first, data: { ...(first.data as object), environment: 'live' } }]))
        throws('JOURNAL_FAILED', () => store.append([{ ...first, atMs: (first.atMs + 1) as JournalEntry['atMs'] }]))
        throws('JOURNAL_FAILED', () => store.append([{ ...first, botId: 'btc' }]))
        isAt(store, 0)
      }),
  ],
  [
    'takes all of a batch or nothing, and goes on after a failure',
    (factory) =>
      using(factory.open(paper), (store) => {
        store.append(journal.slice(0, 40))
        const [good, next] = [journal.slice(40, 60), journal[60]!]
        throws('JOURNAL_FAILED', () => store.append([...good, { ...next, data: Number.NaN }]))
        isAt(store, 40)
        throws('JOURNAL_FAILED', () => store.append([...good, { ...next, type: 'gossip' as JournalEntry['type'] }]))
        isAt(store, 40)
        throws('JOURNAL_FAILED', () => store.append([...good, nextEntry(good.at(-1)!, next.atMs, 'sent', { clientOrderId: 'an order nobody made' })]))
        isAt(store, 40)
        equal('result of the good part', store.append(good), 'ok')
        isAt(store, 60)
      }),
  ],
  [
    'keeps copies: a change of what was given or received does not reach it',
    (factory) =>
      using(factory.open(paper), (store) => {
        const [given] = structuredClone(journal.slice(0, 1)) as [JournalEntry]
        store.append([given])
        Object.assign(given.data as object, { environment: 'live' })
        const [received] = store.read({ limit: 1 }) as [JournalEntry]
        Object.assign(received.data as object, { environment: 'live' })
        equal('entry', store.read({ limit: 1 }), journal.slice(0, 1))
      }),
  ],
]

const guardCases: readonly Case[] = [
  [
    'answers conflict when the journal is not where the guard says',
    (factory) =>
      using(factory.open(paper), (store) => {
        const guard = (lastSeq: number) => ({ lastSeq, notHalted: false })
        equal('on an empty journal', store.append(journal.slice(0, 3), guard(1)), 'conflict')
        equal('at the right place', store.append(journal.slice(0, 3), guard(0)), 'ok')
        equal('repeated', store.append(journal.slice(0, 3), guard(0)), 'conflict')
        equal('of an empty batch', store.append([], guard(2)), 'conflict')
        isAt(store, 3)
      }),
  ],
  [
    'answers halted while the latch is set, and only to those who ask',
    (factory) => {
      const stop = 1 + journal.findIndex((entry) => entry.type === 'latch' && (entry.data as { reason?: Json }).reason === 'emergencyStop')
      const rearm = 1 + journal.findIndex((entry) => entry.type === 'latch' && (entry.data as { reason?: Json }).reason === 'rearm')
      const guard = (lastSeq: number) => ({ lastSeq, notHalted: true })
      using(factory.open(paper), (store) => {
        equal('before the stop', store.append(journal.slice(0, stop), guard(0)), 'ok')
        equal('after the stop', store.append(journal.slice(stop, rearm), guard(stop)), 'halted')
        isAt(store, stop)
      })
      using(factory.open(paper), (store) => {
        equal('after a restart', store.append(journal.slice(stop, rearm), guard(stop)), 'halted')
        equal('elsewhere', store.append(journal.slice(stop, rearm), guard(stop - 1)), 'conflict')
        equal('without asking', store.append(journal.slice(stop, rearm), { lastSeq: stop, notHalted: false }), 'ok')
        equal('after the re-arm', store.append(journal.slice(rearm, rearm + 5), guard(rearm)), 'ok')
      })
    },
  ],
]

const readCases: readonly Case[] = [
  [
    'reads by place, type and bot, oldest first, up to the limit',
    (factory) =>
      using(factory.open(paper), (store) => {
        store.append(journal)
        const limit = journal.length
        equal('after 390', store.read({ afterSeq: 390, limit }), journal.slice(390))
        equal('after the end', store.read({ afterSeq: limit, limit }), [])
        equal('first 7', store.read({ limit: 7 }), journal.slice(0, 7))
        equal('none', store.read({ limit: 0 }), [])
        equal(
          'by types',
          store.read({ types: ['fill', 'latch'], limit }),
          journal.filter((entry) => entry.type === 'fill' || entry.type === 'latch'),
        )
        equal('by no type', store.read({ types: [], limit }), [])
        equal(
          'by bot',
          store.read({ botId: 'eth', limit }),
          journal.filter((entry) => entry.botId === 'eth'),
        )
        equal(
          'by all',
          store.read({ afterSeq: 100, types: ['fill'], botId: 'eth', limit: 2 }),
          journal.filter((entry) => entry.seq > 100 && entry.type === 'fill' && entry.botId === 'eth').slice(0, 2),
        )
        for (const bad of [-1, 1.5, Number.NaN]) throws(undefined, () => store.read({ limit: bad }))
      }),
  ],
  [
    'gives the rows of each projection by key, and no others',
    (factory) =>
      using(factory.open(paper), (store) => {
        for (let at = 0; at < journal.length;) {
          const size = 1 + (at % 37)
          store.append(journal.slice(at, at + size))
          at = Math.min(at + size, journal.length)
        }
        isAt(store, journal.length)
        throws(undefined, () => store.rows('journal'))
      }),
  ],
]

const restartCases: readonly Case[] = [
  [
    'goes on after a restart, wherever it was',
    (factory) => {
      for (const at of [0, 1, 9, 10, 11, 200, 201]) {
        using(factory.open(paper), (store) => {
          const from = store.lastSeq()
          store.append(journal.slice(from, at))
          isAt(store, at)
        })
        using(factory.open(paper), (store) => isAt(store, at))
      }
    },
  ],
  [
    'does nothing once closed, and closes twice as once',
    (factory) => {
      const store = factory.open(paper)
      store.append(journal.slice(0, 3))
      store.close()
      store.close()
      throws('JOURNAL_FAILED', () => store.append(journal.slice(3, 4)))
      for (const ask of [() => store.read({ limit: 1 }), () => store.lastSeq(), () => store.rows('orders')]) throws('JOURNAL_FAILED', ask)
      using(factory.open(paper), (again) => {
        store.close()
        throws('STORE_LOCKED', () => factory.open(paper))
        isAt(again, 3)
      })
    },
  ],
]
