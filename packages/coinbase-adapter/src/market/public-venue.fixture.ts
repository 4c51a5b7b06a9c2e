import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

/** The public half of a venue, as small as the tests of the market source need it: what it answers is set by the test. */
export interface PublicVenue {
  readonly baseUrl: string
  readonly socketUrl: string
  /** Requests in order, path with query. */
  readonly requests: string[]
  /** Headers that a request without a key must not have. */
  readonly authorizations: string[]
  products: unknown[]
  /** Rows by product and granularity, in any order; the venue sends them newest first. */
  readonly candles: Map<string, Record<string, string>[]>
  /** The venue's clock. */
  nowMs: () => number
  /** Answers that come instead of the next ones. */
  readonly failures: { readonly status: number; readonly body: string }[]
  /** Sends to everyone who subscribed. */
  send(channel: string, events: readonly unknown[]): void
  /** Cuts every connection. */
  cut(): void
  readonly connections: number
  close(): Promise<void>
}

const PREFIX = '/api/v3/brokerage'

/** A pair as the venue lists it. */
export const productRow = (id: string, changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  product_id: id,
  base_currency_id: id.split('-')[0],
  quote_currency_id: id.split('-')[1],
  base_increment: '0.00000001',
  quote_increment: '0.01',
  price_increment: '0.01',
  base_min_size: '0.00000001',
  base_max_size: '3400',
  quote_min_size: '1',
  status: 'online',
  ...changes,
})

export async function publicVenue(): Promise<PublicVenue> {
  const sequences = new Map<WebSocket, number>()
  let connections = 0
  const server = createServer((request, response) => {
    venue.requests.push(request.url!.slice(PREFIX.length))
    if (request.headers.authorization !== undefined) venue.authorizations.push(request.headers.authorization)
    const failure = venue.failures.shift()
    const [status, body] = failure === undefined ? answer(request) : [failure.status, failure.body]
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(body)
  })
  const sockets = new WebSocketServer({ server })

  function push(socket: WebSocket, channel: string, events: readonly unknown[]): void {
    const sequence = sequences.get(socket) ?? 0
    sequences.set(socket, sequence + 1)
    socket.send(JSON.stringify({ channel, timestamp: new Date(venue.nowMs()).toISOString(), sequence_num: sequence, events }))
  }

  sockets.on('connection', (socket) => {
    connections++
    const asked: Record<string, readonly string[]> = {}
    socket.on('message', (data) => {
      const { channel, product_ids, jwt } = JSON.parse((data as Buffer).toString()) as { channel: string; product_ids?: string[]; jwt?: string }
      if (jwt !== undefined) venue.authorizations.push(jwt)
      asked[channel] = product_ids ?? ['heartbeats']
      push(socket, 'subscriptions', [{ subscriptions: asked }])
    })
    socket.on('close', () => sequences.delete(socket))
  })

  function answer(request: IncomingMessage): readonly [number, string] {
    const url = new URL(request.url!, 'http://venue')
    const path = url.pathname.slice(PREFIX.length)
    if (path === '/time') return [200, JSON.stringify({ iso: '', epochSeconds: '0', epochMillis: String(venue.nowMs()) })]
    if (path === '/market/products') return [200, JSON.stringify({ products: venue.products, num_products: venue.products.length })]
    const product = /^\/market\/products\/([A-Z-]+)\/candles$/.exec(path)?.[1]
    if (product === undefined) return [404, JSON.stringify({ error: 'NOT_FOUND', message: 'no such path' })]
    const [start, end] = [Number(url.searchParams.get('start')), Number(url.searchParams.get('end'))]
    const step = { ONE_MINUTE: 60, FIVE_MINUTE: 300 }[url.searchParams.get('granularity')!] ?? Number.NaN
    if ((end - start) / step + 1 > 350)
      return [400, JSON.stringify({ error: 'INVALID_ARGUMENT', error_details: 'number of candles requested should be less than 350' })]
    const rows = venue.candles.get(`${product} ${url.searchParams.get('granularity')}`) ?? []
    // Newest first, and one more than was asked for, as the venue may.
    const wanted = rows.filter((row) => Number(row['start']) >= start && Number(row['start']) <= end + step)
    return [200, JSON.stringify({ candles: wanted.toSorted((a, b) => Number(b['start']) - Number(a['start'])) })]
  }

  const venue: PublicVenue = {
    baseUrl: '',
    socketUrl: '',
    requests: [],
    authorizations: [],
    products: [],
    candles: new Map(),
    nowMs: () => 0,
    failures: [],
    send(channel, events) {
      for (const socket of sockets.clients) push(socket, channel, events)
    },
    cut() {
      for (const socket of sockets.clients) socket.terminate()
    },
    get connections() {
      return connections
    },
    close() {
      venue.cut()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(venue, { baseUrl: `http://127.0.0.1:${port}`, socketUrl: `ws://127.0.0.1:${port}` })
}
