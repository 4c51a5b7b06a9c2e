import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock, EpochMs, LinkEvent, OrderEvent, OrderRequest } from '@millrace/core'
import { money, systemClock } from '@millrace/core'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import { coinbase } from '../coinbase.ts'
import type { CoinbaseOptions, CoinbaseUrls } from '../coinbase.ts'
import type { CoinbaseExchange } from '../coinbase-exchange.ts'
import { productRow } from '../market/public-venue.fixture.ts'

/** A request as the venue got it. */
export interface Seen {
  readonly route: string
  readonly query: URLSearchParams
  readonly body: unknown
  readonly authorization: string
}

/** An answer, or what happens instead of one. */
export type Reply =
  | { readonly status?: number; readonly json?: unknown; readonly text?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'hang'
  | 'half'
type Script = Reply | ((request: Seen) => Reply)

/** A venue whose every answer a test writes: for what one endpoint says, where the simulator would need a whole market. */
export interface ScriptedVenue {
  readonly exchange: CoinbaseExchange
  readonly urls: Required<CoinbaseUrls>
  readonly seen: Seen[]
  readonly sockets: readonly WebSocket[]
  /** What is answered on a route, one after the other; the last one stays. */
  on(route: string, ...scripts: readonly Script[]): void
  /** Requests of a route so far. */
  count(route: string): number
  /** News of the exchange, once somebody listens. */
  listen(): Heard
  /** Sends on the user channel to all who are connected. */
  user(orders: readonly unknown[], options?: { readonly sequence?: number; readonly type?: string }): void
  text(text: string): void
  /** How a socket is met: it acknowledges by default. */
  meet: (socket: WebSocket, asks: readonly { readonly channel: string; readonly jwt?: string }[]) => void
  /** Told of each connection and its path. */
  onConnect: (socket: WebSocket, path: string) => void
  acknowledge(socket: WebSocket, channels: readonly string[]): void
  /** Nobody is at the port any more. */
  stopListening(): Promise<unknown>
  close(): Promise<void>
}

export interface Heard {
  readonly events: (OrderEvent | LinkEvent)[]
  readonly texts: () => readonly string[]
  until(count: number): Promise<void>
  stop(): void
}

const PREFIX = '/api/v3/brokerage'

/** A key of these tests; the secret is looked for in everything that is said. */
export const SENTINEL = Buffer.from('this is the secret, all 32 bytes').toString('base64')
const credentials = { keyName: 'organizations/0b2e9f7a/apiKeys/sentinel-key-name', secret: SENTINEL }

export const btc = productRow('BTC-USD')

/** A venue that says what a test has written down for it; it closes when the test is over. */
export async function scriptedVenue(options: Omit<CoinbaseOptions, 'baseUrls'> = {}): Promise<ScriptedVenue> {
  const scripts = new Map<string, Script[]>()
  const sequences = new Map<WebSocket, number>()
  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ server })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const url = new URL(request.url!, 'http://venue')
    const route = `${request.method} ${url.pathname.slice(PREFIX.length)}`
    const seen = {
      route,
      query: url.searchParams,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      authorization: request.headers.authorization ?? '',
    }
    venue.seen.push(seen)
    const list = scripts.get(route)
    const script =
      list === undefined ? { status: 404, json: { error: 'NOT_FOUND', message: `no script for ${route}` } } : list.length > 1 ? list.shift()! : list[0]!
    reply(response, typeof script === 'function' ? script(seen) : script)
  }

  function send(socket: WebSocket, channel: string, events: readonly unknown[], sequence = sequences.get(socket) ?? 0): void {
    sequences.set(socket, sequence + 1)
    socket.send(JSON.stringify({ channel, timestamp: '2026-01-02T03:04:05.678901234Z', sequence_num: sequence, events }))
  }

  sockets.on('connection', (socket, request) => {
    venue.onConnect(socket, request.url!)
    const asks: { channel: string; jwt?: string }[] = []
    socket.on('message', (data) => {
      asks.push(JSON.parse((data as Buffer).toString()) as { channel: string })
      venue.meet(socket, asks)
    })
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const address = `127.0.0.1:${port}`
  const urls = { rest: `http://${address}`, userSocket: `ws://${address}/user`, marketSocket: `ws://${address}/market` }
  const { exchange } = coinbase({
    clock: hastyClock(),
    random: () => 0,
    silenceMs: 80_000,
    timeoutMs: 50_000,
    privateBudget: { capacity: 1_000, perSecond: 1_000 },
    visibleAfterMs: 0,
    baseUrls: urls,
    ...options,
    credentials,
  })
  const listeners: Heard[] = []
  const venue: ScriptedVenue = {
    exchange,
    urls,
    seen: [],
    get sockets() {
      return [...sockets.clients]
    },
    on: (route, ...list) => void scripts.set(route, [...list]),
    count: (route) => venue.seen.filter((each) => each.route === route).length,
    listen() {
      const heard = listenTo(exchange)
      listeners.push(heard)
      return heard
    },
    user(orders, { sequence, type = 'update' } = {}) {
      for (const socket of sockets.clients) send(socket, 'user', [{ type, orders }], sequence)
    },
    text(text) {
      for (const socket of sockets.clients) socket.send(text)
    },
    meet: (socket, asks) =>
      venue.acknowledge(
        socket,
        asks.map(({ channel }) => channel),
      ),
    acknowledge: (socket, channels) => send(socket, 'subscriptions', [{ subscriptions: Object.fromEntries(channels.map((channel) => [channel, ['x']])) }]),
    onConnect: () => undefined,
    stopListening() {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
    async close() {
      for (const heard of listeners) heard.stop()
      await exchange.close()
      await venue.stopListening()
    },
  }
  onTestFinished(() => venue.close())
  venue.on('GET /time', () => ({ json: { epochMillis: String(Date.now()) } }))
  venue.on('GET /products', { json: { products: [btc] } })
  venue.on('GET /orders/historical/batch', { json: { orders: [], has_next: false, cursor: '' } })
  venue.on('GET /transaction_summary', { json: { fee_tier: { maker_fee_rate: '0.005', taker_fee_rate: '0.009' } } })
  return venue
}

/** The real time, but timers ring after a tenth of theirs. */
function hastyClock(): Clock {
  const clock = systemClock()
  return { nowMs: () => clock.nowMs(), at: (atMs) => clock.at((clock.nowMs() + (atMs - clock.nowMs()) / 10) as EpochMs) }
}

function reply(response: ServerResponse, script: Reply): void {
  if (script === 'hang') return
  if (script === 'reset') return void response.socket?.resetAndDestroy()
  if (script === 'half') {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"success": tr')
    return void setTimeout(() => response.socket?.destroy(), 5)
  }
  response.writeHead(script.status ?? 200, script.headers)
  response.end(script.text ?? JSON.stringify(script.json))
}

function listenTo(exchange: CoinbaseExchange): Heard {
  const events: (OrderEvent | LinkEvent)[] = []
  let wake = (): void => undefined
  const subscription = exchange.events().subscribe((event) => {
    events.push(event)
    wake()
  })
  return {
    events,
    texts: () => events.map((event) => textOf(event)),
    async until(count) {
      while (events.length < count) await new Promise<void>((resolve) => (wake = resolve))
    },
    stop: () => subscription.unsubscribe(),
  }
}

function textOf(event: OrderEvent | LinkEvent): string {
  if (event.type === 'report') return `${event.report.ref.clientOrderId} ${event.report.state} ${event.report.filledQuantity.toFixed()}`
  if (event.type === 'fill') return `fill ${event.fill.fillId}`
  return 'code' in event && event.code !== undefined ? `${event.type} ${event.code}` : event.type
}

/** A request for tests: a purchase of 25 USD at market unless the changes say otherwise. */
export const requestOf = (changes: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: 'c1',
  botId: 'btc',
  instrument: 'BTC-USD',
  side: 'buy',
  type: 'market',
  size: { quote: money('25') },
  ...changes,
})

/** What the venue answers to an order that it takes. */
export const taken = (orderId = 'v1', changes: object = {}): Reply => ({
  json: { success: true, success_response: { order_id: orderId, product_id: 'BTC-USD', side: 'BUY', client_order_id: 'c1', ...changes } },
})

export const refusedWith = (error_response: object, rest: object = {}): Reply => ({ json: { success: false, error_response, ...rest } })

/** An order as the venue lists it. */
export const orderRow = (changes: object = {}): object => ({
  order_id: 'v1',
  client_order_id: 'c1',
  product_id: 'BTC-USD',
  side: 'BUY',
  status: 'OPEN',
  filled_size: '0',
  average_filled_price: '0',
  total_fees: '0',
  created_time: '2026-01-02T03:04:05Z',
  last_fill_time: null,
  ...changes,
})

/** An order as the user channel tells it. */
export const userRow = (changes: object = {}): object => ({
  order_id: 'v1',
  client_order_id: 'c1',
  product_id: 'BTC-USD',
  order_side: 'BUY',
  status: 'OPEN',
  cumulative_quantity: '0',
  leaves_quantity: '0.01',
  avg_price: '0',
  total_fees: '0',
  ...changes,
})

/** Rows of the order list by status; the history, asked for without one, has all of them. */
export const listed =
  (rows: readonly { readonly status?: string }[]): Script =>
  ({ query }) => {
    const status = query.get('order_status')
    return { json: { orders: status === null ? rows : rows.filter((row) => row.status === status), has_next: false, cursor: '' } }
  }

export const never = new AbortController().signal
