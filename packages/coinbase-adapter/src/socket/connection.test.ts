import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@millrace/core'
import { decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { createSigner } from '../auth/signer.ts'
import { createBackoff } from './backoff.ts'
import { connection } from './connection.ts'
import type { ConnectionEvent, ConnectionOptions } from './connection.ts'
import { parseFrame } from './frame.ts'
import { createSequenceTracker } from './sequence.ts'

interface Ask {
  readonly type: string
  readonly channel: string
  readonly product_ids?: readonly string[]
  readonly jwt?: string
}

/** One connection as a venue sees it. */
interface Peer {
  readonly socket: WebSocket
  readonly asks: Ask[]
  /** Sends a message with the next number, or another one. */
  send(channel: string, events: readonly unknown[], sequence?: number): void
  /** Acknowledges everything that was asked for so far. */
  acknowledge(): void
}

const closers: (() => void | Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A venue on a port of its own; `meet` is told of each connection and each request on it. */
async function venue(meet: (peer: Peer, count: number) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  let count = 0
  server.on('connection', (socket) => {
    const number = ++count
    let next = 0
    const peer: Peer = {
      socket,
      asks: [],
      send(channel, events, sequence = next) {
        next = sequence + 1
        socket.send(JSON.stringify({ channel, timestamp: '2026-01-02T03:04:05.678901Z', sequence_num: sequence, events }))
      },
      acknowledge() {
        const subscriptions = Object.fromEntries(peer.asks.map(({ channel, product_ids }) => [channel, product_ids ?? ['heartbeats']]))
        peer.send('subscriptions', [{ subscriptions }])
      },
    }
    socket.on('message', (data) => {
      peer.asks.push(JSON.parse((data as Buffer).toString()) as Ask)
      meet(peer, number)
    })
  })
  await new Promise((resolve) => server.once('listening', resolve))
  closers.push(() => {
    for (const client of server.clients) client.terminate()
    return new Promise((resolve) => server.close(resolve))
  })
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Watched {
  readonly events: ConnectionEvent[]
  readonly kinds: () => readonly string[]
  until(count: number): Promise<void>
}

function watch(urls: ConnectionOptions['urls'], changes: Partial<ConnectionOptions> = {}): Watched {
  const events: ConnectionEvent[] = []
  let wake = (): void => undefined
  const channels = [{ name: 'market_trades', products: ['BTC-USD', 'ETH-USD'] }]
  const subscription = connection({ urls, channels, clock: systemClock(), random: () => 0, silenceMs: 8_000, readyMs: 8_000, ...changes }).subscribe(
    (event) => {
      events.push(event)
      wake()
    },
  )
  closers.unshift(() => subscription.unsubscribe())
  return {
    events,
    kinds: () => events.map((event) => event.type),
    async until(count) {
      while (events.length < count) await new Promise<void>((resolve) => (wake = resolve))
    },
  }
}

const allAsked = ({ asks }: Peer): boolean => asks.length === 2

describe('a connection', () => {
  it('asks for heartbeats first, one channel a message, and is ready once every subscription is acknowledged [fault 29] [INC-41]', async () => {
    const peers: Peer[] = []
    const url = await venue((peer) => {
      peers.push(peer)
      if (peer.asks.length === 1) peer.acknowledge()
      if (!allAsked(peer)) return
      peer.acknowledge()
      peer.send('market_trades', [{ type: 'update', trades: [] }])
    })
    const { events, until, kinds } = watch([url])
    await until(2)
    expect(peers[0]!.asks).toEqual([
      { type: 'subscribe', channel: 'heartbeats' },
      { type: 'subscribe', channel: 'market_trades', product_ids: ['BTC-USD', 'ETH-USD'] },
    ])
    expect(kinds()).toEqual(['ready', 'message'])
    expect(events[1]).toEqual({
      type: 'message',
      channel: 'market_trades',
      timestamp: '2026-01-02T03:04:05.678901Z',
      events: [{ type: 'update', trades: [] }],
    })
  })

  it('signs each subscription with a token of its own', async () => {
    const secret = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    let nonce = 0
    const signer = createSigner({ keyName: 'k', secret, nonce: () => String(++nonce) })
    const asks: Ask[] = []
    const url = await venue((peer) => {
      asks.push(peer.asks.at(-1)!)
      if (allAsked(peer)) peer.acknowledge()
    })
    await watch([url], { signer }).until(1)
    expect(asks.map(({ jwt }) => decodeProtectedHeader(jwt!)['nonce'])).toEqual(['1', '2'])
  })

  it('takes the USD name of a book for the USDC one', async () => {
    const url = await venue((peer) => {
      if (allAsked(peer)) peer.send('subscriptions', [{ subscriptions: { heartbeats: [], ticker: ['BTC-USD'] } }])
    })
    const { until, kinds } = watch([url], { channels: [{ name: 'ticker', products: ['BTC-USDC'] }] })
    await until(1)
    expect(kinds()).toEqual(['ready'])
  })

  it('is not ready while one subscription is missing, and tries again [fault 29]', async () => {
    const url = await venue((peer, count) => {
      if (!allAsked(peer)) return
      if (count === 1) peer.send('subscriptions', [{ subscriptions: { heartbeats: [], market_trades: ['BTC-USD'] } }])
      else peer.acknowledge()
    })
    const { events, until, kinds } = watch([url], { readyMs: 300 })
    await until(2)
    expect(kinds()).toEqual(['down', 'ready'])
    expect(events[0]).toMatchObject({ detail: `${url}: not every subscription was acknowledged within 300 ms` })
  })

  it('makes a gap of a number that is missing, and starts anew [fault 24] [pitfall 17]', async () => {
    const url = await venue((peer, count) => {
      if (!allAsked(peer)) return
      peer.acknowledge()
      if (count === 1) peer.send('market_trades', [], 7)
    })
    const { events, until, kinds } = watch([url])
    await until(4)
    expect(kinds()).toEqual(['ready', 'gap', 'down', 'ready'])
    expect(events[1]).toMatchObject({ detail: `${url}: messages are missing before number 7` })
  })

  it('drops what was there before', async () => {
    const url = await venue((peer) => {
      if (!allAsked(peer)) return
      peer.acknowledge()
      peer.send('market_trades', [1], 1)
      peer.send('market_trades', [1], 1)
      peer.send('market_trades', [1], 0)
      peer.send('market_trades', [2], 2)
    })
    const { events, until } = watch([url])
    await until(3)
    expect(events.slice(1).map((event) => event.type === 'message' && event.events)).toEqual([[1], [2]])
  })

  it('takes silence for death, and heartbeats for life [fault 10] [fault 28]', async () => {
    const url = await venue((peer, count) => {
      if (!allAsked(peer)) return
      peer.acknowledge()
      if (count === 2) setInterval(() => peer.send('heartbeats', []), 50).unref()
    })
    const { events, until, kinds } = watch([url], { silenceMs: 800 })
    await until(3)
    expect(events[1]).toMatchObject({ type: 'down', detail: `${url}: silent for 800 ms` })
    await new Promise((resolve) => setTimeout(resolve, 1_600))
    expect(kinds()).toEqual(['ready', 'down', 'ready'])
  })

  it('goes down with what the venue says when it refuses a subscription', async () => {
    const url = await venue((peer, count) => {
      if (count === 1) peer.socket.send('{"type":"error","message":"authentication failure"}')
      else if (allAsked(peer)) peer.acknowledge()
    })
    const { events, until } = watch([url])
    await until(2)
    expect(events[0]).toEqual({ type: 'down', detail: `${url}: the venue says "authentication failure"`, refusal: 'authentication failure' })
    expect(events[1]).toEqual({ type: 'ready' })
  })

  it('goes to the other host when the first is away', async () => {
    const url = await venue((peer) => {
      if (allAsked(peer)) peer.acknowledge()
    })
    const { events, until, kinds } = watch(['ws://127.0.0.1:1', url])
    await until(2)
    expect(kinds()).toEqual(['down', 'ready'])
    expect(events[0]).toMatchObject({ detail: expect.stringContaining('ECONNREFUSED') as string })
  })

  it('loses one message that cannot be read, not the connection [pitfall 19]', async () => {
    const url = await venue((peer) => {
      if (!allAsked(peer)) return
      peer.acknowledge()
      peer.socket.send('{"channel":')
      peer.socket.send('[]')
      peer.send('market_trades', [1])
    })
    const { until, kinds } = watch([url])
    await until(4)
    expect(kinds()).toEqual(['ready', 'unreadable', 'unreadable', 'message'])
  })

  it('takes a snapshot of five megabytes [pitfall 18]', async () => {
    const url = await venue((peer) => {
      if (!allAsked(peer)) return
      peer.acknowledge()
      peer.send('l2_data', ['x'.repeat(5_000_000)])
    })
    const { events, until } = watch([url])
    await until(2)
    expect(events[1]).toMatchObject({ type: 'message', channel: 'l2_data' })
  })

  it('ends with its subscriber, also in the middle of a handshake', async () => {
    const url = await venue(() => undefined)
    const seen: ConnectionEvent[] = []
    for (const waitMs of [0, 20, 80]) {
      const subscription = connection({ urls: [url], channels: [], clock: systemClock(), random: () => 0 }).subscribe((event) => seen.push(event))
      await new Promise((resolve) => setTimeout(resolve, waitMs))
      subscription.unsubscribe()
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(seen).toEqual([])
  })
})

describe('its parts', () => {
  it('backoff doubles up to its bound, stays in the upper half, and starts again after a success [fault 30]', () => {
    let random = 0
    const backoff = createBackoff({ firstMs: 500, longestMs: 30_000, random: () => random })
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
    random = 1 - Number.EPSILON
    expect(backoff.next()).toBe(30_000)
    backoff.reset()
    expect(backoff.next()).toBe(500)
  })

  it('a sequence starts at 0', () => {
    expect(createSequenceTracker().take(0)).toBe('ok')
    const late = createSequenceTracker()
    expect([late.take(1), late.take(2), late.last]).toEqual(['gap', 'ok', 2])
  })

  it('frames without a number or a time are messages, and unknown members are left alone', () => {
    expect(parseFrame('{"channel":"new_thing","client_id":"","events":[{"a":1}]}')).toEqual({
      type: 'message',
      channel: 'new_thing',
      sequence: undefined,
      timestamp: undefined,
      events: [{ a: 1 }],
    })
    for (const text of ['', 'null', '{"channel":1}', '{"channel":"x","sequence_num":-1}']) expect(parseFrame(text).type).toBe('unreadable')
  })
})
