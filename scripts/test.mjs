// The gate: `npm test`, or `npm test -- --part static --part docs` for some of it. `npm run test:full` adds the wide matrices.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { faults } from './contract/faults.ts'
import { contract, doneIssues } from './contract/rows.ts'
import { parts } from './gate/parts.ts'
import { runGate } from './gate/run-gate.ts'
import { DEFAULT_SEED } from './gate/seed.ts'
import { killRunningCommands } from './lib/command.ts'
import { root } from './lib/repo.ts'

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: String(DEFAULT_SEED) },
  },
})

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.once(signal, () => {
    killRunningCommands()
    process.exit(exitCode)
  })
}

const data = process.env.MILLRACE_DATA ?? '../shared/data'
if (!existsSync(resolve(root, data))) console.log(`no recorded prices at ${data} (MILLRACE_DATA names another folder): the tests that read them are skipped`)

process.exitCode = await runGate(parts, {
  only: values.part,
  wide: values.full,
  seed: Number(values.seed),
  claims: { ...contract, faults },
  doneIssues,
  print: (line) => console.log(line),
})
