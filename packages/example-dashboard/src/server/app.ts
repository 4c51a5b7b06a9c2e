import { EngineError } from '@millrace/core'
import type { Engine, EngineErrorCode } from '@millrace/core'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { needsRole } from './access/access.ts'
import type { Access } from './access/access.ts'
import { writeBudget } from './access/write-budget.ts'
import { routes } from './api/all-routes.ts'
import { createHistory } from './api/history.ts'
import { createIdempotency } from './api/idempotency.ts'
import { createLogRing } from './api/log-ring.ts'
import type { LogRing } from './api/log-ring.ts'
import { openApi } from './api/openapi.ts'
import { methodNotAllowed, register } from './api/register.ts'
import type { CountedMarket, Services } from './api/services.ts'
import type { EventLog } from './event-log.ts'
import { defaultPace } from './event-stream.ts'
import type { StreamPace } from './event-stream.ts'
import { localHosts, onlyHosts, sameOrigin, secured } from './guards.ts'
import { countAlerts, metricsText } from './metrics.ts'
import { readPageFiles } from './page-files.ts'
import type { PageFile } from './page-files.ts'
import { createPriceRing } from './price-ring.ts'
import { Refusal, problem } from './problem.ts'
import type { ProblemCode } from './problem.ts'

export interface AppOptions {
  readonly engine: Engine
  readonly log: EventLog
  readonly access: Access
  /** The port it is served on: part of the names it answers to. */
  readonly port: number
  readonly pace?: StreamPace
  readonly market?: CountedMarket | undefined
  readonly logs?: LogRing
  /** The page's script; without it there is no page, only the API. */
  readonly script?: () => PageFile
  readonly lagMs?: () => number
  /** Serves `/metrics` as well. */
  readonly metrics?: boolean
  /** Told of failures nobody foresaw; the answer to the request does not show them. */
  readonly onError?: (error: unknown) => void
}

const engineProblems: Readonly<Partial<Record<EngineErrorCode, ProblemCode>>> = { NOT_RUNNING: 'not-running', UNKNOWN_BOT: 'not-found', NO_STORE: 'not-found' }

/** The page and its `/api/v1`, over an engine. Reading changes nothing; what changes something only calls the engine's own methods. */
export function createApp(options: AppOptions): Hono {
  const { port, access, onError } = options
  const app = new Hono()
  const files = readPageFiles(options.script)
  const file = (c: Context, name: string): Response => {
    const found = files.get(name)
    return found === undefined ? problem(c, 'not-found', `there is no file ${name}`) : c.body(found.body, 200, { 'content-type': found.contentType })
  }
  app.use(secured, onlyHosts(localHosts(port)))
  app.use('/api/*', sameOrigin)
  // The page itself holds nothing worth keeping from anybody; everything it shows comes from below, signed in.
  app.get('/', (c) => file(c, 'index.html'))
  app.get('/assets/:name', (c) => file(c, c.req.param('name')))
  for (const path of ['/', '/assets/:name']) app.all(path, methodNotAllowed('GET, HEAD'))
  const services = servicesOf(options)
  if (options.metrics === true) serveMetrics(app, services)
  register(app, routes, services, { access, budget: writeBudget(), idempotency: createIdempotency() })
  app.notFound((c) => problem(c, 'not-found', `there is nothing at ${c.req.path}`))
  app.onError((error, c) => {
    if (error instanceof Refusal) return problem(c, error.code, error.message, error.extra)
    if (error instanceof EngineError) return problem(c, engineProblems[error.code] ?? 'engine-refused', error.message, { code: error.code })
    onError?.(error)
    return problem(c, 'internal', 'the request was not carried out; the reason is on the terminal')
  })
  return app
}

function serveMetrics(app: Hono, services: Services): void {
  const alerts = countAlerts(services.engine)
  app.get('/metrics', sameOrigin, needsRole(services.access, 'read'), (c) =>
    c.body(metricsText(services, alerts), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  app.all('/metrics', methodNotAllowed('GET, HEAD'))
}

function servicesOf({ engine, log, access, port, pace = defaultPace, market, logs, lagMs = () => 0 }: AppOptions): Services {
  let document: unknown
  return {
    engine,
    log,
    access,
    pace,
    market,
    lagMs,
    history: createHistory(engine),
    prices: createPriceRing(engine),
    counter: { streams: 0, explains: 0 },
    logs: logs ?? createLogRing((text) => text),
    document: () => (document ??= openApi(routes, port)),
  }
}
