/** One line of the log, as it is written: nothing secret is in it. */
interface LogLine {
  readonly seq: number
  readonly atMs: number
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}

/** The last lines of the log, for people who look at the page instead of the terminal. */
export interface LogRing {
  add(level: LogLine['level'], message: string, atMs: number): void
  /** Newest first. */
  lines(): readonly LogLine[]
}

/** @param redact - takes secrets out of every line before it is kept */
export function createLogRing(redact: (text: string) => string, keep = 1_000): LogRing {
  let lines: LogLine[] = []
  let seq = 0
  return {
    add(level, message, atMs) {
      lines.push({ seq: ++seq, atMs, level, message: redact(message) })
      if (lines.length >= 2 * keep) lines = lines.slice(-keep)
    },
    lines: () => lines.slice(-keep).reverse(),
  }
}
