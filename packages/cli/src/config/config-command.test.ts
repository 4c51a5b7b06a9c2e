import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { presets } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { capturedTerminal } from '../captured-terminal.fixture.ts'
import { main } from '../main.ts'
import { flatten } from './config-command.ts'
import { readConfig } from './read-config.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-config-'))
  file = join(folder, 'bots.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (data: unknown): void => writeFileSync(file, typeof data === 'string' ? data : JSON.stringify(data))
const good = {
  account: { cash: { USD: '1000' } },
  bots: [
    { id: 'btc', instrument: 'BTC-USD', preset: 'aggressive' },
    { id: 'eth', instrument: 'ETH-USD', preset: 'balanced' },
  ],
}
const bad = { account: { cash: { USD: 'much' } }, bots: [{ id: 'BTC!', instrument: 'BTC-USD', preset: 'balanced', confirm: '5 minutes', extra: 1 }] }

async function millrace(...argv: string[]) {
  const terminal = capturedTerminal()
  const exitCode = await main(argv, terminal)
  return { exitCode, stdout: terminal.stdout(), stderr: terminal.stderr() }
}

describe('config check', () => {
  it('says that a file is right', async () => {
    write(good)
    const { exitCode, stdout, stderr } = await millrace('config', 'check', file)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.startsWith(`${file}: 2 bots, no problems\n\nbot `)).toBe(true)
    expect(stdout).toMatch(/^break-even of a round trip +1\.86 % \(fees 1\.82 %\)$/m)
    expect(stdout).toMatch(/^most held at once +\d+\.\d\d USD$/m)
    expect(stdout).toMatch(/^btc +BTC-USD +1\.00 +7\.83 +no stop +21\.60 +3 +64\.80 +0\.15$/m)
    const data = JSON.parse((await millrace('config', 'check', file, '--json')).stdout) as Record<string, unknown>
    expect(data).toMatchObject({
      file,
      ok: true,
      bots: 2,
      problems: [],
      warnings: [],
      numbers: { cash: 1000, bots: [{ id: 'btc', venueMinimum: 1 }, { id: 'eth' }] },
    })
  })
  it('adds nothing up of pairs whose rules are not known', async () => {
    write({ ...good, bots: [{ id: 'foo', instrument: 'FOO-USD', preset: 'balanced', timeframe: '1h', confirm: '1h' }] })
    const { exitCode, stdout } = await millrace('config', 'check', file)
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/expected a pair whose rules are known here.*\n.*\n*cash +1000\.00\nentries a day/) as string])
    expect(stdout).not.toMatch(/most held at once|venue minimum/)
    expect(stdout).toMatch(/^requests a second +below 0\.01, and 1 order at once/m)
  })
  it('refuses what cannot be, with the reasons, exit code 4', async () => {
    write({ ...good, defaults: { exits: [{ use: 'stop-loss', params: { fraction: 0.0003 } }] } })
    const { exitCode, stdout, stderr } = await millrace('config', 'check', file, '--json')
    expect(exitCode).toBe(4)
    expect(stderr).toContain('bots[0].exits.stop-loss: expected a fraction beyond the spread of 0.04 %: this one fires at once, received 0.03 %')
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ path: 'bots[0].exits.stop-loss', received: '0.03 %' }, { path: 'bots[1].exits.stop-loss' }],
    })
  })
  it('says what is unwise, and that is no refusal', async () => {
    write({ ...good, defaults: { timeframe: '15m' } })
    const { exitCode, stdout } = await millrace('config', 'check', file)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('unwise: bots[0].confirm: expected at least the timeframe of 15m')
  })
  it('says that a pair without rules was not looked at', async () => {
    write({ ...good, bots: [...good.bots, { id: 'link', instrument: 'LINK-USD', preset: 'balanced' }] })
    const { exitCode, stdout } = await millrace('config', 'check', file)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('unwise: bots[2].instrument: expected a pair whose rules are known here')
  })
  it('lists every problem with path, expected and received, exit code 4', async () => {
    write(bad)
    const { exitCode, stdout, stderr } = await millrace('config', 'check', file)
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' })
    for (const path of ['account.cash.USD', 'bots[0].id', 'bots[0].confirm', 'bots[0].extra'])
      expect(stderr).toMatch(new RegExp(`${path.replace(/[[\]]/g, '\\$&')}: expected .+, received .+`))
  })
  it('gives the same list as data', async () => {
    write(bad)
    const { exitCode, stdout } = await millrace('config', 'check', file, '--json')
    const result = JSON.parse(stdout) as { ok: boolean; problems: { path: string; expected: string; received: string }[] }
    expect({ exitCode, ok: result.ok }).toEqual({ exitCode: 4, ok: false })
    expect(result.problems.map(({ path }) => path)).toEqual(expect.arrayContaining(['account.cash.USD', 'bots[0].id', 'bots[0].confirm', 'bots[0].extra']))
    expect(result.problems.every(({ expected, received }) => expected !== '' && received !== '')).toBe(true)
  })
  it.each([
    ['missing', undefined, 'received no file of this name'],
    ['no JSON', '{ "bots": [', 'expected JSON'],
    ['empty', '', 'expected JSON'],
    ['something else', '[]', 'received'],
  ])('a file that is %s is a problem like any other', async (_, content, words) => {
    if (content !== undefined) write(content)
    const { exitCode, stderr } = await millrace('config', 'check', file)
    expect(exitCode).toBe(4)
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('\n    at ')
  })
})

describe('config show', () => {
  it("[row 51] shows every number in force: the file's, the presets' and the defaults", async () => {
    write(good)
    const { exitCode, stdout } = await millrace('config', 'show', file)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^account\.cash\.USD +1000$/m)
    expect(stdout).toMatch(new RegExp(`^bots\\[0\\]\\.actionThreshold +${presets.aggressive.actionThreshold}$`, 'm'))
    expect(stdout).toMatch(new RegExp(`^bots\\[1\\]\\.actionThreshold +${presets.balanced.actionThreshold}$`, 'm'))
    expect(stdout).toMatch(/^bots\[0\]\.confirmMs +300000$/m)
    expect(stdout).toMatch(/^config hash +[0-9a-f]{64}$/m)
  })
  it('gives the same as data', async () => {
    write(good)
    const {
      config,
      configHash,
      file: named,
    } = JSON.parse((await millrace('config', 'show', file, '--json')).stdout) as { config: { bots: unknown[] }; configHash: string; file: string }
    expect({ bots: config.bots.length, named }).toEqual({ bots: 2, named: file })
    expect(configHash).toMatch(/^[0-9a-f]{64}$/)
  })
  it('refuses a wrong file with its problems', async () => {
    write(bad)
    expect(await millrace('config', 'show', file)).toMatchObject({ exitCode: 4, stdout: '', stderr: expect.stringContaining('bots[0].confirm') as string })
  })
})

describe('readConfig', () => {
  it("puts a timeframe in place of every bot's own, and the configuration in force says so", async () => {
    write(good)
    const { bots, configHash } = await readConfig(file, { timeframeMs: 900_000 })
    expect(bots.map((bot) => bot.timeframeMs)).toEqual([900_000, 900_000])
    expect(configHash).not.toBe((await readConfig(file)).configHash)
  })
})

describe('flatten', () => {
  it('names each value by its path', () => {
    expect(flatten({ a: { b: [1, { c: 'x' }] }, d: null, e: [], f: {} })).toEqual([
      ['a.b[0]', '1'],
      ['a.b[1].c', 'x'],
      ['d', 'null'],
      ['e', '(none)'],
      ['f', '(none)'],
    ])
  })
})
