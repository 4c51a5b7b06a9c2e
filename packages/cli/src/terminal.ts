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
  get isTty() { return stream.isTTY === true },
  get columns() { return stream.columns ?? 80 },
})

/** The process's own streams. */
export const processTerminal: Terminal = { out: output(process.stdout), err: output(process.stderr) }

/** Colour only where a person looks: never in a pipe, never with NO_COLOR. */
export const hasColour = (to: Output, env: NodeJS.ProcessEnv = process.env): boolean => to.isTty && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
