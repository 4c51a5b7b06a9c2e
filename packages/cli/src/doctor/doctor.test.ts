import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import { coinbaseInstrument } from '@millrace/core'
import type { Instrument } from '@millrace/core'
import { clearHalt, sqliteStore, writeHalt } from '@millrace/sqlite-store'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { runCommandLine } from '../command-line.ts'
import type { CommandContext } from '../command-line.ts'
import { exitCodes } from '../exit-codes.ts'
import { main } from '../main.ts'
import { reasonOf } from './check.ts'
import type { DoctorAsk, DoctorParts, Finding } from './check.ts'
import { doctorCommand } from './doctor-command.ts'
import { doctorChecks, examine } from './doctor.ts'
import { realParts } from './real-parts.ts'

const root = mkdtempSync(join(tmpdir(), 'millrace-doctor-'))
afterAll(() => rmSync(root, { recursive: true }))
let folder: string
let count = 0
let ask: DoctorAsk
let parts: DoctorParts
const NOW = Date.UTC(2026, 0, 5)
const btc = coinbaseInstrument('BTC-USD')!
const bots = (changes: object = {}): object => ({
  account: { cash: { USD: '500' } },
  bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced', ...changes }],
})
const writeConfig = (config: object): void => writeFileSync(ask.config, JSON.stringify(config))
const venueOf = (products: readonly Instrument[], timeMs = NOW) => ({ askVenue: () => Promise.resolve({ timeMs, products }) })

beforeEach(() => {
  folder = join(root, String(count++))
  mkdirSync(folder)
  ask = { config: join(folder, 'bots.json'), db: join(folder, 'trader.db'), port: 3000, keyFile: undefined, venueUrl: undefined, offline: false }
  parts = {
    nodeVersion: '24.1.0',
    stripsTypes: true,
    env: {},
    nowMs: () => NOW,
    freeBytes: () => 1e11,
    outsideAddresses: () => ['192.0.2.7'],
    answers: () => Promise.resolve(false),
    ...venueOf([btc]),
    checkKey: () => Promise.resolve('may view and trade, not transfer'),
  }
  writeConfig(bots())
})

/** What one check says, with other parts or another question. */
async function find(check: string, changes: { readonly ask?: Partial<DoctorAsk>; readonly parts?: Partial<DoctorParts> } = {}): Promise<Finding> {
  const all = await examine({ ...ask, ...changes.ask }, { ...parts, ...changes.parts })
  return all.find((each) => each.check === check)!
}
const bad = (words: string) => ({ status: 'bad', detail: expect.stringContaining(words) as string })
const warning = (words: string) => ({ status: 'warning', detail: expect.stringContaining(words) as string })
const ok = { status: 'ok' }

const makeStore = (environment: 'paper' | 'live' = 'paper'): void => sqliteStore(ask.db).open({ environment }).close()
const keyAt = (path: string, mode: number): string => {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, JSON.stringify({ name: 'key', privateKey: 'secret' }))
  chmodSync(path, mode)
  return path
}

