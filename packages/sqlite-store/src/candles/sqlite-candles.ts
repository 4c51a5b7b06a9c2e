import { DAY_MS, EngineError, findGaps } from '@millrace/core'
import type { CandleColumns, CandleStore, EpochMs, PutReport, Series, SeriesInfo } from '@millrace/core'
import { betterSqlite3 } from '../driver.ts'
import type { SqliteDatabase, SqliteStatement, SqliteValue } from '../driver.ts'
import { migrateFile } from '../migrate-file.ts'
import { openFailed } from '../open-database.ts'
import { IN_MEMORY, databasePath } from '../paths.ts'
import { candleFile } from './candle-schema.ts'
import { decodeDay, emptyColumns, encodeDay, sumOf } from './day-blob.ts'
import { mergeDay, problemOf } from './merge-day.ts'

/** A day that was corrected: the older candles are still there. */
export interface CandleRevision {
  readonly dayMs: EpochMs
  /** 1 = as first stored. */
  readonly revision: number
  /** Candles that differ from the revision before. */
  readonly corrected: number
  readonly rows: number
}

/** Candles in one SQLite file. */
export interface SqliteCandles extends CandleStore {
  /** Days of a series with more than one revision, every revision of them, oldest first. */
  revisions(series: Series): readonly CandleRevision[]
  /** The candles of a day as one of its revisions had them. */
  readRevision(series: Series, dayMs: EpochMs, revision: number): CandleColumns
  /** What is damaged, one line each: SQLite's own check, and each blob against its sum. */
  verify(): readonly string[]
}

interface DayRow {
  readonly day_ms: number
  readonly revision: number
  readonly rows: number
  readonly columns: Uint8Array
}

/** better-sqlite3 gives rows out one after the other as well. */
type Rows = SqliteStatement & { iterate(...values: readonly SqliteValue[]): Iterable<DayRow> }

/** The newest revision of each day, of rows in order of day and revision. */
const newestOf = <T extends { readonly day_ms: number }>(rows: readonly T[]): readonly T[] => rows.filter((row, i) => row.day_ms !== rows[i + 1]?.day_ms)

/**
 * Opens a file of candles: a UTC day of a series is one blob of columns, so a year of minutes is read in a blink. A candle that is put again and says something else is a
 * correction: the day gets a new revision and the old one stays.
 *
 * @param path - a file, made when it does not exist, or `':memory:'`
 * @throws EngineError `NODE_TOO_OLD`, `STORE_CORRUPT` when it is another kind of file, `STORE_NEWER`, `STORE_LOCKED`, `JOURNAL_FAILED`
 * @example
 * ```ts
 * import { candleColumns } from '@millrace/core'
 *
 * const candles = sqliteCandles(':memory:')
 * const series = { instrument: 'BTC-USD', timeframeMs: 60000, source: 'csv' }
 * candles.put(series, candleColumns([{ openTime: 1767225600000, open: 1, high: 2, low: 1, close: 2, volume: 3 }])).added // => 1
 * candles.list()[0]?.rows // => 1
 * candles.close()
 * ```
 */
export function sqliteCandles(path: string): SqliteCandles {
  let db: SqliteDatabase | undefined
  try {
    db = betterSqlite3()(path === IN_MEMORY ? IN_MEMORY : databasePath(path))
    // Large pages, set before there is one: a day's blob is a chain of them.
    db.exec('PRAGMA page_size = 32768; PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON')
    migrateFile(db, path, candleFile)
    // Imports can be made again: the journal's caution is not needed here.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    return new Candles(db)
  } catch (error) {
    db?.close()
    throw openFailed(path, error)
  }
}

class Candles implements SqliteCandles {
  private readonly db: SqliteDatabase

  constructor(db: SqliteDatabase) {
    this.db = db
  }

