import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@millrace/core'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { fakeEngine } from '../../test/fake-engine.ts'
import type { FakeEngine } from '../../test/fake-engine.ts'
import { createAccess } from './access/access.ts'
import type { Access } from './access/access.ts'
import { freeTries } from './access/lockout.ts'
import { cookieValue, makeTokens, sameSecret, tokensOfFile } from './access/tokens.ts'
import type { TokenSource } from './access/tokens.ts'
import { writesPerMinute } from './access/write-budget.ts'
import { routes } from './api/all-routes.ts'
import { createApp } from './app.ts'
import { createEventLog } from './event-log.ts'

const port = 4321
const own = `http://127.0.0.1:${port}`
const stop = '/api/v1/trades/emergency-stop'
const confirm = JSON.stringify({ confirm: true })

let engine: FakeEngine
let source: TokenSource
let access: Access
let app: ReturnType<typeof createApp>
let nowMs: number
beforeEach(() => {
  engine = fakeEngine()
  source = makeTokens()
  nowMs = 0
  access = createAccess({ source, port, now: () => nowMs })
  app = createApp({ engine, access, log: createEventLog(engine), port })
})

type Headers = Readonly<Record<string, string | undefined>>
const full = (): Headers => ({ authorization: `Bearer ${source.tokens.full}` })
const read = (): Headers => ({ authorization: `Bearer ${source.tokens.read}` })
const cookie = (): Headers => ({ cookie: `millrace_${port}=${cookieValue(source.tokens.full)}` })

/** A request with exactly these headers and a right Host. */
const request = async (path: string, headers: Headers = {}, init: RequestInit = {}): Promise<Response> => {
  const sent = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return app.request(`${own}${path}`, { ...init, headers: Object.fromEntries(sent) })
}
const post = (path: string, headers: Headers = {}, body: string = confirm): Promise<Response> =>
  request(path, { 'x-millrace': '1', 'content-type': 'application/json', ...headers }, { method: 'POST', body })
