import { existsSync } from 'node:fs'
import type { JournalEntry } from '@millrace/core'
import { isoTime } from '@millrace/core'
import { lockFilePath, lockHolder, openJournal, readHalt } from '@millrace/sqlite-store'
import { bad, ok, reasonOf, skipped, warning } from './check.ts'
import type { Check, Finding, Subject } from './check.ts'

const CHUNK = 5_000

/** Looks into the journal; a database that is not there yet is nothing to worry about. */
function inJournal(db: string, look: (journal: ReturnType<typeof openJournal>) => Finding): Finding {
  if (!existsSync(db)) return skipped(`there is no database ${db} yet: the first run makes it`)
  try {
    const journal = openJournal(db)
    try {
      return look(journal)
    } finally {
      journal.close()
    }
  } catch (error) {
    return bad(reasonOf(error))
  }
}

const database: Check = {
  id: 'database',
  look: ({ ask }) =>
    inJournal(ask.db, ({ identity }) =>
      ok(`${ask.db}: ${identity.environment}, schema ${identity.schema} (millrace verify ${ask.db} checks everything in it)`),
    ),
}

const environment: Check = {
  id: 'environment',
  async look({ ask, config }) {
    const read = await config()
    if (read === undefined) return skipped('there is no configuration to look at')
    return inJournal(ask.db, ({ identity }) =>
      identity.environment === read.environment
        ? ok(`configuration and database both say ${read.environment}`)
        : bad(`the configuration says ${read.environment}, the database belongs to ${identity.environment}: say another --db`),
    )
  },
}

const lock: Check = {
  id: 'lock',
  look({ ask }) {
    if (!existsSync(ask.db) && !existsSync(`${ask.db}.lock`)) return skipped('there is no database yet')
    try {
      const holder = lockHolder(ask.db)
      if (holder !== undefined) return ok(`process ${holder.pid} on ${holder.host} runs on it since ${isoTime(holder.startedAtMs)}`)
    } catch (error) {
      return bad(reasonOf(error))
    }
    const path = lockFilePath(ask.db)
    return existsSync(path)
      ? warning(`${path} was left by a process that ended without stopping: the next start takes it over, and looks through the journal first`)
      : ok('no process holds the database')
  },
}

const halt: Check = {
  id: 'halt',
  look({ ask, ...subject }) {
    if (!existsSync(ask.db)) return skipped('there is no database yet')
    return haltFinding(ask.db, subject.parts.nowMs())
  },
}

function haltFinding(db: string, nowMs: number): Finding {
  const request = readHalt(db)
  if (request === undefined) return ok('no stop is asked for')
  const when = request.atMs <= nowMs ? ` since ${isoTime(request.atMs)}` : ''
  return bad(`halted${when}: ${request.reason}; find out why, then re-arm on the page, or start with --rearm`)
}

const drift: Check = {
  id: 'config drift',
  async look(subject: Subject) {
    const read = await subject.config()
    if (read === undefined) return skipped('there is no configuration to look at')
    return inJournal(subject.ask.db, (journal) => {
      const last = lastOf(journal)
      if (last === undefined) return skipped('the database has seen no run')
      const { hash } = last.data as { readonly hash: string }
      return hash === read.configHash
        ? ok('the last run had this configuration')
        : warning(`the last run, of ${isoTime(last.atMs)}, had another configuration (${hash.slice(0, 12)}, now ${read.configHash.slice(0, 12)})`)
    })
  },
}

function lastOf(journal: ReturnType<typeof openJournal>): JournalEntry | undefined {
  let last: JournalEntry | undefined
  for (;;) {
    const entries = journal.read({ types: ['configInForce'], afterSeq: last?.seq ?? 0, limit: CHUNK })
    if (entries.length === 0) return last
    last = entries.at(-1)
  }
}

/** What the journal must be. */
export const storeChecks: readonly Check[] = [database, environment, lock, halt, drift]
