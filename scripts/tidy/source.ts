import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import type ts from 'typescript'
import { workspacePackages } from '../lib/packages.ts'
import { filesBelow, root } from '../lib/repo.ts'
import { moduleReferences, parse } from '../lib/syntax.ts'
import type { ModuleReference } from '../lib/syntax.ts'

/** A source file as the checks see it. */
export interface SourceFile {
  /** Relative to the workspace, with `/`. */
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly ModuleReference[]
}

/** Something that is not as it should be; `npm test` fails as long as there is one. */
export interface Problem {
  readonly path: string
  readonly line: number
  readonly message: string
}

export const problemText = ({ path, line, message }: Problem): string => `${path}:${line}: ${message}`

/** Makes a source file from its text; tests make theirs with it. */
export function sourceFile(path: string, text: string): SourceFile {
  const tree = parse(path, text)
  return { path, text, tree, imports: moduleReferences(tree) }
}

/** Returns the TypeScript of the workspace. */
export function workspaceSources(): SourceFile[] {
  return ['packages', 'benchmarks', 'scripts', 'test']
    .flatMap((folder) => filesBelow(folder, ['.ts', '.tsx']))
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')))
}

export const isTest = (path: string): boolean => /(^|\/)test\/|\.(test|prop|fixture|test-d)\.tsx?$/.test(path)

/** Returns the workspace file an import leads to, or undefined for what comes from outside. */
export function resolveImport(from: string, specifier: string, entries: ReadonlyMap<string, string>): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(dirname(from), specifier)) : entries.get(specifier)
}

/** Returns where the entries of our packages start: `@millrace/core` -> `packages/core/src/index.ts`. */
export function workspaceEntries(): Map<string, string> {
  return new Map(
    workspacePackages().flatMap(({ folder, json }) =>
      Object.entries(json.exports ?? {}).flatMap(([entry, target]): [string, string][] => {
        const source = typeof target === 'object' ? target['@millrace/source'] : undefined
        return typeof source === 'string' ? [[posix.join(json.name, entry), posix.join(folder, source)]] : []
      }),
    ),
  )
}
