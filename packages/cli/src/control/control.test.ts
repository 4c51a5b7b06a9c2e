import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { runCommandLine } from '../command-line.ts'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { pauseCommand } from './pause-command.ts'
import { stopCommand } from './stop-command.ts'
import type { StopParts } from './stop-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'millrace-control-'))
afterAll(() => rmSync(folder, { recursive: true }))
const db = join(folder, 'trader.db')
writeFileSync(db, '')
writeFileSync(`${db}.token`, JSON.stringify({ full: 'f'.repeat(43), read: 'r'.repeat(43) }))

async function run(make: (context: CommandContext) => ReturnType<typeof pauseCommand>, ...argv: string[]) {
  const terminal = capturedTerminal()
  const context: CommandContext = { terminal, exitCode: exitCodes.ok }
  return { exitCode: await runCommandLine(make(context), [...argv, '--db', db], context), stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('millrace pause and resume', () => {
  const calls: [string, RequestInit][] = []
  const answering =
    (body: object, status = 200): typeof fetch =>
    (url, init) => {
      calls.push([(url as string).replace('http://127.0.0.1:3000/api/v1', ''), init!])
      return Promise.resolve(new Response(JSON.stringify(body), { status }))
    }
  it.each([
    ['pause', ['btc'], { bot_id: 'btc', status: 'paused', changed: true }, '/bots/btc/stop', 'btc is paused\n'],
    ['resume', ['btc'], { bot_id: 'btc', status: 'running', changed: false }, '/bots/btc/start', 'btc is running, as before\n'],
    ['pause', [], { trading_state: 'reducing', trading_state_reason: 'paused by hand' }, '/pause', 'trading is reducing: paused by hand\n'],
    ['resume', [], { trading_state: 'active' }, '/resume', 'trading is active\n'],
  ] as const)('%s %j asks with the full token, and says how it is now', async (verb, bots, answer, path, words) => {
    const { exitCode, stdout } = await run((context) => pauseCommand(verb, context, answering(answer)), ...bots)
    expect([exitCode, stdout]).toEqual([0, words])
    const [asked, init] = calls.at(-1)!
    expect([asked, init.method]).toEqual([path, 'POST'])
    expect(init.headers).toEqual({ authorization: `Bearer ${'f'.repeat(43)}`, 'x-millrace': '1', 'content-type': 'application/json' })
  })
  it('says why it was refused: no such bot, nobody there, something else there', async () => {
    const refused = answering({ title: 'Not found', detail: 'there is no bot "btx": there are btc, eth' }, 404)
    expect(await run((context) => pauseCommand('pause', context, refused), 'btx')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('404: Not found: there is no bot "btx": there are btc, eth') as string,
    })
    const away: typeof fetch = () => Promise.reject(new TypeError('fetch failed'))
    expect(await run((context) => pauseCommand('pause', context, away))).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('nothing answers') as string,
    })
    expect((await run((context) => pauseCommand('pause', context, answering({})))).exitCode).toBe(3)
  })
})

describe('millrace stop', () => {
  const holding = { pid: 4711, host: hostname(), startedAtMs: 0 }
  const parts = (holders: (typeof holding | undefined)[], killed: number[] = []): StopParts => ({
    holder: () => (holders.length > 1 ? holders.shift() : holders[0]),
    terminate: (pid) => void killed.push(pid),
  })
  it('asks the process that holds the database to end, and waits until it has let go', async () => {
    const killed: number[] = []
    const { exitCode, stdout } = await run((context) => stopCommand(context, parts([holding, holding, undefined], killed)))
    expect([exitCode, killed]).toEqual([0, [4711]])
    expect(stdout).toContain('stopped: process 4711 has let go of')
  })
  it('is content when no engine runs', async () => {
    expect((await run((context) => stopCommand(context, parts([undefined])), '--json')).stdout).toContain('"outcome":"notRunning"')
  })
  it('claims nothing when the engine goes on, and stops none of another machine', async () => {
    const stubborn = await run((context) => stopCommand(context, parts([holding])), '--timeout', '60ms')
    expect([stubborn.exitCode, stubborn.stdout]).toEqual([3, expect.stringContaining('NOT STOPPED within 60ms: process 4711 still holds')])
    const killed: number[] = []
    const far = await run((context) => stopCommand(context, parts([{ ...holding, host: 'elsewhere' }], killed)))
    expect([far.exitCode, far.stderr, killed]).toEqual([3, expect.stringContaining('process 4711 on elsewhere holds'), []])
  })
})
