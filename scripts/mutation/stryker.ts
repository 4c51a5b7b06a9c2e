import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import { runCommand } from '../lib/command.ts'
import { root } from '../lib/repo.ts'
import type { TestedMutant } from './result.ts'
import type { Unit } from './sample.ts'

/** The release that was tried with the tests' own vitest. */
const VERSION = '10.1.1'
const INSTALL_SECONDS = 300

// Beside node_modules, not in it: Vite hands what lies in there to Node unseen, and the mutants would never be run.
const folder = join(root, '.cache', 'mutation')
const tools = join(folder, `stryker-${VERSION}`)
const configFile = join(folder, 'stryker.json')
const events = join(folder, 'events')

/** Installs Stryker by name, where nothing of the project sees it; no script of a package runs. */
async function install(): Promise<void> {
  if (existsSync(join(tools, 'node_modules', '@stryker-mutator', 'vitest-runner', 'package.json'))) return
  mkdirSync(tools, { recursive: true })
  writeFileSync(join(tools, 'package.json'), JSON.stringify({ private: true }))
  // The runner is to find the project's vitest, not one of its own: its peers are not installed.
  const packages = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${VERSION}`)
  const { exitCode, output } = await runCommand(
    'npm',
    ['install', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error', ...packages],
    { cwd: tools, limitSeconds: INSTALL_SECONDS },
  )
  if (exitCode !== 0) throw new Error(`npm could not install ${packages.join(' and ')}\n${output}`)
  symlinkSync(join(root, 'node_modules', 'vitest'), join(tools, 'node_modules', 'vitest'), 'junction')
}

const settings = (units: readonly Unit[], workers: number): object => ({
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  // What runs once, when a module is loaded, is reached by no test of its own: each such mutant would take the whole suite.
  ignoreStatic: true,
  // What was tried before, with the same code and the same tests, is known already.
  incremental: true,
  incrementalFile: join(folder, 'incremental.json'),
  mutate: units.map(({ file, firstLine, lastLine }) => `${file}:${firstLine}-${lastLine}`),
  concurrency: workers,
  tempDirName: '.cache/mutation/sandbox',
  cleanTempDir: 'always',
  ignorePatterns: ['.cache', '.ci', '.changeset', 'docs', 'packages/*/dist'],
  // There is no reference to follow in it, and reading it needs a TypeScript of Stryker's own.
  tsconfigFile: 'none.json',
  disableTypeChecks: false,
  timeoutMS: 10_000,
  // Each mutant is written down when it was tested, so that a run that is cut short has not been for nothing.
  reporters: ['event-recorder', 'progress-append-only'],
  eventReporter: { baseDir: events },
  allowConsoleColors: false,
})

export interface StrykerRun {
  readonly tested: readonly TestedMutant[]
  /** Mutants of the sample for which there was no time. */
  readonly left: number
}

const relativeTo = (mutant: TestedMutant): TestedMutant => ({ ...mutant, fileName: relative(root, mutant.fileName).split(sep).join('/') })

/** Reads what Stryker recorded of these units, files relative to the workspace: what it remembers of other code is no part of the sample. */
function recorded(units: readonly Unit[], finished: boolean): StrykerRun {
  const isSampled = ({ fileName, location }: TestedMutant): boolean =>
    units.some(({ file, firstLine, lastLine }) => file === fileName && firstLine <= location.start.line && location.end.line <= lastLine)
  const read = <T>(kind: string): T[] =>
    readdirSync(events)
      .filter((file) => file.endsWith(`-${kind}.json`))
      .map((file) => JSON.parse(readFileSync(join(events, file), 'utf8')) as T)
  const tested = read<TestedMutant>('onMutantTested')
    .map(relativeTo)
    .filter((mutant) => isSampled(mutant) && mutant.status !== 'Ignored')
  const known = new Set(tested.map(({ id }) => id))
  const [plan] = read<{ readonly mutantPlans: readonly { readonly plan: string; readonly mutant: TestedMutant }[] }>('onMutationTestingPlanReady')
  const left = (plan?.mutantPlans ?? []).filter((each) => each.plan === 'Run' && !known.has(each.mutant.id) && isSampled(relativeTo(each.mutant)))
  return { tested, left: finished ? 0 : left.length }
}

/**
 * Runs Stryker over these units until it is done or the time is over.
 *
 * @throws Error when it ended by itself without an answer: a test fails without any mutant, say
 */
export async function runStryker(units: readonly Unit[], options: { readonly workers: number; readonly limitSeconds: number }): Promise<StrykerRun> {
  await install()
  // A run that was killed leaves its copy.
  for (const rest of [events, join(folder, 'sandbox')]) rmSync(rest, { recursive: true, force: true })
  writeFileSync(configFile, JSON.stringify(settings(units, Math.min(options.workers, availableParallelism()))))
  const command = join(tools, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
  const { exitCode, output, timedOut } = await runCommand(process.execPath, [command, 'run', configFile], {
    limitSeconds: options.limitSeconds,
    // The copy lies elsewhere than the workspace; recorded prices are looked for beside the latter.
    env: { NO_COLOR: '1', MILLRACE_DATA: resolve(root, process.env.MILLRACE_DATA ?? '../shared/data') },
  })
  if (exitCode !== 0 && !timedOut) throw new Error(`Stryker ended with exit code ${exitCode}\n${output.slice(-4_000)}`)
  if (!existsSync(events)) throw new Error(`Stryker tested nothing in ${Math.round(options.limitSeconds)} s\n${output.slice(-4_000)}`)
  return recorded(units, !timedOut)
}
