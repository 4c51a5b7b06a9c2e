/** Where a command writes: results on `out`, everything said on the way on `err`. */
export interface Terminal {
  readonly out: Output
  readonly err: Output
}

export interface Output {
  write(text: string): void
  readonly isTty: boolean
  /** Columns, for a line that is redrawn in place; 80 when unknown. */
  readonly columns: number
}

const output = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  get isTty() {
    return stream.isTTY === true
  },
  get columns() {
    return stream.columns ?? 80
  },
})

/** Returns the process's own streams. A reader that goes away (`| head`, a closed window) ends no run: what it would have read is dropped. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) if (!stream.listeners('error').includes(dropClosedPipe)) stream.on('error', dropClosedPipe)
  return { out: output(process.stdout), err: output(process.stderr) }
}

function dropClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}

/** Writes a line, on a terminal over whatever stands in the current one: a progress line is redrawn under it. */
export const sayLine = (to: Output, line: string): void => to.write(to.isTty ? `\r\u001B[K${line}\n` : `${line}\n`)

/** Colour only where a person looks: never in a pipe, never with NO_COLOR. */
export const hasColour = (to: Output, env: NodeJS.ProcessEnv = process.env): boolean => to.isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
