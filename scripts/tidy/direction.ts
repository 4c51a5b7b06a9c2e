import type { Problem, SourceFile } from './source.ts'
import { isTest, resolveImport } from './source.ts'

/** Package -> the packages it may use. */
const packageUses: Readonly<Record<string, readonly string[]>> = {
  indicators: [],
  core: ['indicators'],
  'coinbase-adapter': ['core', 'indicators'],
  'sqlite-store': ['core', 'indicators'],
  cli: ['core', 'indicators', 'coinbase-adapter', 'sqlite-store'],
  'example-dashboard': ['core', 'indicators', 'coinbase-adapter', 'sqlite-store', 'cli'],
}

/** Folders of core from the ground up: one may use its own row and the rows above it in this list. */
const coreLayers: readonly (readonly string[])[] = [
  ['model'],
  ['contracts'],
  ['pipeline', 'strategies', 'exits', 'sizing', 'safety', 'ledger'],
  ['engine', 'config'],
  ['runtime', 'simulation', 'backtest', 'stores'],
  ['optimize'],
  ['node', 'testing'],
  ['index.ts'],
]

const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1]
const coreFolderOf = (path: string): string | undefined => /^packages\/core\/src\/([^/]+)/.exec(path)?.[1]

/** Returns imports that go against the direction of dependencies between packages or inside core. Tests may use anything. */
export function wrongDirections(files: readonly SourceFile[], entries: ReadonlyMap<string, string>): Problem[] {
  return files
    .filter((file) => !isTest(file.path) && file.path.includes('/src/'))
    .flatMap((file) =>
      file.imports.flatMap(({ specifier, line }): Problem[] => {
        const target = resolveImport(file.path, specifier, entries)
        const message = target === undefined ? undefined : (betweenPackages(file.path, target, specifier) ?? insideCore(file.path, target))
        return message === undefined ? [] : [{ path: file.path, line, message }]
      }),
    )
}

function betweenPackages(path: string, target: string, specifier: string): string | undefined {
  const from = packageOf(path)
  const to = packageOf(target)
  if (from === undefined || from === to) return undefined
  if (to === undefined || specifier.startsWith('.')) return `a package imports other packages by their names, not ${specifier}`
  const allowed = packageUses[from]
  if (allowed === undefined) return `packages/${from} has no place in the direction of dependencies: give it one in scripts/tidy/direction.ts`
  return allowed.includes(to) ? undefined : `${from} must not use ${to}; it may use ${allowed.join(', ') || 'no other package'}`
}

function insideCore(path: string, target: string): string | undefined {
  const from = coreFolderOf(path)
  const to = coreFolderOf(target)
  if (from === undefined || to === undefined || from === to) return undefined
  const [fromLayer, toLayer] = [from, to].map((folder) => coreLayers.findIndex((layer) => layer.includes(folder)))
  if (fromLayer === -1) return `core/src/${from} has no place among the layers: give it one in scripts/tidy/direction.ts`
  return toLayer! > fromLayer! || toLayer === -1 ? `core/${from} must not use core/${to}, which stands above it` : undefined
}
