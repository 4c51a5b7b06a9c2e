import { simulatedClock } from '@millrace/core/testing'
import type { SimulatedClock } from '@millrace/core/testing'
import { WebSocket } from 'ws'
import { createSigner } from '../auth/signer.ts'
import type { Signer } from '../auth/signer.ts'
import { startVenueSimulator } from './start-venue-simulator.ts'
import type { VenueSimulator } from './start-venue-simulator.ts'
import type { VenueOptions } from './options.ts'
import type { KeySetup } from './http/keys.ts'

export const START_MS = Date.UTC(2026, 10, 21, 12)
const PREFIX = '/api/v3/brokerage'

/** What stands at a path such as `orders.0.status`; undefined where nothing does. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce((each, name) => (typeof each === 'object' && each !== null ? (each as Record<string, unknown>)[name] : undefined), value)
}

export const textAt = (value: unknown, path: string): string => String(at(value, path))

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path)
  if (!Array.isArray(found)) throw new Error(`expected a list at ${path} in ${JSON.stringify(value)}`)
  return found
}

export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly body: unknown
}

interface Frame {
  readonly channel?: string
  readonly sequence_num?: number
  readonly events?: readonly unknown[]
  readonly type?: string
  readonly message?: string
}

/** A venue on a clock that stands still, and a client that knows how to sign and little else. */
export interface VenueForTests {
  readonly venue: VenueSimulator
  readonly clock: SimulatedClock
  readonly signer: Signer
  get(path: string, query?: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Reply>
  /** Creates an order; the answer's body. */
  order(id: string, product: string, side: string, configuration: unknown): Promise<Reply>
  /** Moves the clock in steps and lets everything arrive. */
  pass(ms: number, stepMs?: number): Promise<void>
  listen(host: 'market' | 'user', ...channels: readonly { readonly channel: string; readonly product_ids?: readonly string[] }[]): Promise<Listener>
}

export interface Listener {
  readonly frames: Frame[]
  readonly socket: WebSocket
  readonly closed: boolean
  of(channel: string): Frame[]
  say(message: unknown): void
}

const opened: { close(): Promise<void> }[] = []

/** For `afterEach`. */
export async function closeVenues(): Promise<void> {
  await Promise.all(opened.splice(0).map((venue) => venue.close()))
}

export async function venueForTests(options: Partial<VenueOptions> = {}, permissions: Omit<KeySetup, 'name' | 'publicKey'> = {}): Promise<VenueForTests> {
  const clock = simulatedClock(START_MS)
  const venue = await startVenueSimulator({ seed: 7, clock, market: { kind: 'still' }, lag: { fillsMs: 0 }, ...options })
  opened.push(venue)
  const { keyName, secret } = venue.generateKey('EdDSA', permissions)
  let nonces = 0
  const signer = createSigner({ keyName, secret, nonce: () => String(nonces++).padStart(64, '0') })
  const host = new URL(venue.restUrl).host
  const send = async (method: 'GET' | 'POST', path: string, query: string, headers: Record<string, string>, body?: string): Promise<Reply> => {
    const token = await signer.rest(method, host, PREFIX + path, clock.nowMs())
    const answer = await fetch(`${venue.restUrl}${PREFIX}${path}${query}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    })
    const text = await answer.text()
    return { status: answer.status, text, headers: answer.headers, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text }
  }
  const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
    send('POST', path, '', { 'content-type': 'application/json', ...headers }, typeof body === 'string' ? body : JSON.stringify(body))
  return {
    ...{ venue, clock, signer, post },
    get: (path, query = '', headers = {}) => send('GET', path, query, headers),
    order: (id, product, side, configuration) => post('/orders', { client_order_id: id, product_id: product, side, order_configuration: configuration }),
    async pass(ms, stepMs = 250) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left))
        await venue.settled()
      }
      await venue.settled()
    },
    listen: (which, ...channels) => listener(which === 'market' ? venue.socketUrl : venue.userSocketUrl, { venue, signer, clock }, channels),
  }
}

async function listener(
  url: string,
  { venue, signer, clock }: Pick<VenueForTests, 'venue' | 'signer' | 'clock'>,
  channels: readonly { readonly channel: string; readonly product_ids?: readonly string[] }[],
): Promise<Listener> {
  const socket = new WebSocket(url)
  const frames: Frame[] = []
  let closed = false
  socket.on('message', (data) => {
    const text = (data as Buffer).toString()
    frames.push(isWhole(text) ? (JSON.parse(text) as Frame) : { type: 'unreadable' })
  })
  socket.on('close', () => (closed = true))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  for (const channel of channels) {
    socket.send(JSON.stringify({ type: 'subscribe', ...channel, ...(channel.channel === 'user' ? { jwt: await signer.socket(clock.nowMs()) } : {}) }))
    await arrived(() => frames.some((frame) => frame.type === 'error' || acknowledges(frame, channel.channel)))
  }
  await venue.settled()
  return {
    ...{ frames, socket },
    get closed() {
      return closed
    },
    of: (channel) => frames.filter((frame) => frame.channel === channel),
    say: (message) => socket.send(JSON.stringify(message)),
  }
}

const acknowledges = (frame: Frame, channel: string): boolean => at(frame, `events.0.subscriptions.${channel}`) !== undefined

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Waits for what comes over a real socket; the test's own limit ends a wait for what never comes. */
export async function arrived(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
