import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Puts a file in place as a whole, readable by its owner only, and on disk when this returns. */
export function writeDurably(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}.tmp`
  const file = openSync(unfinished, 'w', 0o600)
  try {
    // All of it: one call of the system may write less.
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(unfinished, path)
  syncDirectory(path)
}

/** Removes a file, when it exists, for good. */
export function removeDurably(path: string): void {
  rmSync(path, { force: true })
  syncDirectory(path)
}

export function syncDirectory(path: string): void {
  // Windows has no handle of a directory to sync: its file systems journal names themselves.
  if (process.platform === 'win32') return
  const directory = openSync(dirname(path), 'r')
  try {
    fsyncSync(directory)
  } finally {
    closeSync(directory)
  }
}
