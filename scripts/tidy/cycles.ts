import type { Problem, SourceFile } from './source.ts'
import { resolveImport } from './source.ts'

/** Returns each import cycle once, type imports included: a reader follows those as well. */
export function importCycles(files: readonly SourceFile[], entries: ReadonlyMap<string, string>): Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const state = new Map<string, 'open' | 'done'>()
  const trail: string[] = []
  const problems: Problem[] = []
  const visit = (file: SourceFile): void => {
    state.set(file.path, 'open')
    trail.push(file.path)
    for (const { specifier, line } of file.imports) {
      const target = byPath.get(resolveImport(file.path, specifier, entries) ?? '')
      if (!target) continue
      if (state.get(target.path) === 'open')
        problems.push({ path: file.path, line, message: `import cycle: ${[...trail.slice(trail.indexOf(target.path)), target.path].join(' -> ')}` })
      else if (!state.has(target.path)) visit(target)
    }
    trail.pop()
    state.set(file.path, 'done')
  }
  for (const file of files) if (!state.has(file.path)) visit(file)
  return problems
}
