/**
 * A process of its own that writes to a store, for tests that need one to wait for, to race with or to kill.
 *
 * `node writer-process.ts hold <db>` opens the store, says `open`, and stays until it is ended.
 * `node writer-process.ts write <db>` continues the sample journal from where the file stands, one append at a time, and says
 * `acked <seq>` after each; with a number, `write <db> <n>` stops after so many appends of one entry. `write-normal` is the same without a sync a commit.
 * `busy <db> <ms>` keeps the file for so long, as another program may. A refusal is said as `refused <code> <message>`, with exit code 3.
 */
import { writeSync } from 'node:fs'
import { EngineError } from '@millrace/core'
import { sampleJournal } from '@millrace/core/testing'
import { betterSqlite3 } from '../src/driver.ts'
import type { SqliteDriver } from '../src/driver.ts'
import { sqliteStore } from '../src/index.ts'

/** Written at once, past every buffer: what was said before a kill has been said. */
const say = (line: string): void => {
  writeSync(1, `${line}\n`)
}

const [task, db, count] = process.argv.slice(2)

/** What nobody should run: SQLite then syncs its log only now and then. */
const careless: SqliteDriver = (path) => {
  const opened = betterSqlite3()(path)
  const exec = opened.exec.bind(opened)
  return Object.assign(opened, { exec: (sql: string) => exec(sql.replace('synchronous = FULL', 'synchronous = NORMAL')) })
}

if (task === 'busy') {
  const other = betterSqlite3()(db!)
  other.exec('BEGIN IMMEDIATE')
  say('busy')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(count))
  other.exec('ROLLBACK')
  process.exit(0)
}

try {
  const store = sqliteStore(db!, task === 'write-normal' ? { driver: careless } : {}).open({ environment: 'paper' })
  say(`open ${process.pid}`)
  // A store that nothing refers to any more is collected, and its lock with it.
  if (task === 'hold') setInterval(() => store.lastSeq(), 1_000)
  else if (count !== undefined) {
    for (const entry of sampleJournal(Number(count))) store.append([entry])
    store.close()
  } else {
    const first = store.lastSeq()
    const journal = sampleJournal(first + 3_000)
    for (let seq = first; seq < journal.length;) {
      const batch = journal.slice(seq, seq + 1 + (seq % 7))
      const result = store.append(batch, { lastSeq: seq, notHalted: false })
      if (result !== 'ok') throw new Error(`append answered ${result}`)
      seq += batch.length
      say(`acked ${seq}`)
    }
  }
} catch (error) {
  if (!(error instanceof EngineError)) throw error
  say(`refused ${error.code} ${error.message}`)
  process.exitCode = 3
}
