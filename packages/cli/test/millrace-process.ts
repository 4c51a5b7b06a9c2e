import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

/** Reading and compiling the sources is most of what a short command does: two thirds of its time, when this is kept. */
const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/millrace/compiled', import.meta.url)) }

export interface Outcome {
  /** Null when a signal ended the process. */
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningMillrace {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Outcome>
  /** Resolves when stderr holds the text; rejects when the process ends without it. */
  says(text: string): Promise<void>
}

/** Starts the command line as a user does: a process of its own, output in pipes. It does not outlive the test. */
export function start(argv: readonly string[], options: { readonly cwd?: string } = {}): RunningMillrace {
  const child = spawn(process.execPath, ['--conditions=@millrace/source', bin, ...argv], { cwd: options.cwd, env, stdio: 'pipe' })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  const ended = new Promise<Outcome>((resolve) => child.on('close', (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr })))
  onTestFinished(() => void child.kill('SIGKILL'))
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolve()
      }
      child.stderr.on('data', look)
      void ended.then(() => (stderr.includes(text) ? resolve() : reject(new Error(`the process ended without saying ${JSON.stringify(text)}:\n${stderr}`))))
      look()
    })
  return { child, ended, says }
}

/** Runs the command line to its end. */
export const millrace = (argv: readonly string[], options: { readonly cwd?: string } = {}): Promise<Outcome> => start(argv, options).ended

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes a small right configuration and returns its path. */
export function smallConfig(folder: string): string {
  const path = join(folder, 'bots.json')
  writeFileSync(
    path,
    JSON.stringify({
      account: { cash: { USD: '1000' }, safety: [{ use: 'trade-size', params: { min: 5, max: 25 } }] },
      defaults: { preset: 'aggressiveBalanced', timeframe: '1m', confirm: '1m' },
      bots: [
        { id: 'btc', instrument: 'BTC-USD' },
        { id: 'eth', instrument: 'ETH-USD' },
      ],
    }),
  )
  return path
}

/** The last line of a text that ends with a line break. */
export const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? ''
