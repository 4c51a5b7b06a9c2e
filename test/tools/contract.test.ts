import { expect, test } from 'vitest'
import { contractMarkdown, contractProblems, faultMatrixMarkdown, faultProblems, incidentsOf, rowsOf } from '../../scripts/contract/coverage.ts'
import { contractRows, incidents } from '../../scripts/contract/rows.ts'
import type { TestResult } from '../../scripts/gate/report.ts'

const result = (name: string, state: TestResult['state']): TestResult => ({ project: 'unit', file: 'a.test.ts', name, state, ms: 1 })
const claims = {
  rows: [
    { n: 1, title: 'first', issues: [2] },
    { n: 2, title: 'second', issues: [3, 4] },
  ],
  incidents: [{ n: 7, title: 'orders from reading', issues: [4] }],
}

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

test('[INC-70] a row of a finished issue needs a passing test; a failing or skipped one does not do', () => {
  expect(contractProblems(claims, [2], [result('a [row 1]', 'failed'), result('b [row 1]', 'skipped')])).toEqual([expect.stringMatching(/^row 1 \(first\)/)])
  expect(contractProblems(claims, [2], [result('a [row 1]', 'passed')])).toEqual([])
  expect(contractProblems(claims, [2, 3], [result('a [row 1]', 'passed')])).toEqual([expect.stringMatching(/^row 2 \(second\)/)])
})

test('an incident of a finished issue needs a passing test as well', () => {
  const shown = [result('a [row 1] [row 2]', 'passed')]
  expect(contractProblems(claims, [2, 3], shown)).toEqual([])
  expect(contractProblems(claims, [4], [...shown, result('b [INC-07]', 'failed')])).toEqual([
    'incident 7 (orders from reading) belongs to issue 4, which is done, and no passing test carries [INC-07]',
  ])
  expect(contractProblems(claims, [4], [...shown, result('b [INC-07]', 'passed')])).toEqual([])
  expect(contractProblems(claims, [], [result('[INC-99] c', 'passed')])).toEqual(['incident 99 does not exist: a.test.ts: [INC-99] c'])
})

test.each([
  ['[INC-07] trades', [7]],
  ['[row 3] [INC-07, INC-21] trades [INC-33]', [7, 21, 33]],
  ['of INC-07', []],
])('incidents are read from a name, one or several (case %#)', (name, expected) => expect(incidentsOf(name)).toEqual(expected))

test('the incidents are listed once each, and each is owned by an issue', () => {
  const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  expect(incidents.map(({ n }) => n)).toEqual([...range(1, 14), ...range(20, 35), ...range(40, 50), ...range(60, 74)])
  expect(incidents.filter(({ issues }) => issues.length === 0)).toEqual([])
  expect(new Set(incidents.map(({ title }) => title)).size).toBe(incidents.length)
})

test('a test that names a row which is not there is a problem', () => {
  expect(contractProblems(claims, [], [result('a [row 101]', 'passed')])).toEqual(['row 101 does not exist: a.test.ts: a [row 101]'])
})

test('the document lists each row with its tests and their state', () => {
  const text = contractMarkdown(claims, [result('[INC-07] trades a|b [row 1]', 'passed'), result('[row 1] waits', 'skipped')])
  expect(text).toContain('| 1 | first | 2 | ✓ trades a\\|b (`a.test.ts`)<br>skipped: waits (`a.test.ts`) |')
  expect(text).toContain('| 2 | second | 3, 4 | none yet |')
  expect(
    contractMarkdown(
      claims,
      Array.from({ length: 9 }, (_, index) => result(`${index} [row 1]`, 'passed')),
    ),
  ).toMatch(/<br>✓ 5 \(`a\.test\.ts`\)<br>and 3 more \|/)
  expect(text).toContain('1 of 2 rows are shown by a passing test.')
  expect(text).toContain('| INC-07 | orders from reading | 4 | ✓ trades a\\|b (`a.test.ts`) |')
  expect(text).toContain('1 of 1 incidents are shown by a passing test.')
})

test('a fault without a passing test is a problem, one with a test is in the table, and one that does not exist is named', () => {
  const faults = [
    { n: 1, title: 'lost', issues: [6] },
    { n: 2, title: 'late', issues: [6] },
  ]
  expect(faultProblems(faults, [result('found again [fault 1]', 'passed'), result('[fault 2] waits', 'failed')])).toEqual([
    expect.stringMatching(/^fault 2 \(late\) belongs to issue 6/),
  ])
  expect(faultProblems(faults, [result('[fault 1] [fault 2] both', 'passed'), result('[fault 3]', 'passed')])).toEqual([
    'fault 3 does not exist: a.test.ts: [fault 3]',
  ])
  expect(faultMatrixMarkdown(faults, [result('found again [fault 1]', 'passed')])).toContain('1 of 2 rows are shown')
})
