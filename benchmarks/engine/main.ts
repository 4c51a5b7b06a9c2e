// npm run bench:engine [-- --json] [--rounds 5]
// Measures the engine's replay, the ledger and the simulated venue next to a hand-written loop, in one process of its own.
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Report } from './report.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' } } })
const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const { stdout, stderr, status } = spawnSync(
  process.execPath,
  ['--expose-gc', '--conditions=@millrace/source', '--disable-warning=ExperimentalWarning', worker, values.rounds],
  { encoding: 'utf8' },
)
if (stderr !== '') console.error(stderr.trim())
if (status === 0) {
  const report = JSON.parse(stdout) as Report
  const say = values.json ? console.error : console.log
  say(`${report.data}; output hash with orders ${report.hash}, the same in every round`)
  for (const { name, value, unit, ratioToLoop } of report.rows)
    say(`${name.padEnd(26)} ${value.toFixed(1).padStart(9)} ${unit.padEnd(14)} ${ratioToLoop.toFixed(1).padStart(8)} loops`)
  if (values.json) console.log(JSON.stringify({ node: process.version, cpu: cpus()[0]?.model ?? 'unknown', ...report }))
} else {
  process.exitCode = 1
}