  put(series: Series, columns: CandleColumns): PutReport {
    const problem = problemOf(series, columns)
    if (problem !== undefined) throw new RangeError(problem)
    const report = { added: 0, unchanged: 0, corrected: 0 }
    if (columns.length === 0) return report
    this.db.exec('BEGIN IMMEDIATE')
    try {
      const id = this.seriesId(series) ?? this.addSeries(series)
      for (let from = 0; from < columns.length;) {
        const dayMs = Math.floor(columns.openTime[from]! / DAY_MS) * DAY_MS
        let to = from
        while (to < columns.length && columns.openTime[to]! < dayMs + DAY_MS) to++
        this.putDay(id, series.timeframeMs, dayMs, columns, from, to, report)
        from = to
      }
      this.db.exec('COMMIT')
      return report
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('ROLLBACK')
      throw error
    }
  }

  read(series: Series, fromMs: EpochMs, toMs: EpochMs): CandleColumns {
    const id = this.seriesId(series)
    if (id === undefined) return emptyColumns(0)
    const lastStart = toMs - series.timeframeMs
    const where = 'FROM days WHERE series = ? AND last_ms >= ? AND first_ms <= ? ORDER BY day_ms, revision'
    const range = [id, finite(fromMs), finite(lastStart)] as const
    const days = newestOf(this.db.prepare(`SELECT day_ms, revision, rows ${where}`).all(...range) as Omit<DayRow, 'columns'>[])
    const all = emptyColumns(days.reduce((sum, { rows }) => sum + rows, 0))
    let [day, at] = [0, 0]
    // One blob at a time: all of them at once would be as much memory again.
    for (const { day_ms: dayMs, revision, columns } of (this.db.prepare(`SELECT day_ms, revision, columns ${where}`) as Rows).iterate(...range)) {
      const wanted = days[day]
      if (wanted === undefined || dayMs !== wanted.day_ms || revision !== wanted.revision) continue
      decodeDay(columns, wanted.rows, all, at)
      at += wanted.rows
      day++
    }
    return between(all, fromMs, lastStart)
  }

  list(): readonly SeriesInfo[] {
    const rows = this.db.prepare('SELECT id, instrument, timeframe_ms, source FROM series ORDER BY instrument, timeframe_ms, source').all() as {
      id: number
      instrument: string
      timeframe_ms: number
      source: string
    }[]
    return rows.map(({ id, instrument, timeframe_ms: timeframeMs, source }) => ({ series: { instrument, timeframeMs, source }, ...this.sums(id, timeframeMs) }))
  }

  revisions(series: Series): readonly CandleRevision[] {
    const rows = this.db
      .prepare(
        'SELECT day_ms, revision, corrected, rows FROM days WHERE series = ? AND day_ms IN (SELECT day_ms FROM days WHERE series = ? AND revision > 1) ORDER BY day_ms, revision',
      )
      .all(this.seriesId(series) ?? -1, this.seriesId(series) ?? -1) as { day_ms: EpochMs; revision: number; corrected: number; rows: number }[]
    return rows.map(({ day_ms: dayMs, ...row }) => ({ dayMs, ...row }))
  }

  readRevision(series: Series, dayMs: EpochMs, revision: number): CandleColumns {
    const row = this.db
      .prepare('SELECT rows, columns FROM days WHERE series = ? AND day_ms = ? AND revision = ?')
      .get(this.seriesId(series) ?? -1, dayMs, revision) as Pick<DayRow, 'rows' | 'columns'> | undefined
    if (row === undefined) throw new RangeError(`expected a revision that is there, received ${series.instrument} ${dayMs} revision ${revision}`)
    const columns = emptyColumns(row.rows)
    decodeDay(row.columns, row.rows, columns, 0)
    return columns
  }

  verify(): readonly string[] {
    const found = (this.db.prepare('PRAGMA quick_check').all() as { quick_check: string }[]).map((row) => row.quick_check).filter((text) => text !== 'ok')
    const days = this.db.prepare('SELECT series, day_ms, revision, sum, columns FROM days').all() as {
      series: number
      day_ms: number
      revision: number
      sum: string
      columns: Uint8Array
    }[]
    for (const { series, day_ms: dayMs, revision, sum, columns } of days)
      if (sumOf(columns) !== sum)
        found.push(`series ${series}, day ${new Date(dayMs).toISOString().slice(0, 10)}, revision ${revision}: the candles are not those that were written`)
    return found
  }

