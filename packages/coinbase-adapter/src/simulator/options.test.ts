import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { VenueOptions } from './options.ts'
import { startVenueSimulator } from './start-venue-simulator.ts'
import { arrived, at, closeVenues, venueForTests } from './venue.fixture.ts'

afterEach(closeVenues)

const wrong: readonly [string, object][] = [
  ['seed', { seed: 1.5 }],
  ['accounts.USD', { seed: 1, accounts: { USD: '-5' } }],
  ['fees.taker', { seed: 1, fees: { maker: '0', taker: '1.2' } }],
  ['limits.privatePerSecond', { seed: 1, limits: { privatePerSecond: 0 } }],
  ['faults.chances.replyLost', { seed: 1, faults: { seed: 1, chances: { replyLost: 2 } } }],
  ['products.0.price', { seed: 1, products: [{ id: 'A-USD', priceIncrement: '1', baseIncrement: '1', baseMax: '9', price: 'high' }] }],
  ['market', { seed: 1, market: { kind: 'wild' } }],
  ['accuonts', { seed: 1, accuonts: {} }],
  ['clock', { seed: 1, clock: 5 }],
]

test.each(wrong)('%s is refused with its place', async (place, options) => {
  await expect(startVenueSimulator(options as VenueOptions)).rejects.toThrow(place)
})

test('all problems are told at once', async () => {
  await expect(startVenueSimulator({ seed: 0.5, tickMs: 0 })).rejects.toThrow(/seed.*; tickMs/)
})

test('a venue on ports of its own choosing, and not twice', async () => {
  const { venue } = await venueForTests()
  const port = Number(new URL(venue.restUrl).port)
  await expect(startVenueSimulator({ seed: 1, port })).rejects.toThrow('EADDRINUSE')
})

test('when one port is taken, the others are free again', async () => {
  const open = (port: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer()
      server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server))
    })
  const close = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
  // Two ports in a row of which the first is free.
  let taken: Server | undefined
  let first = 0
  while (taken === undefined) {
    const candidate = await open(0)
    first = (candidate.address() as AddressInfo).port - 1
    const isFree = await open(first)
      .then((server) => close(server).then(() => true))
      .catch(() => false)
    if (isFree) taken = candidate
    else await close(candidate)
  }
  await expect(startVenueSimulator({ seed: 1, port: first })).rejects.toThrow('EADDRINUSE')
  await close(await open(first))
  await close(taken)
})

describe('the dialect of 2023', () => {
  test('has a client_id, counters as text and another spelling', async () => {
    const all = await venueForTests({ oldDialect: true })
    const user = await all.listen('user', { channel: 'heartbeats' }, { channel: 'user' })
    const created = await all.order('one', 'SOL-USD', 'BUY', { market_market_ioc: { quote_size: '5' } })
    expect(created.body).toMatchObject({ success: true, failure_reason: 'UNKNOWN_FAILURE_REASON', order_id: expect.any(String) as string })
    await all.pass(1_000, 1_000)
    await arrived(() => user.of('heartbeats').length > 0 && user.of('user').length > 1)
    expect(user.frames.every((frame) => at(frame, 'client_id') === '')).toBe(true)
    expect(at(user.of('heartbeats')[0], 'events.0.heartbeat_counter')).toBe('0')
    expect(at(user.of('user').at(-1), 'events.0.orders.0')).toMatchObject({ reject_Reason: '', order_type: 'MARKET' })
    expect((await all.get('/products/SOL-USD')).body).not.toHaveProperty('price_increment')
  })
})
