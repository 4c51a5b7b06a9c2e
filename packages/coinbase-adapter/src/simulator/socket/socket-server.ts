import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { WebSocketServer } from 'ws'
import type { RawData } from 'ws'
import { z } from 'zod'
import type { RateLimiter } from '../http/rate-limit.ts'
import type { Service } from '../http/route.ts'
import type { TokenChecker } from '../http/tokens.ts'
import type { TapeTrade } from '../matching/book.ts'
import { countOne } from '../report.ts'
import { complain, say } from './connection.ts'
import type { Connection, SocketHost, Speaker } from './connection.ts'
import { booksOf, lastCandles, marketChannels, sayLevels, sayMarketSnapshot, statusRow, tickerRow, tradeRow } from './market-channels.ts'
import { remember, replay, sayOrder, sayUserSnapshot } from './user-channel.ts'
import type { UserLog } from './user-channel.ts'

/** A client must have subscribed by then. */
const SUBSCRIBE_WITHIN_MS = 5_000

/** What the socket side of the venue needs. */
export interface SocketOptions extends Speaker {
  readonly service: Service
  readonly tokens: TokenChecker
  /** Messages and new connections of one address. */
  readonly messageLimit: RateLimiter
  readonly connectionLimit: RateLimiter
  /** A connection on which nothing was sent for so long is closed. */
  readonly idleMs: number
}

/** Both socket hosts. */
export interface SocketSide {
  readonly servers: Readonly<Record<SocketHost, Server>>
  readonly connections: ReadonlySet<Connection>
  /** To be called at every tick of the venue, after the market moved. */
  tick(): void
  /** Tells the user channel's past again to everybody who listens. */
  replayUser(messages?: number): void
  /** Closes every connection without a word. */
  cut(): void
  /** Whether anybody is let in; who is in is put out when nobody is. */
  admit(open: boolean): void
}

const subscription = z.object({
  type: z.enum(['subscribe', 'unsubscribe']),
  channel: z.string(),
  product_ids: z.array(z.string()).optional(),
  jwt: z.string().optional(),
})

interface Side extends SocketOptions {
  readonly connections: Set<Connection>
  readonly log: UserLog
  open: boolean
  /** Trades since the last batch. */
  trades: TapeTrade[]
}

/** Returns the socket servers of the venue; they do not listen yet. */
export function createSocketSide(options: SocketOptions): SocketSide {
  const side: Side = { ...options, connections: new Set(), log: [], open: true, trades: [] }
  const { venue } = options
  venue.events.subscribe((event) => {
    if (event.type === 'trade') return onTrade(side, event.trade)
    if (event.type === 'product') return toAll(side, 'status', (each) => say(side, each, 'status', [{ type: 'update', products: [statusRow(event.product)] }]))
    remember(side.log, event.order)
    toAll(side, 'user', (connection) => sayOrder(side, connection, event.order))
  })
  const due = { seconds: nextAfter(venue.clock.nowMs(), 1_000), batches: nextAfter(venue.clock.nowMs(), 5_000) }
  return {
    servers: { market: serverFor(side, 'market'), user: serverFor(side, 'user') },
    connections: side.connections,
    tick: () => tick(side, due),
    replayUser: (messages) => toAll(side, 'user', (connection) => replay(side, connection, side.log, messages)),
    cut: () => cut(side),
    admit(open) {
      side.open = open
      if (!open) cut(side)
    },
  }
}

function cut({ connections }: Side): void {
  for (const { socket } of connections) socket.terminate()
}

const nextAfter = (nowMs: number, stepMs: number): number => (Math.floor(nowMs / stepMs) + 1) * stepMs

function toAll(side: Side, channel: string, tell: (connection: Connection) => void): void {
  for (const connection of side.connections) if (connection.channels.has(channel)) tell(connection)
}

function onTrade(side: Side, trade: TapeTrade): void {
  side.trades.push(trade)
  const book = side.venue.books.get(trade.product)!
  toAll(side, 'ticker', (connection) => {
    if (connection.channels.get('ticker')!.has(trade.product))
      say(side, connection, 'ticker', [{ type: 'update', tickers: [tickerRow(side.venue, book, true)] }])
  })
}

