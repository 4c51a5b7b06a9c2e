import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const mainFile = file('../src/main.ts')
const millraceFile = file('../../cli/src/bin.ts')

/** Reading and compiling the sources is most of what a start costs. */
const env = { ...process.env, NODE_COMPILE_CACHE: file('../../../node_modules/.cache/millrace/compiled') }

export interface Outcome {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>
  readonly ended: Promise<Outcome>
  stderr(): string
  /** Resolves with the match in what it says on stderr; rejects when the process ends without it. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

const running = new Set<Running>()

/** Ends what still runs: for `afterEach`. */
export async function endAll(): Promise<void> {
  for (const run of running) run.child.kill('SIGKILL')
  await Promise.all([...running].map((run) => run.ended))
}

/** What `npm start -- …` runs, as a process of its own. */
export const npmStart = (...argv: readonly string[]): Running => start(mainFile, argv)

/** The same with variables of the environment. */
export const npmStartWith = (variables: Readonly<Record<string, string>>, ...argv: readonly string[]): Running => start(mainFile, argv, variables)

/** What `millrace …` runs, to its end. */
export const millrace = (...argv: readonly string[]): Promise<Outcome> => start(millraceFile, argv).ended

function start(script: string, argv: readonly string[], variables: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', script, ...argv], {
    env: { ...env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = new Promise<Outcome>((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr })))
  const says = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): boolean => {
        const match = pattern.exec(stderr)
        if (match !== null) resolve(match)
        return match !== null
      }
      if (look()) return
      child.stderr.on('data', look)
      void ended.then(() => look() || reject(new Error(`the process ended without saying ${pattern}:\n${stderr}`)))
    })
  const run: Running = { child, ended, stderr: () => stderr, says }
  running.add(run)
  void ended.then(() => running.delete(run))
  return run
}

/** The object on the last line of stdout, as `--json` prints it. */
export const resultOf = ({ stdout }: Outcome): Readonly<Record<string, unknown>> => JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>
