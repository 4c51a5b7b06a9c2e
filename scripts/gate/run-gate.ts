import { contractProblems, faultProblems } from '../contract/coverage.ts'
import type { Claims } from '../contract/rows.ts'
import { createProgress } from './progress.ts'
import { writeResults } from './results.ts'
import { closingLine, partLines, skipLines, totals } from './report.ts'
import type { PartReport, TestResult } from './report.ts'
import { runPart } from './run-part.ts'
import type { Part } from './run-part.ts'

export interface GateOptions {
  /** Names of the parts to run; all of them when empty. */
  readonly only: readonly string[]
  /** Wide matrices: many more runs of every property, every combination of every table. */
  readonly wide: boolean
  readonly seed: number
  readonly claims: Claims
  /** Issues each of whose rows and incidents needs a passing test. */
  readonly doneIssues: readonly number[]
  readonly print: (line: string) => void
  /** How a part is run and where its results are kept; tests bring their own. */
  readonly run?: typeof runPart
  readonly keep?: (tests: readonly TestResult[]) => void
}

/** How many parts run at a time. */
const SIDE_BY_SIDE = 2

/** Runs the parts two at a time and returns the exit code: 0 only if nothing failed. */
export async function runGate(allParts: readonly Part[], options: GateOptions): Promise<number> {
  const startedAt = performance.now()
  const { print, run = runPart, keep = writeResults } = options
  const parts = options.only.length === 0 ? allParts : allParts.filter((part) => options.only.includes(part.name))
  if (parts.length === 0) {
    print(`no part named ${options.only.join(', ')}; there are ${allParts.map((part) => part.name).join(', ')}`)
    return 1
  }
  print(`seed of the property tests: ${options.seed} (another with --seed n)${options.wide ? '; wide matrices' : ''}`)
  const env = { MILLRACE_SEED: String(options.seed), MILLRACE_WIDE: options.wide ? '1' : '0' }
  const reports: PartReport[] = []
  const waiting = [...parts]
  // Wide, it takes long: whoever waits wants to see that it goes on.
  const progress = options.wide ? createProgress(print, () => (performance.now() - startedAt) / 1000) : undefined
  const ticking = setInterval(() => progress?.tick(), 60_000)
  const worker = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const { name } = part
      progress?.begins(part)
      const report = await run(part, { sideBySide: SIDE_BY_SIDE, wide: options.wide, env, onOutput: (text) => progress?.reads(name, text) })
      progress?.ends(name)
      reports.push(report)
      for (const line of partLines(report)) print(line)
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker)).finally(() => clearInterval(ticking))
  const tests = reports.flatMap((report) => report.tests)
  if (parts.length === allParts.length) {
    keep(tests)
    reports.push(contractPart(tests, options))
    for (const line of partLines(reports.at(-1)!)) print(line)
  } else print('- contract: not looked at, because only some parts ran')

  const sums = totals(reports)
  for (const line of skipLines(tests)) print(line)
  print(`${sums.passed + sums.failed + sums.skipped} tests in ${((performance.now() - startedAt) / 1000).toFixed(1)} s, seed ${options.seed}`)
  print(closingLine(sums))
  return sums.failed === 0 ? 0 : 1
}

function contractPart(tests: readonly TestResult[], { claims, doneIssues }: GateOptions): PartReport {
  const problems = [...contractProblems(claims, doneIssues, tests), ...faultProblems(claims.faults ?? [], tests)]
  const name = `rows and incidents whose issue is done (${doneIssues.join(', ')}) have passing tests`
  return {
    name: 'contract',
    budgetSeconds: 1,
    seconds: 0,
    output: '',
    errors: problems,
    tests: problems.length > 0 ? [] : [{ project: 'contract', file: 'scripts/contract/rows.ts', name, state: 'passed', ms: 0 }],
  }
}
