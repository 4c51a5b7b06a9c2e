import type { JournalEntry } from '../contracts/journal.ts'
import type { Store } from '../contracts/store.ts'
import { canonicalText } from '../engine/canonical.ts'
import { projectionTables } from '../engine/projection-tables.ts'
import { createProjector } from '../engine/projector.ts'
import type { EngineErrorCode } from '../model/errors.ts'
import type { Json } from '../model/json.ts'
import { createProjectionRows } from '../stores/projection-rows.ts'
import { sampleJournal } from './sample-journal.ts'

/** Enough for every type of entry, and cut so that an order is at work at the end. */
export const journal: readonly JournalEntry[] = sampleJournal(400)
export const paper = { environment: 'paper' } as const

export function using<T>(store: Store, use: (store: Store) => T): T {
  try {
    return use(store)
  } finally {
    store.close()
  }
}

/** The journal stands at an entry of the sample, and the rows are what a fresh fold of it gives. */
export function isAt(store: Store, seq: number): void {
  equal('lastSeq', store.lastSeq(), seq)
  const entries = store.read({ limit: seq + 1 })
  equal('entries', entries, journal.slice(0, seq))
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  for (const entry of entries) rows.write(projector.apply(entry))
  for (const { name } of projectionTables) equal(`rows of ${name}`, store.rows(name), rows.sorted(name))
}

export function equal(what: string, found: unknown, wanted: unknown): void {
  const [foundText, wantedText] = [canonicalText(found as Json), canonicalText(wanted as Json)]
  if (foundText === wantedText) return
  let at = 0
  while (foundText[at] === wantedText[at]) at++
  throw new Error(`${what}: expected …${wantedText.slice(Math.max(0, at - 80), at + 160)}, received …${foundText.slice(Math.max(0, at - 80), at + 160)}`)
}

/** `code` undefined: any error of any kind. */
export function throws(code: EngineErrorCode | undefined, run: () => unknown): void {
  let received: unknown = 'nothing thrown'
  try {
    run()
  } catch (error) {
    if (code === undefined || (error as { code?: unknown }).code === code) return
    received = error
  }
  throw new Error(`expected ${code ?? 'an error'}, received ${String(received)}`, { cause: received })
}
