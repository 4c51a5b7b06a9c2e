import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { arrived, closeVenues, textAt, venueForTests } from '../venue.fixture.ts'

afterEach(closeVenues)

const market = (base_size: string): object => ({ market_market_ioc: { base_size } })

test('a book that was made shallow holds no more than so much for a taker', async () => {
  const { venue, order, get } = await venueForTests({ accounts: { USD: '10000' } })
  venue.control({ do: 'limitDepth', product: 'SOL-USD', size: '2' })
  const shallow = textAt((await order('one', 'SOL-USD', 'BUY', market('5'))).body, 'success_response.order_id')
  expect((await get(`/orders/historical/${shallow}`)).body).toMatchObject({ order: { status: 'CANCELLED', filled_size: '2' } })
  venue.control({ do: 'limitDepth', product: 'SOL-USD', size: '0' })
  expect((await order('two', 'SOL-USD', 'BUY', market('5'))).body).toMatchObject({ success: false })
  venue.control({ do: 'limitDepth', product: 'SOL-USD', size: '50' })
  const deep = textAt((await order('three', 'SOL-USD', 'BUY', market('5'))).body, 'success_response.order_id')
  expect((await get(`/orders/historical/${deep}`)).body).toMatchObject({ order: { status: 'FILLED', filled_size: '5' } })
})

test('closed sockets let nobody in until they are open again', async () => {
  const { venue, listen } = await venueForTests()
  const before = await listen('user', { channel: 'user' })
  venue.control({ do: 'sockets', open: false })
  await arrived(() => before.closed)
  const refused = await new Promise((resolve) => new WebSocket(venue.userSocketUrl).once('error', (error) => resolve(error.message)))
  expect(refused).toBe('Unexpected server response: 503')
  venue.control({ do: 'sockets', open: true })
  const after = await listen('user', { channel: 'user' })
  expect([after.closed, after.of('subscriptions').length]).toEqual([false, 1])
})

test('a request that gave up waiting does not keep the venue from coming to rest', async () => {
  const { venue } = await venueForTests()
  venue.control({ do: 'inject', kind: 'replyDelayed', matching: 'GET /time', delayMs: 600_000 })
  const abort = new AbortController()
  const answer = fetch(`${venue.restUrl}/api/v3/brokerage/time`, { signal: abort.signal })
  await arrived(() => venue.report().faults.replyDelayed === 1)
  abort.abort()
  await expect(answer).rejects.toThrow(/abort/)
  await venue.settled()
  await expect(venue.settled()).resolves.toBeUndefined()
})
