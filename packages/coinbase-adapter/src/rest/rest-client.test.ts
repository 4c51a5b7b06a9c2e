import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { systemClock } from '@millrace/core'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, it } from 'vitest'
import { createSigner } from '../auth/signer.ts'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { TokenBucket } from '../limits/token-bucket.ts'
import type { CoinbaseError } from './coinbase-error.ts'
import { parseErrorBody } from './error-body.ts'
import { createRestClient } from './rest-client.ts'
import type { RestClient, RestClientOptions } from './rest-client.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A server on a port of its own that answers each request by the next handler, the last one for all that follow. */
async function serve(...handlers: readonly Handler[]): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`)
      handlers[Math.min(seen.length, handlers.length) - 1]!(request, response, body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const clock = systemClock()
const now = (): number => clock.nowMs()
const wideBucket = (): TokenBucket => createTokenBucket({ capacity: 100, perSecond: 100, now })

const clientOf = (baseUrl: string, changes: Partial<RestClientOptions> = {}): RestClient =>
  createRestClient({
    baseUrl,
    http: { clock, fetch, timeoutMs: 400, maxBody: 10_000 },
    bucket: wideBucket(),
    offsetMs: () => 0,
    random: () => 0,
    ...changes,
  })

const answer =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, headers)
    response.end(body)
  }

async function failure(promise: Promise<unknown>): Promise<CoinbaseError> {
  return promise.then(
    () => expect.unreachable('it should have failed'),
    (error: CoinbaseError) => error,
  )
}

describe('reading', () => {
  it('asks for the path under the prefix, with lists as repeated names, and returns the JSON', async () => {
    const { url, seen } = await serve(answer(200, '{"ok":true}'))
    expect(await clientOf(url).get('/orders/historical/fills', { product_ids: ['A-USD', 'B-USD'], cursor: 'a+b/c=', limit: 100, none: undefined })).toEqual({
      ok: true,
    })
    expect(seen).toEqual(['GET /api/v3/brokerage/orders/historical/fills?product_ids=A-USD&product_ids=B-USD&cursor=a%2Bb%2Fc%3D&limit=100'])
  })

  it('asks past the answers that edges of the venue keep for a second [pitfall 16]', async () => {
    let said: string | undefined
    const { url } = await serve((request, response) => {
      said = request.headers['cache-control']
      response.end('{}')
    })
    await clientOf(url).get('/market/products')
    expect(said).toBe('no-cache')
  })

  it('signs method, host and path without the query, anew for each try, at the time of the venue [pitfall 14]', async () => {
    const tokens: string[] = []
    const note: Handler = (request, response) => {
      tokens.push(request.headers.authorization!.slice('Bearer '.length))
      answer(tokens.length === 1 ? 503 : 200, '{}')(request, response, '')
    }
    const { url } = await serve(note)
    const secret = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    let count = 0
    const signer = createSigner({ keyName: 'k', secret, nonce: () => String(++count) })
    await clientOf(url, { signer, offsetMs: () => 3_600_000 }).get('/accounts', { limit: 250 })
    const claims = tokens.map((token) => decodeJwt(token))
    expect(claims[0]!['uri']).toBe(`GET ${new URL(url).host}/api/v3/brokerage/accounts`)
    expect(claims[0]!.nbf! * 1000 - now()).toBeGreaterThan(3_500_000)
    expect(new Set(tokens).size).toBe(2)
  })

  it.each([500, 502, 503, 504])('tries again after a %i, four times in all', async (status) => {
    const { url, seen } = await serve(answer(status, '<html><body>Bad gateway</body></html>'))
    const error = await failure(clientOf(url).get('/time'))
    expect([error.kind, error.status, error.message, seen.length]).toEqual(['venue', status, `GET /api/v3/brokerage/time: ${status} Bad gateway`, 4])
    const recovered = await serve(answer(status, ''), answer(200, '1'))
    expect(await clientOf(recovered.url).get('/time')).toBe(1)
  })

  it.each([
    [400, 'invalid'],
    [403, 'forbidden'],
    [404, 'notFound'],
  ])('does not repeat a request that is refused with %i', async (status, kind) => {
    const { url, seen } = await serve(answer(status, '{"error":"SOME_CODE","message":"so it is"}'))
    const error = await failure(clientOf(url).get('/products/NOPE-USD'))
    expect([error.kind, error.code, error.message, seen.length]).toEqual([kind, 'SOME_CODE', expect.stringContaining('SOME_CODE: so it is'), 1])
  })

  it('tries a refused token once more with a fresh one, and no more [fault 31] [pitfall 14]', async () => {
    const { url, seen } = await serve(answer(401, 'Unauthorized'))
    const error = await failure(clientOf(url).get('/accounts'))
    expect([error.kind, error.message, seen.length]).toEqual(['unauthorized', 'GET /api/v3/brokerage/accounts: 401 Unauthorized', 2])
    const once = await serve(answer(401, 'Unauthorized'), answer(200, '{}'))
    expect(await clientOf(once.url).get('/accounts')).toEqual({})
  })

  it('waits as long as a 429 says, and sends nothing else meanwhile [fault 6]', async () => {
    const { url, seen } = await serve(answer(429, 'slow down', { 'retry-after': '0.2' }), answer(200, '"a"'), answer(200, '"b"'))
    const bucket = wideBucket()
    const client = clientOf(url, { bucket })
    const startMs = now()
    const first = client.get('/time')
    while (bucket.stats().refusals === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    expect(new Set(await Promise.all([first, client.get('/other')]))).toEqual(new Set(['a', 'b']))
    expect(now() - startMs).toBeGreaterThanOrEqual(200)
    expect([seen.length, bucket.stats().refusals]).toEqual([3, 1])
  })

  it('waits a second after a 429 that says nothing [fault 6]', async () => {
    const { url } = await serve(answer(429, ''), answer(200, '1'))
    const bucket = wideBucket()
    await clientOf(url, { bucket }).get('/time')
    expect(bucket.stats().closedUntilMs).toBeGreaterThan(0)
  })

  it('believes what the venue says is left of the budget', async () => {
    const { url } = await serve(answer(200, '1', { 'x-ratelimit-remaining': '3' }))
    const bucket = createTokenBucket({ capacity: 100, perSecond: 0.001, now })
    await clientOf(url, { bucket }).get('/time')
    expect(bucket.stats().tokens).toBeLessThanOrEqual(3.1)
  })

  it('gives up on an answer that does not come, and on one that never ends', async () => {
    const silent = await serve(() => undefined)
    const error = await failure(clientOf(silent.url, { tries: 1 }).get('/time'))
    expect([error.kind, error.mayHaveArrived, error.message]).toEqual([
      'network',
      true,
      `GET /api/v3/brokerage/time at ${new URL(silent.url).host}: no answer within 400 ms`,
    ])
    const endless = await serve((_, response) => {
      response.writeHead(200)
      response.write('x'.repeat(10_001))
    })
    expect((await failure(clientOf(endless.url, { tries: 1 }).get('/time'))).message).toContain('longer than 10000 characters')
  })

  it.each([
    ['half of a JSON text', '{"candles":[{"start":"17'],
    ['HTML', '<!doctype html><html></html>'],
    ['nothing', ''],
  ])('calls %s unreadable', async (_, body) => {
    const { url, seen } = await serve(answer(200, body))
    expect([(await failure(clientOf(url).get('/time'))).kind, seen.length]).toEqual(['unreadable', 4])
  })

  it('does not follow a redirect, which would carry the token elsewhere', async () => {
    const elsewhere = await serve(answer(200, '1'))
    const { url } = await serve(answer(302, '', { location: elsewhere.url }))
    expect((await failure(clientOf(url, { tries: 1 }).get('/time'))).kind).toBe('network')
    expect(elsewhere.seen).toEqual([])
  })

  it('stops when its caller does, in the middle of a pause', async () => {
    const { url, seen } = await serve(answer(429, '', { 'retry-after': '60' }))
    const stop = new AbortController()
    const reading = clientOf(url).get('/time', {}, stop.signal)
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    setTimeout(() => stop.abort(new Error('enough')), 20)
    await expect(reading).rejects.toThrow('enough')
  })
})

describe('writing', () => {
  it.each([
    ['a 500', answer(500, 'Internal'), 'venue'],
    ['a 429', answer(429, ''), 'rateLimited'],
    ['a refused token', answer(401, 'Unauthorized'), 'unauthorized'],
    ['half an answer', answer(200, '{"success":tr'), 'unreadable'],
    [
      'a connection that is cut after the request',
      (request: IncomingMessage) => {
        request.socket.destroy()
      },
      'network',
    ],
  ] as const)('is never repeated, not after %s', async (_, handler, kind) => {
    const { url, seen } = await serve(handler)
    const error = await failure(clientOf(url).post('/orders', { client_order_id: 'c' }))
    expect([error.kind, error.mayHaveArrived, seen]).toEqual([kind, true, ['POST /api/v3/brokerage/orders {"client_order_id":"c"}']])
  })

  it('knows that nothing left when nobody listens [fault 12]', async () => {
    const { url } = await serve(answer(200, '1'))
    const port = Number(new URL(url).port)
    for (const close of closers.splice(0)) await close()
    await new Promise((resolve) => connect(port, '127.0.0.1').once('error', resolve))
    const error = await failure(clientOf(url).post('/orders', {}))
    expect([error.kind, error.code, error.mayHaveArrived]).toEqual(['network', 'ECONNREFUSED', false])
  })
})

describe('what keeps a request from leaving', () => {
  const failing = (code: string): RestClient => {
    const cause = Object.assign(new Error(`certificate trouble: ${code}`), { code })
    return clientOf('https://127.0.0.1:1', {
      http: { clock, fetch: () => Promise.reject(new TypeError('fetch failed', { cause })), timeoutMs: 400, maxBody: 1 },
    })
  }

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    '%s is certain: the request comes after it [fault 12]',
    async (code) => expect((await failure(failing(code).post('/orders', {}))).mayHaveArrived).toBe(false),
  )

  it.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPROTO', ''])('%s is not: the venue may have it [fault 12]', async (code) =>
    expect((await failure(failing(code).post('/orders', {}))).mayHaveArrived).toBe(true),
  )

  it('is not told from an https address at which nobody speaks TLS, and nothing is brought down by it [fault 12]', async () => {
    const { url, seen } = await serve(answer(200, '{}'))
    const error = await failure(clientOf(url.replace('http:', 'https:')).post('/orders', {}))
    expect([error.kind, seen]).toEqual(['network', []])
  })
})

describe('base URLs', () => {
  it('are https, or http on this machine only', () => {
    for (const url of ['http://api.coinbase.com', 'ftp://127.0.0.1', 'http://127.0.0.1.evil.example'])
      expect(() => clientOf(url)).toThrow('expected an https URL')
    for (const url of ['https://api.coinbase.com', 'http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1']) expect(() => clientOf(url)).not.toThrow()
  })
})

describe('bodies of errors', () => {
  it.each([
    ['{"error":"INVALID_ARGUMENT","error_details":"less than 350","message":""}', 'INVALID_ARGUMENT', 'less than 350'],
    ['{"errors":[{"id":"rate_limit_exceeded","message":"Too many requests"}]}', 'rate_limit_exceeded', 'Too many requests'],
    ['{"code":7,"message":"denied","details":[]}', '7', 'denied'],
    ['Unauthorized', '', 'Unauthorized'],
    ['<html><h1>502</h1>\n<p>Bad Gateway</p></html>', '', '502 Bad Gateway'],
    ['', '', ''],
    ['[1,2]', '', '[1,2]'],
    ['null', '', 'null'],
    ['{"errors":[null]}', '', ''],
  ])('%s', (body, code, text) => {
    expect(parseErrorBody(body)).toEqual({ code, text })
  })

  it('are cut to a length that a log can bear', () => {
    expect(parseErrorBody('x'.repeat(10_000)).text).toHaveLength(301)
  })
})
