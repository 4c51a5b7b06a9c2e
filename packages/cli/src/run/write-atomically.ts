import { accessSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

/** Refuses a result file that could not be written, before hours of work are spent on its content. */
export function mustBeWritable(path: string, flag = '--json'): void {
  try {
    accessSync(dirname(resolve(path)), constants.W_OK)
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error('it is a folder')
  } catch (cause) {
    throw new CliError(exitCodes.usage, `${flag}: cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** Writes a file so that a reader sees the old content or the new one, never a part. */
export function writeAtomically(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
