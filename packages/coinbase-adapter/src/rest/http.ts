import type { Clock } from '@millrace/core'
import { CoinbaseError } from './coinbase-error.ts'
import { withoutSecrets } from './without-secrets.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
  header(name: string): string | undefined
}

export interface HttpOptions {
  readonly clock: Clock
  readonly fetch: typeof fetch
  /** Longest wait for a whole answer, in ms. */
  readonly timeoutMs: number
  /** Longest body taken, in bytes of text. */
  readonly maxBody: number
}

/** Failures at which no byte of the request can have reached the venue. */
const neverLeft: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  // A certificate that is not taken ends the handshake, before the request.
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Sends one request once and returns the answer, whatever its status.
 *
 * @throws CoinbaseError `network` when no whole answer came; `mayHaveArrived` says whether the venue can have seen the request
 */
export async function sendHttp(request: HttpRequest, { clock, fetch, timeoutMs, maxBody }: HttpOptions): Promise<HttpAnswer> {
  const { method, url, headers, body, signal } = request
  const name = `${method} ${url.pathname}`
  const timeout = new AbortController()
  const timer = clock
    .at((clock.nowMs() + timeoutMs) as ReturnType<Clock['nowMs']>)
    .subscribe(() => timeout.abort(new CoinbaseError('network', `${name} at ${url.host}: no answer within ${timeoutMs} ms`)))
  try {
    const answer = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]),
      ...(body === undefined ? {} : { body }),
    })
    return { status: answer.status, body: await readBody(answer, maxBody, name), header: (header) => answer.headers.get(header) ?? undefined }
  } catch (error) {
    throw error instanceof CoinbaseError ? error : networkError(`${name} at ${url.host}`, error)
  } finally {
    timer.unsubscribe()
  }
}

async function readBody(answer: Response, maxBody: number, name: string): Promise<string> {
  if (answer.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (text.length > maxBody) throw new CoinbaseError('unreadable', `${name}: the answer is longer than ${maxBody} characters`, { status: answer.status })
  }
  return text + decoder.decode()
}

function networkError(name: string, error: unknown): CoinbaseError {
  const code = codeOf(error)
  const reason = withoutSecrets(code || innermost(error))
  return new CoinbaseError('network', `${name}: ${reason}`, { code, mayHaveArrived: !neverLeft.has(code), cause: error })
}

/** `fetch failed` says nothing; what it was thrown for does. */
const innermost = (error: unknown): string => (error instanceof Error ? (error.cause instanceof Error ? innermost(error.cause) : error.message) : String(error))

/** undici wraps the socket's error, sometimes in an AggregateError of all addresses. */
function codeOf(error: unknown): string {
  for (let at: unknown = error; typeof at === 'object' && at !== null;) {
    const { code, cause, errors } = at as { readonly code?: unknown; readonly cause?: unknown; readonly errors?: readonly unknown[] }
    if (typeof code === 'string') return code
    at = cause ?? errors?.[0]
  }
  return ''
}
