import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import type { Unfit } from '../../config/choose-export.ts'
import { suggestion } from '../../model/suggestion.ts'

/** Where a module stands, or what was expected there and received. */
export type FoundModule = { readonly file: string } | Unfit

/**
 * Finds the file of a module that a configuration names.
 *
 * @param specifier - a path as from the folder, or a package as installed there
 */
export const findModule = (specifier: string, folder: string): FoundModule =>
  /^\.{0,2}\//.test(specifier) ? findFile(resolve(folder, specifier)) : findPackage(specifier, folder)

function findFile(file: string): FoundModule {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() === true) return { file }
  const folder = dirname(file)
  if (found !== undefined) return { expected: 'the file of a module', received: `a folder: ${file}` }
  if (!existsSync(folder)) return { expected: 'the file of a module', received: `no folder ${folder}` }
  const near = readdirSync(folder).filter((name) => /\.[cm]?[jt]s$/.test(name))
  return { expected: `the file of a module${suggestion(basename(file), near)}`, received: `no file ${file}` }
}

interface Manifest {
  readonly main?: string
  readonly exports?: Target
}
type Target = string | null | readonly Target[] | { readonly [condition: string]: Target }

/** As `import` would resolve it, seen from the folder and not from here: only the folder knows what its project has installed. */
function findPackage(specifier: string, folder: string): FoundModule {
  const [, name = '', rest = ''] = /^((?:@[^/]+\/)?[^/]+)(\/.*)?$/.exec(specifier) ?? []
  const home = homeOf(name, folder)
  if (home === undefined) return { expected: `an installed package (npm install ${name})`, received: `none called ${name} as seen from ${folder}` }
  const manifest = manifestOf(home)
  if ('expected' in manifest) return manifest
  const target = targetOf(manifest, `.${rest}`)
  if (target !== undefined) return { file: join(home, target) }
  try {
    // Patterns and files without an extension: what Node makes of them.
    return { file: createRequire(join(folder, 'package.json')).resolve(specifier) }
  } catch (error) {
    return { expected: `something that ${name} exports`, received: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
  }
}

function manifestOf(home: string): Manifest | Unfit {
  const file = join(home, 'package.json')
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest
  } catch (error) {
    return { expected: `a package.json that can be read in ${home}`, received: error instanceof Error ? error.message : String(error) }
  }
}

function homeOf(name: string, folder: string): string | undefined {
  const home = join(folder, 'node_modules', name)
  if (existsSync(join(home, 'package.json'))) return home
  const parent = dirname(folder)
  return parent === folder ? undefined : homeOf(name, parent)
}

function targetOf({ main, exports }: Manifest, subpath: string): string | undefined {
  if (exports === undefined) return subpath === '.' && main !== undefined && /\.[cm]?js$/.test(main) ? main : undefined
  const bySubpath = typeof exports === 'object' && exports !== null && !Array.isArray(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  if (bySubpath) return choose((exports as Readonly<Record<string, Target>>)[subpath])
  return subpath === '.' ? choose(exports) : undefined
}

const conditions = new Set(['node', 'import', 'module-sync', 'default'])

function choose(target: Target | undefined): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  const choices = Array.isArray(target)
    ? (target as readonly Target[])
    : Object.entries(target).flatMap(([condition, value]) => (conditions.has(condition) ? [value] : []))
  for (const choice of choices) {
    const chosen = choose(choice)
    if (chosen !== undefined) return chosen
  }
  return undefined
}
