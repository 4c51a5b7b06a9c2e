import { readFileSync, readdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createTtlLruCache } from '@millrace/coinbase-adapter'
import { sourcePaths } from '../src/page/data.ts'
import { routes } from '../src/server/api/all-routes.ts'
import { changes } from '../src/server/api/route.ts'
import type { Route } from '../src/server/api/route.ts'
import { apiOverEngine } from './api-engine.ts'
import type { ApiOverEngine } from './api-engine.ts'

const api = '/api/v1'
let over: ApiOverEngine
let keys = 0
beforeEach(async () => {
  over = await apiOverEngine()
})
afterEach(() => over.close())

const buy = (amount?: string, key = `key-000${keys++}`) =>
  over.call(`${api}/trades/execute`, {
    body: { bot_id: 'btc', action: 'buy', ...(amount === undefined ? {} : { amount }) },
    headers: { 'idempotency-key': key },
  })

/** A position, a sale and an open order, so that no list is empty. */
async function someHistory(): Promise<void> {
  await buy('20.00')
  over.next()
  await over.call(`${api}/trades/execute`, { body: { bot_id: 'btc', action: 'sell', share: 0.5 }, headers: { 'idempotency-key': 'half-of-it' } })
  over.next()
  over.next(99, 'ETH-USD')
  over.next(99, 'ETH-USD')
}

const exampleOf = async (route: Route): Promise<Response> => {
  const trade = (over.engine.rows('orders')[0]?.['client_order_id'] ?? '') as string
  const path = route.example.path.replace('5f3c0b8e-0000-4000-8000-000000000001', trade)
  const body = JSON.parse(JSON.stringify(route.example.body ?? null).replace(/<[a-z ]+>/, over.tokens.full)) as unknown
  return over.call(`${api}${path}`, {
    method: route.method.toUpperCase(),
    ...(body === null ? {} : { body }),
    headers: { 'idempotency-key': `example-${routes.indexOf(route)}-of-all` },
  })
}

/** What an example may be answered with instead, where this market or engine cannot do it. */
const refusedExamples: Readonly<Record<string, number>> = {
  'post /cache/reset': 404,
  'post /breakers/{id}/reset': 409,
  'patch /limits': 422,
}

