import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, test } from 'vitest'
import { productRow, publicVenue } from '../../packages/coinbase-adapter/src/market/public-venue.fixture.ts'
import { root } from '../../scripts/lib/repo.ts'
import type { SocketUse } from '../socket-guard.ts'

const main = join(root, 'packages', 'example-dashboard', 'src', 'main.ts')
const guard = join(root, 'test', 'socket-guard.ts')
const compiled = join(root, 'node_modules', '.cache', 'millrace', 'compiled')

interface Guarded {
  readonly exitCode: number | null
  readonly stderr: string
  /** What was opened or asked for, sorted, each once, as `kind what`. */
  readonly uses: readonly string[]
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-sockets-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let runs = 0

/** Runs Node to its end with the guard before everything else. */
async function guarded(argv: readonly string[], name = `run-${++runs}`): Promise<Guarded> {
  const log = join(folder, `${name}.log`)
  const env = { ...process.env, MILLRACE_SOCKET_LOG: log, NODE_COMPILE_CACHE: compiled }
  const child = spawn(process.execPath, ['--import', guard, '--conditions=@millrace/source', ...argv], { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  running.add(child)
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve))
  running.delete(child)
  return { exitCode, stderr, uses: usesIn(log) }
}

function usesIn(log: string): readonly string[] {
  try {
    const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean)
    return [...new Set(lines.map((line) => JSON.parse(line) as SocketUse).map(({ kind, what }) => `${kind} ${what}`))].toSorted()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** The eleven bots on paper, as `npm start` runs them. */
function paperRun(...argv: readonly string[]): Promise<Guarded> {
  const name = `run-${++runs}`
  return guarded([main, '--db', join(folder, `${name}.db`), ...argv], name)
}

describe.concurrent('the guard', () => {
  test('sees every way out, and lets none lead off the machine', async ({ expect }) => {
    const { stderr, uses } = await guarded(['--input-type=module', '-e', everyWayOut])
    expect(stderr).toBe('')
    expect(uses.map((use) => use.replace(/:\d{4,5}$/, ':…'))).toEqual([
      'connect 127.0.0.1:9',
      'connect 192.0.2.1:9',
      'connect a.example:80',
      'connect b.example:443',
      'connect c.example:443',
      'datagram 9:192.0.2.1',
      'datagram bind',
      'listen 127.0.0.1:…',
      'lookup a.example',
      'lookup b.example',
      'lookup c.example',
      'lookup d.example',
      `process ${process.execPath}`,
      'process nosuchprogram',
    ])
  })

  test('says nothing of a process that opens nothing', async ({ expect }) => {
    expect(await guarded(['-e', 'JSON.parse("1")'])).toEqual({ exitCode: 0, stderr: '', uses: [] })
  })
})

const everyWayOut = `
  import { spawn, spawnSync } from 'node:child_process'
  import { createSocket } from 'node:dgram'
  import { resolve4 } from 'node:dns/promises'
  import { once } from 'node:events'
  import { createServer } from 'node:http'
  import { connect } from 'node:net'
  import { connect as connectTls } from 'node:tls'
  const failure = (attempt) => attempt.then(() => { throw new Error('it got out') }, () => undefined)
  await failure(fetch('http://a.example/'))
  await failure(once(connectTls({ host: 'b.example', port: 443 }), 'secureConnect'))
  await failure(new Promise((resolve, reject) => Object.assign(new WebSocket('wss://c.example/'), { onopen: resolve, onerror: reject })))
  await failure((async () => resolve4('d.example'))())
  await failure(once(connect(9, '127.0.0.1'), 'connect'))
  await failure((async () => once(connect({ host: '192.0.2.1', port: 9 }), 'connect'))())
  createSocket('udp4').bind(0, '127.0.0.1', function () { this.send('x', 9, '192.0.2.1', () => this.close()) })
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.close()
  spawnSync(process.execPath, ['--version'], { env: {} })
  spawn('nosuchprogram').on('error', () => undefined)
`

describe.concurrent('a run on paper opens nothing but what it says', () => {
  test('simulated market: the port of its page on this machine, the bundler of its page once, and nothing else [fault 61]', async ({ expect }) => {
    const { exitCode, uses, stderr } = await paperRun('--market', 'simulated', '--seed', '7', '--speed', '60', '--until', '1m', '--port', '0')
    const seen = uses.map((use) => use.replace(/\d+$/, '…').replace(/^process .*\/(?=esbuild$)/, 'process '))
    expect({ exitCode, uses: seen }, stderr).toEqual({ exitCode: 0, uses: ['listen 127.0.0.1:…', 'process esbuild'] })
  })

  test('simulated market without the page: nothing at all [fault 61]', async ({ expect }) => {
    expect(await paperRun('--market', 'simulated', '--seed', '7', '--speed', 'max', '--until', '10m', '--no-web')).toMatchObject({ exitCode: 0, uses: [] })
  })

  test('a venue that is named: that one, over HTTP and WebSocket, and no key is sent [fault 61]', async ({ expect, onTestFinished }) => {
    const venue = await publicVenue()
    onTestFinished(() => venue.close())
    venue.nowMs = () => Date.now()
    venue.products = ['BTC-USD', 'ETH-USD'].map((id) => productRow(id))
    const { exitCode, uses, stderr } = await paperRun('--market', 'coinbase', '--venue-url', venue.baseUrl, '--until', '1s', '--no-web', '--config', twoBots())
    expect({ exitCode, uses }, stderr).toEqual({ exitCode: 0, uses: [`connect ${new URL(venue.baseUrl).host}`] })
    expect(venue.connections).toBeGreaterThan(0)
    expect(venue.authorizations).toEqual([])
  })

  test('Coinbase: its public host, never the one for orders; when it cannot be reached the run is refused [fault 61]', async ({ expect }) => {
    const { exitCode, uses } = await paperRun('--market', 'coinbase', '--no-web')
    expect({ exitCode, uses }).toEqual({ exitCode: 3, uses: ['connect api.coinbase.com:443', 'lookup api.coinbase.com'] })
  })
})

function twoBots(): string {
  const path = join(folder, 'bots.json')
  const bots = ['BTC', 'ETH'].map((base) => ({ id: base.toLowerCase(), instrument: `${base}-USD` }))
  writeFileSync(path, JSON.stringify({ account: { cash: { USD: '1000' } }, defaults: { preset: 'aggressiveBalanced', timeframe: '1m', confirm: '1m' }, bots }))
  return path
}
