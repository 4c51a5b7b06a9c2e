import type { CrashPoint } from '../../contracts/crash-point.ts'
import type { EntryType, JournalEntry } from '../../contracts/journal.ts'

/** Weightiest first. */
const named = ['fill', 'orderEvent', 'sent', 'intent', 'latch', 'runStarted'] as const satisfies readonly EntryType[]

/**
 * Returns which crash point the commit of a batch is: the one of its weightiest entry.
 *
 * @example
 * ```ts
 * commitPoint(sampleJournal(3)) // => 'commit:runStarted'
 * commitPoint([]) // => 'commit:other'
 * ```
 */
export function commitPoint(batch: readonly Pick<JournalEntry, 'type'>[]): CrashPoint {
  const weightiest = named.find((type) => batch.some((entry) => entry.type === type))
  return weightiest === undefined ? 'commit:other' : `commit:${weightiest}`
}
