import type { EntryType, JournalEntry } from '../../contracts/journal.ts'
import type { Json } from '../../model/json.ts'
import type { EpochMs } from '../../model/time.ts'

/** What the writer makes: an entry that also knows its own canonical text, so that no store has to make it, or its hash, a second time. */
export class WrittenEntry implements JournalEntry {
  readonly seq: number
  readonly atMs: EpochMs
  readonly type: EntryType
  readonly v: number
  declare readonly botId?: string
  readonly data: Json
  readonly hash: string
  readonly #previous: string
  readonly #dataText: string

  constructor(body: Omit<JournalEntry, 'hash'>, hash: string, previous: string, dataText: string) {
    this.seq = body.seq
    this.atMs = body.atMs
    this.type = body.type
    this.v = body.v
    if (body.botId !== undefined) this.botId = body.botId
    this.data = body.data
    this.hash = hash
    this.#previous = previous
    this.#dataText = dataText
  }

  /** The canonical text of an entry's data, when this process wrote the entry as the successor of `previous`; undefined for any other. */
  static textOf(entry: JournalEntry, previous: string): string | undefined {
    return #dataText in entry && entry.#previous === previous ? entry.#dataText : undefined
  }
}
