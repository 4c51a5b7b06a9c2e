import { describe, expect, test } from 'vitest'
import { exampleModule, javascriptOf } from '../../scripts/docs/example-module.ts'
import { markdownFences } from '../../scripts/docs/fences.ts'
import { publicNames } from '../../scripts/docs/public-names.ts'
import { tsdocFences } from '../../scripts/docs/tsdoc-fences.ts'
import { parse } from '../../scripts/lib/syntax.ts'

const fence = (code: string): Parameters<typeof exampleModule>[0] => ({ file: 'README.md', line: 10, code, noRun: false })

/** Runs a piece of code the way the docs test does. */
async function expectExample(code: string): Promise<void> {
  const source = javascriptOf(exampleModule(fence(code)))
  const { run } = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as { run: (expect_: typeof expect) => Promise<void> }
  await run(expect)
}

describe('fences', () => {
  test('of Markdown, with the line of their first row', () => {
    const text = 'words\n\n```ts\nconst a = 1\n```\n- item\n  ```ts no-run\n  b()\n    c()\n  ```\n```json\n{}\n```\n'
    expect(markdownFences('a.md', text)).toEqual([
      { file: 'a.md', line: 4, code: 'const a = 1', noRun: false },
      { file: 'a.md', line: 8, code: 'b()\n  c()', noRun: true },
    ])
  })

  test('that are misspelt or never closed are errors', () => {
    expect(() => markdownFences('a.md', '```ts norun\n```')).toThrow('a.md:1: expected ```ts or ```ts no-run')
    expect(() => markdownFences('a.md', 'x\n```ts\n')).toThrow('a.md:2: the fence is never closed')
  })

  test('of comments, with the export they belong to', () => {
    const text = '/**\n * Doubles.\n *\n * @example\n * ```ts\n * double(2) // => 4\n * ```\n */\nexport const double = (x: number): number => 2 * x\n'
    expect(tsdocFences(parse('a.ts', text))).toEqual([{ file: 'a.ts', line: 6, code: 'double(2) // => 4', noRun: false, owner: 'double' }])
  })
})

describe('an example', () => {
  test('passes when every value is right', async () => {
    await expectExample(
      `const list: readonly number[] = [1, 2]\nconst sum = list.reduce((a, b) => a + b) // => 3\nsum * 2 // => 6\nawait Promise.resolve({ sum }) // => { sum: 3 }\nJSON.parse('{') // => throws JSON`,
    )
  })

  test.each([
    ['an expression', '1 + 1 // => 3'],
    ['a const', 'const x = 1 // => 2'],
    ['a promise', 'await Promise.resolve(1) // => 2'],
    ['a missing error', '1 // => throws anything'],
    ['another error', `JSON.parse('{') // => throws nothing of the kind`],
    ['the end of a chain', `[1, 2]\n  .map((x) => x + 1)\n  .join() // => '1,2'`],
    ['a value in a block', 'for (const x of [1]) {\n  x // => 2\n}'],
    ['no value, but an error', `throw new Error('x')`],
  ])('fails when it is wrong: %s', async (_, code) => {
    await expect(expectExample(code)).rejects.toThrow(/./)
  })

  test('with an arrow that belongs to no expression is an error, with its line', () => {
    expect(() => exampleModule(fence('const a = 1\nfunction f() {} // => 2'))).toThrow('README.md:11: a "// =>" must follow an expression')
  })

  test('of a comment gets the names of its own package imported, but not those it has itself', () => {
    const known = new Map([
      ['sma', '@millrace/indicators'],
      ['ema', '@millrace/indicators'],
      ['length', 'x'],
    ])
    const module = exampleModule(fence(`import { ema } from 'elsewhere'\nsma(ema(3)).length // => 1`), known)
    expect(module.split('\n').slice(0, 2)).toEqual([`import { sma } from '@millrace/indicators'`, `import { ema } from 'elsewhere'`])
  })
})

test('public names are found through the index lists', () => {
  expect(publicNames()).toContainEqual({ name: 'durationMs', entry: '@millrace/core', file: 'packages/core/src/model/time.ts', localName: 'durationMs' })
})
