import type { LinkEvent, OrderEvent } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { never, requestOf, scriptedVenue, taken, userRow } from '../orders/scripted-venue.fixture.ts'
import type { Heard, ScriptedVenue } from '../orders/scripted-venue.fixture.ts'

async function connected(options: Parameters<typeof scriptedVenue>[0] = {}): Promise<{ readonly venue: ScriptedVenue; readonly heard: Heard }> {
  const venue = await scriptedVenue(options)
  const heard = venue.listen()
  await heard.until(1)
  return { venue, heard }
}

/** Sends a last order so that everything before it was heard. */
async function textsAfter({ venue, heard }: { readonly venue: ScriptedVenue; readonly heard: Heard }): Promise<readonly string[]> {
  venue.user([userRow({ order_id: 'end', client_order_id: 'end' })])
  while (heard.texts().at(-1) !== 'end open 0') await heard.until(heard.events.length + 1)
  return heard.texts().slice(1, -1)
}

const reportOf = (event: OrderEvent | LinkEvent | undefined): object | undefined => (event?.type === 'report' ? event.report : undefined)

describe('the user channel', () => {
  it('is ready only after every subscription was acknowledged, each with a token of its own [fault 29]', async () => {
    const venue = await scriptedVenue({ silenceMs: 4_000 })
    const tokens: (string | undefined)[] = []
    let times = 0
    venue.meet = (socket, asks) => {
      if (asks.length < 2) return
      tokens.push(...asks.map(({ jwt }) => jwt))
      // The first time the user channel itself stays without an answer.
      venue.acknowledge(socket, times++ === 0 ? ['heartbeats'] : ['heartbeats', 'user'])
    }
    const heard = venue.listen()
    await heard.until(2)
    expect(heard.texts()).toEqual(['down', 'ready'])
    expect(new Set(tokens).size).toBe(4)
  })

  it('tells how orders stand: cumulative, never executions', async () => {
    const both = await connected()
    both.venue.user([
      userRow(),
      userRow({ cumulative_quantity: '0.004', avg_price: '68000', total_fees: '0.136', leaves_quantity: '0.006' }),
      userRow({
        status: 'CANCELLED',
        cumulative_quantity: '0.004',
        avg_price: '68000',
        total_fees: '0.136',
        leaves_quantity: '0',
        cancel_reason: 'User requested cancel',
      }),
    ])
    expect(await textsAfter(both)).toEqual(['c1 open 0', 'c1 partiallyFilled 0.004', 'c1 cancelled 0.004'])
    expect(reportOf(both.heard.events[3])).toMatchObject({
      ref: { clientOrderId: 'c1', venueOrderId: 'v1', instrument: 'BTC-USD' },
      reason: 'User requested cancel',
      atMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    })
  })

  it('tells a repeated end once, and nothing that goes back [fault 22] [fault 23] [pitfall 17]', async () => {
    const both = await connected()
    const filled = { status: 'FILLED', cumulative_quantity: '0.01', total_fees: '0.3', leaves_quantity: '0' }
    both.venue.user([
      userRow({ cumulative_quantity: '0.004' }),
      userRow({ ...filled, outstanding_hold_amount: '0.1' }),
      userRow({ ...filled, outstanding_hold_amount: '0' }),
    ])
    both.venue.user([userRow({ cumulative_quantity: '0.004' }), userRow({ cumulative_quantity: '0.002' }), userRow({ ...filled, status: 'CANCELLED' })])
    both.venue.user([userRow(filled)], { type: 'snapshot' })
    expect(await textsAfter(both)).toEqual(['c1 partiallyFilled 0.004', 'c1 filled 0.01'])
  })

  it('is not impressed by a replay of 50,000 events after a new connection [fault 25]', async () => {
    const both = await connected()
    const ids = Array.from({ length: 5_000 }, (_, i) => `o${i}`)
    const row = (id: string, more: object = {}): object => userRow({ order_id: id, client_order_id: id, ...more })
    const end = { status: 'FILLED', cumulative_quantity: '1' }
    both.venue.user(ids.map((id) => row(id, end)))
    await both.heard.until(1 + ids.length)
    for (const socket of both.venue.sockets) socket.terminate()
    await both.heard.until(3 + ids.length)
    for (let round = 0; round < 5; round++) both.venue.user([...ids.map((id) => row(id)), ...ids.map((id) => row(id, end))])
    const told = await textsAfter(both)
    expect(told.slice(ids.length)).toEqual(['down', 'ready'])
  })

  it('makes a gap of a missing number and begins anew [fault 24] [pitfall 17]', async () => {
    const both = await connected()
    both.venue.user([userRow()], { sequence: 7 })
    await both.heard.until(4)
    expect(both.heard.texts()).toEqual(['ready', 'gap', 'down', 'ready'])
    expect(await textsAfter(both)).toEqual(['gap', 'down', 'ready'])
  })

  it('loses one message, not the connection, to what cannot be read; that is a gap as well [pitfall 19]', async () => {
    const both = await connected()
    both.venue.text('{"channel":')
    both.venue.user([{ order_id: 'v1' }, userRow({ cumulative_quantity: 'NaN' }), userRow()])
    both.venue.user([
      userRow({ order_id: 'v2', client_order_id: 'c2', status: 'A_WORD_OF_TOMORROW' }),
      userRow({ order_id: 'v2', client_order_id: 'c2', status: 'OPEN' }),
    ])
    expect(await textsAfter(both)).toEqual([
      'gap unreadable',
      'gap unreadable',
      'gap unreadable',
      'c1 open 0',
      'error unknownValue',
      'c2 unknown 0',
      'c2 open 0',
    ])
    expect(both.venue.sockets).toHaveLength(1)
  })

  it('shows a word that nobody knows also for an order that was known', async () => {
    const both = await connected()
    both.venue.user([
      userRow({ cumulative_quantity: '1' }),
      userRow({ cumulative_quantity: '1', status: 'X' }),
      userRow({ cumulative_quantity: '1', status: 'X' }),
      userRow({ status: 'FILLED', cumulative_quantity: '2' }),
    ])
    expect(await textsAfter(both)).toEqual(['c1 partiallyFilled 1', 'error unknownValue', 'c1 unknown 1', 'error unknownValue', 'c1 filled 2'])
  })

  it('goes on at the market host when its own fails [fault 10]', async () => {
    const venue = await scriptedVenue()
    const paths: string[] = []
    venue.onConnect = (socket, path) => {
      paths.push(path)
      if (path === '/user') socket.terminate()
    }
    const heard = venue.listen()
    await heard.until(2)
    expect(heard.texts()).toEqual(['down', 'ready'])
    expect(paths).toEqual(['/user', '/market'])
  })

  it('says that the key is refused after two refusals in a row, and again only after it has worked [fault 31] [fault 32]', async () => {
    const venue = await scriptedVenue()
    let refusals = 3
    venue.meet = (socket, asks) => {
      if (asks.length < 2) return
      if (refusals-- > 0) socket.send('{"type":"error","message":"authentication failure"}')
      else venue.acknowledge(socket, ['heartbeats', 'user'])
    }
    const heard = venue.listen()
    await heard.until(5)
    expect(heard.texts()).toEqual(['down', 'down', 'error keyRefused', 'down', 'ready'])
  })

  it('passes on that there were too many messages', async () => {
    const { venue, heard } = await connected()
    venue.text('{"type":"error","message":"rate limit exceeded"}')
    await heard.until(2)
    expect(heard.texts()[1]).toBe('rateLimited')
  })

  it('comes before the answer to the order, by the name it was sent with [fault 26]', async () => {
    const { venue, heard } = await connected()
    venue.on('POST /orders', () => {
      venue.user([userRow({ cumulative_quantity: '0.5' })])
      return taken()
    })
    const [result] = await Promise.all([venue.exchange.submit(requestOf(), never), heard.until(2)])
    expect(result).toEqual({ outcome: 'accepted', venueOrderId: 'v1' })
    expect(heard.texts()[1]).toBe('c1 partiallyFilled 0.5')
  })

  it('is one connection for all who listen, and none after the exchange is closed', async () => {
    const { venue, heard } = await connected()
    const second = venue.listen()
    venue.user([userRow()])
    await heard.until(2)
    expect([venue.sockets.length, second.texts()]).toEqual([1, ['c1 open 0']])
    await venue.exchange.close()
    let completed = false
    venue.exchange.events().subscribe({ complete: () => (completed = true) })
    expect(completed).toBe(true)
  })
})
