import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { EngineError } from '@millrace/core'
import { fakeEngine } from '../../test/fake-engine.ts'
import { handMadeState } from '../../test/hand-made-state.ts'
import type { FakeEngine } from '../../test/fake-engine.ts'
import { createAccess } from './access/access.ts'
import type { Access } from './access/access.ts'
import { makeTokens } from './access/tokens.ts'
import type { TokenSource } from './access/tokens.ts'
import { createApp } from './app.ts'
import { createEventLog } from './event-log.ts'
import { problems } from './problem.ts'

const port = 4321
const own = `http://127.0.0.1:${port}`
const stopPath = '/api/v1/trades/emergency-stop'
const rearmPath = '/api/v1/trades/rearm'

let engine: FakeEngine
let source: TokenSource
let access: Access
let app: ReturnType<typeof createApp>
let errors: unknown[]
beforeEach(() => {
  engine = fakeEngine()
  errors = []
  source = makeTokens()
  access = createAccess({ source, port })
  app = createApp({
    engine,
    access,
    log: createEventLog(engine),
    port,
    script: () => ({ body: '', contentType: 'text/javascript' }),
    onError: (error) => errors.push(error),
  })
})

interface CallOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const call = async (path: string, { headers, ...init }: CallOptions = {}): Promise<Response> =>
  app.request(`${own}${path}`, { ...init, headers: { host: `127.0.0.1:${port}`, authorization: `Bearer ${source.tokens.full}`, ...headers } })

const rearmBody = (): string => JSON.stringify({ confirm: true, token: source.tokens.full })
const post = (
  path: string,
  headers: Record<string, string> = {},
  body: string = path === rearmPath ? rearmBody() : JSON.stringify({ confirm: true }),
): Promise<Response> => call(path, { method: 'POST', headers: { 'content-type': 'application/json', 'x-millrace': '1', ...headers }, body })

async function expectProblem(response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const body = (await response.json()) as Record<string, unknown>
  expect({ status: response.status, type: body.type, contentType: response.headers.get('content-type') }).toEqual({
    status,
    type: `urn:millrace:problem:${code}`,
    contentType: 'application/problem+json',
  })
  expect([body.status, typeof body.title, typeof body.detail]).toEqual([status, 'string', 'string'])
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(engine.commands).toEqual([])
  return body
}

