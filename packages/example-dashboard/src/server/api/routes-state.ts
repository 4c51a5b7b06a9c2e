import { z } from 'zod'
import { eventStream } from '../event-stream.ts'
import { problem, Refusal } from '../problem.ts'
import { cacheAnswer, cacheStats, health, serviceStatus } from './answers.ts'
import { route } from './route.ts'
import type { CountedMarket, Services } from './services.ts'
import { anyJson, count, ms } from './schema-parts.ts'
import { engineState } from './schemas.ts'
import { statusOf } from './status.ts'

/** Pages that may be open at the same time. */
const maxStreams = 32

const config = z.strictObject({ hash: z.string(), at_ms: ms, config: anyJson }).meta({ id: 'Config' })
const logLine = z.strictObject({ seq: count, at_ms: ms, level: z.enum(['debug', 'info', 'warn', 'error']), message: z.string() })

/** @throws Refusal when this market reads nothing through a cache */
function counted({ market }: Services): CountedMarket {
  if (market === undefined) throw new Refusal('not-found', 'this market has no cache: its prices are simulated or recorded')
  return market
}

const statsOf = (market: CountedMarket) => {
  const { cache, requests } = market.stats()
  return { ...cache, callsLastMinute: requests.lastMinute, refusals: requests.refusals }
}

export const stateRoutes = [
  route({
    method: 'get',
    path: '/state',
    tag: 'state',
    summary: 'Everything the page shows, at one moment: what the stream gives as `state`.',
    guard: 'read',
    answer: engineState,
    example: { path: '/state' },
    handle: ({ services }) => services.engine.state(),
  }),
  route({
    method: 'get',
    path: '/stream',
    tag: 'state',
    summary: 'Server-sent events: state, order, fill, alert, gap, end. Last-Event-ID resumes.',
    guard: 'read',
    answer: { contentType: 'text/event-stream', description: 'Events with ids. The data of `state` is that of GET /state.' },
    refuses: ['too-many-streams'],
    example: { path: '/stream' },
    handle: ({ services: { log, pace, counter }, c }) => {
      c.header('content-type', 'text/event-stream')
      // Nobody reads the body of a HEAD request, so nobody would close the stream.
      if (c.req.raw.method === 'HEAD') return c.body(null)
      if (counter.streams >= maxStreams) return problem(c, 'too-many-streams', `at most ${maxStreams} at a time`)
      counter.streams += 1
      return c.body(
        eventStream(log, c.req.header('last-event-id'), pace, () => {
          counter.streams -= 1
        }),
      )
    },
  }),
  route({
    method: 'get',
    path: '/health',
    tag: 'operation',
    summary: 'That it runs, and which process it is.',
    guard: 'read',
    answer: health,
    example: { path: '/health' },
    handle: ({ services: { engine, counter } }) => {
      const { environment, tradingState, nowMs, lastSeq } = engine.state()
      return { status: 'ok', pid: process.pid, environment, tradingState, nowMs, lastSeq, streams: counter.streams }
    },
  }),
  route({
    method: 'get',
    path: '/status',
    tag: 'operation',
    summary: 'The health of every part.',
    guard: 'read',
    answer: serviceStatus,
    example: { path: '/status' },
    handle: ({ services }) => statusOf(services),
  }),
  route({
    method: 'get',
    path: '/config',
    tag: 'operation',
    summary: 'The configuration in force, as the journal has it. It holds no secrets.',
    guard: 'read',
    answer: config,
    example: { path: '/config' },
    handle: ({ services: { engine } }) => {
      const entry = engine.read({ types: ['configInForce'], limit: 100_000 }).at(-1)
      if (entry === undefined) throw new Refusal('not-found', 'the journal has no configuration')
      const { hash, config: inForce } = entry.data as { readonly hash: string; readonly config: unknown }
      return { hash, atMs: entry.atMs, config: inForce }
    },
  }),
  route({
    method: 'get',
    path: '/logs',
    tag: 'operation',
    summary: 'The last lines of the log, newest first; secrets are taken out before a line is kept.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(logLine) }),
    example: { path: '/logs' },
    handle: ({ services }) => ({ items: services.logs.lines() }),
  }),
  route({
    method: 'get',
    path: '/cache/stats',
    tag: 'operation',
    summary: 'What the cache of market data has saved.',
    guard: 'read',
    answer: cacheAnswer,
    example: { path: '/cache/stats' },
    handle: ({ services: { market } }) => ({ available: market !== undefined, stats: market && statsOf(market) }),
  }),
  route({
    method: 'post',
    path: '/cache/reset',
    tag: 'operation',
    summary: 'Empties the cache of market data and its counters. It changes what is fetched next, and no trade.',
    guard: 'write',
    answer: cacheStats,
    refuses: ['not-found'],
    example: { path: '/cache/reset' },
    handle: ({ services }) => {
      const market = counted(services)
      market.resetCache()
      return statsOf(market)
    },
  }),
  route({
    method: 'get',
    path: '/openapi.json',
    tag: 'operation',
    summary: 'This document.',
    guard: 'read',
    answer: anyJson,
    example: { path: '/openapi.json' },
    handle: ({ services, c }) => c.json(services.document() as never),
  }),
]
