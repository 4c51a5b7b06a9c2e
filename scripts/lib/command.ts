import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { root } from './repo.ts'

export interface CommandResult {
  readonly exitCode: number
  /** Standard output and error as they came. */
  readonly output: string
  readonly seconds: number
  readonly timedOut: boolean
}

const running = new Set<ChildProcess>()
const isWindows = process.platform === 'win32'

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (isWindows) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // the group has just ended by itself
  }
}

/** Ends every command that is still running, with all that it started. */
export function killRunningCommands(): void {
  for (const child of running) killGroup(child, 'SIGKILL')
}

/** Runs a command to its end in its own process group; past the time limit the whole group is killed. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly limitSeconds?: number; readonly cwd?: string; readonly onOutput?: (text: string) => void } = {},
): Promise<CommandResult> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    let output = ''
    let timedOut = false
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: !isWindows,
      shell: isWindows,
    })
    running.add(child)
    const timer =
      options.limitSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            killGroup(child, 'SIGKILL')
          }, options.limitSeconds * 1000)
    const finish = (exitCode: number): void => {
      clearTimeout(timer)
      running.delete(child)
      resolve({ exitCode, output, seconds: (performance.now() - startedAt) / 1000, timedOut })
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      options.onOutput?.(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`
      finish(127)
    })
    child.on('close', (code) => finish(code ?? 1))
  })
}
