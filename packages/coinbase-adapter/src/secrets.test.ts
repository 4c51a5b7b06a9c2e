import { inspect } from 'node:util'
import type { EpochMs } from '@millrace/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SENTINEL, never, requestOf, scriptedVenue } from './orders/scripted-venue.fixture.ts'
import type { Reply, Seen } from './orders/scripted-venue.fixture.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** Everything that may not be said: the secret in each of its forms, the key's name, any token. */
const forbidden: readonly (string | RegExp)[] = [
  SENTINEL,
  Buffer.from(SENTINEL, 'base64').toString('utf8'),
  Buffer.from(SENTINEL, 'base64').toString('hex'),
  Buffer.from(SENTINEL, 'base64').toString('base64url'),
  'sentinel-key-name',
  /eyJ[\w-]+\./,
]

function expectClean(what: string, said: unknown): void {
  const texts = [inspect(said, { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null }), JSON.stringify(said) ?? '', String(said)]
  if (said instanceof Error) texts.push(said.stack ?? '', inspect(said.cause, { depth: 30 }))
  for (const text of texts)
    for (const word of forbidden)
      expect(typeof word === 'string' ? text.includes(word) : word.test(text), `${what} says ${String(word)}: ${text.slice(0, 300)}`).toBe(false)
}

/** A venue, or something before it, that sends back what it was sent. */
const echo =
  (status: number, form: 'text' | 'json' | 'html') =>
  ({ authorization }: Seen): Reply => {
    const headers = { 'retry-after': '0' }
    const name = 'organizations/0b2e9f7a/apiKeys/sentinel-key-name'
    if (form === 'text') return { status, headers, text: `${authorization} ${name}` }
    if (form === 'html') return { status, headers, text: `<html><body>${name} <b>${authorization}</b></body></html>` }
    return { status, headers, json: { error: authorization, error_details: `bad ${authorization} of ${name}`, message: `${name}: ${authorization}` } }
  }

const replies: readonly (readonly [string, Reply | ((seen: Seen) => Reply)])[] = [
  ...[200, 400, 401, 403, 404, 429, 503].map((status) => [`${status} json`, echo(status, 'json')] as const),
  ...(['text', 'html'] as const).flatMap((form) => [400, 401, 500].map((status) => [`${status} ${form}`, echo(status, form)] as const)),
  ['reset', 'reset'],
  ['half', 'half'],
  ['hang', 'hang'],
]

const routes = [
  'POST /orders',
  'POST /orders/batch_cancel',
  'POST /orders/preview',
  'GET /orders/historical/batch',
  'GET /orders/historical/fills',
  'GET /orders/historical/v1',
  'GET /accounts',
  'GET /transaction_summary',
  'GET /key_permissions',
  'GET /products',
  'GET /time',
]

describe('the key is never said', () => {
  it.each(replies)('in results, errors, events or the console, when everything is answered with %s [fault 64]', async (_, reply) => {
    const venue = await scriptedVenue({ timeoutMs: reply === 'hang' ? 100 : 50_000, budget: { capacity: 1_000, perSecond: 1_000 } })
    const console = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => vi.spyOn(globalThis.console, name))
    const written = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'))
    const heard = venue.listen()
    await heard.until(1)
    for (const route of routes) venue.on(route, reply)
    const { exchange } = venue
    const ref = { clientOrderId: 'c1', venueOrderId: 'v1', instrument: 'BTC-USD' }
    const sentBefore = { firstSentAtMs: (Date.now() - 3_600_000) as EpochMs }
    const calls: readonly (() => Promise<unknown>)[] = [
      () => exchange.instruments(),
      () => exchange.submit(requestOf(), never),
      () => exchange.submit(requestOf(), never, sentBefore),
      () => exchange.preview(requestOf()),
      () => exchange.cancel(ref, AbortSignal.timeout(60)),
      () => exchange.order(ref, sentBefore),
      () => exchange.liveOrders(),
      () => exchange.fills(undefined),
      () => exchange.balances(),
      () => exchange.feeRates(),
      () => exchange.keyPermissions(),
      () => exchange.checkKey(),
    ]
    const said = await Promise.all(calls.map((call) => call().catch((error: unknown) => error)))
    said.forEach((each, index) => expectClean(`call ${index}`, each))
    expectClean('the events', heard.events)
    expectClean('the exchange', exchange)
    expectClean('its numbers', exchange.stats())
    for (const spy of [...console, ...written]) expectClean('the console', spy.mock.calls)
  })

  it('by the user channel, whatever it says [fault 64]', async () => {
    const venue = await scriptedVenue()
    let times = 0
    venue.meet = (socket, asks) => {
      if (asks.length < 2) return
      const { jwt } = asks[1]!
      const answers = [`{"type":"error","message":"authentication failure: ${jwt}"}`, `{"jwt":"${jwt}"`, `{"channel":7,"jwt":"${jwt}"}`]
      socket.send(answers[times++ % 3]!)
      if (times > 3) venue.acknowledge(socket, ['heartbeats', 'user'])
      else socket.close()
    }
    const heard = venue.listen()
    while (!heard.texts().includes('ready')) await heard.until(heard.events.length + 1)
    expectClean('the events', heard.events)
    expect(heard.events.length).toBeGreaterThan(3)
  })
})
