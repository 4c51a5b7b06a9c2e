import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

export interface Child {
  readonly pid: number
  /** Everything it said so far. */
  output(): string
  errors(): string
  /** Resolves when it has said something that matches; rejects when it ended before. */
  said(pattern: RegExp): Promise<RegExpExecArray>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Resolves with its exit code. */
  readonly ended: Promise<number | null>
}

/** Returns what starts the writer process; whatever still runs at the end of a test is ended. */
export function children(): (...args: readonly string[]) => Child {
  const running: Child[] = []
  afterEach(async () => {
    for (const child of running.splice(0)) await child.kill('SIGKILL')
  })
  return (...args) => {
    const child = startWriter(args)
    running.push(child)
    return child
  }
}

/** Reading and compiling the sources is most of what a start costs. */
const env = { ...process.env, NODE_COMPILE_CACHE: fileURLToPath(new URL('../../../node_modules/.cache/millrace/compiled', import.meta.url)) }

function startWriter(args: readonly string[]): Child {
  const script = fileURLToPath(new URL('./writer-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@millrace/source', script, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return {
    pid: child.pid!,
    ended,
    output: () => output,
    errors: () => errors,
    async said(pattern) {
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        const code = await Promise.race([ended, once(child.stdout, 'data').then(() => 'more')])
        if (code !== 'more' && !pattern.test(output))
          throw new Error(`expected ${pattern}, ended with ${code} after saying ${JSON.stringify(output)}; ${errors}`)
      }
    },
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
}
