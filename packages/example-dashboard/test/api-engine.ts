import { builtIns, createEngine, memoryStore, paper, bot, fixedSize, tradeSize, cooldown } from '@millrace/core'
import type { Engine, EngineOptions } from '@millrace/core'
import { candles, handMarket, levels } from '../../core/test/levels.ts'
import { createAccess } from '../src/server/access/access.ts'
import { makeTokens } from '../src/server/access/tokens.ts'
import { createApp } from '../src/server/app.ts'
import type { AppOptions } from '../src/server/app.ts'
import { createEventLog } from '../src/server/event-log.ts'

const port = 4321

export interface CallOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: unknown
}

/** A real engine of two bots whose prices a test pushes, behind the real server without a socket. */
export async function apiOverEngine(options: Partial<EngineOptions> = {}, others: Partial<AppOptions> = {}) {
  const market = handMarket(['BTC-USD', 'ETH-USD'])
  const bots = (['btc', 'eth'] as const).map((id) =>
    bot({
      id,
      instrument: `${id.toUpperCase()}-USD`,
      timeframe: '1m',
      strategy: levels(),
      confirm: 0,
      sizing: fixedSize(20),
      tranches: { max: 3 },
      safety: [tradeSize(5, 25), cooldown('15m')],
    }),
  )
  const engine: Engine = createEngine({
    market,
    exchange: paper({ cash: { USD: '1000' }, slippageBps: 0 }),
    store: memoryStore(),
    bots,
    plugins: builtIns,
    safety: [],
    ...options,
  })
  const { tokens, ...source } = makeTokens()
  const log = createEventLog(engine)
  const app = createApp({ engine, log, port, access: createAccess({ source: { ...source, tokens }, port }), ...others })
  await engine.start()
  let minute = 0
  const next = (close = 105, id = 'BTC-USD'): void => market.push(...candles([close], minute++, id))
  next()
  next(105, 'ETH-USD')
  const call = async (path: string, { headers = {}, body, method = body === undefined ? 'GET' : 'POST' }: CallOptions = {}): Promise<Response> => {
    const all = {
      host: `127.0.0.1:${port}`,
      authorization: `Bearer ${tokens.full}`,
      ...(method === 'GET' ? {} : { 'x-millrace': '1', 'content-type': 'application/json' }),
      ...headers,
    }
    const sent = Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined))
    return app.request(`http://127.0.0.1:${port}${path}`, { method, headers: sent, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  }
  const json = async <T = Record<string, unknown>>(path: string, callOptions?: CallOptions): Promise<T> => (await (await call(path, callOptions)).json()) as T
  const close = async (): Promise<void> => {
    log.close()
    await engine.stop()
  }
  return { engine, app, log, call, json, next, tokens, close }
}

/** What {@link apiOverEngine} gives. */
export type ApiOverEngine = Awaited<ReturnType<typeof apiOverEngine>>
