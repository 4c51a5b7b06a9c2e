import type { JournalEntry } from '../../contracts/journal.ts'
import { EngineError } from '../../model/errors.ts'
import type { Json } from '../../model/json.ts'
import { checkLink } from './chain.ts'
import type { ChainHead } from './chain.ts'
import { entryData } from './entry-data.ts'

/** Version of the shapes in {@link entryData}: the `v` of every entry written now. */
export const ENTRY_VERSION = 1

/** An entry as a store keeps it: its data as canonical text. */
export interface StoredEntry extends Omit<JournalEntry, 'data' | 'type'> {
  readonly type: string
  readonly dataText: string
}

/**
 * Checks that a batch continues the chain and returns it as a store keeps it.
 *
 * @throws RangeError or TypeError as {@link checkLink}, for the first entry that does not
 */
export function storedBatch(head: ChainHead, batch: readonly JournalEntry[]): readonly StoredEntry[] {
  let previous = head
  return batch.map((entry) => {
    const { seq, atMs, type, v, botId, hash } = entry
    const dataText = checkLink(previous, entry)
    previous = entry
    return botId === undefined ? { seq, atMs, type, v, dataText, hash } : { seq, atMs, type, v, botId, dataText, hash }
  })
}

/**
 * Returns an entry from its stored form, with the shape of its data checked.
 *
 * @throws EngineError `STORE_NEWER` for a version this release does not know, `STORE_CORRUPT` for anything else that is wrong
 * @example
 * ```ts
 * const hash = '0'.repeat(64)
 * parseEntry({ seq: 1, atMs: 0 as EpochMs, type: 'latch', v: 1, dataText: '{"reason":"pause","state":"reducing","untilMs":null}', hash }).data // => { reason: 'pause', state: 'reducing', untilMs: null }
 * ```
 */
export function parseEntry(stored: StoredEntry): JournalEntry {
  const { dataText, type } = stored
  if (stored.v > ENTRY_VERSION)
    throw new EngineError('STORE_NEWER', `journal entry ${stored.seq} (${type}) has version ${stored.v}; this release of Millrace reads up to ${ENTRY_VERSION}`)
  if (!isEntryType(type))
    throw new EngineError('STORE_CORRUPT', `journal entry ${stored.seq}: type: expected a type of entry, received ${JSON.stringify(type)}`)
  const data = parseText(stored.seq, type, dataText)
  const checked = entryData[type].safeParse(data)
  if (!checked.success) {
    const problems = checked.error.issues.map((issue) => `${['data', ...issue.path].join('.')}: ${issue.message}`)
    throw new EngineError('STORE_CORRUPT', `journal entry ${stored.seq} (${type}): ${problems.join('; ')}`, { cause: checked.error })
  }
  return entryOf(stored, type, data)
}

/** The same of an entry whose shape is known to be right: its data is only read. */
export const knownEntry = (stored: StoredEntry): JournalEntry =>
  entryOf(stored, stored.type as JournalEntry['type'], parseText(stored.seq, stored.type, stored.dataText))

const entryOf = ({ seq, atMs, v, botId, hash }: StoredEntry, type: JournalEntry['type'], data: Json): JournalEntry =>
  botId === undefined ? { seq, atMs, v, hash, type, data } : { seq, atMs, v, botId, hash, type, data }

function parseText(seq: number, type: string, dataText: string): Json {
  try {
    return JSON.parse(dataText) as Json
  } catch (cause) {
    throw new EngineError('STORE_CORRUPT', `journal entry ${seq} (${type}): data: expected JSON`, { cause })
  }
}

const isEntryType = (type: string): type is JournalEntry['type'] => Object.hasOwn(entryData, type)
