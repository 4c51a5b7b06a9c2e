import type { EntryType, JournalEntry } from '../../contracts/journal.ts'
import type { EpochMs } from '../../model/time.ts'
import { canonicalText } from '../canonical.ts'
import { GENESIS, chainHash } from './chain.ts'
import { encodeFacts } from './facts.ts'
import type { Facts } from './facts.ts'
import { WrittenEntry } from './written-entry.ts'

/** Numbers entries and chains their hashes. */
export class JournalWriter {
  seq = 0
  hash = GENESIS

  write<T extends EntryType>(type: T, atMs: EpochMs, botId: string | undefined, facts: Facts[T]): JournalEntry {
    const data = encodeFacts(type, facts)
    const body = botId === undefined ? { seq: this.seq + 1, atMs, type, v: 1, data } : { seq: this.seq + 1, atMs, type, v: 1, botId, data }
    const previous = this.hash
    const dataText = canonicalText(data)
    this.hash = chainHash(previous, body, dataText)
    this.seq++
    return new WrittenEntry(body, this.hash, previous, dataText)
  }

  /** Continues after a stored entry. */
  resume(entry: Pick<JournalEntry, 'seq' | 'hash'>): void {
    this.seq = entry.seq
    this.hash = entry.hash
  }
}
