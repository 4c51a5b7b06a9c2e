import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { EngineError, sha256Hex } from '@millrace/core'
import type { At, ChainHead, JournalTail } from '@millrace/core'
import { writeDurably } from './durable-file.ts'
import { corrupt } from './verify.ts'

/** How far the journal of a store went, by a file of its own. */
export interface HighWater extends ChainHead {
  /** SHA-256 of the id of the store. */
  readonly store: string
  /** Whether trading was halted there; undefined when nobody knows: the file is from before this was written down, or one of its slots cannot be read. */
  readonly halted: boolean | undefined
  /** Largest number of an order up to there; undefined when nobody knows. */
  readonly intentNo: number | undefined
}

/** What is written down of a journal: its last entry, whether trading is halted behind it, and the largest number of an order. */
export interface JournalMark extends ChainHead {
  readonly halted: boolean
  readonly intentNo: number
}

/** A slot is written whole, so of two that take turns one is always right, whenever the power fails. */
const SLOT_BYTES = 256
const SLOTS = 2

/** How a slot begins. One of the first form begins with the number of its entry and does not say whether trading was halted, nor how many orders there were. */
const FORM = 'v2'

export const highWaterPath = (database: string): string => `${database}.high-water`

/**
 * Returns what the high-water file of a database says: number and hash of the last entry committed, or of the one commit before. Undefined when there is none.
 *
 * @throws EngineError `STORE_CORRUPT` when neither of its two slots can be read
 */
export function readHighWater(database: string): HighWater | undefined {
  const slots = readSlots(highWaterPath(database))
  if (slots === undefined) return undefined
  const [newest, other] = slots.filter((slot) => slot !== undefined).sort((a, b) => b.seq - a.seq)
  // The slot that cannot be read may be the newer one, torn or damaged: it may have said that trading is halted.
  if (newest !== undefined) return other === undefined && newest.halted === false ? { ...newest, halted: undefined } : newest
  throw new EngineError(
    'STORE_CORRUPT',
    `the high-water file ${highWaterPath(database)} cannot be read, so nothing tells whether the newest entries of the journal are there: delete it to go on without knowing`,
  )
}

/**
 * Compares the end of a journal with its high-water file: SQLite takes a damaged log for one that ends earlier, and says nothing.
 *
 * @param hashAt - hash of an entry before the head; undefined when it was let go
 * @param isKnown - true when the journal says itself that it lost the end that a mark names
 * @throws EngineError `STORE_MISMATCH` when the file is another store's, `STORE_CORRUPT` when the entry it names is another one here
 */
export function checkTail(
  database: string,
  storeId: string,
  head: ChainHead,
  { hashAt, isKnown }: { readonly hashAt: (seq: number) => string | undefined; readonly isKnown: (mark: ChainHead) => boolean },
): JournalTail {
  const mark = readHighWater(database)
  if (mark === undefined) return { state: head.seq === 0 ? 'whole' : 'unknown' }
  if (mark.store !== sha256Hex(storeId))
    throw new EngineError(
      'STORE_MISMATCH',
      `${highWaterPath(database)} belongs to another store than ${database}: put the file back that it belongs to, or delete it to go on without knowing whether this one is whole`,
    )
  // A process that died between writing the loss down and lowering its mark leaves the mark of what was lost.
  if (mark.seq > head.seq) return isKnown(mark) ? { state: 'whole' } : lostTail(mark, head)
  const hash = mark.seq === head.seq ? head.hash : hashAt(mark.seq)
  if (mark.seq > 0 && hash !== undefined && hash !== mark.hash && !isKnown(mark))
    throw corrupt(database, `journal entry ${mark.seq} is not the one that its high-water file names: the two are not of one run`)
  return { state: 'whole' }
}

const lostTail = ({ seq, hash, halted, intentNo }: HighWater, head: ChainHead): JournalTail => ({
  state: 'lost',
  entries: seq - head.seq,
  upTo: seq,
  hash,
  ...(halted === undefined ? {} : { halted }),
  ...(intentNo === undefined ? {} : { intentNo }),
})

/** Writes the high-water file of an open store; on disk when it returns. */
export interface HighWaterWriter {
  write(mark: JournalMark): void
  /** Begins anew, lower than before: a loss that is known is not found again. */
  lower(mark: JournalMark): void
  close(): void
}

/** Opens the high-water file for writing; where there is none it is made, of an empty journal at once, of another with the first entry that says it was missing. */
export function openHighWater(database: string, storeId: string, head: JournalMark, at: At): HighWaterWriter {
  const path = highWaterPath(database)
  const store = sha256Hex(storeId)
  const line = ({ seq, hash, halted, intentNo }: JournalMark): string => slotText(`${FORM} ${seq} ${hash} ${store} ${halted ? 'halted' : 'on'} ${intentNo}`)
  const begin = (first: JournalMark): void => at('store:high-water', () => writeDurably(path, line(first).repeat(SLOTS)))
  const slots = readSlots(path)
  if (slots === undefined && head.seq === 0) begin(head)
  // The slot to write is never the one that holds the newest mark.
  let next = slots?.[0] !== undefined && (slots[1] === undefined || slots[0].seq > slots[1].seq) ? 1 : 0
  let file = slots === undefined && head.seq > 0 ? undefined : openSync(path, 'r+')
  const beginAnew = (first: JournalMark): void => {
    begin(first)
    if (file !== undefined) closeSync(file)
    file = openSync(path, 'r+')
  }
  return {
    write(mark) {
      if (file === undefined) return beginAnew(mark)
      const open = file
      at('store:high-water', () => {
        const written = writeSync(open, line(mark), next * SLOT_BYTES, 'latin1')
        if (written !== SLOT_BYTES) throw new Error(`only ${written} of ${SLOT_BYTES} bytes were written`)
        fdatasyncSync(open)
        next = 1 - next
      })
    },
    lower: beginAnew,
    close() {
      if (file !== undefined) closeSync(file)
    },
  }
}

function readSlots(path: string): readonly (HighWater | undefined)[] | undefined {
  try {
    const text = readFileSync(path, 'latin1')
    return Array.from({ length: SLOTS }, (_, i) => parseSlot(text.slice(i * SLOT_BYTES, (i + 1) * SLOT_BYTES)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** One line, filled up with blanks; its last word tells a whole one from a torn one. */
const slotText = (body: string): string => `${`${body} ${sha256Hex(body).slice(0, 16)}`.padEnd(SLOT_BYTES - 1)}\n`

function parseSlot(text: string): HighWater | undefined {
  const words = text.split(' ')
  if (words[0] !== FORM) {
    const [seq = '', hash = '', store = ''] = words
    return slotText(`${seq} ${hash} ${store}`) === text ? { seq: Number(seq), hash, store, halted: undefined, intentNo: undefined } : undefined
  }
  const [, seq = '', hash = '', store = '', trading = '', intentNo = ''] = words
  if (trading !== 'halted' && trading !== 'on') return undefined
  if (slotText(`${FORM} ${seq} ${hash} ${store} ${trading} ${intentNo}`) !== text) return undefined
  return { seq: Number(seq), hash, store, halted: trading === 'halted', intentNo: Number(intentNo) }
}
