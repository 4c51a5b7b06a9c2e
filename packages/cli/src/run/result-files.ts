import { resolve } from 'node:path'

/**
 * Says in words which result would be written over a file that is needed, or over another result; undefined when none would. Paths are the same however they
 * are written.
 *
 * @param results - by flag; what is no path goes to stdout, or nowhere
 * @param kept - what must not be written over, by what a person calls it
 */
export function overwriting(
  results: Readonly<Record<string, string | boolean | undefined>>,
  kept: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const files = Object.entries(results).flatMap(([flag, path]) => (typeof path === 'string' ? [{ flag, path: resolve(path) }] : []))
  for (const { flag, path } of files)
    for (const [what, file] of Object.entries(kept))
      if (file !== undefined && path === resolve(file)) return `--${flag} must not name the ${what}: what is there would be overwritten`
  const twice = files.find(({ path }, i) => files.findIndex((other) => other.path === path) < i)
  return twice === undefined ? undefined : `two results cannot go into the same file: ${twice.path}`
}