  close(): void {
    this.db.close()
  }

  private seriesId({ instrument, timeframeMs, source }: Series): number | undefined {
    const row = this.db.prepare('SELECT id FROM series WHERE instrument = ? AND timeframe_ms = ? AND source = ?').get(instrument, timeframeMs, source)
    return (row as { id: number } | undefined)?.id
  }

  private addSeries({ instrument, timeframeMs, source }: Series): number {
    this.db.prepare('INSERT INTO series (instrument, timeframe_ms, source) VALUES (?, ?, ?)').run(instrument, timeframeMs, source)
    return this.seriesId({ instrument, timeframeMs, source })!
  }

  private putDay(
    id: number,
    timeframeMs: number,
    dayMs: number,
    columns: CandleColumns,
    from: number,
    to: number,
    report: { added: number; unchanged: number; corrected: number },
  ): void {
    const known = this.db
      .prepare('SELECT day_ms, revision, rows, columns FROM days WHERE series = ? AND day_ms = ? ORDER BY revision DESC LIMIT 1')
      .get(id, dayMs) as DayRow | undefined
    const before = emptyColumns(known?.rows ?? 0)
    if (known !== undefined) decodeDay(known.columns, known.rows, before, 0)
    const merged = mergeDay(before, columns, from, to)
    report.added += merged.added
    report.unchanged += merged.unchanged
    report.corrected += merged.corrected
    if (merged.added === 0 && merged.corrected === 0) return
    // What is only added to changes nothing that anybody has read.
    const revision = (known?.revision ?? 1) + (merged.corrected > 0 ? 1 : 0)
    const day = merged.columns
    const blob = encodeDay(day, 0, day.length)
    const gaps = findGaps(day, timeframeMs)
    this.db
      .prepare(
        'INSERT OR REPLACE INTO days (series, day_ms, revision, rows, first_ms, last_ms, missing, gaps, corrected, sum, columns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      )
      .run(
        id,
        dayMs,
        revision,
        day.length,
        day.openTime[0]!,
        day.openTime[day.length - 1]!,
        gaps.reduce((sum, gap) => sum + gap.missing, 0),
        gaps.length,
        merged.corrected,
        sumOf(blob),
        blob,
      )
  }

  private sums(id: number, timeframeMs: number): Omit<SeriesInfo, 'series'> {
    interface Day {
      readonly day_ms: number
      first_ms: number
      last_ms: number
      rows: number
      gaps: number
      missing: number
    }
    const days = newestOf(
      this.db.prepare('SELECT day_ms, first_ms, last_ms, rows, gaps, missing FROM days WHERE series = ? ORDER BY day_ms, revision').all(id) as Day[],
    )
    if (days.length === 0) throw new EngineError('STORE_CORRUPT', `series ${id} has no candles`)
    let [rows, gaps, missing] = [0, 0, 0]
    days.forEach((day, i) => {
      const apart = i === 0 ? 0 : Math.round((day.first_ms - days[i - 1]!.last_ms) / timeframeMs) - 1
      rows += day.rows
      gaps += day.gaps + (apart > 0 ? 1 : 0)
      missing += day.missing + Math.max(0, apart)
    })
    return { fromMs: days[0]!.first_ms as EpochMs, toMs: (days.at(-1)!.last_ms + timeframeMs) as EpochMs, rows, gaps, missing }
  }
}

/** SQLite has no infinities to compare with. */
const finite = (ms: number): number => Math.max(-8.64e15, Math.min(8.64e15, ms))

function between(columns: CandleColumns, fromMs: number, lastStart: number): CandleColumns {
  let from = 0
  let to = columns.length
  while (from < to && columns.openTime[from]! < fromMs) from++
  while (to > from && columns.openTime[to - 1]! > lastStart) to--
  if (from === 0 && to === columns.length) return columns
  const cut = (column: Float64Array): Float64Array => column.subarray(from, to)
  return {
    length: to - from,
    openTime: cut(columns.openTime),
    open: cut(columns.open),
    high: cut(columns.high),
    low: cut(columns.low),
    close: cut(columns.close),
    volume: cut(columns.volume),
  }
}
