// A store of one's own: the journal as one line of JSON per batch in a text file. It passes `storeContract`; the rules come from the library.
// Run it: node --conditions=@millrace/source examples/own-store.ts
import {
  EMPTY_CHAIN,
  EngineError,
  appendFailed,
  checkIdentity,
  checkLimit,
  createProjectionRows,
  createProjector,
  memoryStore,
  parseEntry,
  projectionTables,
  storedBatch,
} from '@millrace/core'
import type { AppendGuard, AppendResult, ChainHead, JournalEntry, Store, StoreFactory, StoreIdentity, StoredEntry } from '@millrace/core'
import { storeContract } from '@millrace/core/testing'
import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Returns a store in two files: `<path>` holds the journal, `<path>.id` says whose it is. One process at a time: that is what this example leaves out. */
export function jsonLinesStore(path: string): StoreFactory {
  let open = false
  return {
    open(request) {
      if (open) throw new EngineError('STORE_LOCKED', `${path} is open already: close it first`)
      const found = readIdentity(path)
      const identity: StoreIdentity = found ?? { storeId: request.storeId ?? randomUUID(), environment: request.environment, schema: 1 }
      checkIdentity(path, identity, request)
      const own = request.account === undefined ? identity : { ...identity, account: request.account }
      writeIdentity(path, own)
      open = true
      return openStore(path, own, () => {
        open = false
      })
    },
  }
}

function readIdentity(path: string): StoreIdentity | undefined {
  return existsSync(`${path}.id`) ? (JSON.parse(readFileSync(`${path}.id`, 'utf8')) as StoreIdentity) : undefined
}

/** A new file in place of the old one: it is there whole, or not at all. */
function writeIdentity(path: string, identity: StoreIdentity): void {
  writeFileSync(`${path}.id.new`, JSON.stringify(identity), { flush: true })
  renameSync(`${path}.id.new`, `${path}.id`)
}

/** A batch is one line, so a line without its end is a batch that was never acknowledged. */
function readJournal(path: string): StoredEntry[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
  return whole.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as StoredEntry[])))
}

function openStore(path: string, identity: StoreIdentity, release: () => void): Store {
  const stored = readJournal(path)
  const file = openSync(path, 'a')
  let fold = foldOf(stored)
  let closed = false
  const assertOpen = (): void => {
    if (closed) throw new EngineError('JOURNAL_FAILED', `${path} is closed`)
  }

  function write(batch: readonly JournalEntry[], guard: AppendGuard | undefined): AppendResult {
    const head: ChainHead = stored.at(-1) ?? EMPTY_CHAIN
    if (guard !== undefined && guard.lastSeq !== head.seq) return 'conflict'
    if (guard?.notHalted === true && fold.halted()) return 'halted'
    if (batch.length === 0) return 'ok'
    const rows = storedBatch(head, batch) // checks place, hash and shape of every entry
    try {
      fold.take(rows.map(parseEntry))
      writeSync(file, `${JSON.stringify(rows)}\n`)
      fsyncSync(file)
    } catch (error) {
      fold = foldOf(stored) // it may have seen entries that were never stored
      throw error
    }
    stored.push(...rows)
    return 'ok'
  }

  return {
    identity,
    append(batch, guard) {
      assertOpen()
      try {
        return write(batch, guard)
      } catch (cause) {
        throw appendFailed(batch.length, cause)
      }
    },
    read({ afterSeq = 0, types, botId, limit }) {
      assertOpen()
      checkLimit(limit)
      const wanted = (entry: StoredEntry): boolean =>
        entry.seq > afterSeq && (types === undefined || types.some((type) => type === entry.type)) && (botId === undefined || entry.botId === botId)
      return stored.filter(wanted).slice(0, limit).map(parseEntry)
    },
    lastSeq() {
      assertOpen()
      return stored.length
    },
    rows(table) {
      assertOpen()
      return fold.rows.sorted(table)
    },
    close() {
      if (closed) return
      closed = true
      closeSync(file)
      release()
    },
  }
}

/** What follows from a journal: the projections, and whether the emergency latch is set. */
function foldOf(stored: readonly StoredEntry[]) {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  let halted = false
  const take = (entries: readonly JournalEntry[]): void => {
    for (const entry of entries) {
      rows.write(projector.apply(entry))
      if (entry.type === 'latch') halted = (entry.data as { readonly state: string }).state === 'halted'
    }
  }
  take(stored.map(parseEntry))
  return { rows, take, halted: () => halted }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = mkdtempSync(join(tmpdir(), 'own-store-'))
  let files = 0
  for (const { name, run } of storeContract(() => jsonLinesStore(join(folder, `${files++}.jsonl`)))) {
    run()
    console.log(`passed: ${name}`)
  }
  rmSync(folder, { recursive: true })
  console.log(`beside it: ${storeContract(memoryStore).length} promises of the memory store`)
}