describe('reading', () => {
  it('gives the state in snake_case, money as text', async () => {
    const response = await call('/api/v1/state')
    const body = (await response.json()) as { bots: unknown[] }
    expect(body).toMatchObject({ environment: 'paper', trading_state: 'active', cash: { available: '1209.30421' }, today: { peak_loss: 1.93 } })
    expect(body.bots).toHaveLength(11)
  })
  it('explains the decision in place, and one of the past', async () => {
    const now = await call('/api/v1/bots/sol/explain')
    expect(now.status).toBe(200)
    expect(await now.json()).toMatchObject({
      bot_id: 'sol',
      verdicts: [
        { rule_id: 'cooldown', kind: 'deny', margin: -540_000 },
        { rule_id: 'balance', max_quote_amount: 1.9 },
        { rule_id: 'trade-size', kind: 'allow', margin: 2.83 },
      ],
      nearest: { flips: true, changes: [{ what: 'readings.rsi', from: 41.2, to: 30 }, { code: 'COOLDOWN' }, { code: 'BALANCE' }] },
    })
    const past = await call('/api/v1/bots/sol/explain?at=1767614400000')
    expect(await past.json()).toMatchObject({ bot_id: 'sol', time_ms: 1_767_614_400_000 })
    expect(engine.asked).toEqual(['sol', 'sol at 1767614400000'])
    expect(engine.commands).toEqual([])
  })
  it('says what it cannot explain', async () => {
    await expectProblem(await call('/api/v1/bots/nobody/explain'), 404, 'not-found')
    await expectProblem(await call('/api/v1/bots/sol/explain?at=yesterday'), 400, 'query-invalid')
    expect(await expectProblem(await call('/api/v1/bots/sol/explain?at=99999999999999'), 409, 'engine-refused')).toMatchObject({ code: 'NOT_EXPLAINABLE' })
    await expectProblem(await call('/api/v1/bots/sol/explain', { method: 'POST' }), 405, 'method-not-allowed')
  })
  it('works on two questions about the past at a time, and takes the next when one is done', async () => {
    const released: (() => void)[] = []
    const slow = { ...engine, explain: () => new Promise((resolve) => released.push(() => resolve({}))) } as unknown as FakeEngine
    app = createApp({ engine: slow, access, log: createEventLog(engine), port })
    const first = call('/api/v1/bots/sol/explain?at=1')
    const second = call('/api/v1/bots/sol/explain?at=2')
    await expect.poll(() => released.length).toBe(2)
    await expectProblem(await call('/api/v1/bots/sol/explain?at=3'), 503, 'too-many-explains')
    for (const release of released) release()
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    const third = call('/api/v1/bots/sol/explain?at=4')
    await expect.poll(() => released.length).toBe(3)
    released[2]!()
    expect((await third).status).toBe(200)
  })
  it('gives the health', async () => {
    expect(await (await call('/api/v1/health')).json()).toEqual({
      status: 'ok',
      pid: process.pid,
      environment: 'paper',
      trading_state: 'active',
      now_ms: handMadeState(0).nowMs,
      last_seq: 4211,
      streams: 0,
    })
  })
  it('serves the page and every file it names', async () => {
    const page = await (await call('/')).text()
    const names = [...page.matchAll(/"(\/assets\/[^"]+)"/g)].map((match) => match[1]!)
    expect(names).toContain('/assets/main.js')
    for (const name of names) expect([name, (await call(name)).status]).toEqual([name, 200])
  })
  it('puts the same protection on every answer', async () => {
    for (const path of ['/', '/assets/main.js', '/api/v1/state', '/nothing']) {
      const { headers } = await call(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      )
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
  it('never changes anything', async () => {
    for (const path of ['/', '/assets/main.js', '/api/v1/state', '/api/v1/health', stopPath, rearmPath]) await call(path)
    await call('/api/v1/stream', { method: 'HEAD' })
    expect(engine.commands).toEqual([])
  })
})

describe('refusals', () => {
  it('answers to no foreign name, page included (DNS rebinding)', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1:80', '127.0.0.1', `127.0.0.1.evil.example:${port}`, `0.0.0.0:${port}`]) {
      await expectProblem(await call('/', { headers: { host } }), 403, 'host-not-allowed')
      await expectProblem(await post(stopPath, { host, origin: `http://${host}` }), 403, 'host-not-allowed')
    }
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`])
      expect((await call('/', { headers: { host } })).status).toBe(200)
  })
  it('takes no request without a Host', async () => {
    await expectProblem(await app.request(`${own}/`), 403, 'host-not-allowed')
  })
  it('takes nothing from another origin, reads included', async () => {
    for (const origin of ['http://evil.example', 'null', `http://localhost:${port}`, 'http://127.0.0.1:80', `https://127.0.0.1:${port}`]) {
      await expectProblem(await post(stopPath, { origin }), 403, 'cross-origin')
      await expectProblem(await call('/api/v1/state', { headers: { origin } }), 403, 'cross-origin')
    }
    for (const site of ['cross-site', 'same-site']) {
      await expectProblem(await post(stopPath, { 'sec-fetch-site': site }), 403, 'cross-origin')
      await expectProblem(await call('/api/v1/stream', { headers: { 'sec-fetch-site': site } }), 403, 'cross-origin')
    }
  })
  it('takes no change without the header that no other site can send', async () => {
    for (const path of [stopPath, rearmPath]) {
      await expectProblem(
        await call(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"confirm":true}' }),
        403,
        'header-missing',
      )
      await expectProblem(await post(path, { 'x-millrace': 'yes' }), 403, 'header-missing')
    }
  })
  it('takes no body but JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])
      await expectProblem(await post(stopPath, { 'content-type': type }), 415, 'content-type')
  })
  it('takes no body over 16 kB, told or streamed', async () => {
    const large = JSON.stringify({ confirm: true, padding: 'x'.repeat(16 * 1024) })
    await expectProblem(await post(stopPath, { 'content-length': String(large.length) }, large), 413, 'body-too-large')
    await expectProblem(await post(stopPath, {}, large), 413, 'body-too-large')
  })
  it('takes no unconfirmed, unknown or broken body', async () => {
    for (const body of ['{}', '{"confirm":false}', '{"confirm":"true"}', '{"confirm":true,"more":1}', '{"confirm":tr', '[]', 'null', ''])
      await expectProblem(await post(stopPath, {}, body), 400, 'body-invalid')
    const problem = await expectProblem(await post(rearmPath, {}, '{"confirm":false}'), 400, 'body-invalid')
    expect(problem.errors).toMatchObject([{ path: 'confirm' }, { path: 'token' }])
  })
  it('says what of a request is wrong: where, what is expected and what came; never a token, not even a wrong one [row 77]', async () => {
    const errorsOf = async (response: Response) => ((await response.json()) as { errors: unknown }).errors
    const bodyErrors = async (path: string, body: string) => errorsOf(await post(`/api/v1${path}`, { 'idempotency-key': 'any-key-1' }, body))
    expect(await bodyErrors('/trades/execute', '{"bot_id":"Not An Id","action":"hold","amount":5,"why":1}')).toEqual([
      { path: 'bot_id', expected: '1 to 40 small letters, digits and hyphens', received: '"Not An Id"' },
      { path: 'action', expected: 'one of "buy", "sell"', received: '"hold"' },
      { path: 'amount', expected: 'a text', received: '5' },
      { path: 'why', expected: 'no such key', received: '1' },
    ])
    expect(await bodyErrors('/trades/rearm', '{"confirm":true,"token":17}')).toEqual([{ path: 'token', expected: 'a text', received: 'something else' }])
    expect(await bodyErrors('/bots', '{"id":"a","instrument":"')).toEqual([{ path: '', expected: 'a JSON object', received: 'text that is none' }])
    expect(await bodyErrors('/bots', ' ')).toMatchObject([{ received: 'nothing' }])
    expect(await bodyErrors('/bots', '[1]')).toEqual([{ path: '', expected: 'an object', received: '[1]' }])
    expect(await bodyErrors('/bots', '{"__proto__":{}}')).toMatchObject([{ received: 'the key __proto__, which no request has' }])
    const limit = await call('/api/v1/orders?limit=0')
    expect(await limit.json()).toMatchObject({ detail: 'limit: expected at least 1, received "0"' })
    expect(await errorsOf(await call('/api/v1/orders?limit=many&colour=red'))).toEqual([
      { path: 'limit', expected: 'a whole number, 1 to 500', received: '"many"' },
      { path: 'colour', expected: 'no such key', received: '"red"' },
    ])
  })
  it('knows no other routes, files or folders', async () => {
    for (const path of [
      '/nothing',
      '/api/v1/nothing',
      '/assets/nothing.js',
      '/assets/../server/app.ts',
      '/assets/%2e%2e%2fserver%2fapp.ts',
      '/assets/wire.test.ts',
      '/assets/tsconfig.json',
      '/bots.json',
    ]) {
      await expectProblem(await call(path), 404, 'not-found')
    }
  })
  it('knows no other methods', async () => {
    for (const path of [stopPath, rearmPath]) expect((await call(path)).headers.get('allow')).toBe('POST')
    const response = await call('/api/v1/state', { method: 'DELETE' })
    expect(response.headers.get('allow')).toBe('GET, HEAD')
    await expectProblem(response, 405, 'method-not-allowed')
  })
  it('are all in the README, each with its status', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
    for (const [code, { status }] of Object.entries(problems)) expect(readme).toContain(`| ${status} | \`${code}\` |`)
  })
  it('opens at most 32 streams at a time, and again when one is closed', async () => {
    const streams = await Promise.all(Array.from({ length: 32 }, () => call('/api/v1/stream')))
    await expectProblem(await call('/api/v1/stream'), 503, 'too-many-streams')
    await streams[0]!.body!.cancel()
    const again = await call('/api/v1/stream')
    expect(again.status).toBe(200)
    for (const stream of [...streams.slice(1), again]) await stream.body!.cancel()
    expect(await (await call('/api/v1/health')).json()).toMatchObject({ streams: 0 })
  })
})

