import type { Signer } from '../auth/signer.ts'
import type { TokenBucket } from '../limits/token-bucket.ts'
import { CoinbaseError } from './coinbase-error.ts'
import type { CoinbaseErrorKind } from './coinbase-error.ts'
import { parseErrorBody } from './error-body.ts'
import { parseJson } from './parse-json.ts'
import { sendHttp } from './http.ts'
import type { HttpAnswer, HttpOptions } from './http.ts'
import { waitFor } from './wait.ts'

/** All endpoints stand under this path. */
const PREFIX = '/api/v3/brokerage'

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>

export interface RestClient {
  /**
   * Reads. Tried again, a few times and with growing random pauses, when no answer came, the venue failed or said there was too much; once with a
   * fresh token when the last one was not taken.
   *
   * @throws CoinbaseError of the last try
   */
  get(path: string, query?: Query, signal?: AbortSignal): Promise<unknown>
  /**
   * Writes, once: whether to send again is for the caller to decide, who knows what a second arrival would do.
   *
   * @param patienceMs - longest wait for the budget: what would leave later does not leave at all
   * @throws CoinbaseError; its `mayHaveArrived` says whether the venue can have acted
   */
  post(path: string, body: unknown, signal?: AbortSignal, patienceMs?: number): Promise<unknown>
}

export interface RestClientOptions {
  /** Scheme, host and port, as in `https://api.coinbase.com`. */
  readonly baseUrl: string
  readonly http: HttpOptions
  readonly bucket: TokenBucket
  /** Signs every request; without it only the public paths can be read. */
  readonly signer?: Signer
  /** The venue's clock minus ours in ms, for the tokens. */
  readonly offsetMs: () => number
  /** 0 <= r < 1, for the pauses between tries. */
  readonly random: () => number
  /** Told of each refusal for too many requests (429): nothing leaves for so many ms. */
  readonly onRefused?: (waitMs: number) => void
  /** Tries of a read in all. */
  readonly tries?: number
  /** Tokens that reads leave in the bucket: an order or a cancel never waits behind them. */
  readonly reserve?: number
  /** Sets right what may have made a token bad (our clock), before a read is tried once more with a fresh one. */
  readonly afterUnauthorized?: () => Promise<void>
  /** Told of every whole answer, before anything is made of it. */
  readonly onAnswer?: (answer: RestAnswer) => void
}

/** An answer as it came. */
interface RestAnswer {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly status: number
  readonly body: string
}

interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query?: Query
  readonly body?: string
  readonly signal: AbortSignal | undefined
  readonly patienceMs?: number | undefined
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 8_000
/** A refusal without a Retry-After closes the budget for this long. */
const REFUSED_PAUSE_MS = 1_000

/**
 * Returns a client of the REST interface: budgeted, signed, with errors told apart.
 *
 * @throws RangeError when the base URL is neither https nor on this machine
 */