const signIn = (secret: object, headers: Headers = {}): Promise<Response> => post('/api/v1/session', headers, JSON.stringify(secret))
const codeOf = async (response: Response): Promise<string> => {
  const { type } = (await response.json()) as { type?: string }
  return `${response.status} ${type?.replace('urn:millrace:problem:', '')}`
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-attack-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('somebody without a token', () => {
  it('reads nothing and changes nothing, at any endpoint but the way in', async () => {
    for (const { method, path, example, guard } of routes) {
      if (guard === 'open') continue
      const init: RequestInit = { method: method.toUpperCase(), ...(method === 'get' ? {} : { body: JSON.stringify(example.body ?? {}) }) }
      const response = await request(`/api/v1${example.path}`, { 'x-millrace': '1', 'content-type': 'application/json' }, init)
      expect([path, await codeOf(response)]).toEqual([path, '401 not-signed-in'])
    }
    expect(engine.commands).toEqual([])
  })
  it('gets in with no empty, default, shortened or doubled token', async () => {
    const { full: right } = source.tokens
    for (const token of ['', ' ', 'admin', 'undefined', 'null', right.slice(0, -1), `${right}x`, right + right, right.toUpperCase(), `${right.slice(1)}A`]) {
      expect(access.signIn({ token })).toBeUndefined()
      expect((await request('/api/v1/state', { authorization: `Bearer ${token}` })).status).not.toBe(200)
    }
  })
  it('gets in with no cookie that is the token itself, empty, or of another port', async () => {
    for (const value of [source.tokens.full, '', 'full', cookieValue(source.tokens.full).slice(1), cookieValue('')])
      expect((await request('/api/v1/state', { cookie: `millrace_${port}=${value}` })).status).toBe(401)
    expect((await request('/api/v1/state', { cookie: `millrace_${port + 1}=${cookieValue(source.tokens.full)}` })).status).toBe(401)
    expect((await request('/api/v1/state', cookie())).status).toBe(200)
  })
  it('gets in with no other scheme, and with no token in the address', async () => {
    for (const authorization of [
      `Basic ${btoa(`admin:${source.tokens.full}`)}`,
      source.tokens.full,
      `Token ${source.tokens.full}`,
      'Bearer',
      `Bearer  ${source.tokens.full} x`,
    ])
      expect((await request('/api/v1/state', { authorization })).status).toBe(401)
    for (const query of ['token', 'access_token', 'authorization']) expect((await request(`/api/v1/state?${query}=${source.tokens.full}`)).status).toBe(401)
  })
  it('is told whether a path exists only by the way in', async () => {
    expect(await codeOf(await request('/api/v1/trades/status/abc'))).toBe('401 not-signed-in')
    expect(await codeOf(await request('/api/v1/bots/nobody'))).toBe('401 not-signed-in')
  })
})

describe('guessing', () => {
  const guess = (): Promise<Response> => signIn({ token: 'x'.repeat(43) })

  it('is stopped after a few wrong tokens, longer each time, and the right one waits as well', async () => {
    for (let n = 0; n < freeTries; n++) expect(await codeOf(await guess())).toBe('401 wrong-token')
    const locked = await guess()
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '30'])
    expect(await codeOf(await signIn({ token: source.tokens.full }))).toBe('429 locked-out')
    nowMs += 30_000
    expect(await codeOf(await guess())).toBe('401 wrong-token')
    expect((await guess()).headers.get('retry-after')).toBe('60')
    nowMs += 60_000
    expect((await signIn({ token: source.tokens.full })).status).toBe(200)
    expect(access.lockout.failures).toBe(freeTries + 1)
  })
  it('does not get around the pause by bearer tokens, and learns nothing from them meanwhile', async () => {
    for (let n = 0; n < freeTries; n++) expect((await request('/api/v1/state', { authorization: `Bearer ${n}` })).status).toBe(401)
    expect(await codeOf(await request('/api/v1/state', full()))).toBe('429 locked-out')
    expect(await codeOf(await guess())).toBe('429 locked-out')
  })
  it('does not lock out a page that is signed in', async () => {
    for (let n = 0; n <= freeTries; n++) await guess()
    expect((await request('/api/v1/state', cookie())).status).toBe(200)
  })
  it('[row 21] never stands between a person and the emergency stop', async () => {
    for (let n = 0; n <= freeTries; n++) await guess()
    expect((await post(stop, full())).status).toBe(200)
    expect((await post(stop, cookie())).status).toBe(200)
    expect((await post(stop, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect(engine.commands).toHaveLength(2)
  })
  it('of the token at re-arming counts as well', async () => {
    const rearm = (token: string) => post('/api/v1/trades/rearm', cookie(), JSON.stringify({ confirm: true, token }))
    for (let n = 0; n < freeTries; n++) expect(await codeOf(await rearm('wrong'))).toBe('401 wrong-token')
    expect(await codeOf(await rearm(source.tokens.full))).toBe('429 locked-out')
    nowMs += 30_000
    expect((await rearm(source.tokens.full)).status).toBe(200)
    expect(engine.commands).toEqual(['rearm'])
  })
  it('compares whole secrets, of any lengths', () => {
    expect([sameSecret('a', 'a'), sameSecret('a', 'ab'), sameSecret('', 'a'), sameSecret('', '')]).toEqual([true, false, false, true])
  })
})

describe('a page of another site', () => {
  it('cannot use the cookie of ours to change something, by form, by fetch or by image', async () => {
    const from = (origin: string, more: Headers = {}) => ({ ...cookie(), origin, 'sec-fetch-site': 'cross-site', ...more })
    expect(await codeOf(await post(stop, from('https://evil.example')))).toBe('403 cross-origin')
    const form = await request(stop, from('https://evil.example', { 'content-type': 'application/x-www-form-urlencoded' }), {
      method: 'POST',
      body: 'confirm=true',
    })
    expect(await codeOf(form)).toBe('403 cross-origin')
    expect((await request(stop, { ...cookie(), 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'image' })).status).toBe(403)
    expect(engine.commands).toEqual([])
  })
  it('cannot do it where the browser names no origin either: the header is missing', async () => {
    for (const { method, path, example } of routes.filter((route) => route.method !== 'get')) {
      const response = await request(
        `/api/v1${example.path}`,
        { ...cookie(), 'content-type': 'application/json' },
        { method: method.toUpperCase(), body: '{}' },
      )
      expect([path, await codeOf(response)]).toEqual([path, '403 header-missing'])
    }
  })
  it('cannot rebind a name of its own to this address, whatever else it sends', async () => {
    const host = `evil.example:${port}`
    for (const headers of [full(), cookie(), { ...cookie(), origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }])
      for (const path of ['/', '/api/v1/state', '/api/v1/session', '/metrics'])
        expect(await codeOf(await request(path, { ...headers, host }))).toBe('403 host-not-allowed')
    expect(await codeOf(await post(stop, { ...full(), host, origin: `http://${host}` }))).toBe('403 host-not-allowed')
  })
  it('gets no permission to ask: no preflight is answered, no CORS header is sent', async () => {
    const preflight = await request(
      stop,
      { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-millrace' },
      { method: 'OPTIONS' },
    )
    expect(preflight.status).toBe(403)
    for (const response of [preflight, await request('/api/v1/state', full()), await request('/')])
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
  it('cannot sign its visitor in as somebody else', async () => {
    expect(await codeOf(await signIn({ token: source.tokens.full }, { origin: 'https://evil.example' }))).toBe('403 cross-origin')
  })
  it('cannot frame the page, load scripts into it or send its forms elsewhere', async () => {
    const policy = (await request('/')).headers.get('content-security-policy')!
    for (const directive of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"])
      expect(policy).toContain(directive)
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:(?!;)(?<!img-src 'self' data:)/)
  })
})

describe('the read-only token', () => {
  it('looks and changes nothing, by header and by cookie', async () => {
    const { headers } = await signIn({ token: source.tokens.read })
    const readCookie = { cookie: headers.get('set-cookie')!.split(';')[0]! }
    for (const who of [read(), readCookie]) {
      expect((await request('/api/v1/state', who)).status).toBe(200)
      for (const { path, example, method, guard } of routes) {
        if (guard !== 'write' && guard !== 'stop') continue
        const response = await request(
          `/api/v1${example.path}`,
          { ...who, 'x-millrace': '1', 'content-type': 'application/json' },
          { method: method.toUpperCase(), body: JSON.stringify(example.body ?? {}) },
        )
        expect([path, await codeOf(response)]).toEqual([path, '403 read-only'])
      }
    }
    expect(engine.commands).toEqual([])
  })
  it('does not become the full one: not by signing in again, not at re-arming', async () => {
    expect(await (await signIn({ token: source.tokens.read })).json()).toEqual({ role: 'read' })
    expect(await codeOf(await post('/api/v1/trades/rearm', cookie(), JSON.stringify({ confirm: true, token: source.tokens.read })))).toBe('401 wrong-token')
  })
})

describe('the cookie', () => {
  it('is out of reach for scripts and other sites, and is not the token', async () => {
    const { headers } = await signIn({ token: source.tokens.full })
    const set = headers.get('set-cookie')!
    expect(set).toMatch(/; HttpOnly/)
    expect(set).toMatch(/; SameSite=Strict/)
    expect(set).toContain(`millrace_${port}=`)
    expect(set).not.toContain(source.tokens.full)
  })
  it('is taken back by signing out', async () => {
    const response = await request('/api/v1/session', { ...cookie(), 'x-millrace': '1' }, { method: 'DELETE' })
    expect([response.status, response.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')])
  })
})

describe('the printed link', () => {
  it('is good for one use, for ten minutes, and no longer than the next one', async () => {
    const again = createAccess({ source: { ...source, made: false }, port, now: () => nowMs })
    const code = (): string => /^#login=([\w-]+)$/.exec(again.linkFragment())![1]!
    const first = code()
    expect(again.signIn({ code: first })?.role).toBe('full')
    expect(again.signIn({ code: first })).toBeUndefined()
    const [old, newer] = [code(), code()]
    expect(again.signIn({ code: old })).toBeUndefined()
    nowMs += 600_001
    expect(again.signIn({ code: newer })).toBeUndefined()
    expect(again.signIn({ code: '' })).toBeUndefined()
  })
  it('has the token itself only at the start that made it', () => {
    expect(access.linkFragment()).toBe(`#token=${source.tokens.full}`)
    expect(createAccess({ source: { ...source, made: false }, port }).linkFragment()).not.toContain(source.tokens.full)
  })
})

describe('the token file', () => {
  const file = (name: string): string => join(folder, name)
  it('is made once, with 256 random bits each, for its owner only', () => {
    const made = tokensOfFile(file('first'))
    expect(statSync(file('first')).mode & 0o777).toBe(0o600)
    expect(made.made).toBe(true)
    expect(Buffer.from(made.tokens.full, 'base64url')).toHaveLength(32)
    expect(tokensOfFile(file('first'))).toEqual({ ...made, made: false })
    expect(tokensOfFile(file('second')).tokens).not.toEqual(made.tokens)
    expect(made.tokens.full).not.toBe(made.tokens.read)
  })
  it('is refused when others can read it', () => {
    tokensOfFile(file('open'))
    chmodSync(file('open'), 0o644)
    expect(() => tokensOfFile(file('open'))).toThrow(ConfigError)
    chmodSync(file('open'), 0o600)
    expect(tokensOfFile(file('open')).made).toBe(false)
  })
  it('is refused when it is a link, empty, or holds a token anybody could guess', () => {
    tokensOfFile(file('target'))
    symlinkSync(file('target'), file('link'))
    expect(() => tokensOfFile(file('link'))).toThrow(ConfigError)
    for (const text of [
      '',
      '{}',
      '{"full":"","read":""}',
      '{"full":"changeme","read":"secret"}',
      JSON.stringify({ full: 'a'.repeat(43), read: 'a'.repeat(43) }),
    ]) {
      writeFileSync(file('weak'), text, { mode: 0o600 })
      expect(() => tokensOfFile(file('weak'))).toThrow(ConfigError)
    }
  })
  it('is told of in no refusal', () => {
    writeFileSync(file('broken'), '{"full":"sentinel-of-a-token","read":', { mode: 0o600 })
    expect(() => tokensOfFile(file('broken'))).toThrow(/^(?![\s\S]*sentinel)/)
    expect(readFileSync(file('broken'), 'utf8')).toContain('sentinel')
  })
})

describe('too much', () => {
  it('of changes is refused within a minute; reads and the emergency stop go on', async () => {
    for (let n = 0; n < writesPerMinute; n++) await post('/api/v1/breakers/none/reset', cookie(), '')
    const refused = await post('/api/v1/pause', cookie(), '')
    expect([await codeOf(refused), refused.headers.get('retry-after')]).toEqual(['429 too-many-changes', expect.stringMatching(/^\d+$/)])
    expect((await request('/api/v1/state', cookie())).status).toBe(200)
    for (let n = 0; n < 5; n++) expect((await post(stop, cookie())).status).toBe(200)
  })
  it('of an emergency stop is the same stop again: nothing about its form but the body holds it up', async () => {
    for (const headers of [{ 'idempotency-key': 'x' }, { 'idempotency-key': '€'.normalize('NFD').replace('€', '!') }, {}])
      expect((await post(stop, { ...full(), ...headers })).status).toBe(200)
  })
})

describe('names and texts from outside', () => {
  it('lead to no file, prototype or other route', async () => {
    for (const path of [
      '/api/v1/bots/__proto__',
      '/api/v1/bots/constructor',
      '/api/v1/bots/..%2f..%2fetc%2fpasswd',
      '/api/v1/bots/%00',
      '/api/v1/trades/status/%27%20OR%201=1',
      `/api/v1/bots/${'a'.repeat(500)}`,
    ])
      expect([path, (await request(path, full())).status]).toEqual([path, 404])
    for (const path of ['/assets/..%2f..%2fbots.json', '/assets/%2e%2e/server/app.ts', '/assets/.token', '//evil.example/assets/main.js'])
      expect([path, (await request(path, full())).status]).toEqual([path, 404])
  })
  it('cannot reach the prototype through a limits patch', async () => {
    for (const body of [
      '{"account":{"__proto__":{"limit":1}}}',
      '{"__proto__":{"account":{}}}',
      '{"account":{"daily-loss":{"__proto__":1}}}',
      '{"account":{"daily-loss":{"constructor.prototype":1}}}',
    ])
      expect([
        body,
        (await request('/api/v1/limits', { ...full(), 'x-millrace': '1', 'content-type': 'application/json' }, { method: 'PATCH', body })).status,
      ]).toEqual([body, 400])
    expect(({} as { limit?: number }).limit).toBeUndefined()
  })
})

it('[sentinel] no answer, header or stream of any endpoint has a token in it', async () => {
  const secrets = [source.tokens.full, source.tokens.read]
  for (const { method, example } of routes) {
    const body = JSON.stringify(example.body ?? {}).replace(/<[a-z ]+>/, source.tokens.full)
    const response = await request(
      `/api/v1${example.path}`,
      { ...full(), 'x-millrace': '1', 'content-type': 'application/json', 'idempotency-key': 'sentinel-1' },
      { method: method.toUpperCase(), ...(method === 'get' ? {} : { body }) },
    )
    const text = response.headers.get('content-type')?.startsWith('text/event-stream') ? '' : await response.text()
    if (text === '') await response.body?.cancel()
    for (const secret of secrets) expect([example.path, `${text}${JSON.stringify([...response.headers])}`.includes(secret)]).toEqual([example.path, false])
  }
})
