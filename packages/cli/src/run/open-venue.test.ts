import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coinbase, createSigner } from '@millrace/coinbase-adapter'
import { startVenueSimulator } from '@millrace/coinbase-adapter/simulator'
import type { KeySetup, VenueSimulator } from '@millrace/coinbase-adapter/simulator'
import { decimalText, parseConfig } from '@millrace/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLive, openRehearsal } from './open-venue.ts'
import type { VenueParts } from './open-venue.ts'
import { runDefaults } from './settings.ts'
import type { RunSettings } from './settings.ts'

const bots = [{ id: 'btc', instrument: 'BTC-USD', preset: 'balanced' }]
const account = { cash: { USD: '500' } }
const liveConfig = parseConfig({ environment: 'live', account, bots })
const live: RunSettings = { ...runDefaults, config: 'bots.json', market: 'coinbase', exchange: 'coinbase', live: true }

let venue: VenueSimulator
let folder: string
beforeEach(async () => {
  venue = await startVenueSimulator({ seed: 7, accounts: { USD: '500' }, market: { kind: 'still' }, historyDays: 0 })
  folder = mkdtempSync(join(tmpdir(), 'millrace-live-'))
})
afterEach(async () => {
  await venue.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A key file, and a Coinbase that is the simulator. */
function withKey(permissions: Omit<KeySetup, 'name' | 'publicKey'> = {}): { readonly settings: RunSettings; readonly parts: VenueParts } {
  const { keyName, secret } = venue.generateKey('ES256', permissions)
  const keyFile = join(folder, 'key.json')
  writeFileSync(keyFile, JSON.stringify({ name: keyName, privateKey: secret }), { mode: 0o600 })
  const baseUrls = { rest: venue.restUrl, marketSocket: venue.socketUrl, userSocket: venue.userSocketUrl }
  return {
    settings: { ...live, keyFile },
    parts: {
      env: {},
      connect: (options) => coinbase({ ...options, baseUrls, signer: createSigner({ ...options.credentials, nonce: () => crypto.randomUUID() }) }),
    },
  }
}

describe('real orders take three things', () => {
  it('[fault 61] a configuration that says live: another one is refused before any key is read', async () => {
    const { settings, parts } = withKey()
    await expect(openLive(settings, parseConfig({ account, bots }), parts)).rejects.toThrow('the configuration says environment paper')
    expect(venue.report().requests).toEqual({})
  })
  it('the flag', async () => {
    const { settings, parts } = withKey()
    await expect(openLive({ ...settings, live: false }, liveConfig, parts)).rejects.toThrow('the flag --live is not given')
    expect(venue.report().requests).toEqual({})
  })
  it.each([
    ['no key', {}, 'there is no key'],
    ['a key that may transfer', { canTransfer: true }, 'it may move money out'],
    ['a key that may not trade', { canTrade: false }, 'it may not trade'],
  ] as const)('a fit key: %s is refused', async (what, permissions, why) => {
    const { settings, parts } = withKey(permissions)
    await expect(openLive(what === 'no key' ? live : settings, liveConfig, parts)).rejects.toThrow(why)
  })
  it('a key file that others can read is refused', async () => {
    const { settings, parts } = withKey()
    chmodSync(settings.keyFile!, 0o644)
    await expect(openLive(settings, liveConfig, parts)).rejects.toThrow('expected mode 600')
  })
  it('with all three it opens, and says what it is before the first order', async () => {
    const { settings, parts } = withKey()
    const opened = await openLive(settings, liveConfig, parts)
    expect(opened.lines[0]).toContain('real money')
    expect(opened.lines[1]).toContain(venue.portfolio)
    expect((await opened.exchange.balances()).map(({ currency, available }) => `${currency} ${decimalText(available)}`)).toEqual(['USD 500'])
    await opened.close()
  })
})

it('a rehearsal is the live path on this machine: a key in a file of mode 600, tokens, the cash of the configuration, gone at the end', async () => {
  const opened = await openRehearsal({ ...live, exchange: 'simulator', live: false }, parseConfig({ account, bots }))
  const keyFile = /key +(\S+)/.exec(opened.lines.join('\n'))![1]!
  expect(existsSync(keyFile)).toBe(true)
  expect((await opened.exchange.balances()).map(({ currency, available }) => `${currency} ${decimalText(available)}`)).toEqual(['USD 500'])
  expect(opened.safety.map(({ code }) => code)).toContain('ENVIRONMENT')
  await opened.close()
  expect(existsSync(keyFile)).toBe(false)
})

it('the configuration of the page about five dollars is one that can trade live', () => {
  const page = readFileSync(new URL('../../../../docs/how-to/go-live-with-five-dollars.md', import.meta.url), 'utf8')
  const config = parseConfig(JSON.parse(/```json\n([^`]+)```/.exec(page)![1]!))
  expect(config.environment).toBe('live')
  expect(config.account.safety.map(({ code }) => code)).toContain('ENVIRONMENT')
})
