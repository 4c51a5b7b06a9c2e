import type { CandleEvent } from '../contracts/events.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import { MutableCandle } from './views.ts'

/**
 * Rows copied at a time. The columns of six instruments are 36 places in memory, more than a processor fetches ahead by itself: row by row, a replay waits
 * for memory. Block by block giving out candles takes half the time, and 64 rows stay in the first cache.
 */
const BLOCK = 64
const FIELDS = 6

type Reused = { -readonly [K in keyof CandleEvent]: CandleEvent[K] } & { readonly candle: MutableCandle }

/** Closed candles of one series, oldest first, in one event object that is used again and again. */
export class CandleCursor {
  readonly event: Reused
  /** When the candle that `take` gives next closes; Infinity when there is none. */
  nextMs = Infinity
  private readonly columns: CandleColumns
  private readonly timeframeMs: number = 0
  private readonly block = new Float64Array(BLOCK * FIELDS)
  private row = 0
  /** Place of the next row in the block. */
  private at = BLOCK * FIELDS

  constructor(instrument: string, timeframeMs: number, columns: CandleColumns, row = 0) {
    this.columns = columns
    this.timeframeMs = timeframeMs
    this.row = row
    this.event = { type: 'candle', instrument, timeframeMs, candle: new MutableCandle(), closed: true, atMs: 0 as EpochMs }
    this.look()
  }

  /** Gives the next candle, valid until it is called again; to be asked while `nextMs` is finite. */
  take(): CandleEvent {
    const { event, block, at } = this
    const { candle } = event
    candle.openTime = block[at]! as EpochMs
    candle.open = block[at + 1]!
    candle.high = block[at + 2]!
    candle.low = block[at + 3]!
    candle.close = block[at + 4]!
    candle.volume = block[at + 5]!
    event.atMs = this.nextMs as EpochMs
    this.at = at + FIELDS
    this.look()
    return event
  }

  private look(): void {
    if (this.at === BLOCK * FIELDS) this.load()
    this.nextMs = this.block[this.at]! + this.timeframeMs
  }

  /** Copies the next rows, column by column; after the last one stands Infinity. */
  private load(): void {
    const { columns, row } = this
    const { openTime, open, high, low, close, volume } = columns
    const rows = Math.min(BLOCK, columns.length - row)
    copyColumn(openTime, row, rows, this.block, 0)
    copyColumn(open, row, rows, this.block, 1)
    copyColumn(high, row, rows, this.block, 2)
    copyColumn(low, row, rows, this.block, 3)
    copyColumn(close, row, rows, this.block, 4)
    copyColumn(volume, row, rows, this.block, 5)
    if (rows < BLOCK) this.block[rows * FIELDS] = Infinity
    this.row = row + rows
    this.at = 0
  }
}

function copyColumn(column: Float64Array, row: number, rows: number, block: Float64Array, field: number): void {
  for (let i = 0; i < rows; i++) block[i * FIELDS + field] = column[row + i]!
}

/** Candles of several series in total order: by close time, at the same time in the order of the cursors. */
export class CandleMerge {
  private readonly cursors: readonly CandleCursor[]
  private atMs = -Infinity
  private index: number

  constructor(cursors: readonly CandleCursor[]) {
    this.cursors = cursors
    this.index = cursors.length
  }

  /** The next candle that closes by `endMs`, valid until the next call; undefined when there is none. */
  next(endMs: number): CandleEvent | undefined {
    const { cursors } = this
    for (;;) {
      while (this.index < cursors.length) {
        const cursor = cursors[this.index++]!
        if (cursor.nextMs === this.atMs) return cursor.take()
      }
      let first = Infinity
      for (let i = 0; i < cursors.length; i++) if (cursors[i]!.nextMs < first) first = cursors[i]!.nextMs
      if (!(first <= endMs) || first === Infinity) return undefined
      this.atMs = first
      this.index = 0
    }
  }
}
