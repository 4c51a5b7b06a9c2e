import type { JournalEntry } from '../contracts/journal.ts'
import type { Store } from '../contracts/store.ts'
import type { Environment } from '../model/environment.ts'
import { EngineError } from '../model/errors.ts'
import { Stopwatch } from './timings.ts'

/** Entries that a backtest collects before one commit: nothing outside waits for them, and a crash costs a rerun. */
const GROUP = 512

/** The way of entries into the store: at once in paper and live, in groups in a backtest. */
export class JournalBuffer {
  private readonly store: Store | undefined
  private readonly grouped: boolean
  private pending: JournalEntry[] = []
  private lastSeq: number

  private readonly watch: Stopwatch

  /** @param watch - takes the time of each commit */
  constructor(store: Store | undefined, environment: Environment, watch = new Stopwatch()) {
    this.watch = watch
    this.store = store
    this.grouped = environment === 'backtest'
    this.lastSeq = store?.lastSeq() ?? 0
  }

  /**
   * @param notHalted - refuse while the durable latch is set
   * @returns false when the latch refused
   * @throws EngineError `JOURNAL_FAILED`: trading must stop, there is no memory-only mode
   */
  append(entries: readonly JournalEntry[], notHalted: boolean): boolean {
    for (const entry of entries) this.pending.push(entry)
    if (this.grouped && this.pending.length < GROUP) return true
    return this.write(notHalted)
  }

  flush(): void {
    if (this.pending.length > 0) this.write(false)
  }

  private write(notHalted: boolean): boolean {
    if (this.pending.length === 0 || this.store === undefined) return true
    const startedAt = performance.now()
    let result = this.store.append(this.pending, { lastSeq: this.lastSeq, notHalted })
    const halted = result === 'halted'
    // What is to be written happened; only the sending that it announces does not.
    if (halted) result = this.store.append(this.pending, { lastSeq: this.lastSeq, notHalted: false })
    this.watch.stop(startedAt)
    if (result !== 'ok') throw new EngineError('JOURNAL_FAILED', `the store answered '${result}' to entry ${this.lastSeq + 1}: another writer is at work`)
    this.lastSeq = this.pending[this.pending.length - 1]!.seq
    this.pending = []
    return !halted
  }
}