function serverFor(side: Side, host: SocketHost): Server {
  const server = createServer((_, response) => response.writeHead(426).end())
  server.on('connection', () => side.counters.arrivals++)
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 1_000_000, verifyClient: (_, done) => done(side.open, 503) })
  // The HTTP server's own errors, told again; who made it listen has heard them.
  sockets.on('error', () => undefined)
  sockets.on('connection', (socket, request) => {
    const nowMs = side.venue.clock.nowMs()
    const connection: Connection = {
      ...{ socket, host, address: request.socket.remoteAddress ?? '', openedMs: nowMs, channels: new Map(), key: undefined, sequence: 0 },
      ...{ heartbeats: 0, lastSentMs: nowMs, voice: 'all', held: undefined, told: new Map() },
    }
    side.counters.connections.opened++
    side.connections.add(connection)
    socket.on('close', () => {
      side.counters.connections.closed++
      side.connections.delete(connection)
    })
    // A line that breaks is closed; there is nothing else to do about it.
    socket.on('error', () => socket.terminate())
    if (!side.connectionLimit.take(connection.address, nowMs).allowed) {
      complain(side, connection, 'rate limit exceeded')
      return socket.close()
    }
    // One message after the other: verifying a token takes a while, and the next must not overtake.
    let queue = Promise.resolve()
    socket.on('message', (data) => {
      side.counters.arrivals++
      queue = queue.then(() => hear(side, connection, data)).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)))
    })
    side.venue.later(nowMs + SUBSCRIBE_WITHIN_MS, () => {
      if (connection.channels.size > 0 || !side.connections.has(connection)) return
      side.counters.connections.closedForNoSubscription++
      socket.close()
    })
  })
  return server
}

async function hear(side: Side, connection: Connection, data: RawData): Promise<void> {
  const { venue } = side
  const parsed = subscription.safeParse(jsonOf(data))
  if (!parsed.success) return complain(side, connection, 'failure to parse message')
  const { type, channel, jwt } = parsed.data
  if (jwt === undefined && !side.messageLimit.take(connection.address, venue.clock.nowMs()).allowed) return complain(side, connection, 'rate limit exceeded')
  const isPrivate = channel === 'user' || channel === 'futures_balance_summary'
  if (!isPrivate && channel !== 'heartbeats' && (!marketChannels.has(channel) || connection.host === 'user'))
    return complain(side, connection, 'channel not supported')
  if (isPrivate || jwt !== undefined) {
    const verdict = await side.tokens.check(jwt, venue.clock.nowMs() + side.service.offsetMs, undefined)
    if ('refused' in verdict) {
      countOne(side.counters.refusedTokens, verdict.refused)
      return complain(side, connection, 'authentication failure')
    }
    connection.key = verdict.key
  }
  if (type === 'unsubscribe') unsubscribe(side, connection, parsed.data)
  else subscribe(side, connection, parsed.data)
}

type Asked = z.output<typeof subscription>

function subscribe(side: Side, connection: Connection, { channel, product_ids = [] }: Asked): void {
  const { venue } = side
  const refused = venue.faults.draw(['subscribeRefused'], `${connection.host} ${channel}`)
  if (refused) {
    venue.faults.count('subscribeRefused')
    return complain(side, connection, 'failure to subscribe')
  }
  const needsProducts = marketChannels.has(channel) && channel !== 'status'
  const unknown = product_ids.find((id) => !venue.products.get(id)?.listed)
  if (unknown !== undefined || (needsProducts && product_ids.length === 0))
    return complain(side, connection, `failure to subscribe: unknown product ${unknown ?? ''}`)
  // Books have one name: who asks for the twin in dollar coins hears of the one in dollars.
  const ids = channel === 'user' ? product_ids : product_ids.map((id) => venue.products.get(id)!.book)
  // What waits for the next batch is in the snapshot of who comes now, and must not come to him again.
  sayTrades(side)
  const known = connection.channels.get(channel) ?? new Set()
  connection.channels.set(channel, new Set([...known, ...ids]))
  acknowledge(side, connection)
  if (channel === 'user') {
    sayUserSnapshot(side, connection)
    const again = venue.faults.draw(['userReplay'], connection.host)
    if (!again || side.log.length === 0) return
    venue.faults.count('userReplay')
    return replay(side, connection, side.log)
  }
  if (marketChannels.has(channel)) {
    const books = [...new Set(ids)].map((id) => venue.books.get(id)!)
    sayMarketSnapshot(side, connection, channel, books)
  }
}

