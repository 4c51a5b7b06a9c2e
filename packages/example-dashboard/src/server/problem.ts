import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Every refusal of this server: RFC 9457 problem details, `type` = `urn:millrace:problem:<code>`. The README lists them. */
export const problems = {
  'body-invalid': { status: 400, title: 'The body is wrong' },
  'query-invalid': { status: 400, title: 'The query is wrong' },
  'idempotency-key': { status: 400, title: 'An idempotency key is missing or malformed' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'wrong-token': { status: 401, title: 'The token is wrong' },
  'host-not-allowed': { status: 403, title: 'This name does not lead here' },
  'cross-origin': { status: 403, title: 'Requests from other sites are refused' },
  'header-missing': { status: 403, title: 'The header x-millrace is missing' },
  'read-only': { status: 403, title: 'This token may only look' },
  'not-found': { status: 404, title: 'No such resource' },
  'method-not-allowed': { status: 405, title: 'This method is not for this resource' },
  'engine-refused': { status: 409, title: 'The engine refused' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'content-type': { status: 415, title: 'The body must be application/json' },
  'bot-refused': { status: 422, title: 'This bot cannot be' },
  'limits-refused': { status: 422, title: 'Limits only tighten while running' },
  'key-reused': { status: 422, title: 'This idempotency key belongs to another request' },
  'locked-out': { status: 429, title: 'Too many wrong tokens' },
  'too-many-changes': { status: 429, title: 'Too many changes' },
  internal: { status: 500, title: 'The server failed' },
  'not-running': { status: 503, title: 'The engine is not running' },
  'too-many-explains': { status: 503, title: 'Too many questions at a time' },
  'too-many-streams': { status: 503, title: 'Too many pages are open' },
} as const satisfies Readonly<Record<string, { status: ContentfulStatusCode; title: string }>>

/** The code of a refusal: the end of its `type`. */
export type ProblemCode = keyof typeof problems

/** Answers with problem details; `extra` adds members of their own. */
export function problem(c: Context, code: ProblemCode, detail: string, extra: Readonly<Record<string, unknown>> = {}): Response {
  const { status, title } = problems[code]
  return c.body(JSON.stringify({ type: `urn:millrace:problem:${code}`, title, status, detail, ...extra }), status, {
    'content-type': 'application/problem+json',
  })
}

/** Thrown by a route that cannot do what was asked: the server answers with the problem. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly extra: Readonly<Record<string, unknown>>
  constructor(code: ProblemCode, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.code = code
    this.extra = extra
  }
}
