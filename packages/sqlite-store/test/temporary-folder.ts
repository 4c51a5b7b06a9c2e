import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** A file system in memory, where there is one: for tests that put hundreds of files in place and lose no power. */
export const inMemory: string = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** Gives each test folders of its own that are gone afterwards: returns a path in a new one. */
export function temporaryFiles(base: string = tmpdir()): (name?: string) => string {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  return (name = 'trader.db') => {
    const folder = mkdtempSync(join(base, 'millrace-store-'))
    folders.push(folder)
    return join(folder, name)
  }
}