function unsubscribe(side: Side, connection: Connection, { channel, product_ids = [] }: Asked): void {
  const known = connection.channels.get(channel)
  const rest =
    product_ids.length === 0 ? [] : [...(known ?? [])].filter((id) => !product_ids.some((each) => side.venue.products.get(each)?.book === id || each === id))
  if (rest.length === 0) connection.channels.delete(channel)
  else connection.channels.set(channel, new Set(rest))
  acknowledge(side, connection)
}

/** The whole set, under the names that the channels are asked for by. */
function acknowledge(side: Side, connection: Connection): void {
  const ids = (channel: string, products: ReadonlySet<string>): string[] => {
    if (channel === 'heartbeats') return ['heartbeats']
    return channel === 'user' && products.size === 0 ? [side.service.userId] : [...products]
  }
  say(side, connection, 'subscriptions', [
    { subscriptions: Object.fromEntries([...connection.channels].map(([name, products]) => [name, ids(name, products)])) },
  ])
}

function tick(side: Side, due: { seconds: number; batches: number }): void {
  const nowMs = side.venue.clock.nowMs()
  sayTrades(side)
  for (const connection of side.connections) {
    for (const book of booksOf(side.venue, connection, 'level2')) sayLevels(side, connection, book, 'update')
    if (nowMs >= due.seconds) everySecond(side, connection)
    if (nowMs >= due.batches) {
      const tickers = booksOf(side.venue, connection, 'ticker_batch').map((book) => tickerRow(side.venue, book, false))
      if (tickers.length > 0) say(side, connection, 'ticker_batch', [{ type: 'update', tickers }])
    }
    // Who fell silent by a fault does not even say goodbye.
    if (connection.voice !== 'all' || nowMs - connection.lastSentMs < side.idleMs) continue
    side.counters.connections.closedForIdleness++
    connection.socket.close()
    side.connections.delete(connection)
  }
  if (nowMs >= due.seconds) due.seconds = nextAfter(nowMs, 1_000)
  if (nowMs >= due.batches) due.batches = nextAfter(nowMs, 5_000)
}

/** The trades since the last batch, to everybody who asked for them. */
function sayTrades(side: Side): void {
  const trades = side.trades
  side.trades = []
  toAll(side, 'market_trades', (connection) => {
    const own = trades.filter(({ product }) => connection.channels.get('market_trades')!.has(product))
    if (own.length > 0) say(side, connection, 'market_trades', [{ type: 'update', trades: own.toReversed().map(tradeRow) }])
  })
}

function everySecond(side: Side, connection: Connection): void {
  if (connection.channels.has('heartbeats')) {
    const time = new Date(side.venue.clock.nowMs()).toISOString()
    const current_time = `${time.slice(0, 10)} ${time.slice(11, -1)}000000 +0000 UTC m=+${(side.venue.clock.nowMs() - connection.openedMs) / 1000}`
    say(side, connection, 'heartbeats', [{ current_time, heartbeat_counter: side.oldDialect ? String(connection.heartbeats++) : connection.heartbeats++ }])
  }
  const candles = booksOf(side.venue, connection, 'candles').flatMap((book) => lastCandles(side.venue, book, 1))
  if (candles.length > 0) say(side, connection, 'candles', [{ type: 'update', candles }])
}

function jsonOf(data: RawData): unknown {
  try {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data)
    return JSON.parse(bytes.toString('utf8')) as unknown
  } catch {
    // Complained of by the caller.
    return undefined
  }
}
