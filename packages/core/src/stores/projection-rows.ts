import type { ProjectionTable, RowWrite } from '../contracts/projection.ts'
import type { ProjectionRow } from '../contracts/store.ts'

type Cell = string | number | null

/**
 * Returns a row as a store keeps it: exactly the columns of its table, each of its declared type.
 *
 * @throws RangeError when a cell has another type than its column, or the first column is not the key
 */
export function storedRow(table: ProjectionTable, key: string, row: ProjectionRow): ProjectionRow {
  const cells: Record<string, Cell> = {}
  for (const column of table.columns) cells[column.name] = storedCell(table, column, row[column.name] ?? null)
  const keyColumn = table.columns[0]!.name
  if (cells[keyColumn] !== key.toWellFormed()) throw new RangeError(`${table.name}.${keyColumn}: expected the key ${JSON.stringify(key)}, received ${JSON.stringify(cells[keyColumn])}`)
  return Object.freeze(cells)
}

function storedCell(table: ProjectionTable, column: ProjectionTable['columns'][number], cell: Cell): Cell {
  if (cell === null) return null
  // Lone surrogates and -0 do not survive a database; what is kept is what every store gives back.
  if (column.type === 'TEXT' && typeof cell === 'string') return cell.toWellFormed()
  if (column.type === 'INTEGER' && Number.isSafeInteger(cell)) return Number(cell) + 0
  if (column.type === 'REAL' && Number.isFinite(cell)) return Number(cell) + 0
  throw new RangeError(`${table.name}.${column.name}: expected ${column.type}, received ${typeof cell} ${String(cell)}`)
}

/** The rows of every projection in memory, by table and key. */
export interface ProjectionRows {
  write(writes: readonly RowWrite[]): void
  /** Rows of one table, by key (code units). @throws RangeError on a table that does not exist */
  sorted(table: string): readonly ProjectionRow[]
}

/** Collects the row writes of a projector into the rows they amount to. */
export function createProjectionRows(tables: readonly ProjectionTable[]): ProjectionRows {
  const byName = new Map(tables.map((table) => [table.name, { table, rows: new Map<string, ProjectionRow>() }]))
  const find = (name: string) => byName.get(name) ?? unknownTable(tables, name)
  return {
    write(writes) {
      for (const { table: name, key, row } of writes) {
        const { table, rows } = find(name)
        if (row === null) rows.delete(key)
        else rows.set(key, storedRow(table, key, row))
      }
    },
    sorted: (name) => sortedByKey(find(name).table, [...find(name).rows.values()]),
  }
}

/** Sorts rows of a table in place by key, by code units: the order of every store. */
export function sortedByKey(table: ProjectionTable, rows: ProjectionRow[]): readonly ProjectionRow[] {
  const key = table.columns[0]!.name
  return rows.sort((a, b) => (a[key]! < b[key]! ? -1 : 1))
}

/** Refuses the name of a projection that does not exist. */
export function unknownTable(tables: readonly ProjectionTable[], name: string): never {
  throw new RangeError(`expected a projection (${tables.map((table) => table.name).join(', ')}), received ${JSON.stringify(name)}`)
}
