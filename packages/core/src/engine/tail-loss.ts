import type { JournalTail } from '../contracts/store.ts'
import type { EpochMs } from '../model/time.ts'
import type { TradingKernel } from './kernel.ts'

/** A mark is written after its commit, so one more commit may have been lost; none makes as many orders as this. */
const UNSEEN_INTENTS = 1_000
/** Orders that may be missing where nobody knows how much is. */
const UNKNOWN_INTENTS = 10_000

/**
 * Writes down what opening the store found out about the end of its journal, and says it. After a loss no order gets a number that a lost one may have used: its id
 * would be the lost one's, and the venue would take it for that.
 *
 * @param sinceMs - time of the last entry that is there; undefined when there is none
 */
export function recordTail(kernel: TradingKernel, tail: JournalTail | undefined, sinceMs: EpochMs | undefined): void {
  const { state } = kernel
  const { durable, journal } = state
  const since = sinceMs === undefined ? {} : { sinceMs }
  if (tail?.state === 'lost') {
    const { entries, upTo, hash } = tail
    kernel.record('tailLost', undefined, { entries, upTo, hash, intentNo: durable.intentNo + entries + UNSEEN_INTENTS, ...since })
    state.alert(
      'JOURNAL_TAIL_LOST',
      'critical',
      `the journal ends ${entries} entries earlier than it did, at ${upTo - entries} instead of ${upTo}: the disk lost them, or an older file was put in place`,
    )
  }
  if (tail?.state === 'unknown' && journal !== undefined) {
    kernel.record('tailLost', undefined, { entries: 0, upTo: journal.seq, hash: journal.hash, intentNo: durable.intentNo + UNKNOWN_INTENTS, ...since })
    state.alert('JOURNAL_TAIL_UNKNOWN', 'warning', 'nothing tells how far the journal went: its high-water file is missing, so newest entries may be as well')
  }
}
