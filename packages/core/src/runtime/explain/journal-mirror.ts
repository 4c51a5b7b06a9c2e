import type { JournalEntry } from '../../contracts/journal.ts'
import type { JournalTail, ReadQuery, Store } from '../../contracts/store.ts'
import type { EntryData } from '../../engine/journal/entry-data.ts'
import { UNSEEN_INTENTS } from '../../engine/tail-loss.ts'
import { EngineError } from '../../model/errors.ts'

/** Entries read at a time. */
const CHUNK = 1_000

/**
 * The journal as a second run sees it: what stood before its start is read, and every entry that it writes must be the one that stands there already. So a second
 * run that is not the first one over again is found out at its first different byte.
 */
export class JournalMirror {
  private readonly store: Store
  private chunk: readonly JournalEntry[] = []
  private chunkFrom = 0
  private readonly baseSeq: number
  private seq: number

  /** @param baseSeq - number of the last entry before the second run */
  constructor(store: Store, baseSeq: number) {
    this.store = store
    this.baseSeq = baseSeq
    this.seq = baseSeq
  }

  /** The entry that comes next; undefined at the end of the journal. */
  next(): JournalEntry | undefined {
    return this.at(this.seq + 1)
  }

  /** @throws EngineError `NOT_EXPLAINABLE` when an entry is not the one of the journal */
  write(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      const stored = this.at(entry.seq)
      if (stored !== undefined && stored.hash !== entry.hash)
        throw new EngineError(
          'NOT_EXPLAINABLE',
          `running the market again gave another entry ${entry.seq} (${entry.type}) than the journal has (${stored.type}): the market, the configuration or the library is not the one of that run`,
        )
      this.seq = entry.seq
    }
  }

  /** The store for a second start: what is before it, and nothing that came later. */
  asStore(): Store {
    const { store, baseSeq } = this
    const tail = this.foundTail()
    return {
      identity: store.identity,
      ...(tail === undefined ? {} : { tail }),
      append: (batch) => {
        this.write(batch)
        return 'ok'
      },
      read: (query: ReadQuery) => store.read(query).filter((entry) => entry.seq <= baseSeq),
      lastSeq: () => baseSeq,
      rows: () => [],
      close: () => undefined,
    }
  }

  /** What the first start found out about the end of the journal: it stands right behind its `runStarted`. */
  private foundTail(): JournalTail | undefined {
    const entry = this.at(this.baseSeq + 2)
    if (entry?.type !== 'tailLost') return undefined
    const { entries, upTo, hash, halted, intentNo } = entry.data as EntryData['tailLost']
    if (entries === 0) return { state: 'unknown' }
    return { state: 'lost', entries, upTo, hash, intentNo: intentNo - UNSEEN_INTENTS, ...(halted === 'unknown' ? {} : { halted: halted === 'yes' }) }
  }

  private at(seq: number): JournalEntry | undefined {
    if (seq < this.chunkFrom || seq >= this.chunkFrom + this.chunk.length) {
      this.chunk = this.store.read({ afterSeq: seq - 1, limit: CHUNK })
      this.chunkFrom = seq
    }
    return this.chunk[seq - this.chunkFrom]
  }
}
