import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, test } from 'vitest'
import { root } from '../../scripts/lib/repo.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-bootstrap-'))
const bootstrap = join(folder, 'scripts', 'bootstrap.mjs')

/** A task that says what it was given, counts signals, and ends by itself. */
const task = `
const say = (line: string): void => void process.stdout.write(line + '\\n')
const counts: Record<string, number> = {}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    counts[signal] = (counts[signal] ?? 0) + 1
    if (process.argv.includes('--counts')) setTimeout(() => { say(JSON.stringify(counts)); process.exit(7) }, 900)
  })
}
say('ready ' + process.pid)
if (process.argv.includes('--die')) process.kill(process.pid, 'SIGKILL')
if (process.argv.includes('--counts')) setInterval(() => undefined, 1000)
else { say(JSON.stringify(process.argv.slice(2))); process.exitCode = 5 }
`

beforeAll(() => {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  write('packages/example-dashboard/src/main.ts', task)
  write('pnpm-lock.yaml', 'a lock file')
  write('package.json', JSON.stringify({ private: true, scripts: { start: 'node scripts/bootstrap.mjs start' } }))
  mkdirSync(dirname(bootstrap))
  for (const name of ['bootstrap.mjs', 'lifeline.mjs']) copyFileSync(join(root, 'scripts', name), join(folder, 'scripts', name))
  const lock = createHash('sha256').update('a lock file').digest('hex')
  write(
    'node_modules/.cache/millrace/bootstrap.json',
    JSON.stringify({ lock, by: process.versions.node, node: process.execPath, bin: dirname(process.execPath) }),
  )
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<number | null>
  /** Resolves to the task's own pid once it runs. */
  readonly ready: Promise<number>
}

function run(command: string, args: readonly string[]): Run {
  // The same Node must be found by the shell of npm; what the outer npm set must not reach the inner one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')))
  const child = spawn(command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}` },
  })
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const ready = new Promise<number>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      const pid = /^ready (\d+)$/m.exec(stdout)?.[1]
      if (pid !== undefined) resolve(Number(pid))
    })
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, stdout: () => stdout, stderr: () => stderr, ended, ready }
}

test.concurrent('arguments, standard output and the exit code pass through', async ({ expect }) => {
  const { ended, ready, stdout, stderr } = run(process.execPath, [bootstrap, 'start', '--json', 'two words', ''])
  expect(await ended).toBe(5)
  expect(stdout()).toBe(`ready ${await ready}\n["--json","two words",""]\n`)
  expect(stderr()).toBe('')
})

test.concurrent("with npm in front, the last line of standard output is still the task's", async ({ expect }) => {
  const { ended, stdout } = run('npm', ['start', '--', '--json', 'two words'])
  expect(await ended).toBe(5)
  expect(stdout().trimEnd().split('\n').at(-1)).toBe('["--json","two words"]')
})

test.concurrent('a Ctrl-C, which reaches npm and the launcher and is forwarded by both, arrives once', async ({ expect }) => {
  const { child, ready, ended, stdout } = run('npm', ['start', '--', '--counts'])
  await ready
  process.kill(-child.pid!, 'SIGINT') // what a terminal does: the whole group of the foreground
  await ended
  expect(stdout().trimEnd().split('\n').at(-1)).toBe('{"SIGINT":1}')
})

test.concurrent('SIGTERM to the launcher alone arrives once, and the task decides how it ends', async ({ expect }) => {
  const { child, ready, ended, stdout } = run(process.execPath, [bootstrap, 'start', '--counts'])
  await ready
  child.kill('SIGTERM')
  expect(await ended).toBe(7)
  expect(stdout()).toContain('{"SIGTERM":1}')
})

test.concurrent('the copy of a signal that npm forwards a moment later is dropped, a second Ctrl-C is not', async ({ expect }) => {
  const { child, ready, ended, stdout } = run(process.execPath, [bootstrap, 'start', '--counts'])
  await ready
  for (const pause of [50, 600]) {
    child.kill('SIGINT')
    await wait(pause)
  }
  child.kill('SIGINT')
  await ended
  expect(stdout()).toContain('{"SIGINT":2}')
})

test.concurrent('different signals are both passed on', async ({ expect }) => {
  const { child, ready, ended, stdout } = run(process.execPath, [bootstrap, 'start', '--counts'])
  await ready
  child.kill('SIGTERM')
  child.kill('SIGINT')
  expect(await ended).toBe(7)
  expect(JSON.parse(stdout().trimEnd().split('\n').at(-1)!)).toEqual({ SIGTERM: 1, SIGINT: 1 })
})

test.concurrent('a task that was killed gives the exit code of its signal', async ({ expect }) => {
  expect(await run(process.execPath, [bootstrap, 'start', '--die']).ended).toBe(128 + 9)
})

test.concurrent('a launcher that is killed takes its task along', async ({ expect }) => {
  const { child, ready, ended, stdout } = run(process.execPath, [bootstrap, 'start', '--counts'])
  await ready
  child.kill('SIGKILL')
  await ended // the pipe closes when the task has ended too
  expect(stdout()).toContain('{"SIGTERM":1}')
})

test.concurrent('an unknown task is named, with those that exist', async ({ expect }) => {
  const { ended, stderr } = run(process.execPath, [bootstrap, 'strat'])
  expect(await ended).toBe(1)
  expect(stderr()).toMatch(/^millrace: no task named "strat"; there are start, test, /)
})
