// npm run bench:strategies [-- --json]
// What the built-in strategies did on the simulated market: trades, fees and results, with and without fees, next to doing nothing and to buying once.
// It measures behaviour, not speed. The market is a random walk: nothing in it can be foreseen, so what a strategy earns here is luck and what it costs is not.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Report } from './worker.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const worker = fileURLToPath(new URL('worker.ts', import.meta.url))
const { stdout, stderr, status } = spawnSync(process.execPath, ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning', worker], {
  encoding: 'utf8',
})
if (stderr !== '') console.error(stderr.trim())
if (status === 0) {
  const report = JSON.parse(stdout) as Report
  const say = values.json ? console.error : console.log
  say(report.data)
  say('strategy              entries  sales  won    fees  result  (worst..best)  without fees (standard error)')
  for (const row of report.rows) {
    const range = `(${row.worst.toFixed(2)}..${row.best.toFixed(2)})`
    say(
      `${row.name.padEnd(20)} ${row.entries.toFixed(1).padStart(8)} ${row.sales.toFixed(1).padStart(6)} ${row.won.padStart(5)} ${row.fees.toFixed(2).padStart(7)} ${row.result.toFixed(2).padStart(7)} ${range.padStart(15)} ${row.withoutFees.toFixed(2).padStart(13)} (${row.error.toFixed(2)})`,
    )
  }
  if (values.json) console.log(JSON.stringify(report))
} else {
  process.exitCode = 1
}
