import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../contracts/journal.ts'
import type { EpochMs } from '../../model/time.ts'
import { EMPTY_CHAIN, GENESIS, chainHash, checkLink } from './chain.ts'

const atMs = 1_767_225_600_000 as EpochMs
const body = { seq: 1, atMs, type: 'sent', v: 1, botId: 'btc', data: { clientOrderId: 'a' } } as const
const entry: JournalEntry = { ...body, hash: chainHash(GENESIS, body) }

test('the first hash is pinned: every journal in the world would break with it', () => {
  // sha256 of 64 zeros and {"atMs":1767225600000,"botId":"btc","data":{"clientOrderId":"a"},"seq":1,"type":"sent","v":1}
  expect(entry.hash).toBe('c8637b3aa6227d7b796bea3832e120689bf56b950d830f79e25a3ae8d359361e')
  expect(GENESIS).toBe('0'.repeat(64))
})

test('an entry that follows gives the canonical text of its data', () => {
  expect(checkLink(EMPTY_CHAIN, { ...entry, data: { clientOrderId: 'a' } })).toBe('{"clientOrderId":"a"}')
  const next = { seq: 2, atMs, type: 'command', v: 1, data: { payload: -0, kind: 'b' } } as const
  expect(checkLink(entry, { ...next, hash: chainHash(entry.hash, next) })).toBe('{"kind":"b","payload":0}')
})

describe('an entry that does not follow is refused', () => {
  test.each<[string, Partial<JournalEntry>, string]>([
    ['another number', { seq: 2 }, 'expected entry 1, received 2'],
    ['no number', { seq: Number.NaN }, 'expected entry 1, received NaN'],
    ['a fraction of a millisecond', { atMs: 0.5 as EpochMs }, 'entry 1: atMs: expected whole milliseconds, received 0.5'],
    ['no time', { atMs: Number.NaN as EpochMs }, 'entry 1: atMs: expected whole milliseconds, received NaN'],
    ['an unknown type', { type: 'toString' as 'sent' }, 'entry 1: type: expected a type of entry, received "toString"'],
    ['version 0', { v: 0 }, 'entry 1: v: expected a version from 1, received 0'],
    ['half a character as bot', { botId: 'a\uD800' }, 'entry 1: botId: expected well-formed text'],
    ['another bot', { botId: 'eth' }, 'entry 1 (sent): hash: expected '],
    ['other data', { data: { clientOrderId: 'b' } }, 'entry 1 (sent): hash: expected '],
    ['another hash', { hash: GENESIS }, `received ${GENESIS}`],
    ['data that is not plain', { data: { clientOrderId: Number.NaN } }, 'expected a finite number, received NaN: write it as text'],
  ])('%s', (_, change, message) => {
    expect(() => checkLink(EMPTY_CHAIN, { ...entry, ...change })).toThrow(message)
  })
  test('the right entry after another one', () => {
    expect(() => checkLink({ seq: 0, hash: entry.hash }, entry)).toThrow('hash: expected')
  })
})
