import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { loadCredentials } from '../../auth/credentials.ts'
import { runVenueSimulator } from '../run-venue-simulator.ts'
import { at, closeVenues, listAt, textAt, venueForTests } from '../venue.fixture.ts'
import type { VenueForTests } from '../venue.fixture.ts'
import { faultKinds, venueFaults } from '../faults/kinds.ts'
import type { VenueAction } from './actions.ts'
import { readScenario } from './scenario.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-venue-'))
})
afterEach(async () => {
  await closeVenues()
  rmSync(folder, { recursive: true, force: true })
})

const mid = async ({ get }: VenueForTests): Promise<number> =>
  Number(textAt((await get('/best_bid_ask', '?product_ids=SOL-USD')).body, 'pricebooks.0.bids.0.price'))

describe('the control', () => {
  test('moves a price, from which the market goes on', async () => {
    const all = await venueForTests({ market: { kind: 'seeded' } })
    all.venue.control({ do: 'setPrice', product: 'SOL-USD', price: '200' })
    expect(await mid(all)).toBeCloseTo(199.98, 2)
    all.venue.control({ do: 'movePrice', product: 'SOL-USD', by: -0.1 })
    expect(await mid(all)).toBeCloseTo(179.98, 2)
    await all.pass(300_000, 60_000)
    const later = await mid(all)
    expect(later).not.toBe(179.98)
    expect(later > 150 && later < 210).toBe(true)
  })

  test("[fault 27] an order by hand is the owner's, and moves the same money", async () => {
    const all = await venueForTests()
    const id = all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', quoteSize: '50' })
    expect(all.venue.ledger().orders).toEqual([expect.objectContaining({ id, placedBy: 'owner', status: 'FILLED' })])
    expect(listAt((await all.get('/orders/historical/fills')).body, 'fills')).toHaveLength(1)
    const resting = all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', baseSize: '1', limitPrice: '100' })!
    all.venue.control({ do: 'ownerCancel', orderId: resting })
    expect(all.venue.ledger().orders[1]).toMatchObject({ status: 'CANCELLED', hold: '0' })
    expect(() => all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', quoteSize: '5000' })).toThrow('INSUFFICIENT_FUND')
  })

  test('[fault 63] a fill that is taken back: money and coins are as before it, and the order says less', async () => {
    const all = await venueForTests()
    all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', baseSize: '0.5' })
    const [fill] = all.venue.ledger().fills
    all.venue.control({ do: 'bustFill', entryId: fill!.entryId })
    const { balances, fills, orders } = all.venue.ledger()
    expect(balances.map(({ currency, total }) => [currency, total])).toEqual([
      ['USD', '1000'],
      ['SOL', '0'],
    ])
    expect([fills.length, orders[0]!.filledBase]).toEqual([0, '0'])
    expect(() => all.venue.control({ do: 'bustFill', entryId: fill!.entryId })).toThrow('entryId')
  })

  test('[fault 54] a withdrawal takes what is available and no more', async () => {
    const all = await venueForTests()
    all.venue.control({ do: 'withdraw', currency: 'USD', amount: '999.5' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ available: '0.5' })
    expect(() => all.venue.control({ do: 'withdraw', currency: 'USD', amount: '1' })).toThrow('below zero')
    all.venue.control({ do: 'deposit', currency: 'USD', amount: '1' })
    expect(all.venue.ledger().balances[0]).toMatchObject({ total: '1.5' })
  })

  test('[fault 51] new increments are listed, and hold', async () => {
    const all = await venueForTests()
    all.venue.control({ do: 'increments', product: 'SOL-USD', price: '0.1', base: '0.01' })
    expect((await all.get('/products/SOL-USDC')).body).toMatchObject({ price_increment: '0.1', base_increment: '0.01' })
    expect(await mid(all)).toBe(149.9)
  })

  test('[fault 50] a product that is removed loses its orders and is not found; it can come back', async () => {
    const all = await venueForTests()
    all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', baseSize: '1', limitPrice: '100' })
    all.venue.control({ do: 'productState', product: 'SOL-USD', state: 'removed' })
    expect([(await all.get('/products/SOL-USD')).status, all.venue.ledger().orders[0]!.status]).toEqual([404, 'CANCELLED'])
    expect((await all.get('/products')).body).toMatchObject({ num_products: 20 })
    all.venue.control({ do: 'productState', product: 'SOL-USD', state: 'online' })
    expect((await all.get('/products/SOL-USD')).body).toMatchObject({ status: 'online' })
  })

  test('cuts every socket, and changes the lags', async () => {
    const all = await venueForTests()
    const client = await all.listen('market', { channel: 'heartbeats' })
    all.venue.control({ do: 'cutSockets' })
    await new Promise((resolve) => client.socket.once('close', resolve))
    all.venue.control({ do: 'lag', fillsMs: 1_000 })
    all.venue.control({ do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', quoteSize: '5' })
    expect(listAt((await all.get('/orders/historical/fills')).body, 'fills')).toEqual([])
  })

  const wrong: readonly [string, unknown, string][] = [
    ['an action that is none', { do: 'explode' }, 'Invalid'],
    ['an unknown field', { do: 'cutSockets', now: true }, 'now'],
    ['a price in words', { do: 'setPrice', product: 'SOL-USD', price: 'high' }, 'decimal'],
    ['an unknown product', { do: 'setPrice', product: 'NOPE-USD', price: '1' }, 'NOPE-USD'],
    ['an unknown key', { do: 'revokeKey', key: 'nobody' }, 'nobody'],
    ['an unknown fault', { do: 'inject', kind: 'meteor' }, 'kind'],
  ]
  test.each(wrong)('refuses %s', async (_, action, message) => {
    const { venue } = await venueForTests()
    expect(() => venue.control(action as VenueAction)).toThrow(message)
  })
})

describe('over HTTP', () => {
  const send = ({ venue }: VenueForTests, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${venue.controlUrl}/__control/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })

  test('actions, scenarios, the report and the ledger', async () => {
    const all = await venueForTests()
    const made = await send(all, 'action', { do: 'ownerOrder', product: 'SOL-USD', side: 'BUY', quoteSize: '5' })
    const ledger: unknown = await (await fetch(`${all.venue.controlUrl}/__control/ledger`)).json()
    expect(await made.json()).toEqual({ result: at(ledger, 'orders.0.id') })
    expect(ledger).toEqual(all.venue.ledger())
    expect((await send(all, 'scenario', { entries: [{ atMs: 1_000, action: { do: 'deposit', currency: 'USD', amount: '7' } }] })).status).toBe(200)
    await all.pass(1_000)
    expect(all.venue.ledger().balances[0]).toMatchObject({ total: '1002' })
    expect(await (await fetch(`${all.venue.controlUrl}/__control/report`)).json()).toEqual(all.venue.report())
  })

  test('refuses what it cannot do, pages of browsers, other names of this machine and other content', async () => {
    const all = await venueForTests()
    expect((await send(all, 'action', { do: 'explode' })).status).toBe(400)
    expect((await send(all, 'scenario', { entries: 1 })).status).toBe(400)
    expect((await send(all, 'elsewhere', {})).status).toBe(404)
    expect((await send(all, 'action', { do: 'cutSockets' }, { origin: 'http://127.0.0.1' })).status).toBe(403)
    expect((await send(all, 'action', { do: 'cutSockets' }, { 'content-type': 'text/plain' })).status).toBe(400)
    expect((await fetch(`${all.venue.controlUrl}/__control/other`)).status).toBe(404)
    expect((await fetch(`${all.venue.restUrl}/__control/report`)).status).toBe(404)
  })
})

describe('a scenario', () => {
  test("is played on the venue's clock, in order; what the books do not allow stops nothing", async () => {
    const all = await venueForTests()
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    all.venue.play({
      entries: [
        { atMs: 0, action: { do: 'deposit', currency: 'USD', amount: '1' } },
        { atMs: 500, action: { do: 'withdraw', currency: 'USD', amount: '9999' } },
        { atMs: 500, action: { do: 'withdraw', currency: 'USD', amount: '2' } },
      ],
    })
    const total = (): string => all.venue.ledger().balances[0]!.total
    expect(total()).toBe('1001')
    await all.pass(499, 499)
    expect(total()).toBe('1001')
    await all.pass(1)
    expect(total()).toBe('999')
    expect(warned).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('scenario, 500 ms, withdraw'))
    warned.mockRestore()
  })

  test('is read from a file; what is wrong in it has its place', () => {
    const file = join(folder, 'scenario.json')
    const entries = [{ atMs: 5, action: { do: 'cutSockets' } }]
    writeFileSync(file, JSON.stringify({ entries }))
    expect(readScenario(file)).toEqual({ entries })
    writeFileSync(file, JSON.stringify({ entries: [{ atMs: -5, action: { do: 'cutSockets' } }] }))
    expect(() => readScenario(file)).toThrow(`${file}: entries.0.atMs`)
    writeFileSync(file, '{')
    expect(() => readScenario(file)).toThrow(`${file}: expected JSON`)
  })
})

test('a venue for the terminal writes a key that only its owner can read, and that is taken', async () => {
  const lines: string[] = []
  writeFileSync(join(folder, 'venue-simulator-key.json'), 'old', { mode: 0o644 })
  const { venue, keyFile } = await runVenueSimulator({ seed: 1, directory: folder, algorithm: 'EdDSA', print: (line) => lines.push(line) })
  try {
    expect(statSync(keyFile).mode & 0o777).toBe(0o600)
    const { keyName, secret } = loadCredentials({ env: {}, file: keyFile })!
    expect(lines.join('\n')).toContain(venue.restUrl)
    expect(lines.join('\n')).not.toContain(secret)
    expect(readFileSync(keyFile, 'utf8')).toContain(keyName)
  } finally {
    await venue.close()
  }
})

describe('trouble of the venue as a whole ends by itself', () => {
  test.each([
    ['productHalted', 'status', 'offline', 'online'],
    ['productCancelOnly', 'cancel_only', true, false],
    ['productLimitOnly', 'limit_only', true, false],
    ['productPostOnly', 'post_only', true, false],
    ['incrementsChanged', 'base_increment', '0.0000001', '0.00000001'],
    ['productDelisted', 'status', undefined, 'online'],
  ] as const)('%s', async (kind, field, during, after) => {
    const all = await venueForTests()
    const value = async (): Promise<unknown> => at((await all.get('/products/SOL-USD')).body, field)
    all.venue.control({ do: 'inject', kind, matching: 'SOL-USD', delayMs: 5_000 })
    await all.pass(1_000, 1_000)
    expect(await value()).toBe(during)
    await all.pass(4_000, 1_000)
    expect(await value()).toBe(during)
    await all.pass(1_000, 1_000)
    expect([await value(), all.venue.report().faults]).toEqual([after, { [kind]: 1 }])
  })

  test('[fault 33] clockSkew and [fault 32] keyRevoked', async () => {
    for (const kind of ['clockSkew', 'keyRevoked'] as const) {
      const all = await venueForTests()
      all.venue.control({ do: 'inject', kind, delayMs: 5_000 })
      await all.pass(1_000, 1_000)
      expect((await all.get('/accounts')).status).toBe(401)
      await all.pass(5_000, 1_000)
      expect([(await all.get('/accounts')).status, all.venue.report().faults]).toEqual([200, { [kind]: 1 }])
    }
  })

  test('by seed they come and go', async () => {
    const chances = Object.fromEntries(venueFaults.map((kind) => [kind, 0.05]))
    const all = await venueForTests({ faults: { seed: 3, chances } })
    await all.pass(120_000, 1_000)
    const { faults } = all.venue.report()
    expect(Object.keys(faults).length).toBeGreaterThan(4)
    all.venue.control({ do: 'faults' })
    await all.pass(61_000, 1_000)
    expect((await all.get('/products')).body).toMatchObject({ num_products: 22 })
    expect(listAt((await all.get('/products')).body, 'products').every((each) => at(each, 'status') === 'online' && at(each, 'cancel_only') === false)).toBe(
      true,
    )
  })
})

test('every kind of fault has one name', () => expect(new Set(faultKinds).size).toBe(faultKinds.length))
