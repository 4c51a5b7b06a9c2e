import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCommand } from '../../scripts/lib/command.ts'
import { root, tool } from '../../scripts/lib/repo.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-lint-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

/** Returns the rules that a file breaks under the configuration of the workspace. */
async function brokenRules(path: string, text: string): Promise<string[]> {
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { strict: true, target: 'es2023', module: 'nodenext', types: [], allowImportingTsExtensions: true, noEmit: true },
      include: ['packages'],
    }),
  )
  write(path, text)
  // The linter looks for its type-aware half in its folder or on the path, and only a package manager puts the commands of the workspace there.
  const env = { PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter) }
  const { output } = await runCommand(tool('oxlint'), ['--type-aware', '-f', 'json', path], { cwd: folder, limitSeconds: 30, env })
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly { code: string }[] }
  return [...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort()
}

test.each([
  ['a floating promise', 'async function later() {}\nlater()\n', 'typescript(no-floating-promises)'],
  ['a default export', 'export default 1\n', 'import(no-default-export)'],
  ['any', 'export const x = (y: any): unknown => y\n', 'typescript(no-explicit-any)'],
  ['a switched-off type check', ['// @ts-ig', 'nore\nexport const x = 1\n'].join(''), 'typescript(ban-ts-comment)'],
  ['a type imported as a value', `import { A } from './a.ts'\nexport const x: A = 1\n`, 'typescript(consistent-type-imports)'],
  ['a clock', 'export const now = Date.now()\n', 'eslint(no-restricted-globals)'],
  ['chance', 'export const x = Math.random()\n', 'eslint(no-restricted-properties)'],
  ['the console', 'console.log(1)\n', 'eslint(no-console)'],
  [
    'a number that is taken for absent when it is zero',
    'export const x = (n: number | undefined): number => n || 5\n',
    'typescript(prefer-nullish-coalescing)',
  ],
  [
    'a switch that forgets a case',
    `export function f(x: 'a' | 'b'): number { switch (x) { case 'a': return 1 }\nreturn 2 }\n`,
    'typescript(switch-exhaustiveness-check)',
  ],
])('lint finds %s in deterministic code', async (_, text, rule) => {
  write('packages/core/src/engine/a.ts', 'export type A = number\n')
  expect(await brokenRules('packages/core/src/engine/bad.ts', text)).toContain(rule)
})

test('lint finds an import cycle', async () => {
  write('packages/core/src/engine/a.ts', `import { b } from './b.ts'\nexport const a = (): number => b()\n`)
  expect(await brokenRules('packages/core/src/engine/b.ts', `import { a } from './a.ts'\nexport const b = (): number => a()\n`)).toContain('import(no-cycle)')
})

test('lint lets the shell have a clock', async () => {
  expect(await brokenRules('packages/core/src/runtime/clock.ts', 'export const now = (): number => Date.now()\n')).toEqual([])
})
