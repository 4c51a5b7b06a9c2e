import type { AccountEvent } from '../contracts/events.ts'
import type { JournalTail } from '../contracts/store.ts'
import type { EpochMs } from '../model/time.ts'
import type { EntryData } from './journal/entry-data.ts'
import type { KernelState } from './kernel-state.ts'
import { recordLatch } from './trading-state.ts'

/** A mark is written after its commit, so one more commit may have been lost; none makes as many orders as this. */
export const UNSEEN_INTENTS = 1_000
/** Orders that may be missing where nobody knows how much is. */
const UNKNOWN_INTENTS = 10_000

/**
 * Writes down what opening the store found out about the end of its journal, and says it. After a loss no order gets a number that a lost one may have used: its id
 * would be the lost one's, and the venue would take it for that. Trading that was halted in the lost end is halted again, before anything can leave.
 *
 * @param sinceMs - time of the last entry that is there; undefined when there is none
 */
export function recordTail(state: KernelState, tail: JournalTail | undefined, sinceMs: EpochMs | undefined): void {
  const { durable, journal } = state
  const since = sinceMs === undefined ? {} : { sinceMs }
  if (tail?.state === 'lost') {
    const { entries, upTo, hash } = tail
    const halted = haltedAtEnd(tail)
    const stop = halted === undefined ? {} : { halted }
    state.record('tailLost', undefined, { entries, upTo, hash, intentNo: largestIntent(durable.intentNo, tail) + UNSEEN_INTENTS, ...since, ...stop })
    // In the same commit: a loss that is written down is not found again, and so the latch could not be set later.
    if (halted !== undefined) haltAgain(state, halted)
    state.alert(
      'JOURNAL_TAIL_LOST',
      'critical',
      `the journal ends ${entries} entries earlier than it did, at ${upTo - entries} instead of ${upTo}: the disk lost them, or an older file was put in place`,
    )
  }
  if (tail?.state === 'unknown' && journal !== undefined) {
    state.record('tailLost', undefined, { entries: 0, upTo: journal.seq, hash: journal.hash, intentNo: durable.intentNo + UNKNOWN_INTENTS, ...since })
    state.alert('JOURNAL_TAIL_UNKNOWN', 'warning', 'nothing tells how far the journal went: its high-water file is missing, so newest entries may be as well')
  }
}

/**
 * Writes down what only the venue could tell: database and high-water file are both those of an earlier day, as a snapshot of a machine or of a folder has them. Nobody knows how much is lost,
 * nor whether trading was halted there.
 */
export function recordOlderCopy(state: KernelState, { intentNo, sinceMs }: Pick<Extract<AccountEvent, { kind: 'olderCopy' }>, 'intentNo' | 'sinceMs'>): void {
  const { journal } = state
  if (journal === undefined) return
  const { seq: upTo, hash } = journal
  const detail = `the venue has orders of ours that have not left by the journal, up to number ${intentNo}: an older copy of the database was put in place, its high-water file with it`
  state.record('tailLost', undefined, { entries: 0, upTo, hash, intentNo: intentNo + UNKNOWN_INTENTS, sinceMs, halted: 'unknown' })
  haltAgain(state, 'unknown')
  state.alert('JOURNAL_TAIL_LOST', 'critical', detail)
}

/** The lost end may hold a loss of its own, and numbers far beyond those that its entries could have used. */
const largestIntent = (kept: number, { entries, intentNo }: JournalTail & { readonly state: 'lost' }): number =>
  intentNo === undefined ? kept + entries : Math.max(kept, intentNo)

type HaltedAtEnd = NonNullable<EntryData['tailLost']['halted']>

const haltedAtEnd = ({ halted }: JournalTail & { readonly state: 'lost' }): HaltedAtEnd | undefined =>
  halted === undefined ? 'unknown' : halted ? 'yes' : undefined

const reasonOf: Readonly<Record<HaltedAtEnd, string>> = {
  yes: 'trading was halted in the end of the journal that was lost, and is halted again',
  unknown: 'nothing tells whether trading was halted in the end of the journal that was lost: it is halted now',
}

/** What halted in the part that is kept halts already. */
function haltAgain(state: KernelState, halted: HaltedAtEnd): void {
  if (state.durable.halted) return
  recordLatch(state, { reason: 'emergencyStop', untilMs: null })
  state.alert('EMERGENCY_STOP', 'critical', `${reasonOf[halted]}; look at the account, then re-arm`)
}
