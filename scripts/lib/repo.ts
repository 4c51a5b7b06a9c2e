import { readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the workspace. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where tasks keep what may be thrown away. */
export const cacheDirectory = join(root, 'node_modules', '.cache', 'millrace')

const skipped = new Set(['node_modules', 'dist', '.git', '.cache', 'coverage', '.millrace'])

/** Returns the files below a folder whose name ends in one of `endings`, as sorted paths relative to the workspace, with `/`. */
export function filesBelow(folder: string, endings: readonly string[]): string[] {
  const found: string[] = []
  const visit = (directory: string): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name)
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) visit(path)
      } else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(relative(root, path).split(sep).join('/'))
    }
  }
  visit(join(root, folder))
  return found.sort()
}

/** Returns the path of a tool's command in the workspace; `node` is the running one. */
export const tool = (name: string): string =>
  name === 'node' ? process.execPath : join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
