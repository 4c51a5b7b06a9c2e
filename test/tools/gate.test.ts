import { describe, expect, test } from 'vitest'
import { parts as realParts } from '../../scripts/gate/parts.ts'
import { createProgress } from '../../scripts/gate/progress.ts'
import { closingLine, partLines, skipLines, totals } from '../../scripts/gate/report.ts'
import type { PartReport, TestResult } from '../../scripts/gate/report.ts'
import { runGate } from '../../scripts/gate/run-gate.ts'
import type { Part } from '../../scripts/gate/run-part.ts'

const result = (state: TestResult['state'], name = 'a test', note?: string): TestResult => ({
  project: 'unit',
  file: 'a.test.ts',
  name,
  state,
  ms: 1,
  ...(note === undefined ? {} : { note }),
})
const report = (name: string, tests: readonly TestResult[], more: Partial<PartReport> = {}): PartReport => ({
  name,
  budgetSeconds: 10,
  seconds: 1.25,
  tests,
  errors: [],
  output: '',
  ...more,
})

const parts: readonly Part[] = ['one', 'two', 'three'].map((name) => ({ name, budgetSeconds: 10, projects: [] }))

/** Runs the gate over made-up parts. */
async function gate(
  reports: Readonly<Record<string, PartReport>>,
  more: Partial<Parameters<typeof runGate>[1]> = {},
): Promise<{ exitCode: number; lines: string[]; mostAtOnce: number }> {
  const lines: string[] = []
  let running = 0
  let mostAtOnce = 0
  const exitCode = await runGate(parts, {
    only: [],
    wide: false,
    seed: 42,
    claims: { rows: [{ n: 1, title: 'first', issues: [2] }], incidents: [] },
    doneIssues: [],
    print: (line) => lines.push(line),
    keep: () => undefined,
    async run(part) {
      mostAtOnce = Math.max(mostAtOnce, ++running)
      await new Promise((resolve) => setTimeout(resolve, 5))
      running--
      return reports[part.name] ?? report(part.name, [result('passed')])
    },
    ...more,
  })
  return { exitCode, lines, mostAtOnce }
}

describe('the gate', () => {
  test('[row 93] prints the seed, the number of tests, the wall time and, alone on the last line, the sums', async () => {
    const { exitCode, lines } = await gate({ two: report('two', [result('passed'), result('skipped', 'b', 'no data')]) })
    expect(lines[0]).toBe('seed of the property tests: 42 (another with --seed n)')
    expect(lines.at(-2)).toMatch(/^5 tests in \d+\.\d s, seed 42$/)
    expect(lines.at(-1)).toBe('4 passed, 0 failed, 1 skipped')
    expect(exitCode).toBe(0)
  })

  test('[row 93] hides no failure: a failing test, an error outside of tests and a dead run all count and give exit code 1', async () => {
    const { exitCode, lines } = await gate({
      one: report('one', [result('failed', 'breaks')], { output: 'expected 1, received 2' }),
      two: report('two', [], { errors: ['a.test.ts: does not load'] }),
    })
    expect(exitCode).toBe(1)
    expect(lines).toEqual(expect.arrayContaining(['    failed: a.test.ts: breaks', '    | expected 1, received 2', '    failed: a.test.ts: does not load']))
    expect(lines.at(-1)).toBe('2 passed, 2 failed, 0 skipped')
  })

  test('runs two parts at a time', async () => {
    expect((await gate({})).mostAtOnce).toBe(2)
  })

  test('fails when a row of a finished issue has no passing test, and passes when it has', async () => {
    const without = await gate({}, { doneIssues: [2] })
    expect(without.exitCode).toBe(1)
    expect(without.lines.join('\n')).toContain('no passing test carries [row 1]')
    const shown = await gate({ one: report('one', [result('passed', 'works [row 1]')]) }, { doneIssues: [2] })
    expect(shown.exitCode).toBe(0)
  })

  test('can run some parts, says that the contract was not looked at, and names the parts when one is unknown', async () => {
    const { lines } = await gate({}, { only: ['two'], doneIssues: [2] })
    expect(lines).toContain('- contract: not looked at, because only some parts ran')
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
    expect(await gate({}, { only: ['tow'] })).toMatchObject({ exitCode: 1, lines: ['no part named tow; there are one, two, three'] })
  })
})

describe('the progress of a wide run', () => {
  test('tells what each part does, which files took long, and how far all are; of a run that is not wide nothing', async () => {
    const lines: string[] = []
    let now = 0
    const progress = createProgress(
      (line) => lines.push(line),
      () => now,
    )
    progress.tick()
    progress.begins({ name: 'one', wide: 'a thousand days' })
    progress.begins({ name: 'two' })
    now = 61
    progress.reads('one', ' ✓ |unit| a.test.ts (3 tests) 12')
    progress.reads('one', 'ms\n   ✓ of a.test.ts (3 tests) 99999ms\n ❯ |unit| b.test.ts (12 tests | 1 failed) 34500ms\n ✓ |unit| c')
    progress.tick()
    progress.ends('one')
    progress.ends('two')
    progress.tick()
    expect(lines).toEqual([
      '  0 s: one begins: a thousand days',
      '  0 s: two begins: as in npm test',
      '  61 s: one: b.test.ts, 12 tests in 35 s',
      '  61 s: one, 2 files done; two, 0 files done',
    ])
    const begun = (out: { lines: string[] }) => out.lines.filter((line) => line.includes('begins'))
    expect([begun(await gate({}, { wide: true })).length, begun(await gate({})).length]).toEqual([3, 0])
  })
})

describe('the report', () => {
  test('says when a part has no tests, without counting it', () => {
    expect(partLines(report('faults', []))).toEqual([expect.stringMatching(/^- faults .* no tests yet$/)])
    expect(totals([report('faults', [])])).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })

  test('shows the time against the budget', () => {
    expect(partLines(report('docs', [result('passed')]))[0]).toMatch(/^✓ docs +1\.3 s of 10 s +1 passed, 0 failed, 0 skipped$/)
    expect(partLines(report('docs', [result('passed')], { seconds: 12 }))[0]).toContain('12.0 s of 10 s  OVER BUDGET')
  })

  test('groups skipped tests by their reason', () => {
    expect(skipLines([result('skipped', 'a', 'no data'), result('skipped', 'b', 'no data'), result('skipped', 'c'), result('passed')])).toEqual([
      '  skipped 2: no data',
      '  skipped 1: no reason given in a.test.ts',
    ])
  })

  test('closes with a plain line', () => expect(closingLine({ passed: 3, failed: 2, skipped: 1 })).toBe('3 passed, 2 failed, 1 skipped'))
})

test('the budgets of all parts, run two at a time, fit into eight minutes', () => {
  expect(realParts.reduce((sum, part) => sum + part.budgetSeconds, 0) / 2).toBeLessThanOrEqual(8 * 60)
})
