import { describe, expect, test } from 'vitest'
import { EMPTY_CHAIN } from '../engine/journal/chain.ts'
import type { EpochMs } from '../model/time.ts'
import type { At, CrashPoint } from '../contracts/crash-point.ts'
import { nextEntry, sampleJournal } from '../testing/sample-journal.ts'
import { storeContract } from '../testing/store-contract.ts'
import { memoryStore } from './memory-store.ts'

describe('the contract of a store', () => {
  for (const { name, run } of storeContract(memoryStore)) test(name, () => expect(run).not.toThrow())
})

test('two memory stores share nothing', () => {
  const [a, b] = [memoryStore().open({ environment: 'paper' }), memoryStore().open({ environment: 'paper' })]
  a.append(sampleJournal(5))
  expect([a.lastSeq(), b.lastSeq()]).toEqual([5, 0])
})

test('a live run has to bring a store id, others get one that never changes', () => {
  expect(() => memoryStore().open({ environment: 'live' })).toThrow(expect.objectContaining({ code: 'STORE_MISMATCH' }))
  expect(memoryStore().open({ environment: 'live', storeId: 'mine' }).identity.storeId).toBe('mine')
  expect(memoryStore().open({ environment: 'paper' }).identity).toEqual(memoryStore().open({ environment: 'paper' }).identity)
})

test('a refusal of the first open leaves the store new', () => {
  const factory = memoryStore()
  expect(() => factory.open({ environment: 'live' })).toThrow('store id')
  expect(factory.open({ environment: 'paper' }).identity.environment).toBe('paper')
})

test('a read refuses entries whose data has the wrong shape, naming entry and member', () => {
  const store = memoryStore().open({ environment: 'paper' })
  store.append([nextEntry(EMPTY_CHAIN, 1 as EpochMs, 'alert', { code: 'X', severity: 'loud', detail: '' })])
  expect(() => store.read({ limit: 1 })).toThrow(/entry 1 \(alert\): data\.severity: /)
})

test('a crash before a commit leaves nothing, one after it leaves the batch', () => {
  const crash = new Error('crash')
  let when: 'before' | 'after' | undefined
  const points: CrashPoint[] = []
  const at: At = (point, action) => {
    points.push(point)
    if (when === 'before') throw crash
    const result = action()
    if (when === 'after') throw crash
    return result
  }
  const store = memoryStore({ at }).open({ environment: 'paper' })
  const journal = sampleJournal(10)
  when = 'before'
  expect(() => store.append(journal.slice(0, 3))).toThrow(crash)
  expect(store.lastSeq()).toBe(0)
  when = 'after'
  expect(() => store.append(journal.slice(0, 3))).toThrow(crash)
  expect(store.lastSeq()).toBe(3)
  when = undefined
  for (const entry of journal.slice(3)) store.append([entry])
  expect(points).toEqual([
    'commit:runStarted',
    'commit:runStarted',
    'commit:other',
    'commit:other',
    'commit:other',
    'commit:intent',
    'commit:sent',
    'commit:orderEvent',
    'commit:fill',
  ])
})
