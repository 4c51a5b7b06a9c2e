import { pathToFileURL } from 'node:url'
import type { ModuleExports, Unfit } from '../../config/choose-export.ts'

/** What a module exports, or why it could not be loaded. */
export type ImportedModule = { readonly exports: ModuleExports } | Unfit

/** A module gets so long to load; one that waits for something longer would hold up every start. */
const LOAD_LIMIT_MS = 10_000

/** Loads a module as Node does, TypeScript with its types stripped. Its code runs: see the trust model in `SECURITY.md`. */
export async function importModule(file: string, limitMs = LOAD_LIMIT_MS): Promise<ImportedModule> {
  if (/\.[cm]?ts$/.test(file)) {
    if (file.includes('/node_modules/'))
      return { expected: 'JavaScript in an installed package: Node strips the types of your own files only', received: `TypeScript: ${file}` }
    if (process.features.typescript === false)
      return { expected: `a Node that loads TypeScript: 22.18 or newer, without --no-strip-types`, received: `Node ${process.versions.node} and ${file}` }
  }
  const { promise: tooLong, resolve } = Promise.withResolvers<ImportedModule>()
  const timer = setTimeout(
    () => resolve({ expected: `a module that loads within ${limitMs / 1000} s`, received: `${file}, which still waits for something` }),
    limitMs,
  )
  try {
    const loading = import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<ModuleExports>
    return await Promise.race([loading.then((exports) => ({ exports })), tooLong])
  } catch (error) {
    return failure(file, error)
  } finally {
    clearTimeout(timer)
  }
}

/** What is to be done differently, by the code that Node gives. */
const remedies: Readonly<Record<string, string>> = {
  ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX:
    'TypeScript whose types can be taken away: no enum, namespace, parameter property or import alias (set erasableSyntaxOnly)',
  ERR_INVALID_TYPESCRIPT_SYNTAX: 'TypeScript without errors of syntax',
  ERR_MODULE_NOT_FOUND: 'a module whose imports are all there (a file by its whole name, as in ./own.ts; a package after npm install)',
  ERR_PACKAGE_PATH_NOT_EXPORTED: 'a module that imports what its packages export',
}

function failure(file: string, error: unknown): ImportedModule {
  const { code = '' } = (error ?? {}) as { readonly code?: string }
  const message = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0]}` : `a value was thrown: ${String(error)}`
  const remedy = remedies[code] ?? (error instanceof SyntaxError ? 'a module without errors of syntax, whose imports exist' : 'a module that loads')
  return { expected: remedy, received: `${message}${placeOf(file, error)}` }
}

/** The line of the module itself in the stack, if it is there. */
function placeOf(file: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const line = stack.split('\n').find((each) => each.includes(file) || each.includes(pathToFileURL(file).href))
  const [, row] = /:(\d+):\d+\)?$/.exec(line ?? '') ?? []
  return row === undefined ? ` (${file})` : ` (${file}:${row})`
}
