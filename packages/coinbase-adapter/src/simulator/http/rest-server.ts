import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Fault } from '../faults/kinds.ts'
import { countOne } from '../report.ts'
import type { Counters } from '../report.ts'
import { accountRoutes } from './account-routes.ts'
import { HttpProblem, invalid, notFound, tooMany, unauthorized } from './answer.ts'
import type { Answer } from './answer.ts'
import { historyRoutes } from './history-routes.ts'
import type { VenueKey } from './keys.ts'
import { marketRoutes } from './market-routes.ts'
import { orderRoutes } from './order-routes.ts'
import type { RateLimiter, RateState } from './rate-limit.ts'
import { delayOf, earlyAnswer, earlyFaults, lateFaults, legacy, sendHalf, spoiled } from './request-faults.ts'
import { routeFor } from './route.ts'
import type { Route, Service } from './route.ts'
import { sandboxOf } from './sandbox-header.ts'
import type { TokenChecker } from './tokens.ts'

const PREFIX = '/api/v3/brokerage'

/** The host that real clients sign for; a rehearsal may go through a proxy that keeps it. */
const REAL_HOST = 'api.coinbase.com'
const LARGEST_BODY = 1_000_000
/** Answers of public paths are the same for so long, unless the request says no-cache. */
const CACHE_MS = 1_000
const routes: readonly Route[] = [...marketRoutes, ...accountRoutes, ...orderRoutes, ...historyRoutes]

/** What the REST side of the venue needs. */
export interface RestOptions {
  readonly service: Service
  readonly tokens: TokenChecker
  readonly privateLimit: RateLimiter
  readonly publicLimit: RateLimiter
  readonly counters: Counters
}

interface Incoming {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly text: string
  readonly body: unknown
  readonly headers: IncomingMessage['headers']
  readonly address: string
  readonly host: string
}

/** Returns the HTTP server of the venue; it does not listen yet. */
export function createRestServer(options: RestOptions): Server {
  const cache = new Map<string, { readonly atMs: number; readonly answer: Answer }>()
  const server = createServer((request, response) => {
    const { counters } = options
    counters.openRequests++
    counters.arrivals++
    response.on('close', () => counters.openRequests--)
    serve(options, cache, request, response).catch((error: unknown) => {
      // A mistake of the venue itself: the client sees a failure, and whoever runs it sees why.
      process.emitWarning(error instanceof Error ? error : new Error(String(error)))
      if (!response.headersSent) send(options, response, { status: 500, body: { error: 'INTERNAL', message: 'internal server error' } })
    })
  })
  server.on('connection', () => options.counters.arrivals++)
  server.keepAliveTimeout = 60_000
  return server
}

async function serve(
  options: RestOptions,
  cache: Map<string, { readonly atMs: number; readonly answer: Answer }>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const incoming = await read(request)
  if (incoming === undefined) return
  const found = routeFor(routes, incoming.method, incoming.path)
  countOne(options.counters.requests, `${incoming.method} ${found?.route.path ?? 'unknown path'}`)
  noteCreate(options.counters, incoming)
  const faults = options.service.venue.faults
  const named = sandboxFault(incoming)
  if (named !== undefined && 'answer' in named) return send(options, response, named.answer)
  const early = named?.fault && earlyFaults.includes(named.fault.kind) ? named.fault : faults.draw(earlyFaults, subjectOf(incoming))
  if (early !== undefined) {
    faults.count(early.kind)
    const answer = earlyAnswer(early)
    if (answer !== undefined) return send(options, response, answer)
    if (early.kind === 'requestLost') return void request.socket.destroy()
    if (early.kind === 'connectionReset') return void request.socket.resetAndDestroy()
    await waited(options, response, delayOf(early))
  }
  const answer = inDialect(options, await answerOf(options, cache, incoming, found))
  const late = named?.fault && lateFaults.includes(named.fault.kind) ? named.fault : faults.draw(lateFaults, subjectOf(incoming))
  if (late === undefined) return send(options, response, answer)
  return sendSpoiled(options, response, late, answer)
}

function inDialect({ service }: RestOptions, answer: Answer): Answer {
  if (!service.oldDialect || answer.status !== 200 || typeof answer.body !== 'object' || answer.body === null) return answer
  return legacy(answer, answer.body) ?? answer
}

async function sendSpoiled(options: RestOptions, response: ServerResponse, late: Fault, answer: Answer): Promise<void> {
  const { faults } = options.service.venue
  if (late.kind === 'replyLost') {
    faults.count(late.kind)
    return void response.socket?.destroy()
  }
  if (late.kind === 'truncatedBody') {
    faults.count(late.kind)
    return sendHalf(response, answer.status, textOf(answer))
  }
  if (late.kind === 'replyDelayed') {
    faults.count(late.kind)
    await waited(options, response, delayOf(late))
    return send(options, response, answer)
  }
  const instead = spoiled(late, answer)
  if (instead !== undefined) faults.count(late.kind)
  send(options, response, instead ?? answer)
}

/** Chance goes by the client order id where there is one, so that it does not depend on who came first. */
function subjectOf({ method, path, body }: Incoming): string {
  const id = typeof body === 'object' && body !== null && 'client_order_id' in body ? String(body.client_order_id) : ''
  return `${method} ${path} ${id}`.trimEnd()
}

