import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineError } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { sqliteStore } from '../src/index.ts'
import { inMemory } from './temporary-folder.ts'

const journal = sampleJournal(150)
const paper = { environment: 'paper' } as const

/** How a damaged file came up: `whole` with all entries, as told `lost`, or not at all. */
export type Outcome = 'whole' | 'lost' | 'refused'

/** A store of the sample journal, one commit an entry, as a crash leaves it: to be damaged again and again. */
export class CrashedLog {
  readonly log: Buffer
  /** Length of the log after each commit. */
  private readonly commits: readonly number[]
  private readonly file: Buffer
  private readonly mark: Buffer
  private readonly folder = mkdtempSync(join(inMemory, 'millrace-log-'))
  private readonly copy = join(this.folder, 'copy.db')

  constructor() {
    const path = join(this.folder, 'trader.db')
    const store = sqliteStore(path).open(paper)
    this.commits = journal.map((entry) => {
      store.append([entry])
      return statSync(`${path}-wal`).size
    })
    this.file = readFileSync(path)
    this.mark = readFileSync(`${path}.high-water`)
    this.log = readFileSync(`${path}-wal`)
    store.close()
  }

  /** Cuts the log, as a power loss does, and opens what is left. @returns how many commits came up @throws Error when they are not exactly those that were whole */
  cut(length: number): number {
    const { seq, outcome } = this.open(this.log.subarray(0, length))
    const wanted = this.commits.filter((end) => end <= length).length
    if (seq !== wanted) throw new Error(`a log cut at byte ${length}: expected ${wanted} commits, received ${seq}`)
    if (outcome !== (seq === journal.length ? 'whole' : 'lost')) throw new Error(`a log cut at byte ${length} came up as ${outcome}`)
    return seq
  }

  /** Flips a bit of the log and opens it. @throws Error when entries are gone and nobody says so */
  flip(byte: number, bit: number): Outcome {
    const flipped = Buffer.from(this.log)
    flipped[byte]! ^= 1 << bit
    const { seq, outcome } = this.open(flipped)
    if (outcome === 'whole' && seq !== journal.length) throw new Error(`bit ${bit} of byte ${byte} took ${journal.length - seq} entries, and nobody noticed`)
    return outcome
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  private open(log: Buffer): { readonly seq: number; readonly outcome: Outcome } {
    rmSync(`${this.copy}-shm`, { force: true })
    for (const [suffix, bytes] of [
      ['', this.file],
      ['-wal', log],
      ['.high-water', this.mark],
    ] as const)
      writeFileSync(`${this.copy}${suffix}`, bytes)
    try {
      const store = sqliteStore(this.copy).open(paper)
      const seq = store.lastSeq()
      const [last] = store.read({ afterSeq: seq - 1, limit: 1 })
      const { tail } = store
      store.close()
      // The hash of the last entry stands for all before it.
      if (seq > 0 && last?.hash !== journal[seq - 1]!.hash) throw new Error(`entry ${seq} is not the one that was written`)
      if (tail?.state === 'unknown') throw new Error('the high-water file was not found')
      if (tail?.state === 'lost' && tail.entries !== journal.length - seq)
        throw new Error(`${journal.length - seq} entries are gone, ${tail.entries} were missed`)
      return { seq, outcome: tail!.state as Outcome }
    } catch (error) {
      if (error instanceof EngineError && error.code === 'STORE_CORRUPT') return { seq: 0, outcome: 'refused' }
      throw error
    }
  }
}
