import type { Terminal } from './terminal.ts'

/** A terminal in a pipe whose output a test reads. */
export function capturedTerminal(): Terminal & { stdout(): string; stderr(): string } {
  const out: string[] = []
  const err: string[] = []
  const output = (to: string[]) => ({ write: (text: string) => void to.push(text), isTty: false, columns: 80 })
  return { out: output(out), err: output(err), stdout: () => out.join(''), stderr: () => err.join('') }
}
