import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus } from 'node:os'
import { root } from './repo.ts'

/** Returns what a figure depends on and nothing that identifies anybody: `AMD EPYC x 2, node v24.21.0`. */
export const machine = (): string => `${cpus()[0]?.model.trim() ?? 'unknown processor'} x ${availableParallelism()}, node ${process.version}`

/** Returns the commit of the workspace; `-changed` is added when files differ from it. */
export function commit(): string {
  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '-changed')
  } catch {
    return 'unknown' // an unpacked archive has no history
  }
}
