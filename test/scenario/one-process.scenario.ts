import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workspacePackages } from '../../scripts/lib/packages.ts'
import { root } from '../../scripts/lib/repo.ts'

/** Children of a process, by its threads, as Linux tells them. */
const childrenOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean))

test('[row 97] eleven bots, the store and the page are one Node process, and its pid is the one that is printed', async ({ skip }) => {
  if (!existsSync('/proc/self/task')) skip('only Linux shows the children of a process in files')
  const folder = mkdtempSync(join(tmpdir(), 'millrace-process-'))
  const main = join(root, 'packages', 'example-dashboard', 'src', 'main.ts')
  const engine = spawn(
    process.execPath,
    ['--conditions=@millrace/source', main, '--market', 'simulated', '--seed', '7', '--speed', '60', '--db', join(folder, 'trader.db'), '--port', '0'],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  try {
    let printed = ''
    const ended = new Promise<number | null>((resolve) => engine.on('close', resolve))
    for (const stream of [engine.stdout, engine.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
    await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/pid \d+/)
    await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
    expect(Number(/pid (\d+)/.exec(printed)![1])).toBe(engine.pid)
    expect(childrenOf(engine.pid!)).toEqual([])
    engine.kill('SIGINT')
    expect(await ended).toBe(0)
  } finally {
    engine.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
})

test('[row 97] [INC-48] no package needs a queue, a database server or another service', () => {
  const packages = workspacePackages()
  // A search on many machines has its queue if somebody installs one: an optional peer is not needed.
  const needed = ({ dependencies, peerDependencies, peerDependenciesMeta }: (typeof packages)[number]['json']): readonly string[] => [
    ...Object.keys(dependencies ?? {}),
    ...Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional !== true),
  ]
  const dependencies = packages.flatMap(({ json }) => needed(json))
  expect(dependencies).toContain('better-sqlite3') // the store is a file inside of the process
  expect(dependencies.filter((name) => /redis|bull|celery|amqp|kafka|^pg$|postgres|mysql|mongo|nats/.test(name))).toEqual([])
})
