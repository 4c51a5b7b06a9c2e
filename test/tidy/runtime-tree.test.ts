import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workspacePackages } from '../../scripts/lib/packages.ts'
import { root } from '../../scripts/lib/repo.ts'
import { runtimeTree } from '../../scripts/lib/runtime-tree.ts'

/** How many third-party packages come along at most, the whole tree counted. */
const budgets: Readonly<Record<string, number>> = {
  'packages/indicators': 0,
  'packages/core': 6,
  'packages/sqlite-store': 12,
  'packages/coinbase-adapter': 10,
  'packages/cli': 20,
  'packages/example-dashboard': 30,
}

/** Have a script for machines without their binary; the workspace says that it is not run, and the page is put together without it. */
const neverRun = new Set(['esbuild'])

/** Licences that let anybody do what MIT lets them do. */
const permissive = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'])

test('every package has a budget', () => {
  expect(Object.keys(budgets).sort()).toEqual(workspacePackages().map(({ folder }) => folder))
})

test.each(Object.entries(budgets))('%s brings at most %i packages along, none with a script, all under permissive licences', (folder, most) => {
  const tree = runtimeTree(folder)
  const names = tree.map(({ name, version }) => `${name}@${version}`)
  expect(names.length, names.join(', ')).toBeLessThanOrEqual(most)
  expect(tree.filter(({ name, installScripts }) => installScripts.length > 0 && !neverRun.has(name))).toEqual([])
  expect(tree.filter(({ license }) => !permissive.has(license)).map(({ name, license }) => `${name}: ${license}`)).toEqual([])
})

test('a script that a package brings along is not run', () => {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  for (const name of neverRun) expect(workspace).toMatch(new RegExp(`^ +${name}: false$`, 'm'))
})

test('what comes along is found, and found out', () => {
  const names = (folder: string): string[] => runtimeTree(folder).map(({ name }) => name)
  expect(names('packages/core')).toEqual(['@noble/hashes', 'decimal.js', 'eventemitter3', 'rxjs', 'tslib', 'zod'])
  expect(names('packages/sqlite-store')).toContain('better-sqlite3')
  const esbuild = runtimeTree('packages/indicators/node_modules/esbuild').find(({ name }) => name === 'esbuild')
  expect(esbuild?.installScripts).toEqual(['postinstall'])
})
