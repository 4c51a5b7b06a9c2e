import type { JournalEntry } from '../contracts/journal.ts'
import type { JournalTail, Store, StoreFactory } from '../contracts/store.ts'
import { createProjector } from '../engine/projector.ts'
import type { Json } from '../model/json.ts'
import { promisesOf } from './plugins/contract-case.ts'
import type { Check, PluginContractCase } from './plugins/contract-case.ts'
import { nextEntry } from './sample-journal.ts'
import { equal, journal, paper, throws, using } from './store-contract-checks.ts'

/** A store whose newest entries can get lost while it is closed: its disk forgets them, or somebody puts an older copy in place. */
export interface StoreTailSubject {
  /** Of a store that nobody has opened yet. */
  readonly factory: StoreFactory
  /** Remembers the journal as it lies there; the store is closed. */
  keep(): void
  /** Puts in place what was kept, and leaves alone what tells the store how far it went; the store is closed. */
  putBack(): void
}

/**
 * Returns the cases that every store with a `tail` must pass besides those of {@link storeContract}, for any test runner.
 *
 * @param make - asked once per case
 * @example
 * ```ts
 * const kept = { factory: memoryStore(), keep: () => undefined, putBack: () => undefined }
 * // A memory store cannot lose its end, so it knows of none.
 * const [first] = storeTailContract(() => kept)
 * try { first?.run() } catch (error) { String(error).includes('tail') } // => true
 * ```
 */
export function storeTailContract(make: () => StoreTailSubject): readonly PluginContractCase[] {
  const promise = promisesOf(make)
  return cases.map(([name, fix, check]) => promise(name, fix, check))
}

const indexOf = (reason: string): number =>
  1 + journal.findIndex(({ type, data }) => type === 'latch' && (data as { readonly reason?: Json }).reason === reason)

/** Numbers of the entries that halt trading and let it go on. */
const STOP = indexOf('emergencyStop')
const REARM = indexOf('rearm')

function write(factory: StoreFactory, upTo: number): void {
  using(factory.open(paper), (store) => {
    for (const entry of journal.slice(store.lastSeq(), upTo)) store.append([entry])
  })
}

/** Opens a store that has `kept` entries and once had `upTo`. */
function reopened(subject: StoreTailSubject, kept: number, upTo: number): Store {
  const { factory } = subject
  write(factory, kept)
  subject.keep()
  write(factory, upTo)
  subject.putBack()
  return factory.open(paper)
}

const tailOf = ({ tail }: Store): Json => (tail ?? null) as Json

/** What a store must say that has `kept` entries and once had `upTo`. */
function lostTail(kept: number, upTo: number): JournalTail {
  const projector = createProjector()
  for (const entry of journal.slice(0, upTo)) projector.apply(entry)
  const { halted, intentNo } = projector
  return { state: 'lost', entries: upTo - kept, upTo, hash: journal[upTo - 1]!.hash, halted, intentNo }
}

const lossAfter = (kept: number, upTo: number): JournalEntry => {
  const last = journal[kept - 1]!
  return nextEntry(last, last.atMs, 'tailLost', { entries: upTo - kept, upTo, hash: journal[upTo - 1]!.hash, intentNo: 5_000 })
}

/** Checks what a store says that has `kept` entries and once had `upTo`. */
function says(subject: StoreTailSubject, kept: number, upTo: number, halted: boolean): void {
  const wanted = lostTail(kept, upTo)
  equal('halted', (wanted as { readonly halted?: boolean }).halted ?? null, halted)
  using(reopened(subject, kept, upTo), (store) => {
    equal('lastSeq', store.lastSeq(), kept)
    equal(`tail of ${kept} entries of ${upTo}`, tailOf(store), wanted as Json)
  })
}

const cases: readonly (readonly [name: string, fix: string, check: Check<StoreTailSubject>])[] = [
  [
    'calls a whole journal whole',
    'compare the last entry with what was written down of it apart from the journal, on every open().',
    ({ factory }) => {
      for (const upTo of [0, 1, STOP, REARM]) {
        write(factory, upTo)
        using(factory.open(paper), (store) => equal('tail', tailOf(store), { state: 'whole' }))
      }
    },
  ],
  [
    'tells that its end is lost, how much of it, where it was, and how many orders there were',
    'write number and hash of the last entry down after each commit, where they are not lost with it, and the largest number of an order (of a projector).',
    (subject) => says(subject, 40, 70, false),
  ],
  [
    'tells that trading was halted in what is lost',
    'write down with the number of the last entry whether trading is halted behind it, before append() returns: who stopped trading was promised that it stays so.',
    (subject) => says(subject, STOP - 1, STOP, true),
  ],
  [
    'does not call trading halted that went on again before the end',
    'what is written down is how things stood behind the last entry, not that there ever was a stop.',
    (subject) => says(subject, STOP - 1, REARM, false),
  ],
  [
    'tells how the lost end left trading, also when what is kept is halted',
    'the tail is about the end that is lost; what the kept entries say, the engine reads itself.',
    (subject) => says(subject, STOP, REARM, false),
  ],
  [
    'takes nothing until the loss is written down, and tells it until then',
    'refuse a batch without a tailLost while the tail is lost (JOURNAL_FAILED), and forget the loss only with a batch that has one.',
    (subject) => {
      const [kept, upTo] = [40, 70]
      const refused = journal.slice(kept, kept + 1)
      using(reopened(subject, kept, upTo), (store) => throws('JOURNAL_FAILED', () => store.append(refused)))
      const loss = lossAfter(kept, upTo)
      using(subject.factory.open(paper), (store) => {
        equal('tail at the second start', tailOf(store), lostTail(kept, upTo) as Json)
        throws('JOURNAL_FAILED', () => store.append(refused))
        equal('result of a batch that says it', store.append([loss]), 'ok')
        equal('result afterwards', store.append([nextEntry(loss, loss.atMs, 'latch', { state: 'active', reason: 'resume', untilMs: null })]), 'ok')
      })
      using(subject.factory.open(paper), (store) => {
        equal('lastSeq', store.lastSeq(), kept + 2)
        equal('tail afterwards', tailOf(store), { state: 'whole' })
      })
    },
  ],
]
