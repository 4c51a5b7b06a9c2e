import type { TestResult } from '../gate/report.ts'
import type { Claims, ContractRow, Incident } from './rows.ts'

/** Returns the numbers of `[row 7]` or `[rows 7, 8]` in a test's name. */
export function rowsOf(testName: string): number[] {
  return [...testName.matchAll(/\[rows? ([\d, ]+)\]/g)].flatMap((match) => match[1]!.split(/[, ]+/).filter(Boolean).map(Number))
}

/** Returns the numbers of `[INC-07]` or `[INC-07, INC-21]` in a test's name. */
export function incidentsOf(testName: string): number[] {
  return [...testName.matchAll(/\[(INC-\d+(?:, INC-\d+)*)\]/g)].flatMap((match) => [...match[1]!.matchAll(/\d+/g)].map(([digits]) => Number(digits)))
}

/** Returns the numbers of `[fault 7]` in a test's name. */
const faultsOf = (testName: string): number[] => [...testName.matchAll(/\[fault (\d+)\]/g)].map(([, n]) => Number(n))

/** What a number in a test's name stands for. */
interface Kind {
  readonly word: string
  readonly tag: (n: number) => string
  readonly numbersOf: (testName: string) => number[]
}

const rowKind: Kind = { word: 'row', tag: (n) => `row ${n}`, numbersOf: rowsOf }
const faultKind: Kind = { word: 'fault', tag: (n) => `fault ${n}`, numbersOf: faultsOf }
const incidentKind: Kind = { word: 'incident', tag: (n) => `INC-${String(n).padStart(2, '0')}`, numbersOf: incidentsOf }

/** Returns the tests of each number. */
function testsByNumber(kind: Kind, tests: readonly TestResult[]): Map<number, TestResult[]> {
  const found = new Map<number, TestResult[]>()
  for (const test of tests) for (const n of kind.numbersOf(test.name)) found.set(n, [...(found.get(n) ?? []), test])
  return found
}

function problemsOf(kind: Kind, claims: readonly (ContractRow | Incident)[], doneIssues: readonly number[], tests: readonly TestResult[]): string[] {
  const found = testsByNumber(kind, tests)
  const known = new Set(claims.map(({ n }) => n))
  const unshown = claims
    .filter(({ n, issues }) => issues.some((issue) => doneIssues.includes(issue)) && !(found.get(n) ?? []).some((test) => test.state === 'passed'))
    .map(
      ({ n, title, issues }) =>
        `${kind.word} ${n} (${title}) belongs to issue ${issues.join(', ')}, which is done, and no passing test carries [${kind.tag(n)}]`,
    )
  const unknown = [...found]
    .filter(([n]) => !known.has(n))
    .map(([n, named]) => `${kind.word} ${n} does not exist: ${named.map((test) => `${test.file}: ${test.name}`).join('; ')}`)
  return [...unshown, ...unknown]
}

/** Returns a line for each row and incident of a finished issue that no passing test shows, and for each test that names one which is not there. */
export const contractProblems = ({ rows, incidents }: Claims, doneIssues: readonly number[], tests: readonly TestResult[]): string[] => [
  ...problemsOf(rowKind, rows, doneIssues, tests),
  ...problemsOf(incidentKind, incidents, doneIssues, tests),
]

/** The same for the faults: each of them needs a passing test, whichever issue it belongs to. */
export const faultProblems = (faults: readonly Incident[], tests: readonly TestResult[]): string[] =>
  problemsOf(
    faultKind,
    faults,
    faults.flatMap(({ issues }) => issues),
    tests,
  )

/** Returns `docs/fault-matrix.md`. */
export function faultMatrixMarkdown(faults: readonly Incident[], tests: readonly TestResult[]): string {
  const { shown, lines } = table(faultKind, faults, tests)
  return `# What goes wrong, and the test that shows it is survived

Made by \`npm run contract\` from the results of the tests; do not edit. A test shows a row by carrying \`[fault n]\` in its name; a row without a passing test fails
\`npm test\`. How the engine does it: [Live accounts](concepts/live-accounts.md), [Journal and recovery](concepts/journal-and-recovery.md).

${shown} of ${faults.length} rows are shown by a passing test.

| row | what goes wrong | issue | tests |
|---|---|---|---|
${lines.join('\n')}
`
}

/** Tests listed for a row; an indicator's row has hundreds. */
const MAX_LISTED = 6

function table(kind: Kind, claims: readonly (ContractRow | Incident)[], tests: readonly TestResult[]): { readonly shown: number; readonly lines: string[] } {
  const found = testsByNumber(kind, tests)
  const shown = claims.filter(({ n }) => found.get(n)?.some((test) => test.state === 'passed')).length
  const lines = claims.map(({ n, title, issues }) => {
    const named = (found.get(n) ?? []).toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed'))
    const listed = named.slice(0, MAX_LISTED).map((test) => `${mark(test)} ${cellText(test.name)} (\`${test.file}\`)`)
    const cell = [...listed, ...(named.length > MAX_LISTED ? [`and ${named.length - MAX_LISTED} more`] : [])].join('<br>')
    return `| ${kind === rowKind ? n : kind.tag(n)} | ${title} | ${issues.join(', ')} | ${cell === '' ? 'none yet' : cell} |`
  })
  return { shown, lines }
}

/** Returns `docs/contract.md`: in each cell, what fails comes first. */
export function contractMarkdown(claims: Claims, tests: readonly TestResult[]): string {
  const rows = table(rowKind, claims.rows, tests)
  const incidents = table(incidentKind, claims.incidents, tests)
  return `# The contract, row by row

Made by \`npm run contract\` from the results of the tests; do not edit. A test shows a row by carrying \`[row n]\` in its name, and that an incident of the
modelled system cannot happen here by carrying \`[INC-nn]\`.

${rows.shown} of ${claims.rows.length} rows are shown by a passing test.

| row | feature | issue | tests |
|---|---|---|---|
${rows.lines.join('\n')}

## Incidents

${incidents.shown} of ${claims.incidents.length} incidents are shown by a passing test.

| incident | what went wrong | issue | tests |
|---|---|---|---|
${incidents.lines.join('\n')}
`
}

const mark = (test: TestResult): string => ({ passed: '✓', failed: '✗ failed:', skipped: 'skipped:' })[test.state]

const cellText = (name: string): string =>
  name
    .replaceAll(/\s*\[(?:rows? [\d, ]+|INC-\d+(?:, INC-\d+)*|fault \d+|pitfall \d+)\]\s*/g, ' ')
    .replaceAll('|', '\\|')
    .trim()