/** Every misconfiguration that is found, with what mends it: seeded, found, mended, gone. */
const seeded: Readonly<Record<string, () => Promise<void>>> = {
  'a Node that is too old': async () => {
    expect(await find('node', { parts: { nodeVersion: '22.17.1' } })).toMatchObject(bad('expected 22.18 or newer'))
    expect(await find('node', { parts: { nodeVersion: '22.18.0' } })).toMatchObject(ok)
  },
  'a Node that does not load TypeScript, for a plugin in it': async () => {
    writeFileSync(join(folder, 'ten.ts'), 'export const ten = { apiVersion: 1, id: "ten", size: () => 10 }\n')
    writeConfig(bots({ sizing: './ten.ts' }))
    expect(await find('node', { parts: { stripsTypes: false } })).toMatchObject(bad('./ten.ts is TypeScript'))
    expect(await find('node')).toMatchObject(ok)
  },
  'a folder that is not there': async () => {
    expect(await find('folder', { ask: { db: join(folder, 'none', 'trader.db') } })).toMatchObject(bad('does not exist'))
    expect(await find('folder')).toMatchObject(ok)
  },
  'a full disk': async () => {
    expect(await find('disk', { parts: { freeBytes: () => 5e7 } })).toMatchObject(bad('47 MiB free'))
    expect(await find('disk', { parts: { freeBytes: () => 5e8 } })).toMatchObject(warning('less than 1 GiB'))
    expect(await find('disk')).toMatchObject(ok)
  },
  'a token that others can read': async () => {
    writeFileSync(`${ask.db}.token`, '{}', { mode: 0o644 })
    expect(await find('token')).toMatchObject(bad('mode 644'))
    chmodSync(`${ask.db}.token`, 0o600)
    expect(await find('token')).toMatchObject(ok)
  },
  'a port that somebody else has': async () => {
    const taken = { answers: (host: string) => Promise.resolve(host === '127.0.0.1') }
    expect(await find('port', { parts: taken })).toMatchObject(bad('something else listens on port 3000'))
    expect(await find('port')).toMatchObject(ok)
    const store = sqliteStore(ask.db).open({ environment: 'paper' })
    expect(await find('port', { parts: taken })).toMatchObject(ok)
    store.close()
  },
  'a page that others can reach': async () => {
    expect(await find('bind address', { parts: { answers: (host) => Promise.resolve(host === '192.0.2.7') } })).toMatchObject(bad('answers on 192.0.2.7 too'))
    expect(await find('bind address')).toMatchObject(ok)
  },
  'a configuration that is wrong': async () => {
    writeConfig(bots({ confirm: 'soon' }))
    expect(await find('config')).toMatchObject(bad('bots[0].confirm: expected'))
    writeConfig(bots())
    expect(await find('config')).toMatchObject(ok)
  },
  'a plugin that cannot be loaded': async () => {
    writeConfig(bots({ sizing: './tenn.ts' }))
    expect(await find('plugins')).toMatchObject(bad('bots[0].sizing: expected the file of a module'))
    writeFileSync(join(folder, 'tenn.ts'), 'export const ten = { apiVersion: 1, id: "ten", size: () => 10 }\n')
    expect(await find('plugins')).toMatchObject(ok)
  },
  'limits that let nothing through': async () => {
    writeConfig({ ...bots(), account: { cash: { USD: '2' } } })
    expect(await find('limits')).toMatchObject(bad('expected a limit that lets an entry'))
    writeConfig(bots())
    expect((await find('limits')).status).not.toBe('bad')
  },
  'a database that is none, or of a later release': async () => {
    writeFileSync(ask.db, 'hello')
    expect(await find('database')).toMatchObject(bad('trader.db'))
    rmSync(ask.db)
    makeStore()
    // Where SQLite keeps the user version of a file.
    const bytes = readFileSync(ask.db)
    const version = bytes.readUInt32BE(60)
    bytes.writeUInt32BE(9_999, 60)
    writeFileSync(ask.db, bytes)
    expect(await find('database')).toMatchObject(bad('newer'))
    bytes.writeUInt32BE(version, 60)
    writeFileSync(ask.db, bytes)
    expect(await find('database')).toMatchObject(ok)
  },
  'a database of another environment': async () => {
    makeStore('live')
    expect(await find('environment')).toMatchObject(bad('the configuration says paper, the database belongs to live'))
    writeConfig({ ...bots(), environment: 'live' })
    expect(await find('environment')).toMatchObject(ok)
  },
  'a lock that was left behind, and one that cannot be read': async () => {
    makeStore()
    writeFileSync(`${ask.db}.lock`, '')
    expect(await find('lock')).toMatchObject(warning('left by a process that ended without stopping'))
    writeFileSync(`${ask.db}.lock`, 'x'.repeat(200))
    expect(await find('lock')).toMatchObject(bad('cannot be read'))
    rmSync(`${ask.db}.lock`)
    expect(await find('lock')).toMatchObject(ok)
  },
  'a stop that is still in force': async () => {
    makeStore()
    writeHalt(ask.db, 'prices look wrong')
    expect(await find('halt')).toMatchObject(bad('prices look wrong'))
    clearHalt(ask.db)
    expect(await find('halt')).toMatchObject(ok)
  },
  'a configuration other than that of the last run': async () => {
    const run = ['run', '--config', ask.config, '--market', 'simulated', '--until', '2m', '--speed', 'max', '--db', ask.db]
    expect(await main(run, capturedTerminal())).toBe(0)
    expect(await find('config drift')).toMatchObject(ok)
    writeConfig(bots({ confirm: '7m' }))
    expect(await find('config drift')).toMatchObject(warning('had another configuration'))
  },
  'a venue that is away': async () => {
    const away = { askVenue: () => Promise.reject(new Error('ENOTFOUND')) }
    expect(await find('venue', { parts: away })).toMatchObject(warning('cannot be reached: ENOTFOUND'))
    writeConfig({ ...bots(), environment: 'live' })
    expect(await find('venue', { parts: away })).toMatchObject(bad('cannot be reached: ENOTFOUND'))
    expect(await find('venue')).toMatchObject(ok)
  },
  'a clock that is wrong': async () => {
    expect(await find('clock', { parts: venueOf([btc], NOW - 11_000) })).toMatchObject(bad('11.0 s ahead of'))
    expect(await find('clock', { parts: venueOf([btc], NOW + 3_000) })).toMatchObject(warning('3.0 s behind'))
    expect(await find('clock')).toMatchObject(ok)
  },
  'a product that cannot be traded': async () => {
    expect(await find('products', { parts: venueOf([{ ...btc, state: 'cancelOnly' }]) })).toMatchObject(bad('BTC-USD (cancelOnly)'))
    expect(await find('products', { parts: venueOf([]) })).toMatchObject(bad('BTC-USD (not traded there)'))
    expect(await find('products')).toMatchObject(ok)
  },
  'a key that others can read, or that may be committed, or that is missing': async () => {
    const file = keyAt(join(folder, 'key.json'), 0o644)
    expect(await find('key file', { ask: { keyFile: file } })).toMatchObject(bad('expected mode 600'))
    chmodSync(file, 0o600)
    expect(await find('key file', { ask: { keyFile: file } })).toMatchObject(ok)
    const tracked = keyAt(join(folder, 'tree', 'key.json'), 0o600)
    mkdirSync(join(folder, 'tree', '.git'))
    expect(await find('key file', { ask: { keyFile: tracked } })).toMatchObject(bad('work tree'))
    writeConfig({ ...bots(), environment: 'live' })
    expect(await find('key file')).toMatchObject(bad('there is no key'))
  },
  'a key that may move money out': async () => {
    const keyFile = keyAt(join(folder, 'key.json'), 0o600)
    const unsafe = { checkKey: () => Promise.reject(new Error('the key may transfer')) }
    expect(await find('key rights', { ask: { keyFile }, parts: unsafe })).toMatchObject(bad('the key may transfer'))
    expect(await find('key rights', { ask: { keyFile } })).toMatchObject(ok)
  },
}

