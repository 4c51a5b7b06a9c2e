import type { JournalTail } from '../contracts/store.ts'
import type { TradingKernel } from './kernel.ts'

/** A mark is written after its commit, so one more commit may have been lost; none makes as many orders as this. */
const UNSEEN_INTENTS = 1_000

/**
 * Writes down what opening the store found out about the end of its journal, and says it. After a loss no order gets a number that a lost one may have used: its id
 * would be the lost one's, and the venue would take it for that.
 */
export function recordTail(kernel: TradingKernel, tail: JournalTail | undefined): void {
  const { state } = kernel
  if (tail?.state === 'lost') {
    const { entries, upTo, hash } = tail
    kernel.record('tailLost', undefined, { entries, upTo, hash, intentNo: state.durable.intentNo + entries + UNSEEN_INTENTS })
    state.alert(
      'JOURNAL_TAIL_LOST',
      'critical',
      `the journal ends ${entries} entries earlier than it did, at ${upTo - entries} instead of ${upTo}: the disk lost them, or an older file was put in place`,
    )
  }
  if (tail?.state === 'unknown')
    state.alert('JOURNAL_TAIL_UNKNOWN', 'warning', 'nothing tells how far the journal went: its high-water file is missing, so newest entries may be as well')
}
