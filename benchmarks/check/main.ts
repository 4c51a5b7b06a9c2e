// npm run bench:check
// Runs bench:engine and holds its ratios to the hand-written loop, and its hashes, against benchmarks/engine/baseline.json.
import { readFileSync } from 'node:fs'
import { rowText } from '../engine/report.ts'
import type { Report } from '../engine/report.ts'
import { measure } from '../engine/run.ts'
import { regressions } from './compare.ts'

const before = JSON.parse(readFileSync(new URL('../engine/baseline.json', import.meta.url), 'utf8')) as Report
const now = measure(3, before.candles)
if (now === undefined) process.exitCode = 1
else {
  for (const row of now.rows) console.log(rowText(row))
  const found = regressions(before, now)
  for (const line of found) console.error(line)
  console.log(found.length === 0 ? 'no ratio is worse than it was, and every output is the same' : `${found.length} of ${before.rows.length} rows are worse`)
  if (found.length > 0) process.exitCode = 1
}
