import { EngineError } from '@millrace/core'
import type { Engine, EngineErrorCode, EpochMs } from '@millrace/core'
import { Hono } from 'hono'
import type { Context, Handler } from 'hono'
import { z } from 'zod'
import type { EventLog } from './event-log.ts'
import { defaultPace, eventStream } from './event-stream.ts'
import type { StreamPace } from './event-stream.ts'
import { changesGuard, localHosts, onlyHosts, sameOrigin, secured } from './guards.ts'
import { readPageFiles } from './page-files.ts'
import { problem } from './problem.ts'
import type { ProblemCode } from './problem.ts'
import { toWire } from './wire.ts'

export interface AppOptions {
  readonly engine: Engine
  readonly log: EventLog
  /** The port it is served on: part of the names it answers to. */
  readonly port: number
  readonly pace?: StreamPace
  /** Told of failures nobody foresaw; the answer to the request does not show them. */
  readonly onError?: (error: unknown) => void
}

/** Questions about the past that may be worked on at the same time: each runs a piece of the market again. */
const maxExplains = 2
/** Pages that may be open at the same time. */
const maxStreams = 32

const confirmed = { confirm: z.literal(true) }
const emergencyStopBody = z.strictObject({ ...confirmed, cancel_open_orders: z.boolean().default(true) })
const atSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number)
const rearmBody = z.strictObject(confirmed)

const engineProblems: Readonly<Partial<Record<EngineErrorCode, ProblemCode>>> = { NOT_RUNNING: 'not-running', UNKNOWN_BOT: 'not-found' }

/** The page and its `/api/v1`, over an engine. Reading changes nothing; the two requests that change something only call the engine's own methods. */
export function createApp({ engine, log, port, pace = defaultPace, onError }: AppOptions): Hono {
  const app = new Hono()
  const files = readPageFiles()
  const counter = { streams: 0, explains: 0 }
  const file = (c: Context, name: string): Response => {
    const found = files.get(name)
    return found === undefined ? problem(c, 'not-found', `there is no file ${name}`) : c.body(found.body, 200, { 'content-type': found.contentType })
  }

  app.use(secured, onlyHosts(localHosts(port)))
  app.use('/api/*', sameOrigin)
  reads(app, {
    '/': (c) => file(c, 'index.html'),
    '/assets/:name': (c) => file(c, c.req.param('name') ?? ''),
    '/api/v1/state': (c) => c.json(toWire(engine.state())),
    '/api/v1/health': (c) => {
      const { environment, tradingState, nowMs, lastSeq } = engine.state()
      return c.json(toWire({ status: 'ok', pid: process.pid, environment, tradingState, nowMs, lastSeq, streams: counter.streams }))
    },
    '/api/v1/bots/:id/explain': (c) => explain(c, engine, counter),
    '/api/v1/stream': (c) => stream(c, log, pace, counter),
  })
  changes(app, '/api/v1/trades/emergency-stop', emergencyStopBody, (body) => engine.emergencyStop({ cancelOpenOrders: body.cancel_open_orders }))
  changes(app, '/api/v1/trades/rearm', rearmBody, async () => {
    await engine.rearm()
    const { tradingState, tradingStateReason } = engine.state()
    return { tradingState, tradingStateReason }
  })
  app.notFound((c) => problem(c, 'not-found', `there is nothing at ${c.req.path}`))
  app.onError((error, c) => {
    if (error instanceof EngineError) return problem(c, engineProblems[error.code] ?? 'engine-refused', error.message, { code: error.code })
    onError?.(error)
    return problem(c, 'internal', 'the request was not carried out; the reason is on the terminal')
  })
  return app
}

function reads(app: Hono, handlers: Readonly<Record<string, Handler>>): void {
  for (const [path, handler] of Object.entries(handlers)) {
    app.get(path, handler)
    app.all(path, methodNotAllowed('GET, HEAD'))
  }
}

/** A request that changes something: guards, then the body, then one call of the engine. */
function changes<S extends z.ZodType>(app: Hono, path: string, schema: S, act: (body: z.output<S>) => Promise<unknown>): void {
  app.post(path, ...changesGuard, async (c) => {
    const body = schema.safeParse(await c.req.json().catch(() => undefined))
    if (body.success) return c.json(toWire(await act(body.data)))
    const errors = body.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
    return problem(c, 'body-invalid', 'expected a JSON object with confirm: true', { errors })
  })
  app.all(path, methodNotAllowed('POST'))
}

const methodNotAllowed =
  (allow: string): Handler =>
  (c) => {
    c.header('allow', allow)
    return problem(c, 'method-not-allowed', `expected ${allow}, received ${c.req.method}`)
  }

/** A bot's decision in place, or the one at `?at=` in ms: asked of the engine, which changes nothing by it. */
async function explain(c: Context, engine: Engine, counter: { explains: number }): Promise<Response> {
  const botId = c.req.param('id') ?? ''
  const at = c.req.query('at')
  if (at === undefined) return c.json(toWire(engine.explain(botId)))
  const atMs = atSchema.safeParse(at)
  if (!atMs.success) return problem(c, 'query-invalid', `at: expected whole milliseconds UTC, received ${at.slice(0, 40)}`)
  if (counter.explains >= maxExplains) return problem(c, 'too-many-explains', `at most ${maxExplains} at a time`)
  counter.explains += 1
  try {
    return c.json(toWire(await engine.explain(botId, { at: atMs.data as EpochMs })))
  } finally {
    counter.explains -= 1
  }
}

function stream(c: Context, log: EventLog, pace: StreamPace, counter: { streams: number }): Response {
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
}
