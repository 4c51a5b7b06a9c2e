/** A piece of TypeScript in a document. */
export interface Fence {
  /** Path relative to the workspace. */
  readonly file: string
  /** Line of its first row of code, from 1. */
  readonly line: number
  readonly code: string
  /** Marked `ts no-run`: shown, but not executed. */
  readonly noRun: boolean
  /** The documented export, for a fence of a TSDoc comment. */
  readonly owner?: string
}

const opening = /^( *)```ts(?:[ \t]+(no-run))?[ \t]*$/

/** Returns the ```` ```ts ```` fences of a Markdown text. */
export function markdownFences(file: string, text: string): Fence[] {
  const rows = text.split('\n')
  const fences: Fence[] = []
  for (let at = 0; at < rows.length; at++) {
    const open = opening.exec(rows[at]!)
    if (!open) {
      if (/^ *```ts\b/.test(rows[at]!)) throw new Error(`${file}:${at + 1}: expected \`\`\`ts or \`\`\`ts no-run, received ${rows[at]!.trim()}`)
      continue
    }
    const indent = open[1]!.length
    const end = rows.findIndex((row, index) => index > at && row.trim() === '```')
    if (end < 0) throw new Error(`${file}:${at + 1}: the fence is never closed`)
    const code = rows
      .slice(at + 1, end)
      .map((row) => row.slice(Math.min(indent, row.length - row.trimStart().length)))
      .join('\n')
    fences.push({ file, line: at + 2, code, noRun: open[2] === 'no-run' })
    at = end
  }
  return fences
}
