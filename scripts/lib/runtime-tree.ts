import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readJson } from './packages.ts'
import { root } from './repo.ts'

/** A package that somebody who installs one of ours gets as well. */
export interface RuntimePackage {
  readonly name: string
  readonly version: string
  /** As its package.json says. */
  readonly license: string
  /** Scripts that a package manager would run when it is installed. */
  readonly installScripts: readonly string[]
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
  readonly scripts?: Readonly<Record<string, string>>
}

/** Returns every third-party package below a package of the workspace, development ones left out, by name. */
export function runtimeTree(folder: string): RuntimePackage[] {
  const found = new Map<string, RuntimePackage>()
  const visited = new Set<string>()
  const visit = (directory: string): void => {
    if (visited.has(directory)) return
    visited.add(directory)
    const manifest = readJson(join(directory, 'package.json')) as Manifest
    if (!isOurs(manifest.name)) found.set(`${manifest.name}@${manifest.version}`, runtimePackage(manifest))
    for (const name of neededBy(manifest)) visit(folderOf(name, directory))
  }
  visit(realpathSync(join(root, folder)))
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const isOurs = (name: string): boolean => name === 'millrace' || name.startsWith('@millrace/')

function neededBy({ dependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} }: Manifest): string[] {
  return [...Object.keys(dependencies), ...Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)]
}

/** Looks where Node looks: in the `node_modules` of the folder and of those above it. */
function folderOf(name: string, from: string): string {
  for (let at = from; ; at = dirname(at)) {
    const here = join(at, 'node_modules', name)
    if (existsSync(join(here, 'package.json'))) return realpathSync(here)
    if (at === dirname(at)) throw new Error(`${name}, which ${from} needs, is not installed`)
  }
}

const runtimePackage = ({ name, version, license, scripts = {} }: Manifest): RuntimePackage => ({
  name,
  version,
  license: typeof license === 'string' ? license : JSON.stringify(license ?? 'none'),
  installScripts: ['preinstall', 'install', 'postinstall'].filter((script) => scripts[script] !== undefined),
})
