/** A row of a CSV file, and the line that it begins in. */
export interface CsvRow {
  /** From 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A CSV file whose quotes do not match. */
export class CsvError extends Error {
  override readonly name = 'CsvError'
  readonly line: number
  constructor(line: number, message: string) {
    super(message)
    this.line = line
  }
}

/** A cell in quotes, with quotes doubled inside; or one without any. Then what ends it. */
const cellPattern = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y

/**
 * Returns the rows of a CSV text (RFC 4180): cells with commas, quotes or line ends stand in quotes. Empty lines are left out.
 *
 * @throws CsvError when a quote is where none may be, or is never closed
 */
export function csvRows(text: string): readonly CsvRow[] {
  const rows: CsvRow[] = []
  const pattern = new RegExp(cellPattern)
  let [line, startLine] = [1, 1]
  let cells: string[] = []
  // A file from a spreadsheet may begin with the mark of its encoding.
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length || cells.length > 0) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) {
      const quoted = text[at] === '"'
      throw new CsvError(line, quoted ? 'a quote is never closed, or something follows it in the cell' : 'a quote inside of a cell without quotes')
    }
    const [whole, quoted, plain = '', end = ''] = found
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    at += whole.length
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0
    if (end === ',') continue
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: startLine, cells })
    cells = []
    startLine = line
  }
  return rows
}
