import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractMarkdown, contractProblems, faultMatrixMarkdown, faultProblems } from './contract/coverage.ts'
import { faults } from './contract/faults.ts'
import { contract, doneIssues } from './contract/rows.ts'
import { parts } from './gate/parts.ts'
import { readResults } from './gate/results.ts'
import { runGate } from './gate/run-gate.ts'
import { DEFAULT_SEED } from './gate/seed.ts'
import { root } from './lib/repo.ts'

// `npm run contract` runs the gate and writes docs/contract.md; `npm run contract -- --reuse` takes the results of the last whole `npm test`.
if (!process.argv.includes('--reuse'))
  await runGate(parts, { only: [], wide: false, seed: DEFAULT_SEED, claims: { ...contract, faults }, doneIssues, print: (line) => console.error(line) })
const tests = readResults()
if (tests === undefined) throw new Error('no results to reuse: run `npm test` first, or leave out --reuse')

writeFileSync(join(root, 'docs', 'contract.md'), contractMarkdown(contract, tests))
writeFileSync(join(root, 'docs', 'fault-matrix.md'), faultMatrixMarkdown(faults, tests))
const problems = [...contractProblems(contract, doneIssues, tests), ...faultProblems(faults, tests)]
for (const problem of problems) console.error(problem)
console.log(`docs/contract.md: ${contract.rows.length} rows, ${contract.incidents.length} incidents, ${faults.length} faults, ${problems.length} problems`)
process.exitCode = problems.length === 0 ? 0 : 1
