import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'
import type { GeneratedFile } from './template.ts'

/**
 * Writes new files into a folder, all or none: nothing that is there is written over.
 *
 * @throws CliError exit code 3, naming what is in the way
 */
export function writeNewFiles(folder: string, files: readonly GeneratedFile[]): void {
  const taken = files.map(({ path }) => join(folder, path)).filter((path) => existsSync(path))
  if (taken.length > 0) throw new CliError(exitCodes.refused, `there is already ${taken.join(', ')}: nothing was written`)
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text, { flag: 'wx' })
    }
  } catch (cause) {
    throw new CliError(exitCodes.refused, `cannot write into ${folder}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}
