import { expect, test } from 'vitest'
import { contractMarkdown, contractProblems, rowsOf } from '../../scripts/contract/coverage.ts'
import { contractRows } from '../../scripts/contract/rows.ts'
import type { TestResult } from '../../scripts/gate/report.ts'

const result = (name: string, state: TestResult['state']): TestResult => ({ project: 'unit', file: 'a.test.ts', name, state, ms: 1 })
const rows = [
  { n: 1, title: 'first', issues: [2] },
  { n: 2, title: 'second', issues: [3, 4] },
]

test('the hundred rows are there, each once and each owned by an issue', () => {
  expect(contractRows.map((row) => row.n)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
  expect(contractRows.filter((row) => row.issues.length === 0)).toEqual([])
  expect(new Set(contractRows.map((row) => row.title)).size).toBe(100)
})

test.each([
  ['trades [row 3]', [3]],
  ['[row 3] [row 26] trades', [3, 26]],
  ['trades [rows 3, 26]', [3, 26]],
  ['the row 3 of a table', []],
])('rows are read from a name, one or several (case %#)', (name, expected) => expect(rowsOf(name)).toEqual(expected))

test('a row of a finished issue needs a passing test; a failing or skipped one does not do', () => {
  expect(contractProblems(rows, [2], [result('a [row 1]', 'failed'), result('b [row 1]', 'skipped')])).toEqual([expect.stringMatching(/^row 1 \(first\)/)])
  expect(contractProblems(rows, [2], [result('a [row 1]', 'passed')])).toEqual([])
  expect(contractProblems(rows, [2, 4], [result('a [row 1]', 'passed')])).toEqual([expect.stringMatching(/^row 2 \(second\)/)])
})

test('a test that names a row which is not there is a problem', () => {
  expect(contractProblems(rows, [], [result('a [row 101]', 'passed')])).toEqual(['row 101 does not exist: a.test.ts: a [row 101]'])
})

test('the document lists each row with its tests and their state', () => {
  const text = contractMarkdown(rows, [result('trades a|b [row 1]', 'passed'), result('[row 1] waits', 'skipped')])
  expect(text).toContain('| 1 | first | 2 | ✓ trades a\\|b (`a.test.ts`)<br>skipped: waits (`a.test.ts`) |')
  expect(text).toContain('| 2 | second | 3, 4 | none yet |')
  expect(
    contractMarkdown(
      rows,
      Array.from({ length: 9 }, (_, index) => result(`${index} [row 1]`, 'passed')),
    ),
  ).toMatch(/<br>✓ 5 \(`a\.test\.ts`\)<br>and 3 more \|/)
  expect(text).toContain('1 of 2 rows are shown by a passing test.')
})
