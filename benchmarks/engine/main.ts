// npm run bench:engine [-- --json] [--rounds 3] [--candles 100000] [--write]
// Measures the engine next to a hand-written loop of the same run. --write keeps the ratios for bench:check.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { rowText } from './report.ts'
import { measure } from './run.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    candles: { type: 'string', default: '100000' },
    write: { type: 'boolean', default: false },
  },
})
const report = measure(Number(values.rounds), Number(values.candles))
if (report === undefined) process.exitCode = 1
else {
  const say = values.json ? console.error : console.log
  say(`canonical candles, ${report.candles.toLocaleString('en-US')} for the rows of eleven bots`)
  for (const row of report.rows) say(rowText(row))
  const result = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', ...report }
  if (values.write) writeFileSync(new URL('baseline.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`)
  if (values.json) console.log(JSON.stringify(result))
}
