import { existsSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../lib/command.ts'
import { cacheDirectory, root, tool } from '../lib/repo.ts'
import type { PartReport, TestResult, VitestReport } from './report.ts'

/** A tool that passes or fails as a whole. */
interface Check {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

export interface Part {
  readonly name: string
  readonly budgetSeconds: number
  /** What `npm run test:full` asks of it beyond `npm test`. */
  readonly wide?: string
  readonly checks?: readonly Check[]
  /** Projects of `vitest.config.ts`. */
  readonly projects: readonly string[]
}

/** A part that takes this many times its budget hangs, and is killed; the wide matrices of `npm run test:full` may take longer. */
const HANGS_AFTER = 6
const WIDE_HANGS_AFTER = 60

const reporter = join(root, 'scripts', 'gate', 'reporter.ts')

/** Runs the checks of a part one after the other, then its tests. `sideBySide` parts share the processors. */
export async function runPart(
  part: Part,
  options: { readonly sideBySide: number; readonly wide: boolean; readonly env: NodeJS.ProcessEnv; readonly onOutput?: (text: string) => void },
): Promise<PartReport> {
  const startedAt = performance.now()
  const limitSeconds = part.budgetSeconds * (options.wide ? WIDE_HANGS_AFTER : HANGS_AFTER)
  const checks: TestResult[] = []
  let output = ''
  for (const {
    name,
    command: [command, ...args],
  } of part.checks ?? []) {
    const result = await runCommand(tool(command), args, { limitSeconds, env: options.env })
    checks.push({ project: part.name, file: command, name, state: result.exitCode === 0 ? 'passed' : 'failed', ms: Math.round(result.seconds * 1000) })
    if (result.exitCode !== 0) output += `${[command, ...args].join(' ')}\n${result.output}\n`
  }
  const run = await runProjects(part.projects, {
    reportName: part.name,
    limitSeconds,
    workers: Math.max(1, Math.floor(availableParallelism() / options.sideBySide)),
    env: options.env,
    onOutput: options.onOutput,
  })
  return {
    name: part.name,
    // Wide, a part is held to nothing but the time after which it hangs.
    budgetSeconds: options.wide ? limitSeconds : part.budgetSeconds,
    seconds: (performance.now() - startedAt) / 1000,
    tests: [...checks, ...run.tests],
    errors: run.errors,
    output: output + run.output,
  }
}

export interface ProjectsOptions {
  readonly reportName: string
  readonly limitSeconds: number
  /** Processes of vitest; as many as it likes when undefined. */
  readonly workers: number | undefined
  readonly env: NodeJS.ProcessEnv
  /** Called with what vitest prints, as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined
}

/** Runs some projects of vitest to their end. A run that ends badly without naming a failure is an error of its own; `output` is empty if all is well. */
export async function runProjects(
  projects: readonly string[],
  { reportName, limitSeconds, workers, env, onOutput }: ProjectsOptions,
): Promise<VitestReport & { readonly output: string }> {
  const reportFile = join(cacheDirectory, 'results', `${reportName.replaceAll(/\W+/g, '-')}.json`)
  rmSync(reportFile, { force: true })
  const args = [
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--passWithNoTests',
    ...(workers === undefined ? [] : [`--maxWorkers=${workers}`]),
    '--reporter=default',
    `--reporter=${reporter}`,
  ]
  const run = await runCommand(tool('vitest'), args, {
    limitSeconds,
    env: { ...env, NO_COLOR: '1', MILLRACE_REPORT: reportFile },
    ...(onOutput ? { onOutput } : {}),
  })
  const report: VitestReport = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport) : { tests: [], errors: [] }
  const errors = [...report.errors]
  if (run.timedOut) errors.push(`killed after ${limitSeconds} s`)
  const failed = errors.length > 0 || report.tests.some((test) => test.state === 'failed')
  if (run.exitCode !== 0 && !failed) errors.push(`vitest ended with exit code ${run.exitCode}`)
  return { tests: report.tests, errors, output: run.exitCode === 0 ? '' : run.output }
}