function sandboxFault({ headers, path, body }: Incoming): { readonly answer: Answer } | { readonly fault: Fault; readonly answer?: never } | undefined {
  const value = headers['x-sandbox']
  try {
    const found = sandboxOf(Array.isArray(value) ? value[0] : value, path, body)
    return found && ('answer' in found ? found : { fault: { kind: found.fault, share: 0.5 } })
  } catch (error) {
    if (error instanceof HttpProblem) return { answer: error.answer }
    throw error
  }
}

function waited({ service, counters }: RestOptions, response: ServerResponse, ms: number): Promise<void> {
  const { venue } = service
  // Who has left is not waited for, although what was asked still happens.
  let waits = !response.closed
  const ended = (): void => {
    if (waits) counters.waitingRequests--
    waits = false
  }
  if (waits) counters.waitingRequests++
  response.once('close', ended)
  return new Promise((resolve) =>
    venue.later(venue.clock.nowMs() + ms, () => {
      ended()
      resolve()
    }),
  )
}

async function answerOf(
  options: RestOptions,
  cache: Map<string, { readonly atMs: number; readonly answer: Answer }>,
  incoming: Incoming,
  found: ReturnType<typeof routeFor>,
): Promise<Answer> {
  if (found === undefined) return notFound('no such path').answer
  const { service } = options
  const nowMs = service.venue.clock.nowMs()
  if (found.route.permission === undefined) {
    const state = options.publicLimit.take(incoming.address, nowMs)
    if (!state.allowed) return tooMany
    const key = `${incoming.path}?${incoming.query.toString()}`
    const known = cache.get(key)
    const fresh = incoming.headers['cache-control']?.includes('no-cache') || incoming.path === '/time'
    if (known && !fresh && nowMs - known.atMs < CACHE_MS) return known.answer
    const answer = run(options, incoming, found, undefined)
    if (cache.size > 1_000) cache.clear()
    cache.set(key, { atMs: nowMs, answer })
    return answer
  }
  const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1]
  const uris = [incoming.host, REAL_HOST].map((host) => `${incoming.method} ${host}${PREFIX}${incoming.path}`)
  const verdict = await options.tokens.check(token, nowMs + service.offsetMs, uris)
  if ('refused' in verdict) {
    countOne(options.counters.refusedTokens, verdict.refused)
    return unauthorized
  }
  const state = options.privateLimit.take(verdict.key.name, nowMs)
  const headers = rateHeaders(state)
  if (!state.allowed) return { ...tooMany, headers }
  if (!verdict.key[found.route.permission]) {
    return { status: 403, body: { error: 'PERMISSION_DENIED', error_details: 'Missing required scopes', message: 'Missing required scopes' }, headers }
  }
  return { ...run(options, incoming, found, verdict.key), headers }
}

const rateHeaders = ({ limit, remaining, waitMs }: RateState): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(remaining),
  'x-ratelimit-reset': String(Math.ceil(waitMs / 1000)),
})

function run(
  { service, counters }: RestOptions,
  { query, body, text, method }: Incoming,
  found: NonNullable<ReturnType<typeof routeFor>>,
  key: VenueKey | undefined,
): Answer {
  try {
    if (method === 'POST' && body === undefined) throw invalid(`body: expected JSON, received ${text.length} characters of something else`)
    const before = service.venue.orders.size
    const answer = found.route.answer({ service, query, body, key, id: found.id, portfolio: key?.portfolio ?? service.defaultPortfolio })
    if (service.venue.orders.size > before) counters.createOrders.get(clientIdOf(body))!.booked++
    return answer
  } catch (error) {
    if (error instanceof HttpProblem) return error.answer
    throw error
  }
}

const clientIdOf = (body: unknown): string =>
  typeof body === 'object' && body !== null && 'client_order_id' in body && typeof body.client_order_id === 'string' ? body.client_order_id : ''

function noteCreate({ createOrders }: Counters, { method, path, body }: Incoming): void {
  if (method !== 'POST' || path !== '/orders') return
  const count = createOrders.get(clientIdOf(body)) ?? { received: 0, booked: 0 }
  count.received++
  createOrders.set(clientIdOf(body), count)
}

/** Undefined when the client left before it had said everything: then nothing arrived. */
async function read(request: IncomingMessage): Promise<Incoming | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size <= LARGEST_BODY) chunks.push(chunk)
    }
  } catch {
    return undefined
  }
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '/', 'http://venue')
  const path = url.pathname.startsWith(`${PREFIX}/`) ? url.pathname.slice(PREFIX.length) : `unknown ${url.pathname}`
  const { method = 'GET', headers } = request
  return { method, path, query: url.searchParams, text, body: jsonOf(text), headers, address: request.socket.remoteAddress ?? '', host: headers.host ?? '' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Answered as a bad request by whoever needs a body.
    return undefined
  }
}

const textOf = ({ body }: Answer): string => (typeof body === 'string' ? body : JSON.stringify(body))

function send({ counters }: RestOptions, response: ServerResponse, answer: Answer): void {
  countOne(counters.statuses, String(answer.status))
  const type = typeof answer.body === 'string' ? 'text/plain' : 'application/json'
  response.writeHead(answer.status, { 'content-type': type, ...answer.headers })
  response.end(textOf(answer))
}