describe('commands', () => {
  it("stops everything and hands on the engine's own proof [row 71]", async () => {
    const response = await post(stopPath, { origin: own, 'sec-fetch-site': 'same-origin' })
    expect([response.status, await response.json()]).toEqual([
      200,
      { gate_closed_at_ms: Date.UTC(2026, 0, 5, 12, 1, 1, 234), cancelled: ['0a1b', '2c3d'], unresolved: ['4e5f'] },
    ])
    expect(engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":true}'])
    expect(await (await call('/api/v1/state')).json()).toMatchObject({
      trading_state: 'halted',
      trading_state_reason: 'Emergency stop: nothing leaves but cancels and an explicit flatten.',
    })
  })
  it('leaves open orders alone where that is asked', async () => {
    await post(stopPath, {}, '{"confirm":true,"cancel_open_orders":false}')
    expect(engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":false}'])
  })
  it('re-arms only by its own request', async () => {
    await post(stopPath)
    const response = await post(rearmPath, { 'content-type': 'application/json; charset=utf-8' })
    expect([response.status, await response.json()]).toEqual([200, { trading_state: 'active', trading_state_reason: null }])
    expect(engine.commands).toEqual(['emergencyStop {"cancelOpenOrders":true}', 'rearm'])
  })
  it('says why the engine refused', async () => {
    engine.failWith(new EngineError('RECONCILE_FAILED', 'order 4e5f is still unknown'))
    const response = await post(rearmPath)
    expect([response.status, await response.json()]).toEqual([
      409,
      {
        type: 'urn:millrace:problem:engine-refused',
        title: 'The engine refused',
        status: 409,
        detail: 'order 4e5f is still unknown',
        code: 'RECONCILE_FAILED',
      },
    ])
    expect(errors).toEqual([])
  })
  it('says that the engine is not running, of commands and of its state', async () => {
    engine.failWith(new EngineError('NOT_RUNNING', 'the engine is ended'))
    expect(await (await post(stopPath)).json()).toMatchObject({ status: 503, type: 'urn:millrace:problem:not-running', detail: 'the engine is ended' })
    engine.state = () => {
      throw new EngineError('NOT_RUNNING', 'no state before start()')
    }
    for (const path of ['/api/v1/state', '/api/v1/health']) expect((await call(path)).status).toBe(503)
    expect((await call('/')).status).toBe(200)
  })
  it('shows nothing of a failure nobody foresaw but on the terminal', async () => {
    const failure = new Error('secret thing')
    engine.failWith(failure)
    const response = await post(stopPath)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(errors).toEqual([failure])
  })
})
