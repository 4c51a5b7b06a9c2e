import type { ProjectionTable, RowWrite } from '../contracts/projection.ts'
import type { ProjectionRow } from '../contracts/store.ts'

type Cell = string | number | null

/**
 * Returns a row as a store keeps it: exactly the columns of its table, each of its declared type.
 *
 * @throws RangeError when a cell has another type than its column, or the first column is not the key
 * @example
 * ```ts
 * const table = { name: 'notes', columns: [{ name: 'id', type: 'TEXT' }, { name: 'n', type: 'INTEGER' }] } as const
 * storedRow(table, 'a', { id: 'a', n: 1, other: 2 }) // => { id: 'a', n: 1 }
 * ```
 */
export function storedRow(table: ProjectionTable, key: string, row: ProjectionRow): ProjectionRow {
  const cells: Record<string, Cell> = {}
  for (const column of table.columns) cells[column.name] = storedCell(table, column, row[column.name] ?? null)
  const keyColumn = table.columns[0]!.name
  if (cells[keyColumn] !== key.toWellFormed())
    throw new RangeError(`${table.name}.${keyColumn}: expected the key ${JSON.stringify(key)}, received ${JSON.stringify(cells[keyColumn])}`)
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

/**
 * Collects the row writes of a projector into the rows they amount to.
 *
 * @example
 * ```ts
 * createProjectionRows(projectionTables).sorted('orders').length // => 0
 * ```
 */
export function createProjectionRows(tables: readonly ProjectionTable[]): ProjectionRows {
  const byTable = new Map(tables.map((table) => [table, new Map<string, ProjectionRow>()]))
  return {
    write(writes) {
      for (const { table: name, key, row } of writes) {
        const table = findTable(tables, name)
        if (row === null) byTable.get(table)!.delete(key)
        else byTable.get(table)!.set(key, storedRow(table, key, row))
      }
    },
    sorted(name) {
      const table = findTable(tables, name)
      return sortedByKey(table, [...byTable.get(table)!.values()])
    },
  }
}

/**
 * Sorts rows of a table in place by key, by code units: the order of every store.
 *
 * @example
 * ```ts
 * const bots = findTable(projectionTables, 'bots')
 * sortedByKey(bots, [{ bot_id: 'b' }, { bot_id: 'a' }])[0] // => { bot_id: 'a' }
 * ```
 */
export function sortedByKey(table: ProjectionTable, rows: ProjectionRow[]): readonly ProjectionRow[] {
  const key = table.columns[0]!.name
  return rows.sort((a, b) => (a[key]! < b[key]! ? -1 : 1))
}

/**
 * Returns the projection of this name.
 *
 * @throws RangeError when there is none
 * @example
 * ```ts
 * findTable(projectionTables, 'fills').name // => 'fills'
 * ```
 */
export function findTable(tables: readonly ProjectionTable[], name: string): ProjectionTable {
  const table = tables.find((candidate) => candidate.name === name)
  if (table === undefined) throw new RangeError(`expected a projection (${tables.map((each) => each.name).join(', ')}), received ${JSON.stringify(name)}`)
  return table
}
