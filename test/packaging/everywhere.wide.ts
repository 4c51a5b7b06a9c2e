import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPackages } from '../../scripts/lib/build.ts'
import { runCommand } from '../../scripts/lib/command.ts'
import { packAll } from '../../scripts/lib/tarballs.ts'
import { bundleWithEsbuild, bundleWithVite, bundles } from './bundles.ts'
import { installConsumer } from './consumer.ts'
import type { Consumer } from './consumer.ts'
import { commonJs, compileUnder, esModule, expected } from './programs.ts'

// Only `npm run test:full` asks for these: bundlers and other Nodes come from the registry.

let project: Consumer

beforeAll(async () => {
  await buildPackages(() => undefined)
  project = await installConsumer(await packAll(), ['@millrace/core', '@millrace/indicators'], { esbuild: '0.28.2', vite: '8.3.8' })
})

afterAll(() => {
  if (project) rmSync(project.folder, { recursive: true, force: true })
})

test.each(bundles)('esbuild makes a page with $name of it', async (bundle) => {
  const weight = await bundleWithEsbuild(project, bundle)
  expect(weight).toMatchObject({ output: '', exitCode: 0, files: 1, builtins: [] })
  expect(weight.bytes).toBeLessThanOrEqual(bundle.mostBytes)
})

test.each(bundles)('vite makes a page with $name of it', async (bundle) => {
  const weight = await bundleWithVite(project, bundle)
  expect(weight).toMatchObject({ output: '', exitCode: 0, files: 1, builtins: [] })
  // Vite adds a few hundred bytes of its own.
  expect(weight.bytes).toBeLessThanOrEqual(bundle.mostBytes + 1_000)
})

test('compiles against their declarations under TypeScript 6', async () => {
  expect(await compileUnder(project, 6)).toMatchObject({ output: '', exitCode: 0 })
})

test.each(['22.23.3', '24.21.0', '26.10.0'])('runs on Node %s, both ways', async (version) => {
  project.write('esm.mjs', esModule)
  project.write('cjs.cjs', commonJs)
  const node = ['--yes', `--package=node-${process.platform}-${process.arch}@${version}`, 'node']
  const [first, second] = [await runCommand('npx', [...node, 'esm.mjs'], at(project)), await runCommand('npx', [...node, 'cjs.cjs'], at(project))]
  expect([first.exitCode, second.exitCode]).toEqual([0, 0])
  for (const { output } of [first, second]) expect(output).toContain(expected.output.trim())
})

const at = ({ folder: cwd }: Consumer) => ({ cwd, limitSeconds: 240 })
