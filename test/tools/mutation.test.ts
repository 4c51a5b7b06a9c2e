import { expect, test } from 'vitest'
import { mutantsOf, mutationMarkdown, scoreOf } from '../../scripts/mutation/result.ts'
import { sampleOf, unitsOf, unitsOfText } from '../../scripts/mutation/sample.ts'

const text = `import { a } from './a.ts'
interface Shape { readonly x: number }
export const one = 1

export function two(): number {
  return a
}
class Three {
  readonly four = 4
  five: number
  constructor() {
    this.five = 5
  }
  six(): number {
    return 6
  }
}
`

test('functions, members with a body and other statements are units; types and imports are none', () => {
  expect(unitsOfText('a.ts', text).map(({ firstLine, lastLine }) => [firstLine, lastLine])).toEqual([
    [3, 3],
    [5, 7],
    [9, 9],
    [11, 13],
    [14, 16],
  ])
})

test('the units of a folder leave its tests and fixtures out', () => {
  const files = new Set(unitsOf(['packages/core/src/safety']).map(({ file }) => file))
  expect(files).toContain('packages/core/src/safety/judge.ts')
  expect([...files].filter((file) => /\.(test|prop|fixture)\.ts$/.test(file))).toEqual([])
})

test('a sample follows from its seed, holds the share that was asked for, and never a unit twice', () => {
  const units = Array.from({ length: 200 }, (_, i) => ({ file: 'a.ts', firstLine: 3 * i + 1, lastLine: 3 * i + 2 }))
  const half = sampleOf(units, 7, 0.5)
  expect(half).toHaveLength(100)
  expect(new Set(half).size).toBe(100)
  expect(sampleOf(units, 7, 0.5)).toEqual(half)
  expect(sampleOf(units, 8, 0.5)).not.toEqual(half)
  expect(sampleOf(units, 7, 1)).toHaveLength(200)
})

const source = 'const\nif (a true)\nthen (true)'
const tested = ['Survived', 'Killed', 'Timeout', 'NoCoverage', 'RuntimeError'].map((status) => ({
  id: status,
  fileName: 'packages/core/src/safety/a.ts',
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  status,
  location: { start: { line: 3, column: 7 }, end: { line: 3, column: 11 } },
}))
const read = (): string => source

test('a mutant is noticed when a test fails or hangs; what could not run counts nowhere', () => {
  const mutants = mutantsOf(tested, read)
  expect(mutants[0]).toEqual({
    file: 'packages/core/src/safety/a.ts',
    line: 3,
    mutator: 'BooleanLiteral',
    original: 'true',
    replacement: 'false',
    status: 'Survived',
  })
  expect(scoreOf(mutants)).toEqual({ killed: 1, timeout: 1, survived: 1, noCoverage: 1, score: 50 })
  expect(scoreOf([]).score).toBe(100)
})

test('the document has the score of each folder and file, and every survivor with its place', () => {
  const page = mutationMarkdown(mutantsOf(tested, read), { commit: 'abc', seed: 7, share: 0.6, left: 0 })
  expect(page).toContain('Commit abc, seed 7, 60 % of the lines: 5 mutants, 50.0 % noticed.\n')
  expect(mutationMarkdown(mutantsOf(tested, read), { commit: 'abc', seed: 7, share: 0.6, left: 9 })).toContain('over before 9 more were tested.')
  expect(page).toContain('| packages/core/src/safety | 2 | 1 | 1 | 50.0 % |')
  expect(page).toContain('| `safety/a.ts` | 2 | 1 | 1 | 50.0 % |')
  expect(page).toContain('| `safety/a.ts:3` | BooleanLiteral | `true` | `false` |')
  expect(page).toContain('| `safety/a.ts:3` | BooleanLiteral (no test reaches it) | `true` | `false` |')
})
