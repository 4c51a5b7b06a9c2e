import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'

/** Gives each test folders of its own that are gone afterwards: returns a path in a new one. */
export function temporaryFiles(): (name?: string) => string {
  const folders: string[] = []
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  })
  return (name = 'trader.db') => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-store-'))
    folders.push(folder)
    return join(folder, name)
  }
}
