import { projectionTables, sortedByKey } from '@millrace/core'
import type { ProjectionRow, ProjectionRows, ProjectionTable } from '@millrace/core'
import type { CheckpointState, Checkpoints } from './checkpoints.ts'
import { foldFromFirst, latchText } from './fold.ts'
import type { Fold } from './fold.ts'
import type { Statements } from './statements.ts'
import { corrupt } from './verify.ts'

/** Tables whose rows come from entries that may be gone: only the checkpoints know them. */
const soft: ReadonlySet<string> = new Set(['bots', 'state'])

/**
 * Compares the stored projections and latch with what the journal amounts to, byte for byte. Of tables that only grow, behind a checkpoint: the rows that changed since, and
 * how many there are.
 *
 * @throws EngineError `STORE_CORRUPT`, naming table, key and column
 */
export function compareProjections(name: string, statements: Statements, fold: Fold): void {
  for (const table of projectionTables) {
    if (fold.resumed && table.grows === true) compareChanged(name, statements, fold, table)
    else compareTable(name, table, statements.rows(table.name), fold.rows)
  }
  const latch = statements.meta('halted')
  if (latch !== latchText(fold.projector)) throw corrupt(name, `the latch says halted = ${latch}, the journal gives ${latchText(fold.projector)}`)
}

/**
 * Compares everything that is stored with a fold from the first entry on: checkpoints, kept entries, and each row.
 *
 * @throws EngineError `STORE_CORRUPT`
 */
export function compareEverything(name: string, statements: Statements, checkpoints: Checkpoints, state: CheckpointState | undefined): void {
  const firm = projectionTables.filter((table) => !soft.has(table.name))
  const rows = foldFromFirst(name, statements, checkpoints, (atCheckpoint) => {
    for (const table of firm)
      if (table.grows !== true)
        compareTable(`${name}, the checkpoint at journal entry ${state!.seq}`, table, [...(state!.rows[table.name] ?? [])], atCheckpoint)
  })
  for (const table of firm) compareTable(name, table, statements.rows(table.name), rows)
}

/** All rows as the journal gives them, for tables that are made anew. */
export function rowsAnew(name: string, statements: Statements, checkpoints: Checkpoints, fold: Fold): ProjectionRows {
  if (!fold.resumed) return fold.rows
  const rows = foldFromFirst(name, statements, checkpoints, () => undefined)
  return { ...rows, sorted: (table) => (soft.has(table) ? fold.rows : rows).sorted(table) }
}

function compareTable(name: string, table: ProjectionTable, stored: ProjectionRow[], expected: ProjectionRows): void {
  const problem = difference(table, sortedByKey(table, stored), expected.sorted(table.name))
  if (problem !== undefined) throw corrupt(name, `projection ${table.name}, ${problem}`)
}

function compareChanged(name: string, statements: Statements, { rows, projector }: Fold, table: ProjectionTable): void {
  const key = table.columns[0]!.name
  const expected = rows.sorted(table.name)
  const stored = expected.map((row) => statements.row(table.name, String(row[key]))).filter((row) => row !== undefined)
  const problem = difference(table, stored, expected)
  if (problem !== undefined) throw corrupt(name, `projection ${table.name}, ${problem}`)
  const [count, wanted] = [statements.count(table.name), projector.sizes.get(table.name)]
  if (count !== wanted) throw corrupt(name, `projection ${table.name} has ${count} rows, the journal gives ${wanted}`)
}

/** Says where the rows of a table first differ from what the journal gives; both are sorted by key. */
function difference(table: ProjectionTable, stored: readonly ProjectionRow[], expected: readonly ProjectionRow[]): string | undefined {
  const key = table.columns[0]!.name
  for (let i = 0; i < Math.max(stored.length, expected.length); i++) {
    const [found, wanted] = [stored[i], expected[i]]
    if (found === undefined || (wanted !== undefined && wanted[key]! < found[key]!)) return `key ${JSON.stringify(wanted![key])}: the row is missing`
    if (wanted === undefined || found[key]! < wanted[key]!) return `key ${JSON.stringify(found[key])}: the journal knows no such row`
    const column = table.columns.find((c) => found[c.name] !== wanted[c.name])?.name
    if (column !== undefined)
      return `key ${JSON.stringify(found[key])}: ${column} is ${JSON.stringify(found[column])}, the journal gives ${JSON.stringify(wanted[column])}`
  }
  return undefined
}
