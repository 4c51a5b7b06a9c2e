import { readFileSync, readdirSync } from 'node:fs'
import { extname } from 'node:path'

export interface PageFile {
  readonly body: string
  readonly contentType: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Reads the page's files once, by name: a request picks from this list and never reaches the file system. */
export function readPageFiles(folder: URL = new URL('../page/', import.meta.url)): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  for (const name of readdirSync(folder).sort()) {
    const contentType = contentTypes[extname(name)]
    if (contentType !== undefined) files.set(name, { body: readFileSync(new URL(name, folder), 'utf8'), contentType })
  }
  return files
}
