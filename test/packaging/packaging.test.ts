import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPackages } from '../../scripts/lib/build.ts'
import { runCommand } from '../../scripts/lib/command.ts'
import { publishedPackages } from '../../scripts/lib/packages.ts'
import { root } from '../../scripts/lib/repo.ts'
import { commonJs, esModule, expected } from './programs.ts'
import { installConsumer } from './consumer.ts'
import type { Consumer } from './consumer.ts'
import { packAll } from '../../scripts/lib/tarballs.ts'
import type { Tarball } from '../../scripts/lib/tarballs.ts'

let tarballs: readonly Tarball[] = []
let consumer: Consumer

beforeAll(async () => {
  await buildPackages(() => undefined)
  tarballs = await packAll()
  consumer = await installConsumer(tarballs, ['@millrace/core', '@millrace/indicators'])
})

afterAll(() => {
  if (consumer) rmSync(consumer.folder, { recursive: true, force: true })
})

/** What a tarball weighs at most, in bytes: source maps and declarations included. */
const sizes: Readonly<Record<string, number>> = {
  '@millrace/indicators': 460_000,
  '@millrace/core': 3_200_000,
  '@millrace/sqlite-store': 190_000,
  '@millrace/coinbase-adapter': 540_000,
  millrace: 400_000,
}

const tarballOf = (name: string): Tarball => {
  const found = tarballs.find((each) => each.name === name)
  if (!found) throw new Error(`no tarball of ${name}`)
  return found
}

describe.each(publishedPackages().map((each) => each.json.name))('the tarball of %s', (name) => {
  test('holds the build, its licence and nothing else', () => {
    const { files } = tarballOf(name)
    expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'dist/index.js', 'dist/index.cjs', 'dist/index.d.ts', 'dist/index.d.cts']))
    expect(files.filter((file) => !/^(dist\/|package\.json$|LICENSE$|README\.md$|CHANGELOG\.md$)/.test(file))).toEqual([])
  })

  test('is no larger than its budget', () => {
    expect(tarballOf(name).data.length).toBeLessThanOrEqual(sizes[name] ?? 0)
  })

  test('says nothing of the workspace in its package.json', () => {
    const text = JSON.stringify(tarballOf(name).json)
    expect(text).not.toContain('@millrace/source')
    expect(text).not.toMatch(/workspace:|catalog:/)
    expect(tarballOf(name).json.scripts).toBeUndefined()
  })

  test('passes publint in strict mode', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarballOf(name).data.buffer }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })

  test('has types that every way of resolving modules finds', async () => {
    const checked = await checkPackage(createPackageFromTarballData(tarballOf(name).data))
    if (!checked.types) throw new Error(`${name} has no types`)
    // `node10` knows no exports; nobody on Node 22 resolves that way.
    const problems = checked.problems.filter((problem) => !('resolutionKind' in problem) || problem.resolutionKind !== 'node10')
    expect(problems).toEqual([])
  })
})

describe('a project that installs the tarballs', () => {
  test('imports and uses them as ES modules', async () => {
    consumer.write('esm.mjs', esModule)
    expect(await consumer.node('esm.mjs')).toMatchObject(expected)
  })

  test('requires and uses them as CommonJS', async () => {
    consumer.write('cjs.cjs', commonJs)
    expect(await consumer.node('cjs.cjs')).toMatchObject(expected)
  })

  test('loads every entry of core', async () => {
    const entries = Object.keys(tarballOf('@millrace/core').json.exports ?? {}).filter((entry) => !entry.endsWith('.json'))
    consumer.write('entries.mjs', entries.map((entry) => `await import('@millrace/core${entry.slice(1)}')`).join('\n'))
    expect(await consumer.node('entries.mjs')).toMatchObject({ output: '', exitCode: 0 })
  })

  test.each([6, 7])('compiles against their declarations under TypeScript %i', async (version) => {
    const source = `import { durationMs } from '@millrace/core'\nimport * as node from '@millrace/core/node'\nimport * as testing from '@millrace/core/testing'\nimport { sma } from '@millrace/indicators'\nexport const ms: number = durationMs('5m')\nexport const value: number = sma(3).value\nexport const all = [node, testing]\n`
    consumer.write(`ts${version}/esm.mts`, source)
    consumer.write(`ts${version}/cjs.cts`, source)
    consumer.write(
      `ts${version}/tsconfig.json`,
      JSON.stringify({
        compilerOptions: { target: 'es2023', module: 'nodenext', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, types: [] },
        files: ['esm.mts', 'cjs.cts'],
      }),
    )
    const compiler = join(root, 'node_modules', version === 7 ? 'typescript-7' : 'typescript', 'bin', 'tsc')
    expect(await consumer.node(compiler, '-p', `ts${version}`)).toMatchObject({ output: '', exitCode: 0 })
  })

  test('gets at most six third-party packages with core, none of which runs a script', () => {
    const installed = installedPackages(consumer.folder).filter((each) => !each.name.startsWith('@millrace/'))
    expect(installed.map((each) => each.name).sort()).toEqual(['@noble/hashes', 'decimal.js', 'eventemitter3', 'rxjs', 'tslib', 'zod'])
    expect(installed.filter(runsScripts)).toEqual([])
  })
})

