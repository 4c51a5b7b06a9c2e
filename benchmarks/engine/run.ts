import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parts } from './report.ts'
import type { Report, Row } from './report.ts'

/** Measures in processes of their own, peers as well when there is a folder in which they are installed; undefined when one failed, and then it has said why. */
export function measure(rounds: number, candles: number, peers = ''): Report | undefined {
  const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
  const flags = ['--expose-gc', '--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
  const rows: Row[] = []
  for (const part of parts) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, worker, String(rounds), String(candles), peers, part], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    if (stderr !== '') console.error(stderr.trim())
    if (status !== 0) return undefined
    rows.push(...(JSON.parse(stdout) as Report).rows)
  }
  return { candles, rows }
}
