import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { canonicalText } from '@millrace/core'
import type { Json, SweepIdentity, TrialLog } from '@millrace/core'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** A file of results: a line that says whose they are, then a line for each trial in the order of the search. */
export interface SweepFile extends TrialLog {
  /** Trials that were there. */
  readonly stored: number
  close(): void
}

const headerOf = (identity: SweepIdentity): string => canonicalText({ format: 'millrace sweep', v: 1, identity: identity as unknown as Json })

/**
 * Opens a file of results to go on with it, or makes it. A last line without its end was being written when the process ended: it is cut off, and its trial runs again.
 *
 * @throws CliError exit code 3 when the file holds something else, or another sweep; `append` when somebody else writes to it
 */
export function openSweepFile(path: string, identity: SweepIdentity): SweepFile {
  const header = headerOf(identity)
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const [first, ...lines] = whole.split('\n').slice(0, -1)
  if (first !== undefined && first !== header) throw new CliError(exitCodes.refused, `${path}: ${differenceOf(first, identity)}`)
  // A file that somebody else made is never cut.
  if (first === undefined && text !== '' && !header.startsWith(text))
    throw new CliError(exitCodes.refused, `${path} is no file of sweep results: name another one`)
  const file = openSync(path, 'a')
  let size = Buffer.byteLength(whole)
  const append = (line: string): void => {
    // Lines of two runs in one file are results of none.
    if (fstatSync(file).size !== size) throw new CliError(exitCodes.refused, `${path} is written by another run as well: end one of them, or name another file`)
    size += writeSync(file, `${line}\n`)
  }
  try {
    if (whole.length < text.length) ftruncateSync(file, size)
    if (first === undefined) append(header)
  } catch (error) {
    closeSync(file)
    throw error
  }
  let read = 0
  return {
    stored: lines.length,
    next: () => lines[read++],
    append,
    close: () => closeSync(file),
  }
}

/** Says of two sweeps what is not the same. */
function differenceOf(header: string, identity: SweepIdentity): string {
  const known = parsed(header)
  if (known === undefined) return 'is no file of sweep results: name another one'
  const own = identity as unknown as Readonly<Record<string, Json>>
  const keys = Object.keys(own).filter((key) => canonicalText(own[key] as Json) !== canonicalText(known[key] ?? null))
  const shown = (value: Json | undefined): string => {
    const text = canonicalText(value ?? null)
    return text.length > 90 ? `${text.slice(0, 90)}…` : text
  }
  return `these are results of another sweep, go on with it or name another file:\n${keys.map((key) => `  ${key}: ${shown(known[key])} there, ${shown(own[key])} here`).join('\n')}`
}

function parsed(header: string): Readonly<Record<string, Json>> | undefined {
  try {
    const { format, identity } = JSON.parse(header) as { readonly format?: unknown; readonly identity?: Readonly<Record<string, Json>> }
    return format === 'millrace sweep' ? identity : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
