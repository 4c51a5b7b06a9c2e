import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repo.ts'

export interface PackageJson {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>
  readonly repository?: unknown
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

export interface WorkspacePackage {
  /** Relative to the workspace, such as `packages/core`. */
  readonly folder: string
  readonly json: PackageJson
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** Returns the packages below `packages/`, by folder name. */
export function workspacePackages(): WorkspacePackage[] {
  return readdirSync(join(root, 'packages'))
    .sort()
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .map((name) => ({ folder: `packages/${name}`, json: readJson(join(root, 'packages', name, 'package.json')) as PackageJson }))
}

/** Returns the packages that go to the registry. */
export const publishedPackages = (): WorkspacePackage[] => workspacePackages().filter((each) => each.json.private !== true)
