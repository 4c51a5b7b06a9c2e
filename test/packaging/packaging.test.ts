import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildPackages } from '../../scripts/lib/build.ts'
import { publishedPackages } from '../../scripts/lib/packages.ts'
import { root } from '../../scripts/lib/repo.ts'
import { commonJs, compileUnder, esModule, expected } from './programs.ts'
import { compile, guideFiles, millrace, mistakes, whileRunning } from './stranger.ts'
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

  test('compiles against their declarations under TypeScript 7', async () => {
    expect(await compileUnder(consumer, 7)).toMatchObject({ output: '', exitCode: 0 })
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

describe('a stranger with nothing but the tarballs', () => {
  let project: Consumer
  const { module, config } = guideFiles()
  beforeAll(async () => {
    project = await installConsumer(tarballs, ['millrace', '@millrace/core', '@millrace/indicators'], { zod: '4.6.7' })
    project.write('own.ts', module)
    project.write('bots.json', config)
  })
  afterAll(() => {
    if (project) rmSync(project.folder, { recursive: true, force: true })
  })

  test('has the command', async () => {
    const { output, exitCode } = await millrace(project, '--version')
    expect(output.trim()).toContain(tarballOf('millrace').json.version)
    expect(exitCode).toBe(0)
    // What it needs to run has no script, and the job engine of sweeps comes only where somebody installs it.
    const installed = installedPackages(project.folder)
    expect(installed.filter(runsScripts)).toEqual([])
    expect(installed.map(({ name }) => name)).not.toContain('bullmq')
  })

  test('runs bots from a CommonJS program, watchdog and all', async () => {
    project.write(
      'runner.cjs',
      "require('millrace').runBots(['--config', 'bots.json', '--market', 'simulated', '--until', '10m', '--speed', 'max', '--json']).then((code) => process.exit(code))\n",
    )
    const { output, exitCode } = await project.node('runner.cjs')
    expect(exitCode, output).toBe(0)
  })

  test('writes the strategy of the guide, and is told of type errors where the guide promises it', async () => {
    const files = mistakes.map(([, from, to], i) => {
      const wrong = `${module}\ndip({ period: 5 })\n`.replace(from, to)
      project.write(`wrong-${i}.ts`, wrong)
      return `wrong-${i}.ts`
    })
    const { output, exitCode } = await compile(project, ['own.ts', ...files])
    expect(exitCode).not.toBe(0)
    expect(output).not.toMatch(/^own\.ts/m)
    for (const [i, [what, , , says]] of mistakes.entries()) {
      const errors = output.split('\n').filter((line) => line.startsWith(`wrong-${i}.ts`))
      expect(errors, what).toHaveLength(1)
      expect(errors[0], what).toMatch(says)
    }
  })

  test('runs the kits over it', async () => {
    project.write(
      'kit.mjs',
      `import { checkLookahead, sizerContract, strategyContract } from '@millrace/core/testing'
import { dip, halfCash } from './own.ts'
for (const { name, run } of [...strategyContract(() => dip()), ...sizerContract(() => halfCash.make({ share: 0.5 }))]) {
  const outcome = run()
  console.log((outcome ? 'skipped: ' : 'kept: ') + name)
}
console.log('looks ahead:', !checkLookahead(dip()).passed)`,
    )
    const { output, exitCode } = await project.node('kit.mjs')
    expect(exitCode, output).toBe(0)
    expect(output.match(/^kept: /gm)!.length).toBeGreaterThanOrEqual(18)
    expect(output).toMatch(/^looks ahead: false$/m)
  })

  test('checks the configuration, makes candles and runs a backtest', async () => {
    expect(await millrace(project, 'config', 'check', 'bots.json')).toMatchObject({ exitCode: 0 })
    expect(await millrace(project, 'data', 'simulate', 'candles', '--pairs', 'SOL-USD', '--days', '2')).toMatchObject({ exitCode: 0 })
    const { output, exitCode } = await millrace(project, 'backtest', 'bots.json', '--data', 'candles')
    expect(exitCode, output).toBe(0)
    expect(output).toMatch(/round trips/i)
  })

  test('searches parameters on threads', async () => {
    expect(await searchOnThreads(project)).toBe(true)
  })

  test('runs it on paper, asks why it does not trade, and stops it', async () => {
    const run = ['run', '--config', 'bots.json', '--market', 'simulated', '--seed', '7', '--speed', '3600', '--db', 'paper.db']
    const { acted, exitCode, output } = await whileRunning(project, run, async () => ({
      explained: await millrace(project, 'explain', 'sol', '--db', 'paper.db'),
      stopped: await millrace(project, 'stop', '--db', 'paper.db'),
    }))
    expect(acted.explained).toMatchObject({ exitCode: 0, output: expect.stringContaining('sol') as string })
    expect(acted.stopped).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^stopped: process \d+ has let go of/m) as string })
    expect(exitCode, output).toBe(0)
    expect(output).toContain('journal hash')
    expect(await millrace(project, 'explain', 'sol', '--db', 'paper.db')).toMatchObject({ exitCode: 0 })
  })
})

/** Threads of the build start from a file of their own. */
async function searchOnThreads(project: Consumer): Promise<boolean> {
  const bot = { id: 'sol', instrument: 'SOL-USD', timeframe: '5m', strategy: 'trend-following', confirm: 0, safety: [] }
  project.write('search.json', JSON.stringify({ account: { cash: { USD: '1000' }, safety: [] }, bots: [bot] }))
  const run = (...argv: readonly string[]) => millrace(project, ...argv)
  await run('data', 'simulate', 'search-candles', '--pairs', 'SOL-USD', '--days', '2')
  const search = ['optimize', 'search.json', '--data', 'search-candles', '--param', 'fast=5:15:5', '--param', 'slow=20:40:10', '--min-trips', '0', '--threads']
  const [one, two] = [await run(...search, '1'), await run(...search, '2')]
  expect(two.output).toMatch(availableParallelism() > 1 ? /on 2 threads/ : /on this process/)
  const hash = /hash of all trials +[0-9a-f]{16}/
  expect(one.output).toMatch(hash)
  return hash.exec(two.output)?.[0] === hash.exec(one.output)?.[0]
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
