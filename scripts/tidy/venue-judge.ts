import type { Problem, SourceFile } from './source.ts'
import { isTest, resolveImport } from './source.ts'

const CLIENT = 'packages/coinbase-adapter/src/'
const VENUE = `${CLIENT}simulator/`

/**
 * Returns imports between the simulated venue and the client it judges, in either direction: a mistake in shared code would be made by both, and nobody
 * would see it.
 */
export function sharedWithClient(files: readonly SourceFile[], entries: ReadonlyMap<string, string>): Problem[] {
  return files
    .filter(({ path }) => path.startsWith(CLIENT) && !isTest(path))
    .flatMap((file) =>
      file.imports.flatMap(({ specifier, line }): Problem[] => {
        const target = resolveImport(file.path, specifier, entries)
        const message = target === undefined ? undefined : problemOf(file.path, target)
        return message === undefined ? [] : [{ path: file.path, line, message }]
      }),
    )
}

function problemOf(from: string, target: string): string | undefined {
  const [isVenue, toVenue] = [from.startsWith(VENUE), target.startsWith(VENUE)]
  if (isVenue && !toVenue) return `the simulated venue must not use ${target}: it judges the code that it would share`
  return !isVenue && toVenue ? `${target} belongs to the simulated venue, which judges the client` : undefined
}
