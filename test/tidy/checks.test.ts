import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { importCycles } from '../../scripts/tidy/cycles.ts'
import { nondeterminism } from '../../scripts/tidy/determinism.ts'
import { wrongDirections } from '../../scripts/tidy/direction.ts'
import { strayMoney } from '../../scripts/tidy/money.ts'
import { MAX_FILE_LINES, MAX_FUNCTION_LINES, oversized } from '../../scripts/tidy/sizes.ts'
import { sourceFile } from '../../scripts/tidy/source.ts'
import { unmatchedTasks } from '../../scripts/tidy/tasks.ts'
import { deadLinks, leftoverMarkers, privatePaths } from '../../scripts/tidy/texts.ts'

const entries = new Map([
  ['@millrace/core', 'packages/core/src/index.ts'],
  ['@millrace/indicators', 'packages/indicators/src/index.ts'],
  ['@millrace/sqlite-store', 'packages/sqlite-store/src/index.ts'],
])
const messages = (problems: readonly { readonly message: string }[]): string[] => problems.map((problem) => problem.message)

describe('direction', () => {
  const directions = (path: string, text: string): string[] => messages(wrongDirections([sourceFile(path, text)], entries))

  test('between packages', () => {
    expect(directions('packages/core/src/index.ts', `export * from '@millrace/sqlite-store'`)).toEqual([
      'core must not use sqlite-store; it may use indicators',
    ])
    expect(directions('packages/core/src/index.ts', `import { sma } from '@millrace/indicators'`)).toEqual([])
    expect(directions('packages/cli/src/x.ts', `import type { A } from '../../core/src/model/a.ts'`)).toEqual([
      'a package imports other packages by their names, not ../../core/src/model/a.ts',
    ])
    expect(directions('packages/fresh/src/x.ts', `import '@millrace/core'`)).toEqual([expect.stringContaining('packages/fresh has no place')])
    expect(directions('packages/core/src/x.test.ts', `import '@millrace/sqlite-store'`)).toEqual([])
  })

  test('inside core, type imports and dynamic ones included', () => {
    expect(directions('packages/core/src/model/a.ts', `import type { Order } from '../engine/b.ts'`)).toEqual([
      'core/model must not use core/engine, which stands above it',
    ])
    expect(directions('packages/core/src/safety/a.ts', `const b = await import('../runtime/b.ts')`)).toEqual([
      'core/safety must not use core/runtime, which stands above it',
    ])
    expect(directions('packages/core/src/engine/a.ts', `import { b } from '../safety/b.ts'\nimport { c } from './c.ts'\nimport { d } from 'rxjs'`)).toEqual([])
    expect(directions('packages/core/src/novelty/a.ts', `import { b } from '../model/b.ts'`)).toEqual([
      expect.stringContaining('core/src/novelty has no place'),
    ])
  })
})

test('import cycles are found once, through packages as well', () => {
  const a = sourceFile('packages/core/src/index.ts', `import type { B } from './b.ts'`)
  const b = sourceFile('packages/core/src/b.ts', `export { c } from './c.ts'`)
  const c = sourceFile('packages/core/src/c.ts', `import { a } from '@millrace/core'`)
  expect(messages(importCycles([a, b, c], entries))).toEqual([
    'import cycle: packages/core/src/index.ts -> packages/core/src/b.ts -> packages/core/src/c.ts -> packages/core/src/index.ts',
  ])
  expect(importCycles([a, b, sourceFile('packages/core/src/c.ts', `import 'rxjs'`)], entries)).toEqual([])
})

describe('determinism', () => {
  const found = (path: string, text: string): string[] => messages(nondeterminism([sourceFile(path, text)]))
  const kernel = 'packages/core/src/engine/kernel.ts'

  test.each([
    ['const now = Date.now()', 'Date is not deterministic'],
    ['const at = new Date(0)', 'Date is not deterministic'],
    ['setTimeout(() => 1, 5)', 'setTimeout is not deterministic'],
    ['const later = { run: queueMicrotask }', 'queueMicrotask is not deterministic'],
    ['const x = Math.random()', 'Math.random is not deterministic: take a seeded generator'],
    ['const x = Math.tanh(1)', 'Math.tanh differs between engines in the last bit: use model/transcendental.ts'],
    ['const x = y ** 3', '** is Math.pow: use model/transcendental.ts, or multiply'],
    [`import { readFileSync } from 'node:fs'`, 'node:fs does I/O, which belongs into core/src/node or runtime'],
    [`import { readFileSync } from 'fs'`, 'fs does I/O, which belongs into core/src/node or runtime'],
    ['const { random } = Math', 'Math hides which function is meant: write Math.name'],
    [`const x = Math['random']()`, 'Math hides which function is meant: write Math.name'],
    ['console.log(1)', 'console is not deterministic'],
    [`const order = a.localeCompare(b)`, "localeCompare depends on the machine's language"],
    [`const text = (1e6).toLocaleString()`, "toLocaleString depends on the machine's language"],
    ['const late = await import(path)', 'import() and import.meta depend on where the code lies'],
    ['const at = import.meta.url', 'import() and import.meta depend on where the code lies'],
    [`import { debounceTime as calm } from 'rxjs'`, "debounceTime of RxJS waits for the machine's clock"],
  ])('%s', (text, message) => {
    expect(found(kernel, text)).toEqual([message])
    expect(found('packages/core/src/runtime/shell.ts', text)).toEqual([])
    expect(found('packages/core/src/engine/kernel.test.ts', text)).toEqual([])
  })

  const parts = readdirSync('packages/core/src', { withFileTypes: true }).filter((entry) => entry.isDirectory() && !['runtime', 'node'].includes(entry.name))
  const seeded = [...parts.map(({ name }) => `core/src/${name}/seeded.ts`), 'core/src/engine/journal/seeded.ts', 'indicators/src/seeded.ts']
  const again = ['explain/second-run', 'recording/replay-loop', 'shadow/shadow-venue', 'drift/made-run', 'account', 'operators', 'serial-queue', 'run-loop']
  test.each([...seeded, ...again.map((name) => `core/src/runtime/${name}.ts`)])('holds for packages/%s', (path) => {
    expect(found(`packages/${path}`, 'const at = Date.now() + Math.random()')).toHaveLength(2)
  })

  test('leaves members, types, own names and exact powers alone', () => {
    expect(
      found(
        kernel,
        'const a = event.process\nlet at: Date\nconst b = { performance: 1 }\nconst c = 2 ** -32\nconst d = Math.floor(1)\nfunction fetch() {}\nfetch()',
      ),
    ).toEqual([])
    expect(found('packages/core/src/model/transcendental.ts', 'const x = Math.tanh(1)')).toEqual([])
  })

  test('an exception releases its name, and is a problem when it is stale', () => {
    const exception = { path: kernel, name: 'Date', reason: 'a test' }
    expect(nondeterminism([sourceFile(kernel, 'Date.UTC(2026)')], [exception])).toEqual([])
    expect(messages(nondeterminism([sourceFile(kernel, 'const x = 1')], [exception]))).toEqual(['the exception for Date is no longer needed: remove it'])
  })
})

