/** A table as CSV (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csv<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','))
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`
}

const plainNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

function cell(value: unknown): string {
  const text = value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
