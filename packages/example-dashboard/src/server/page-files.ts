import { readFileSync, readdirSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

/** A file of the page, as it is sent. */
export interface PageFile {
  readonly body: string
  readonly contentType: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const pageFolder = new URL('../page/', import.meta.url)

/**
 * Puts the page's script together from its sources: some tenths of a second, once. It needs no build step, and what runs is what stands there. The bundler's own
 * process is ended with it: a run is one process.
 */
export async function buildScript(): Promise<PageFile> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('main.tsx', pageFolder))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['production'],
    define: { 'process.env.NODE_ENV': '"production"' },
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'eof',
  })
  await stop()
  return { body: outputFiles[0]!.text, contentType: 'text/javascript; charset=utf-8' }
}

/** The page's files by name: a request picks from this list and never reaches the file system. The script is made when it is first asked for. */
export function readPageFiles(script?: () => PageFile): { get(name: string): PageFile | undefined } {
  const files = new Map<string, PageFile>()
  for (const name of readdirSync(pageFolder).sort()) {
    const contentType = contentTypes[extname(name)]
    if (contentType !== undefined) files.set(name, { body: readFileSync(new URL(name, pageFolder), 'utf8'), contentType })
  }
  return {
    get(name) {
      if (name === 'main.js' && script !== undefined && !files.has(name)) files.set(name, script())
      return files.get(name)
    },
  }
}