export function createRestClient(options: RestClientOptions): RestClient {
  const base = baseOf(options.baseUrl)
  const { clock } = options.http
  const tries = options.tries ?? 4

  async function once(call: Call): Promise<unknown> {
    const { method, path, query = {}, body, signal } = call
    const url = urlOf(base, path, query)
    const name = `${method} ${url.pathname}`
    const token = await beforeSending(name, signal, async () => {
      await budget(options, call)
      return options.signer?.rest(method, url.host, url.pathname, clock.nowMs() + options.offsetMs())
    })
    const headers: Record<string, string> = { accept: 'application/json', 'cache-control': 'no-cache' }
    if (body !== undefined) headers['content-type'] = 'application/json'
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`
    const answer = await sendHttp({ method, url, headers, ...(body === undefined ? {} : { body }), ...(signal === undefined ? {} : { signal }) }, options.http)
    options.onAnswer?.({ method, path, status: answer.status, body: answer.body })
    heed(options, answer)
    return contentOf(answer, name)
  }

  return {
    async get(path, query = {}, signal) {
      let fresh = false
      for (let attempt = 1; ; attempt++) {
        try {
          return await once({ method: 'GET', path, query, signal })
        } catch (error) {
          if (!(error instanceof CoinbaseError) || signal?.aborted || attempt >= tries) throw error
          const again = mayTryAgain(error, fresh)
          if (!again) throw error
          if (error.kind === 'unauthorized') {
            fresh = true
            await options.afterUnauthorized?.()
          }
          await waitFor(clock, pause(attempt, error, options.random()), signal)
        }
      }
    },
    post: (path, body, signal, patienceMs) => once({ method: 'POST', path, body: JSON.stringify(body), signal, patienceMs }),
  }
}

function baseOf(text: string): URL {
  const url = new URL(text)
  const local = url.hostname === '127.0.0.1' || url.hostname === 'localhost' || url.hostname === '[::1]'
  if (url.protocol !== 'https:' && !(local && url.protocol === 'http:'))
    throw new RangeError(`expected an https URL, or http on this machine, received ${text}`)
  return url
}

function urlOf(base: URL, path: string, query: Query): URL {
  const url = new URL(PREFIX + path, base)
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    // A list is the name repeated: the singular forms of some parameters are accepted and ignored by the venue.
    for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(each))
  }
  return url
}

async function budget({ bucket, http, reserve }: RestClientOptions, { method, signal, patienceMs = Number.POSITIVE_INFINITY }: Call): Promise<void> {
  const left = method === 'GET' ? reserve : 0
  const untilMs = http.clock.nowMs() + patienceMs
  for (let waitMs = bucket.take(1, left); waitMs > 0; waitMs = bucket.take(1, left)) {
    if (http.clock.nowMs() + waitMs > untilMs) throw new Error(`the budget of requests is used up for ${waitMs} ms`)
    await waitFor(http.clock, waitMs, signal)
  }
}

/** What fails or is given up here has certainly not left. */
async function beforeSending<T>(name: string, signal: AbortSignal | undefined, prepare: () => Promise<T>): Promise<T> {
  try {
    const prepared = await prepare()
    signal?.throwIfAborted()
    return prepared
  } catch (cause) {
    throw new CoinbaseError('network', `${name}: not sent: ${cause instanceof Error ? cause.message : String(cause)}`, { mayHaveArrived: false, cause })
  }
}

/** Lets our budget follow what the venue says of its own. */
function heed({ bucket, onRefused }: RestClientOptions, answer: HttpAnswer): void {
  if (answer.status === 429) {
    const waitMs = retryAfterOf(answer) ?? REFUSED_PAUSE_MS
    bucket.refused(waitMs)
    onRefused?.(waitMs)
  }
  const remaining = answer.header('x-ratelimit-remaining')
  if (remaining !== undefined && /^\d+$/.test(remaining)) bucket.remaining(Number(remaining))
}

/** Seconds, as the header has them; a date is not used by this venue and counts as none. */
function retryAfterOf(answer: HttpAnswer): number | undefined {
  const seconds = answer.header('retry-after')
  return seconds !== undefined && /^\d{1,5}(\.\d+)?$/.test(seconds) ? Number(seconds) * 1000 : undefined
}

function contentOf(answer: HttpAnswer, name: string): unknown {
  const { status, body } = answer
  if (status >= 200 && status < 300) {
    try {
      return parseJson(body)
    } catch (cause) {
      throw new CoinbaseError('unreadable', `${name}: expected JSON, received ${body.length} characters of something else`, { status, cause })
    }
  }
  const { code, text } = parseErrorBody(body)
  const said = [code, text].filter((part) => part !== '').join(': ')
  throw new CoinbaseError(kindOf(status), `${name}: ${status}${said === '' ? '' : ` ${said}`}`, { status, code, retryAfterMs: retryAfterOf(answer) })
}

function kindOf(status: number): CoinbaseErrorKind {
  switch (status) {
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'notFound'
    case 429:
      return 'rateLimited'
    default:
      return status >= 500 ? 'venue' : 'invalid'
  }
}

/** A refused token is worth one more try: edges of the venue refuse good ones now and then, also when they are overloaded. */
function mayTryAgain(error: CoinbaseError, hadFreshToken: boolean): boolean {
  if (error.kind === 'unauthorized') return !hadFreshToken
  return error.kind === 'network' || error.kind === 'venue' || error.kind === 'rateLimited' || error.kind === 'unreadable'
}

/** Full jitter: a crowd of clients must not come back in step. */
function pause(attempt: number, { retryAfterMs }: CoinbaseError, random: number): number {
  return retryAfterMs ?? Math.ceil(random * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt))
}
