import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { LedgerView } from '../ledger-view.ts'
import type { VenueReport } from '../report.ts'
import { actionSchema } from './actions.ts'
import { applyAction } from './apply.ts'
import type { ControlTarget } from './apply.ts'
import { scenarioSchema } from './scenario.ts'
import type { Scenario } from './scenario.ts'

/** What the control API shows and does. */
export interface ControlOptions {
  readonly target: ControlTarget
  readonly report: () => VenueReport
  readonly ledger: () => LedgerView
  readonly play: (scenario: Scenario) => void
}

const LARGEST_BODY = 10_000_000

/** Returns the server of the control API; it does not listen yet. It is for programs on this machine: pages of a browser are refused. */
export function createControlServer(options: ControlOptions): Server {
  return createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error)
      send(response, 400, { error: message })
    })
  })
}

async function serve({ target, report, ledger, play }: ControlOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url, headers } = request
  // A page could otherwise reach it through a name that leads here, or by a form.
  if (headers.origin !== undefined || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? ''))
    return send(response, 403, { error: 'programs of this machine only' })
  if (method === 'GET' && url === '/__control/report') return send(response, 200, report())
  if (method === 'GET' && url === '/__control/ledger') return send(response, 200, ledger())
  if (method !== 'POST')
    return send(response, 404, { error: 'expected GET /__control/report or /__control/ledger, POST /__control/action or /__control/scenario' })
  const body = await jsonOf(request)
  if (url === '/__control/action') return send(response, 200, { result: applyAction(target, actionSchema.parse(body)) ?? null })
  if (url === '/__control/scenario') {
    play(scenarioSchema.parse(body))
    return send(response, 200, { result: null })
  }
  send(response, 404, { error: 'expected /__control/action or /__control/scenario' })
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  if (request.headers['content-type']?.split(';')[0] !== 'application/json') throw new TypeError('expected content-type application/json')
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > LARGEST_BODY) throw new RangeError(`expected at most ${LARGEST_BODY} bytes`)
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}
