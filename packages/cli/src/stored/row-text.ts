import type { ProjectionRow } from '@millrace/core'

/** A cell as text; nothing for what is not there. */
export const cell = (row: ProjectionRow, column: string): string => String(row[column] ?? '')

/** A cell that holds a moment. */
export const msOf = (row: ProjectionRow, column: string): number => Number(row[column])
