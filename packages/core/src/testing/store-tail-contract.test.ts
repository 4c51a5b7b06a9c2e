import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/journal.ts'
import type { JournalTail, Store } from '../contracts/store.ts'
import { createProjector } from '../engine/projector.ts'
import { EngineError } from '../model/errors.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { storeTailContract } from './store-tail-contract.ts'
import type { StoreTailSubject } from './store-tail-contract.ts'

interface Mark {
  readonly seq: number
  readonly hash: string
  readonly halted: boolean
  readonly intentNo: number
}

/** What a faulty store does otherwise. */
interface Faults {
  readonly tail?: (tail: JournalTail & { readonly state: 'lost' }) => JournalTail
  readonly mark?: (mark: Mark, before: Mark) => Mark
  readonly takesAll?: boolean
}

const START: Mark = { seq: 0, hash: '', halted: false, intentNo: 0 }

/** A store in memory that loses what came after `keep()`, and has its mark elsewhere. */
function forgetful({ tail: tell = (tail) => tail, mark: change = (mark) => mark, takesAll = false }: Faults = {}): StoreTailSubject {
  let entries: readonly JournalEntry[] = []
  let kept = entries
  let mark = START
  return {
    factory: {
      open(request): Store {
        const store = memoryStore().open(request)
        store.append(entries)
        const projector = createProjector()
        for (const entry of entries) projector.apply(entry)
        let lost = mark.seq > entries.length
        const found = {
          state: 'lost',
          entries: mark.seq - entries.length,
          upTo: mark.seq,
          hash: mark.hash,
          halted: mark.halted,
          intentNo: mark.intentNo,
        } as const
        return {
          ...store,
          tail: lost ? tell(found) : { state: 'whole' },
          append(batch, guard) {
            if (lost && !takesAll && !batch.some(({ type }) => type === 'tailLost')) throw new EngineError('JOURNAL_FAILED', 'the end is lost')
            const result = store.append(batch, guard)
            entries = [...entries, ...batch]
            for (const entry of batch) projector.apply(entry)
            const { seq, hash } = batch.at(-1)!
            mark = change({ seq, hash, halted: projector.halted, intentNo: projector.intentNo }, mark)
            lost = false
            return result
          },
        }
      },
    },
    keep: () => (kept = entries),
    putBack: () => (entries = kept),
  }
}

const failing = (faults: Faults): readonly string[] =>
  storeTailContract(() => forgetful(faults)).flatMap(({ name, run }) => {
    try {
      run()
      return []
    } catch (error) {
      expect((error as Error).message).toMatch(/To put it right: \w/)
      return [name]
    }
  })

describe('the contract for stores that can lose their end', () => {
  test('is kept by one that tells what it lost', () => expect(failing({})).toEqual([]))

  test.each([
    ['forgets that trading was halted', { mark: (mark) => ({ ...mark, halted: false }) }, ['tells that trading was halted in what is lost']],
    [
      'writes a stop down one commit late',
      { mark: (mark, before) => ({ ...mark, halted: mark.halted && before.halted }) },
      ['tells that trading was halted in what is lost'],
    ],
    [
      'never forgets a stop',
      { mark: (mark, before) => ({ ...mark, halted: mark.halted || before.halted }) },
      ['does not call trading halted that went on again before the end', 'tells how the lost end left trading, also when what is kept is halted'],
    ],
    ['does not say whether trading was halted', { tail: ({ halted: _, ...tail }) => tail }, 5],
    ['knows no number of an order', { tail: ({ intentNo: _, ...tail }) => tail }, 5],
    ['says nothing of a loss', { tail: () => ({ state: 'whole' }) }, 5],
    ['counts what is lost as one less', { tail: (tail) => ({ ...tail, entries: tail.entries - 1 }) }, 5],
    ['takes any batch', { takesAll: true }, ['takes nothing until the loss is written down, and tells it until then']],
    [
      'tells a loss for good',
      { mark: (mark, before) => (mark.seq < before.seq ? before : mark) },
      ['takes nothing until the loss is written down, and tells it until then'],
    ],
  ] as readonly (readonly [string, Faults, readonly string[] | number])[])('is broken by one that %s', (_, faults, cases) => {
    const failed = failing(faults)
    expect(typeof cases === 'number' ? failed.length : failed).toEqual(cases)
  })
})