describe('millrace doctor', () => {
  it.each(Object.keys(seeded))('finds %s, and is content when it is mended', async (name) => {
    expect.hasAssertions()
    await seeded[name]!()
  })
  it('has nothing bad to say of what is right, and asks nobody when offline', async () => {
    const silent = { askVenue: () => Promise.reject(new Error('asked')), checkKey: () => Promise.reject(new Error('asked')) }
    const found = await examine({ ...ask, offline: true }, { ...parts, ...silent })
    expect(found.filter(({ status }) => status === 'bad')).toEqual([])
    expect(found.map(({ check }) => check)).toEqual(doctorChecks.map(({ id }) => id))
  })
  it('takes a check that fails itself for a finding, and goes on', async () => {
    const broken = () => {
      throw new Error('no such system call')
    }
    const found = await examine(ask, { ...parts, freeBytes: broken })
    expect(found.find(({ check }) => check === 'disk')).toMatchObject(bad('no such system call'))
    expect(found).toHaveLength(doctorChecks.length)
  })
  it('ends with 0 when nothing is bad, else with 3; as a table or as data', async () => {
    const doctor = async (...argv: string[]) => {
      const terminal = capturedTerminal()
      const context: CommandContext = { terminal, exitCode: exitCodes.ok }
      return { exitCode: await runCommandLine(doctorCommand(context, parts), argv, context), stdout: terminal.stdout() }
    }
    const good = await doctor(ask.config, '--db', ask.db, '--json')
    expect([good.exitCode, JSON.parse(good.stdout)]).toEqual([0, { ok: true, checks: expect.any(Array) as unknown[] }])
    const wrong = await doctor(join(folder, 'none.json'), '--db', ask.db)
    expect(wrong.exitCode).toBe(3)
    expect(wrong.stdout).toMatch(/^config +bad +\(file\): expected a file that can be read/m)
    expect(wrong.stdout).toMatch(/^1 bad, \d+ to look at, \d+ right, \d+ not looked at$/m)
  })
})

describe('millrace doctor, as it looks itself', () => {
  it('asks a venue for its time, its products and what a key may do', async () => {
    const venue = await startVenueSimulator({ seed: 3, market: { kind: 'still' }, historyDays: 1 })
    try {
      const keyFile = join(folder, 'key.json')
      const examined = async (canTransfer: boolean) => {
        const { keyName, secret } = venue.generateKey('EdDSA', { canTrade: true, canTransfer })
        writeFileSync(keyFile, JSON.stringify({ name: keyName, privateKey: secret }), { mode: 0o600 })
        const terminal = capturedTerminal()
        // Nobody listens on port 1.
        const words = ['doctor', ask.config, '--db', ask.db, '--port', '1', '--key-file', keyFile, '--venue-url', venue.restUrl, '--json']
        const exitCode = await main(words, terminal)
        const { checks } = JSON.parse(terminal.stdout()) as { checks: { check: string; status: string; detail: string }[] }
        return { exitCode, of: (name: string) => checks.find(({ check }) => check === name) }
      }
      const good = await examined(false)
      expect(['disk', 'port', 'venue', 'clock', 'products', 'key file', 'key rights'].map((name) => [name, good.of(name)?.status])).toEqual(
        ['disk', 'port', 'venue', 'clock', 'products', 'key file', 'key rights'].map((name) => [name, 'ok']),
      )
      expect(good.exitCode).toBe(0)
      const unsafe = await examined(true)
      expect([unsafe.exitCode, unsafe.of('key rights')]).toEqual([3, { check: 'key rights', ...bad('it may move money out') }])
    } finally {
      await venue.close()
    }
  })
  it('sees that somebody listens on a port', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(await realParts.answers('127.0.0.1', port)).toBe(true)
    await new Promise((resolve) => server.close(resolve))
    expect(await realParts.answers('127.0.0.1', port)).toBe(false)
  })
})

it('says of a request what stopped it, not that it failed', () => {
  expect(reasonOf(new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND api.example') }))).toBe('getaddrinfo ENOTFOUND api.example')
  expect([reasonOf(new Error('no')), reasonOf('plain')]).toEqual(['no', 'plain'])
})