test('money outside of its files is found', () => {
  const found = (path: string, text: string): string[] => messages(strayMoney([sourceFile(path, text)]))
  expect(found('packages/core/src/safety/x.ts', `import { Decimal } from 'decimal.js'\nconst sum = a.plus(b)`)).toEqual([
    expect.stringContaining('imported for its type only'),
    '.plus() calculates with a Decimal: use a function of model/money.ts',
  ])
  expect(found('packages/core/src/safety/x.ts', `import type { Decimal } from 'decimal.js'\nconst root = Math.sqrt(4)\nconst n = z.number().gt(0)`)).toEqual([])
  expect(found('packages/core/src/ledger/x.ts', `const sum = a.plus(b)`)).toEqual([])
})

describe('sizes', () => {
  const path = 'packages/core/src/x.ts'
  const long = sourceFile(path, `function long() {\n${'  x()\n'.repeat(MAX_FUNCTION_LINES)}}\n${'x()\n'.repeat(MAX_FILE_LINES)}`)

  test('a file and a function over the limits are problems', () => {
    expect(messages(oversized([long], []))).toEqual([expect.stringContaining('lines, over 300'), expect.stringContaining('long has 72 lines, over 70')])
    expect(oversized([sourceFile(path, `function short() {\n${'  x()\n'.repeat(MAX_FUNCTION_LINES - 2)}}\n`)], [])).toEqual([])
  })

  test('a reason releases them, and is a problem when it is stale', () => {
    const exceptions = [
      { path, reason: 'a test' },
      { path, functionName: 'long', reason: 'a test' },
    ]
    expect(oversized([long], exceptions)).toEqual([])
    expect(messages(oversized([sourceFile(path, 'x()')], exceptions))).toHaveLength(2)
  })
})

test.each([
  ['TO', 'DO: later'],
  ['// FIX', 'ME'],
  ['test.on', 'ly("x")'],
  ['// @ts-ig', 'nore'],
  ['x as ', 'any'],
])('the leftover %s%s is found', (head, tail) => {
  expect(leftoverMarkers([{ path: 'a.ts', text: `one\n${head}${tail}\n` }])).toMatchObject([{ line: 2 }])
  expect(leftoverMarkers([{ path: 'a.ts', text: 'a todo list of a hacker, as anybody' }])).toEqual([])
})

test('paths of a machine are found', () => {
  const found = (text: string): string[] => messages(privatePaths([{ path: 'a.md', text }], ['/srv/someone', '/']))
  expect(found('see /srv/someone/notes.md')).toEqual(["names a path of somebody's machine: /srv/someone"])
  expect(found(['open "/ho', 'me/jo/x"'].join(''))).toHaveLength(1)
  expect(found('GET /api/v1/bots, ../shared/data, a/srv/someone, /srv/someones')).toEqual([])
})

test('dead links are found, headings included', () => {
  const guide = { path: 'docs/guide.md', text: '# The `guide`\n## Two words!\n' }
  const found = (text: string): string[] => messages(deadLinks([guide, { path: 'README.md', text }], (path) => ['docs/guide.md', 'README.md'].includes(path)))
  expect(found('[a](docs/missing.md)')).toEqual(['the link leads to docs/missing.md, which does not exist'])
  expect(found('[a](docs/guide.md#no-such)')).toEqual(['docs/guide.md has no heading for #no-such'])
  expect(found('[a](docs/guide.md#two-words) [b](docs/guide.md#the-guide) [c](https://example.org/x) `[d](nowhere)`\n```\n[e](nowhere)\n```')).toEqual([])
})

test('tasks without a script, scripts without a task and ways around the bootstrap are found', () => {
  const scripts = { 'campaign:a': 'node scripts/bootstrap.mjs campaign:a', 'bench:b': 'node scripts/bootstrap.mjs bench:b' }
  expect(unmatchedTasks(scripts, ['a'], ['b'])).toEqual([])
  expect(messages(unmatchedTasks(scripts, ['a', 'c'], []))).toEqual(['no script "campaign:c" for what exists', 'the script "bench:b" has no file'])
  expect(messages(unmatchedTasks({ test: 'vitest run' }, [], []))).toEqual(['the script "test" must go through scripts/bootstrap.mjs: users have no pnpm'])
})
