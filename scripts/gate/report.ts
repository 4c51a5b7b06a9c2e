/** One test, or one check of the static part. */
export interface TestResult {
  readonly project: string
  /** Path relative to the workspace; the tool's name for a check. */
  readonly file: string
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped, if it says so. */
  readonly note?: string
  readonly ms: number
}

/** What one run of vitest found. `errors` belong to no test: a file that does not load, an unhandled rejection. */
export interface VitestReport {
  readonly tests: readonly TestResult[]
  readonly errors: readonly string[]
}

export interface PartReport {
  readonly name: string
  readonly budgetSeconds: number
  readonly seconds: number
  readonly tests: readonly TestResult[]
  /** Failures that belong to no test; each counts as one failed. */
  readonly errors: readonly string[]
  /** What the tools printed; shown when something failed. */
  readonly output: string
}

export interface Totals {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** Returns the sums over some parts. */
export function totals(parts: readonly Pick<PartReport, 'tests' | 'errors'>[]): Totals {
  const tests = parts.flatMap((part) => part.tests)
  const count = (state: TestResult['state']): number => tests.filter((test) => test.state === state).length
  return { passed: count('passed'), failed: count('failed') + parts.reduce((sum, part) => sum + part.errors.length, 0), skipped: count('skipped') }
}

/** Returns the closing line of the gate: `12 passed, 0 failed, 1 skipped`. */
export const closingLine = ({ passed, failed, skipped }: Totals): string => `${passed} passed, ${failed} failed, ${skipped} skipped`

/** Returns the lines for one finished part: its time against its budget, then what failed, in full. */
export function partLines(part: PartReport): string[] {
  const sums = totals([part])
  const nothing = part.tests.length === 0 && part.errors.length === 0
  const time = `${part.seconds.toFixed(1)} s of ${part.budgetSeconds} s${part.seconds > part.budgetSeconds ? '  OVER BUDGET' : ''}`
  const head = `${sums.failed > 0 ? '✗' : nothing ? '-' : '✓'} ${part.name.padEnd(18)} ${time.padStart(16)}   ${nothing ? 'no tests yet' : closingLine(sums)}`
  if (sums.failed === 0) return [head]
  const failures = [...part.errors, ...part.tests.filter((test) => test.state === 'failed').map((test) => `${test.file}: ${test.name}`)]
  return [
    head,
    ...failures.map((failure) => `    failed: ${failure}`),
    ...part.output
      .trimEnd()
      .split('\n')
      .map((line) => `    | ${line}`),
  ]
}

/** Returns the skipped tests grouped by reason, one line a reason. */
export function skipLines(tests: readonly TestResult[]): string[] {
  const byReason = new Map<string, TestResult[]>()
  for (const test of tests) {
    if (test.state !== 'skipped') continue
    const reason = test.note ?? `no reason given in ${test.file}`
    byReason.set(reason, [...(byReason.get(reason) ?? []), test])
  }
  return [...byReason].map(([reason, skipped]) => `  skipped ${skipped.length}: ${reason}`)
}
