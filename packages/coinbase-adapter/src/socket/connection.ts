import type { Clock } from '@millrace/core'
import { Observable } from 'rxjs'
import type { Subscriber, Subscription } from 'rxjs'
import { WebSocket } from 'ws'
import type { Signer } from '../auth/signer.ts'
import { sameBook } from '../orders/instrument-names.ts'
import { createBackoff } from './backoff.ts'
import { parseFrame } from './frame.ts'
import { createSequenceTracker } from './sequence.ts'

/** A channel and its products; heartbeats come with every connection by themselves. */
interface Channel {
  /** The name it is asked for by. */
  readonly name: string
  readonly products?: readonly string[]
}

/** What a connection says. `ready` follows the acknowledgement of every subscription; after `down` it comes back by itself. */
export type ConnectionEvent =
  | { readonly type: 'message'; readonly channel: string; readonly timestamp: string | undefined; readonly events: readonly unknown[] }
  | { readonly type: 'ready' }
  /** Messages are missing: what was built on them must be made anew. A `down` and a new `ready` follow. */
  | { readonly type: 'gap'; readonly detail: string }
  /** `refusal`: what the venue said when it refused a subscription or the connection. */
  | { readonly type: 'down'; readonly detail: string; readonly refusal?: string }
  /** One message could not be read and was dropped. */
  | { readonly type: 'unreadable'; readonly detail: string }

export interface ConnectionOptions {
  /** In order of preference: after a failure the next one is tried. */
  readonly urls: readonly [string, ...string[]]
  readonly channels: readonly Channel[]
  readonly clock: Clock
  /** 0 <= r < 1, for the pauses between tries. */
  readonly random: () => number
  /** Signs each subscription anew; not needed for market data. */
  readonly signer?: Signer
  readonly offsetMs?: () => number
  /** Silence after which a connection counts as dead; heartbeats come every second. */
  readonly silenceMs?: number
  /** Longest time from the first try to the acknowledgement of every subscription. */
  readonly readyMs?: number
  /** Told of every text frame, before anything is made of it. */
  readonly onFrame?: (text: string) => void
}

/** A level-2 snapshot of BTC-USD alone has 4.6 MB; the usual limits of clients fail on it in silence. */
const MAX_PAYLOAD = 64 * 1024 * 1024
const HEARTBEATS: Channel = { name: 'heartbeats' }

/**
 * Returns the events of one connection that renews itself until it is unsubscribed. It never errors: failures are `down` events, and the next try comes
 * after a random pause of 250 ms to 30 s.
 */
export function connection(options: ConnectionOptions): Observable<ConnectionEvent> {
  return new Observable((subscriber) => {
    const backoff = createBackoff({ firstMs: 500, longestMs: 30_000, random: options.random })
    let url = 0
    let pause: Subscription | undefined
    let close = (): void => undefined
    let ended = false
    const open = (): void => {
      close = attempt(options, options.urls[url % options.urls.length]!, subscriber, {
        ready: () => backoff.reset(),
        ended: (detail, refusal) => {
          if (ended) return
          url++
          subscriber.next({ type: 'down', detail, ...(refusal !== undefined && { refusal }) })
          if (ended) return
          pause = options.clock.at((options.clock.nowMs() + backoff.next()) as ReturnType<Clock['nowMs']>).subscribe(open)
        },
      })
    }
    open()
    return () => {
      ended = true
      pause?.unsubscribe()
      close()
    }
  })
}

interface Outcome {
  ready(): void
  ended(detail: string, refusal: string | undefined): void
}

/** One life of a socket, from opening to its end, of which it tells once. Returns what closes it. */
function attempt(options: ConnectionOptions, url: string, subscriber: Subscriber<ConnectionEvent>, outcome: Outcome): () => void {
  const { clock, silenceMs = 5_000, readyMs = 10_000 } = options
  const channels = [HEARTBEATS, ...options.channels]
  const socket = new WebSocket(url, { maxPayload: MAX_PAYLOAD, perMessageDeflate: false, followRedirects: false })
  const sequence = createSequenceTracker()
  let over = false
  let ready = false
  let timer: Subscription | undefined

  const end = (detail: string, refusal?: string): void => {
    if (over) return
    over = true
    timer?.unsubscribe()
    // Not `close`: a half-open connection would keep us waiting for an answer that never comes.
    socket.terminate()
    outcome.ended(detail, refusal)
  }
  const expectWithin = (ms: number, detail: string): void => {
    timer?.unsubscribe()
    timer = clock.at((clock.nowMs() + ms) as ReturnType<Clock['nowMs']>).subscribe(() => end(detail))
  }
  const heard = (): void => expectWithin(silenceMs, `${url}: silent for ${silenceMs} ms`)
  const acknowledge = (events: readonly unknown[]): void => {
    if (ready || !coversAll(events, channels)) return
    ready = true
    heard()
    outcome.ready()
    subscriber.next({ type: 'ready' })
  }
  const take = (text: string): void => {
    options.onFrame?.(text)
    const frame = parseFrame(text)
    if (ready) heard()
    if (frame.type === 'error') return end(`${url}: the venue says ${JSON.stringify(frame.message)}`, frame.message)
    if (frame.type === 'unreadable') return subscriber.next(frame)
    const order = frame.sequence === undefined ? 'ok' : sequence.take(frame.sequence)
    if (order === 'duplicate') return
    if (order === 'gap') {
      subscriber.next({ type: 'gap', detail: `${url}: messages are missing before number ${frame.sequence}` })
      return end(`${url}: messages were lost`)
    }
    if (frame.channel === 'subscriptions') acknowledge(frame.events)
    else if (frame.channel !== 'heartbeats') subscriber.next({ type: 'message', channel: frame.channel, timestamp: frame.timestamp, events: frame.events })
  }

  expectWithin(readyMs, `${url}: not every subscription was acknowledged within ${readyMs} ms`)
  socket.on('open', () => void subscribeAll(socket, channels, options).catch((error: unknown) => end(`${url}: ${messageOf(error)}`)))
  socket.on('message', (data) => {
    if (!over) take(textOf(data))
  })
  socket.on('error', (error) => end(`${url}: ${messageOf(error)}`))
  socket.on('close', (code) => end(`${url}: closed by the other side (${code})`))
  return () => {
    over = true
    timer?.unsubscribe()
    socket.terminate()
  }
}

/** One channel a message, each with a token of its own. */
async function subscribeAll(socket: WebSocket, channels: readonly Channel[], { signer, clock, offsetMs = () => 0 }: ConnectionOptions): Promise<void> {
  for (const { name, products } of channels) {
    const jwt = await signer?.socket(clock.nowMs() + offsetMs())
    if (socket.readyState !== WebSocket.OPEN) return
    socket.send(
      JSON.stringify({ type: 'subscribe', channel: name, ...(products === undefined ? {} : { product_ids: products }), ...(jwt === undefined ? {} : { jwt }) }),
    )
  }
}

/** True when the full set of an acknowledgement has every channel with every product. */
function coversAll(events: readonly unknown[], channels: readonly Channel[]): boolean {
  const [event] = events as readonly ({ readonly subscriptions?: Readonly<Record<string, unknown>> } | null)[]
  const set = event?.subscriptions
  if (typeof set !== 'object' || set === null) return false
  return channels.every(({ name, products }) => {
    const acknowledged = set[name]
    // What is listed for channels without products is not known for certain: that they are there must do.
    if (products === undefined) return acknowledged !== undefined
    return Array.isArray(acknowledged) && products.every((product) => acknowledged.some((one) => sameBook(String(one), product)))
  })
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8')
}
