import type { TestResult } from '../gate/report.ts'
import type { ContractRow } from './rows.ts'

/** Returns the numbers of `[row 7]` or `[rows 7, 8]` in a test's name. */
export function rowsOf(testName: string): number[] {
  return [...testName.matchAll(/\[rows? ([\d, ]+)\]/g)].flatMap((match) => match[1]!.split(/[, ]+/).filter(Boolean).map(Number))
}

/** Returns the tests of each row by its number. */
export function testsByRow(tests: readonly TestResult[]): Map<number, TestResult[]> {
  const byRow = new Map<number, TestResult[]>()
  for (const test of tests) for (const n of rowsOf(test.name)) byRow.set(n, [...(byRow.get(n) ?? []), test])
  return byRow
}

/** Returns a line for each row of a finished issue that no passing test shows, and for each test that names a row which is not there. */
export function contractProblems(rows: readonly ContractRow[], doneIssues: readonly number[], tests: readonly TestResult[]): string[] {
  const byRow = testsByRow(tests)
  const known = new Set(rows.map((row) => row.n))
  const unshown = rows
    .filter((row) => row.issues.some((issue) => doneIssues.includes(issue)) && !(byRow.get(row.n) ?? []).some((test) => test.state === 'passed'))
    .map((row) => `row ${row.n} (${row.title}) belongs to issue ${row.issues.join(', ')}, which is done, and no passing test carries [row ${row.n}]`)
  const unknown = [...byRow]
    .filter(([n]) => !known.has(n))
    .map(([n, named]) => `row ${n} does not exist: ${named.map((test) => `${test.file}: ${test.name}`).join('; ')}`)
  return [...unshown, ...unknown]
}

/** Tests listed for a row; an indicator's row has hundreds. */
const MAX_LISTED = 6

/** Returns `docs/contract.md`: what fails comes first. */
export function contractMarkdown(rows: readonly ContractRow[], tests: readonly TestResult[]): string {
  const byRow = testsByRow(tests)
  const shown = rows.filter((row) => byRow.get(row.n)?.some((test) => test.state === 'passed')).length
  const lines = rows.map((row) => {
    const named = (byRow.get(row.n) ?? []).toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'))
    const shownTests = named.slice(0, MAX_LISTED).map((test) => `${mark(test)} ${cellText(test.name)} (\`${test.file}\`)`)
    const cell = [...shownTests, ...(named.length > MAX_LISTED ? [`and ${named.length - MAX_LISTED} more`] : [])].join('<br>')
    return `| ${row.n} | ${row.title} | ${row.issues.join(', ')} | ${cell === '' ? 'none yet' : cell} |`
  })
  return `# The contract, row by row

Made by \`npm run contract\` from the results of the tests; do not edit. A test shows a row by carrying \`[row n]\` in its name.

${shown} of ${rows.length} rows are shown by a passing test.

| row | feature | issue | tests |
|---|---|---|---|
${lines.join('\n')}
`
}

const mark = (test: TestResult): string => ({ passed: '✓', failed: '✗ failed:', skipped: 'skipped:' })[test.state]

const cellText = (name: string): string =>
  name
    .replaceAll(/\s*\[rows? [\d, ]+\]\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim()
