import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Report } from './report.ts'

/** Measures in a process of its own, peers as well when there is a folder in which they are installed; undefined when that failed, and then it has said why. */
export function measure(rounds: number, candles: number, peers = ''): Report | undefined {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const flags = ['--expose-gc', '--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, worker, String(rounds), String(candles), peers], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (stderr !== '') console.error(stderr.trim())
  return status === 0 ? (JSON.parse(stdout) as Report) : undefined
}