test('of the packages of the workspace that would run a script when installed, each is forbidden to by name', () => {
  const forbidden = [...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}'?([\w@/-]+)'?: false$/gm)].map(([, name]) => name!)
  const would = installedPackages(root).flatMap((each) => (runsScripts(each) ? [each.name] : []))
  expect(new Set(would)).toEqual(new Set(forbidden))
})

describe('a project that installs the command', () => {
  test('runs it from its tarball, store included', async () => {
    const project = await installConsumer(tarballs, ['millrace'])
    try {
      const { output, exitCode } = await runCommand(join(project.folder, 'node_modules', '.bin', 'millrace'), ['--version'], {
        cwd: project.folder,
        limitSeconds: 30,
      })
      expect(output.trim()).toContain(tarballOf('millrace').json.version)
      expect(exitCode).toBe(0)
      // What it needs to run has no script either, and the job engine of sweeps comes only where somebody installs it.
      const installed = installedPackages(project.folder)
      expect(installed.filter(runsScripts)).toEqual([])
      expect(installed.map(({ name }) => name)).not.toContain('bullmq')
      await searchOnThreads(project)
    } finally {
      rmSync(project.folder, { recursive: true, force: true })
    }
  })
})

/** Threads of the build start from a file of their own. */
async function searchOnThreads({ folder, write }: Consumer): Promise<void> {
  const bot = { id: 'sol', instrument: 'SOL-USD', timeframe: '5m', strategy: 'trend-following', confirm: 0, safety: [] }
  write('bots.json', JSON.stringify({ account: { cash: { USD: '1000' }, safety: [] }, bots: [bot] }))
  const millrace = (...argv: readonly string[]) => runCommand(join(folder, 'node_modules', '.bin', 'millrace'), argv, { cwd: folder, limitSeconds: 60 })
  await millrace('data', 'simulate', 'candles', '--pairs', 'SOL-USD', '--days', '2')
  const search = ['optimize', 'bots.json', '--data', 'candles', '--param', 'fast=5:15:5', '--param', 'slow=20:40:10', '--min-trips', '0', '--threads']
  const [one, two] = [await millrace(...search, '1'), await millrace(...search, '2')]
  expect(two.output).toMatch(availableParallelism() > 1 ? /on 2 threads/ : /on this process/)
  const hash = /hash of all trials +[0-9a-f]{16}/
  expect(hash.exec(two.output)?.[0]).toBe(hash.exec(one.output)?.[0])
  expect(one.output).toMatch(hash)
}

const runsScripts = (each: Installed): boolean => ['preinstall', 'install', 'postinstall'].some((script) => each.scripts?.[script] !== undefined)

interface Installed {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
}

/** Returns what pnpm put into the virtual store of a project. */
function installedPackages(folder: string): Installed[] {
  const store = join(folder, 'node_modules', '.pnpm')
  const found = new Map<string, Installed>()
  for (const slot of readdirSync(store)) {
    if (slot === 'node_modules' || slot.includes('.yaml') || slot.includes('.json')) continue
    const modules = join(store, slot, 'node_modules')
    for (const name of readdirSync(modules).flatMap((entry) =>
      entry.startsWith('@') ? readdirSync(join(modules, entry)).map((inner) => `${entry}/${inner}`) : [entry],
    )) {
      if (name === '.bin') continue
      found.set(name, JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as Installed)
    }
  }
  return [...found.values()]
}
