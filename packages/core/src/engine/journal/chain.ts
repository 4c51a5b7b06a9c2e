import type { JournalEntry } from '../../contracts/journal.ts'
import { canonicalText } from '../canonical.ts'
import { sha256Hex } from '../hashing.ts'
import { entryData } from './entry-data.ts'
import { WrittenEntry } from './written-entry.ts'

/** What stands for the hash before the first entry: 64 zeros. */
export const GENESIS: string = '0'.repeat(64)

export type UnhashedEntry = Omit<JournalEntry, 'hash'>

/** The last entry of a journal, or `{ seq: 0, hash: GENESIS }` of an empty one. */
export interface ChainHead {
  readonly seq: number
  readonly hash: string
}

/** The head of a journal without entries. */
export const EMPTY_CHAIN: ChainHead = Object.freeze({ seq: 0, hash: GENESIS })

/**
 * Returns the hash of an entry: the SHA-256 of the previous hash and the canonical text of everything but the hash itself.
 *
 * @param dataText - the canonical text of `entry.data`, when it is already known
 * @throws TypeError when the data is not plain data
 * @example
 * ```ts
 * const [first, second] = sampleJournal(2)
 * chainHash(GENESIS, first!) === first!.hash // => true
 * chainHash(first!.hash, second!) === second!.hash // => true
 * ```
 */
export function chainHash(previous: string, entry: UnhashedEntry, dataText: string = canonicalText(entry.data)): string {
  // The members in canonical order, without building and sorting an object for each entry.
  const bot = entry.botId === undefined ? '' : `"botId":${JSON.stringify(entry.botId)},`
  return sha256Hex(`${previous}{"atMs":${entry.atMs},${bot}"data":${dataText},"seq":${entry.seq},"type":"${entry.type}","v":${entry.v}}`)
}

/**
 * Checks that an entry is the next link of the chain and returns the canonical text of its data, which is what stores keep.
 *
 * @throws RangeError when number, time, type, version, bot or hash are not those of the next entry
 * @throws TypeError when the data is not plain data; what a link is, {@link chainHash} shows
 */
export function checkLink(head: ChainHead, entry: JournalEntry): string {
  if (entry.seq !== head.seq + 1) throw new RangeError(`expected entry ${head.seq + 1}, received ${entry.seq}`)
  const written = WrittenEntry.textOf(entry, head.hash)
  if (written !== undefined) return written
  if (!Number.isSafeInteger(entry.atMs)) throw new RangeError(`entry ${entry.seq}: atMs: expected whole milliseconds, received ${entry.atMs}`)
  if (!Object.hasOwn(entryData, entry.type)) throw new RangeError(`entry ${entry.seq}: type: expected a type of entry, received ${JSON.stringify(entry.type)}`)
  if (!Number.isSafeInteger(entry.v) || entry.v < 1) throw new RangeError(`entry ${entry.seq}: v: expected a version from 1, received ${entry.v}`)
  if (entry.botId?.isWellFormed() === false) throw new RangeError(`entry ${entry.seq}: botId: expected well-formed text`)
  const dataText = canonicalText(entry.data)
  const hash = chainHash(head.hash, entry, dataText)
  if (hash !== entry.hash) throw new RangeError(`entry ${entry.seq} (${entry.type}): hash: expected ${hash}, received ${entry.hash}`)
  return dataText
}