describe('every endpoint', () => {
  test('answers its example with what its schema says, and with nothing else [row 77] [row 98]', async () => {
    await someHistory()
    for (const route of routes) {
      const name = `${route.method} ${route.path}`
      const response = await exampleOf(route)
      expect([name, response.status]).toEqual([name, refusedExamples[name] ?? 200])
      if (response.status !== 200) {
        expect([name, response.headers.get('content-type')]).toEqual([name, 'application/problem+json'])
        continue
      }
      if (!(route.answer instanceof z.ZodType)) {
        expect([name, response.headers.get('content-type')]).toEqual([name, route.answer.contentType])
        await response.body?.cancel()
        continue
      }
      const read = route.answer.safeParse(await response.json())
      expect([name, read.error?.issues]).toEqual([name, undefined])
    }
  })

  test('that only reads changes not a byte of the journal, called with GET, HEAD or by way of a question', async () => {
    await someHistory()
    const before = [over.engine.state().lastSeq, over.engine.state().journalHash]
    for (const route of routes.filter((each) => !changes(each) && each.guard !== 'open')) {
      await (await exampleOf(route)).body?.cancel()
      if (route.method === 'get') await over.call(`${api}${route.example.path}`, { method: 'HEAD' })
    }
    for (const route of routes.filter(changes)) await over.call(`${api}${route.example.path}`)
    expect([over.engine.state().lastSeq, over.engine.state().journalHash]).toEqual(before)
  })

  test('is in the OpenAPI document, with every refusal that it makes, and every reference leads somewhere', async () => {
    await someHistory()
    const document = await over.json<{ paths: Record<string, Record<string, { responses: Record<string, unknown> }>>; components: { schemas: object } }>(
      `${api}/openapi.json`,
    )
    for (const route of routes) {
      const operation = document.paths[`${api}${route.path}`]?.[route.method]
      const { status } = await exampleOf(route)
      expect([route.path, Object.keys(operation?.responses ?? {})]).toEqual([
        route.path,
        expect.arrayContaining(['200', '401', String(status)].slice(route.guard === 'open' ? 2 : 0)),
      ])
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!)
    expect(references.length).toBeGreaterThan(50)
    for (const reference of new Set(references)) expect(Object.keys(document.components.schemas)).toContain(reference.replace('#/components/schemas/', ''))
    const ids = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map((each) => (each as unknown as { operationId: string }).operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })
})

describe('a trade by hand', () => {
  test('is made once for a key, whoever comes again with it, and another trade cannot have the key [row 64]', async () => {
    const [first, again] = await Promise.all([buy('20.00', 'twice-the-same'), buy('20.00', 'twice-the-same')])
    const made = (await first.json()) as { trade_id: string; executed: boolean }
    expect([made.executed, await again.json(), again.headers.get('idempotent-replay')]).toEqual([true, made, 'true'])
    expect(over.engine.read({ types: ['intent'], limit: 10 })).toHaveLength(1)
    expect((await buy('21.00', 'twice-the-same')).status).toBe(422)
    expect((await over.call(`${api}/trades/execute`, { body: { bot_id: 'btc', action: 'buy' } })).status).toBe(400)
    // The server forgets, the journal does not.
    const other = await apiOverEngine({}, { engine: over.engine })
    const replay = await other.json(`${api}/trades/execute`, {
      body: { bot_id: 'btc', action: 'buy', amount: '20.00' },
      headers: { 'idempotency-key': 'twice-the-same' },
    })
    expect([replay['executed'], replay['trade_id']]).toEqual([true, made.trade_id])
    const reused = await other.call(`${api}/trades/execute`, { body: { bot_id: 'btc', action: 'sell' }, headers: { 'idempotency-key': 'twice-the-same' } })
    expect(reused.status).toBe(422)
    expect(over.engine.read({ types: ['intent'], limit: 10 })).toHaveLength(1)
    await other.close()
  })

  test("states the bot's own size when none is given [row 49], and is answered, not failed, when a rule refuses it", async () => {
    const { plan, order } = (await (await buy()).json()) as { plan: { sized_by: string; wanted_quote: number }; order: { quote_size: string } }
    expect([plan.sized_by, plan.wanted_quote, order.quote_size]).toEqual(['sizer', 20, '20'])
    over.next()
    const refused = (await (await buy()).json()) as { executed: boolean; plan: { blockers: { code: string }[] } }
    expect([refused.executed, refused.plan.blockers.map(({ code }) => code)]).toEqual([false, ['COOLDOWN']])
  })

  test("can be followed by its id, stands first among its bot's, and is never without action and amount [row 65] [row 66] [row 67]", async () => {
    const { trade_id: id } = (await (await buy('20.00')).json()) as { trade_id: string }
    expect(await over.json(`${api}/trades/status/${id}`)).toMatchObject({
      trade_id: id,
      action: 'buy',
      amount: '20',
      amount_currency: 'USD',
      amount_is: 'requested',
    })
    over.next()
    const filled = await over.json(`${api}/trades/status/${id}`)
    expect(filled).toMatchObject({ status: 'filled', amount_is: 'filled', fills: 1, origin: 'manual' })
    expect(Number(filled['amount'])).toBeGreaterThan(19)
    await someHistory()
    const { items } = await over.json<{ items: { trade_id: string; action: string; amount: string; created_at_ms: number }[] }>(`${api}/trades/recent/btc`)
    expect(items.map(({ created_at_ms: ms }) => ms)).toEqual(items.map(({ created_at_ms: ms }) => ms).sort((a, b) => b - a))
    expect(items.at(-1)!.trade_id).toBe(id)
    const all = await over.json<{ items: typeof items; total: number }>(`${api}/trades/`)
    expect(all.total).toBe(all.items.length)
    for (const trade of all.items) expect([trade.action, Number(trade.amount) > 0]).toEqual([expect.stringMatching(/^(buy|sell)$/), true])
    expect((await over.call(`${api}/trades/status/nobody`)).status).toBe(404)
  })

  test('is counted: by status adds up, success has both its numbers [row 68]', async () => {
    await someHistory()
    const stats = await over.json<{
      total: number
      by_status: { count: number }[]
      by_action: { buy: number; sell: number }
      submitted: number
      filled: number
      success_rate: number
    }>(`${api}/trades/stats`)
    expect(stats.by_status.reduce((sum, { count }) => sum + count, 0)).toBe(stats.total)
    expect(stats.by_action.buy + stats.by_action.sell).toBe(stats.total)
    expect(stats.success_rate).toBe(stats.filled / stats.submitted)
  })

  test('can be asked about first, in full, and nothing comes of asking [row 69] [row 75]', async () => {
    const plan = await over.json<{ allowed: boolean; verdicts: unknown[]; order: object }>(`${api}/trades/validate-trade`, {
      body: { bot_id: 'btc', action: 'buy', amount: '10' },
    })
    expect([plan.allowed, plan.verdicts.length, plan.order]).toEqual([true, 3, { type: 'market', quote_size: '10', base_size: null, limit_price: null }])
    const simulated = await over.json(`${api}/bot-evaluation/btc/simulate-automatic-trade?action=sell`, { method: 'POST' })
    expect(simulated).toMatchObject({ simulated: true, plan: { allowed: false, blockers: [{ code: 'NO_POSITION' }] } })
    expect(over.engine.read({ types: ['intent', 'command'], limit: 1 })).toEqual([])
    for (const body of [
      { bot_id: 'btc', action: 'buy', amount: '0' },
      { bot_id: 'btc', action: 'sell', amount: '5' },
      { bot_id: 'btc', action: 'hold' },
      { bot_id: '../x', action: 'buy' },
    ])
      expect((await over.call(`${api}/trades/validate-trade`, { body })).status).toBe(400)
  })
})

describe('a bot', () => {
  test('is started and stopped, twice without harm [row 74]', async () => {
    const act = (verb: string) => over.json(`${api}/bots/btc/${verb}`, { method: 'POST' })
    expect(await act('stop')).toEqual({ bot_id: 'btc', status: 'paused', changed: true })
    expect(await act('stop')).toEqual({ bot_id: 'btc', status: 'paused', changed: false })
    expect(over.engine.state().bots[0]!.paused).toBe(true)
    expect(await act('start')).toMatchObject({ status: 'running', changed: true })
    expect(over.engine.read({ types: ['command'], limit: 10 })).toHaveLength(2)
    expect((await over.call(`${api}/bots/nobody/start`, { method: 'POST' })).status).toBe(404)
  })

  test('shows temperature, score and the reason why it does not trade [row 72] [row 73] [row 52] [row 53]', async () => {
    over.engine.pause('eth')
    const summary = await over.json<{ bots: Record<string, unknown>[]; temperatures: Record<string, number> }>(`${api}/bots/status/summary`)
    expect(summary.bots.map(({ id, pair, status }) => [id, pair, status])).toEqual([
      ['btc', 'BTC-USD', 'running'],
      ['eth', 'ETH-USD', 'paused'],
    ])
    expect(Object.values(summary.temperatures).reduce((a, b) => a + b)).toBe(2)
    const { bots } = await over.json<{
      bots: { blocking_reason: string; trade_readiness: { can_trade: boolean; blockers: { code: string; margin: number }[] } }[]
    }>(`${api}/bots/status/enhanced`)
    const engineSays = over.engine.state().bots.map(({ readiness }) => [readiness.canTrade, readiness.blockers.map(({ code }) => code)])
    expect(bots.map(({ trade_readiness: { can_trade: can, blockers } }) => [can, blockers.map(({ code }) => code)])).toEqual(engineSays)
    expect(bots[1]!.trade_readiness.blockers.map(({ code }) => code)).toContain('BOT_PAUSED')
  })

  test('is added, edited and retired while it runs; state, configuration, history and journal say so', async () => {
    const added = await over.json(`${api}/bots`, { body: { id: 'second', instrument: 'BTC-USD', preset: 'balanced', confirm: '2m' } })
    expect(added).toMatchObject({ bot: { id: 'second', added: true, config: { confirm_ms: 120_000, action_threshold: 0.15 } } })
    const edited = await over.json(`${api}/bots/second`, { method: 'PATCH', body: { action_threshold: 0.2, temperature: { cool: 0.1, warm: 0.2, hot: 0.4 } } })
    expect(edited).toMatchObject({
      changes: [
        { path: 'action_threshold', before: 0.15, after: 0.2 },
        { path: 'temperature_thresholds.cool', after: 0.1 },
        { path: 'temperature_thresholds.warm', after: 0.2 },
        { path: 'temperature_thresholds.hot', after: 0.4 },
      ],
    })
    const retired = await over.json(`${api}/bots/second?close=true`, { method: 'DELETE' })
    expect(retired).toMatchObject({ bot: { config: { retire: true }, edited: { retire: true, action_threshold: 0.2 } } })
    const inForce = await over.json(`${api}/config/bots`)
    expect(inForce).toMatchObject({ hash: retired['config_hash'], bots: [{ id: 'btc', added: false, edited: {} }, { id: 'eth' }, retired['bot']] })
    const state = await over.json<{ bots: { id: string; readiness: { blockers: { code: string }[] } }[]; alerts: { code: string }[] }>(`${api}/state`)
    expect(state.bots[2]!.readiness.blockers.map(({ code }) => code)).toContain('BOT_RETIRED')
    expect(state.alerts.map(({ code }) => code)).toEqual(['BOT_RETIRED', 'BOT_EDITED', 'BOT_ADDED'])
    const { items } = await over.json<{ items: { data: { kind?: string } }[] }>(`${api}/activity`)
    expect(items.flatMap(({ data: { kind } }) => kind ?? [])).toEqual(['flattened', 'flatten', 'editBot', 'editBot', 'addBot', 'deposit'])
    // The market goes on where it stood.
    over.next(99)
    expect(over.engine.state().bots.map(({ outcome, workingOrder }) => [outcome, workingOrder?.source])).toEqual([
      ['ordered', 'levels'],
      ['hold', undefined],
      ['warmingUp', undefined],
    ])
  })

  test('is refused as a whole, with path, expected and received of every problem, and nothing is changed', async () => {
    const before = [over.engine.bots(), over.engine.state().lastSeq]
    const refused = async (path: string, method: string, body: unknown) => {
      const response = await over.call(`${api}${path}`, { method, body })
      const { type, errors } = (await response.json()) as { type: string; errors: unknown[] }
      return [response.status, type.split(':').at(-1), errors]
    }
    expect(await refused('/bots', 'POST', { id: 'btc', instrument: 'BTC-USD', preset: 'balanced' })).toEqual([
      422,
      'bot-refused',
      [{ path: 'id', expected: 'an id that no other bot has', received: 'btc' }],
    ])
    expect(await refused('/bots/btc', 'PATCH', { confirm: 'soon', action_threshold: 2, colour: 'red' })).toMatchObject([
      422,
      'bot-refused',
      [{ path: 'action_threshold', received: '2' }, { path: 'confirm', received: '"soon"' }, { path: 'colour' }],
    ])
    expect(await refused('/bots/btc', 'PATCH', { safety: [] })).toMatchObject([422, 'bot-refused', [{ path: 'safety' }, { path: 'safety' }]])
    expect(await refused('/bots', 'POST', { instrument: 'BTC-USD' })).toMatchObject([400, 'body-invalid', [{ path: 'id' }]])
    expect(await refused('/bots/nobody', 'PATCH', {})).toEqual([404, 'not-found', undefined])
    expect([over.engine.bots(), over.engine.state().lastSeq]).toEqual(before)
  })
})

test('what is left of every limit is told [row 70]', async () => {
  const status = await over.json<{ bots: { remaining: { rule: string; margin: number }[] }[]; limits: { hash: string } }>(`${api}/trades/safety-status`)
  expect(status.bots[0]!.remaining.map(({ rule }) => rule)).toEqual(['trade-size', 'cooldown', 'max-tranches'])
  expect(status.limits.hash).toBe(over.engine.limits().hash)
})

test('limits tighten through the API and loosen by no request; all problems come at once', async () => {
  const patch = (size: Record<string, unknown>) => over.call(`${api}/limits`, { method: 'PATCH', body: { bots: { btc: { 'trade-size': size } } } })
  const tightened = await patch({ max: 15 })
  expect(tightened.status).toBe(200)
  expect(await over.json(`${api}/limits`)).toEqual(await tightened.json())
  const refused = await patch({ max: 500 })
  expect([refused.status, ((await refused.json()) as { errors: unknown[] }).errors]).toEqual([
    422,
    [expect.objectContaining({ path: expect.stringContaining('max') as string })],
  ])
  const { plan } = (await (await buy('25.00')).json()) as { plan: { order: { quote_size: string } } }
  expect(plan.order.quote_size).toBe('15')
})

test('the emergency stop through HTTP halts, shows its proof, and only a re-arm with the full token ends it [row 71]', async () => {
  const report = await over.json(`${api}/trades/emergency-stop`, { body: { confirm: true } })
  expect(report).toEqual({ gate_closed_at_ms: over.engine.state().nowMs, cancelled: [], unresolved: [] })
  expect((await (await buy('20.00')).json()) as object).toMatchObject({ executed: false })
  const rearm = (token: string) => over.call(`${api}/trades/rearm`, { body: { confirm: true, token } })
  expect([(await rearm(over.tokens.read)).status, over.engine.state().tradingState]).toEqual([401, 'halted'])
  expect([(await rearm(over.tokens.full)).status, over.engine.state().tradingState]).toEqual([200, 'active'])
})

test('lists come in pages that neither miss nor repeat, also while something is added in front [row 31]', async () => {
  for (let n = 0; n < 7; n++) {
    over.engine.pause('btc')
    over.engine.resume('btc')
  }
  await someHistory()
  for (const path of ['/trades', '/orders', '/fills', '/activity', '/bots/btc/decisions']) {
    const whole = await over.json<{ items: unknown[] }>(`${api}${path}?limit=500`)
    const seen: unknown[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: unknown[]; next_cursor: string | null } = await over.json(
        `${api}${path}?limit=1${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      )
      seen.push(...page.items)
      cursor = page.next_cursor
      if (seen.length === 1) over.engine.pause('eth')
      if (seen.length === 2) over.engine.resume('eth')
    }
    expect([path, seen]).toEqual([path, whole.items])
    expect((await over.call(`${api}${path}?cursor=nonsense`)).status).toBe(400)
    expect((await over.call(`${api}${path}?limit=0`)).status).toBe(400)
  }
})

test('orders, fills and round trips can be asked for of one bot, in pages as well', async () => {
  await someHistory()
  over.engine.flatten('btc')
  over.next()
  const of = async (path: string, query: string) => (await over.json<{ items: { bot_id: string }[] }>(`${api}${path}?${query}`)).items
  for (const path of ['/orders', '/fills', '/round-trips']) {
    const all = await of(path, 'limit=500')
    expect([path, all.length > 0]).toEqual([path, true])
    for (const bot of ['btc', 'eth', 'nobody']) expect([path, await of(path, `bot_id=${bot}`)]).toEqual([path, all.filter((item) => item.bot_id === bot)])
    expect((await of(path, 'bot_id=btc&limit=1')).length).toBe(1)
    expect((await over.call(`${api}${path}?bot_id=Not%20One`)).status).toBe(400)
  }
})

test('every part of the service has its health, and a part that is ill says so [row 92]', async () => {
  const parts = async () => {
    const { status, parts: all } = await over.json<{ status: string; parts: { part: string; status: string; detail: string }[] }>(`${api}/status`)
    return { status, of: (name: string) => all.find(({ part }) => part === name)!, names: all.map(({ part }) => part) }
  }
  const well = await parts()
  expect(well.names).toEqual(['trading', 'market', 'bots', 'store', 'orders', 'breakers', 'cache', 'page', 'process', 'memory'])
  expect([well.status, well.of('store').status]).toEqual(['ok', 'ok'])
  over.engine.pause()
  expect((await parts()).of('trading')).toMatchObject({ status: 'warning', detail: 'Paused: exits only.' })
  await over.engine.emergencyStop()
  const ill = await parts()
  expect([ill.status, ill.of('trading').status]).toEqual(['bad', 'bad'])
})

test('a table for a spreadsheet has every row, and no cell that it would run', async () => {
  await someHistory()
  const text = await (await over.call(`${api}/fills.csv`)).text()
  const [head, ...rows] = text.trim().split('\r\n')
  expect(head!.split(',').slice(0, 3)).toEqual(['fill_id', 'client_order_id', 'bot_id'])
  expect(rows).toHaveLength(over.engine.rows('fills').length)
})

test('the configuration in force is told, and it is the one in the journal', async () => {
  const { hash, config } = await over.json<{ hash: string; config: object }>(`${api}/config`)
  const entry = over.engine.read({ types: ['configInForce'], limit: 10 }).at(-1)!.data as { hash: string }
  expect(hash).toBe(entry.hash)
  expect(JSON.stringify(config)).toContain('BTC-USD')
})

describe('metrics', () => {
  test('are off until they are asked for, and ask for a token themselves', async () => {
    expect((await over.call('/metrics')).status).toBe(404)
    const on = await apiOverEngine({}, { metrics: true })
    expect((await on.call('/metrics', { headers: { authorization: undefined } })).status).toBe(401)
    expect((await on.call('/metrics', { headers: { authorization: `Bearer ${on.tokens.read}` } })).status).toBe(200)
    expect((await on.call('/metrics', { method: 'POST' })).status).toBe(405)
    await on.close()
  })

  test('say what the engine says, in the form that Prometheus reads [row 89]', async () => {
    await over.close()
    over = await apiOverEngine({}, { metrics: true })
    await someHistory()
    const text = await (await over.call('/metrics')).text()
    // Every line is a comment or a sample, every sample has its type said before.
    const types = new Set<string>()
    for (const line of text.trimEnd().split('\n')) {
      const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line)
      if (type !== null) types.add(type[1]!)
      else if (!line.startsWith('# HELP '))
        expect([
          line,
          types.has(/^([a-z_]+)(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[\d.e+-]+$/.exec(line)?.[1]?.replace(/_(bucket|sum|count)$/, '') ?? ''),
        ]).toEqual([line, true])
    }
    const value = (name: string): number => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1])
    const state = over.engine.state()
    expect(value('millrace_equity_quote')).toBe(Number(state.equity))
    expect(value('millrace_orders_placed_total')).toBe(over.engine.analytics().successRate.submitted)
    expect(value('millrace_fills_total')).toBe(over.engine.rows('fills').length)
    expect(value('millrace_invariant_violations_total')).toBe(0)
    // Every commit is in the last class, and in the count.
    expect(value('millrace_db_commit_seconds_count')).toBe(value('millrace_db_commit_seconds_bucket\\{le="\\+Inf"\\}'))
    expect(value('millrace_db_commit_seconds_count')).toBeGreaterThan(3)
    expect(text).toContain('# TYPE millrace_exchange_call_seconds histogram')
    expect(text).toContain('millrace_bot_running{bot="btc",instrument="BTC-USD"} 1')
    expect(text).toContain('millrace_trading_state{state="active"} 1')
    await over.engine.emergencyStop()
    expect(await (await over.call('/metrics')).text()).toContain('millrace_subsystem_alive{part="trading"} 0')
  })
})

describe('the cache of market data', () => {
  test('is counted and can be emptied; where there is none, it says so [row 59]', async () => {
    expect(await over.json(`${api}/cache/stats`)).toEqual({ available: false, stats: null })
    const cache = createTtlLruCache<string>({ ttlMs: 30_000, maxSize: 10, now: () => 0 })
    const market = {
      stats: () => ({ cache: cache.stats(), requests: { lastMinute: 2, refusals: 0 }, clockOffsetMs: undefined }),
      resetCache: () => {
        cache.invalidate()
        cache.resetStats()
      },
    }
    const counted = await apiOverEngine({}, { market })
    for (const key of ['a', 'b', 'a', 'a']) await cache.get(key, () => Promise.resolve(key))
    expect(await counted.json(`${api}/cache/stats`)).toEqual({
      available: true,
      stats: { requests: 4, hits: 2, coalesced: 0, misses: 2, evictions: 0, size: 2, hit_rate: 0.5, calls_last_minute: 2, refusals: 0 },
    })
    expect(await counted.json(`${api}/cache/reset`, { method: 'POST' })).toMatchObject({ requests: 0, hits: 0, size: 0 })
    await counted.close()
  })
})

test('how often a bot can still buy follows from its cash and from every rule that counts, and shrinks with each entry [row 85]', async () => {
  const left = async () =>
    (await over.json<{ items: { bot_id: string; left: number; by_cash: number; by_rules: { rule: string; left: number }[] }[] }>(`${api}/bots/capacity`))
      .items[0]!
  expect(await left()).toMatchObject({ by_cash: 50, left: 3, by_rules: [{ rule: 'max-tranches', left: 3 }] })
  await buy('20.00')
  over.next()
  expect(await left()).toMatchObject({ by_cash: 49, left: 2 })
  await over.engine.withdraw('USD', '970')
  expect(await left()).toMatchObject({ by_cash: 0, left: 0 })
})

test('what today made of the account is counted from a valuation of the ledger, deposits left out [row 86]', async () => {
  await buy('20.00')
  over.next()
  await over.engine.deposit('USD', '500')
  over.next(110)
  const portfolio = await over.json<{ equity: string; today: { gain: string; from_equity: string } }>(`${api}/portfolio`)
  expect(portfolio.equity).toBe(over.engine.state().equity)
  expect(Number(portfolio.today.from_equity)).toBe(1_000)
  expect(Number(portfolio.today.gain)).toBeCloseTo(Number(portfolio.equity) - 1_500, 10)
  // Also at another price, after another deposit, and by the sums that the engine makes itself.
  over.next(120)
  const { equity, gain, returnPercent } = over.engine.analytics()
  expect(await over.json(`${api}/portfolio`)).toMatchObject({ equity, gain, return_percent: expect.closeTo(returnPercent, 10) as number, today: { gain } })
  await over.engine.deposit('USD', '250')
  const after = over.engine.analytics()
  expect(await over.json(`${api}/portfolio`)).toMatchObject({ gain, return_percent: expect.closeTo(returnPercent, 10) as number, equity: after.equity })
})

test('[INC-66] every endpoint that the page asks for is there', () => {
  const folder = new URL('../src/page/', import.meta.url)
  const asked = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('.test.'))
    .flatMap((name) =>
      [...readFileSync(new URL(name, folder), 'utf8').matchAll(/(?:read|send|useResource)(?:<[^(]*>)?\(\s*[`'](\/[^`']*)[`']/g)].map(([, path]) => path!),
    )
  const own = [...asked, ...Object.values(sourcePaths)].map((path) =>
    path
      .replace('${verb}', 'start')
      .replaceAll(/\$\{[^}]*\}/g, 'btc')
      .replace(/\?.*$/, ''),
  )
  expect(own.length).toBeGreaterThan(15)
  const known = routes.map(({ path }) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`))
  for (const path of own) expect([path, known.some((pattern) => pattern.test(path))]).toEqual([path, true])
})

test('the stream and asking give the very same state [row 91]', async () => {
  await someHistory()
  const stream = await over.call(`${api}/stream`)
  const reader = stream.body!.getReader()
  let text = ''
  while (!text.includes('event: state')) text += new TextDecoder().decode((await reader.read()).value as Uint8Array | undefined)
  await reader.cancel()
  const data = /event: state\ndata: (.*)\n/.exec(text)![1]!
  expect(JSON.parse(data)).toEqual(await over.json(`${api}/state`))
})
