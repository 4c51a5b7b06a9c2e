import { describe, expect, test } from 'vitest'
import { builtIns, cooldown, definePlugin, memoryStore } from '@millrace/core'
import type { BotConfig, EngineOptions, Json, PluginRegistry } from '@millrace/core'
import { z } from 'zod'
import { botHash, botsInForce, configuredFor, foldBotChange } from '../src/engine/bot-changes.ts'
import type { BotChange } from '../src/engine/bot-changes.ts'
import { pluginOfModule } from '../src/config/module-plugin.ts'
import { candles, handMarket, levelBot, levelEngine, levels } from './levels.ts'

/** A rule of a module: its numbers stand in the file and nowhere else. */
const most = definePlugin('safety', {
  params: z.strictObject({ most: z.number() }),
  make: (p) => ({ apiVersion: 1, id: 'own-most', code: 'x-own-most', check: (intent, _view, verdict) => verdict.allow(p.most - intent.quoteAmount) }),
})
const own = pluginOfModule({ most }, 'most', 'safety')
if (!('chosen' in own)) throw new Error(own.received)
const plugins: PluginRegistry = {
  ...builtIns,
  strategies: { ...builtIns.strategies, levels: { params: z.strictObject({}), make: () => levels() } },
  safety: { ...builtIns.safety, './own.ts': own.chosen as PluginRegistry['safety'][string] },
}

const ids = ['BTC-USD', 'ETH-USD']
const ether = { id: 'eth', instrument: 'ETH-USD', timeframe: '1m', strategy: 'levels', confirm: 0, sizing: { use: 'fixed', params: { quote: 20 } } }
const own25 = [
  { use: 'trade-size', params: { min: 5, max: 25 } },
  { use: 'cooldown', params: { duration: '15m' } },
]
const calm = [{ use: 'cooldown', params: { duration: '5m' } }]

async function running(store = memoryStore(), bots: readonly BotConfig[] = [levelBot()], options: Partial<EngineOptions> = {}) {
  const market = handMarket(ids)
  const engine = levelEngine(market, store, bots, { plugins, safety: [cooldown('5m')], ...options })
  await engine.start()
  return { market, engine, store }
}
const tightened = { account: { cooldown: { duration: 900_000 } } }

describe('limits of the account that were tightened stay tight', () => {
  test('when a bot whose limits were tightened with them has retired and is gone', async () => {
    const { engine, store } = await running()
    await engine.addBot({ ...ether, safety: calm })
    await engine.patchLimits({ ...tightened, bots: { eth: { cooldown: { duration: 600_000 } } } })
    await engine.retireBot('eth')
    await engine.stop()
    for (let start = 0; start < 2; start++) {
      const next = (await running(store)).engine
      expect(next.bots().bots.map(({ id }) => id)).toEqual(['btc'])
      expect(next.limits().limits).toMatchObject(tightened)
      await next.stop()
    }
  })

  test('when what was edited of a bot no longer holds, and a rule that was tightened went with it', async () => {
    const { engine, store } = await running()
    await engine.editBot('btc', { safety: [...own25, { use: 'price-step', params: { fraction: 0.1 } }] })
    await engine.patchLimits({ ...tightened, bots: { btc: { 'trade-size': { max: 10 }, 'price-step': { fraction: 0.2 } } } })
    await engine.stop()
    const next = (await running(store, [levelBot({ confirm: '2m' })])).engine
    expect(next.limits().limits).toMatchObject({ ...tightened, bots: { btc: { 'trade-size': { max: 10 } } } })
    await next.stop()
  })
})

describe('an edit, when the configuration has changed at the next start', () => {
  const edits: readonly [string, Parameters<typeof levelBot>[0], Json, Json, readonly string[]][] = [
    ['a retired bot stays retired', { confirm: '2m' }, { retire: true }, { confirmMs: 120_000, retire: true }, []],
    ['the number of tranches is no safety rule of its own', { tranches: { max: 3 } }, { safety: own25 }, { tranches: { max: 3 } }, []],
    ['a fraction becomes another one', { exit: 0.5 }, { exit: 0.25, confirm: '1m' }, { exitFraction: 0.5, confirmMs: 60_000 }, ['exit']],
    [
      'a preset is a strategy and a threshold',
      { actionThreshold: 0.4 },
      { preset: 'balanced' },
      { strategy: { id: 'levels' }, actionThreshold: 0.4 },
      ['preset'],
    ],
    [
      'thresholds of temperature',
      { temperature: { cool: 0.1, warm: 0.2, hot: 0.7 } },
      { temperature: { cool: 0.1, warm: 0.3, hot: 0.7 } },
      { temperatureThresholds: { warm: 0.2 } },
      ['temperature'],
    ],
  ]

  test.each(edits)('%s', async (_, configured, edit, config, changed) => {
    const { engine, store } = await running()
    await engine.editBot('btc', edit)
    await engine.stop()
    const next = (await running(store, [levelBot(configured)])).engine
    const { bots } = next.bots()
    expect(bots).toMatchObject([{ config }])
    expect(Object.keys(bots[0]!.edited)).toEqual(Object.keys(edit as object).filter((setting) => !changed.includes(setting)))
    const details = next.state().alerts.filter(({ code }) => code === 'BOT_RESET')
    expect(details.map(({ detail }) => changed.every((setting) => detail.includes(setting)))).toEqual(changed.length === 0 ? [] : [true])
    await next.stop()
    // Said once, and the same from then on.
    const again = (await running(store, [levelBot(configured)])).engine
    expect(again.bots()).toEqual({ ...next.bots(), hash: again.bots().hash })
    expect(again.state().alerts).toEqual([])
    await again.stop()
  })

  test('goes as a whole where it cannot be with what is configured now: it is no reason not to start', async () => {
    const { engine, store } = await running()
    await engine.editBot('btc', { timeframe: '5m', on: 'update' })
    await engine.stop()
    const create = (timeframeMs: number) => {
      if (timeframeMs !== 60_000) throw new RangeError('minutes only')
      return levels().create(timeframeMs)
    }
    const next = (await running(store, [levelBot({ exit: 0.5, strategy: { ...levels(), create } })])).engine
    expect(next.bots().bots).toMatchObject([{ edited: {}, config: { timeframeMs: 60_000, on: 'close' } }])
    expect(next.state().alerts).toMatchObject([{ code: 'BOT_RESET', detail: expect.stringContaining('minutes only') as string }])
    await next.stop()
  })

  test('counts against what was configured when that setting was edited, not before', () => {
    const changes = new Map<string, BotChange>()
    const [first, second] = [levelBot(), levelBot({ exit: 0.5 })]
    const edit = (configured: BotConfig, settings: { readonly [setting: string]: Json }) => {
      const payload = { settings, base: botHash(configured), was: configuredFor(configured, Object.keys(settings)) }
      foldBotChange(changes, { kind: 'editBot', payload } as never, 'btc')
    }
    edit(first, { on: 'update' })
    edit(second, { exit: 0.25 })
    const start = (bot: BotConfig) => botsInForce([bot], changes, plugins, () => false)
    expect(start(second)).toMatchObject({ bots: [{ on: 'update', exitFraction: 0.25 }], dropped: [] })
    expect(start(first)).toMatchObject({ bots: [{ on: 'update', exitFraction: 1 }], dropped: [{ settings: ['exit'] }] })
  })

  test('of a journal that does not say what it replaced goes as a whole', () => {
    const changes = new Map<string, BotChange>()
    const payload = { settings: { confirm: '2m', on: 'update' }, base: botHash(levelBot()) }
    foldBotChange(changes, { kind: 'editBot', payload } as never, 'btc')
    const start = (bot: BotConfig) => botsInForce([bot], changes, plugins, () => false)
    expect(start(levelBot())).toMatchObject({ bots: [{ confirmMs: 120_000, on: 'update' }], dropped: [] })
    const configured = levelBot({ exit: 0.5 })
    expect(start(configured)).toMatchObject({ bots: [{ confirmMs: 0, on: 'close' }], dropped: [{ botId: 'btc', settings: ['confirm', 'on'] }] })
  })
})

describe('a rule of a module', () => {
  test('shows the numbers that it was made with, and an edit cannot loosen them', async () => {
    const { engine } = await running()
    await engine.addBot({ ...ether, safety: [{ use: './own.ts', params: { most: 30 } }] })
    expect(engine.limits().limits).toMatchObject({ bots: { eth: { 'own-most': { most: 30 } } } })
    await expect(engine.editBot('eth', { safety: [{ use: './own.ts', params: { most: 3_000 } }] })).rejects.toMatchObject({
      problems: [{ path: 'safety.own-most.most', received: '3000' }],
    })
    await engine.stop()
  })
})

describe('the id of a bot that is gone', () => {
  test('belongs to its instrument: what it left, and fills that come late, are of that one', async () => {
    const { engine, market, store } = await running()
    await engine.addBot(ether)
    market.push(...candles([105, 99, 99, 115, 115], 0, 'ETH-USD'))
    await engine.retireBot('eth')
    await engine.stop()
    const next = await running(store)
    await expect(next.engine.addBot({ ...ether, instrument: 'BTC-USD' })).rejects.toMatchObject({ problems: [{ path: 'id', received: 'eth' }] })
    expect((await next.engine.addBot(ether)).bot.id).toBe('eth')
    await next.engine.stop()
  })

  test('cannot be given another instrument in the file while a remainder of the first is in it', async () => {
    const { engine, market, store } = await running(memoryStore(), [levelBot({ safety: [] })])
    const events = candles([105, 99, 101, 101])
    market.push(...events.map((event, i) => (i === 2 ? { ...event, candle: { ...event.candle, volume: 0.001 } } : event)))
    expect(engine.state().bots[0]!.position).toMatchObject({ quantity: '0.0001', instrument: 'BTC-USD' })
    await engine.stop()
    await expect(running(store, [levelBot({ instrument: 'ETH-USD' })])).rejects.toMatchObject({ code: 'ORPHANED_POSITION' })
    await (await running(store, [levelBot({ id: 'other', instrument: 'ETH-USD' })])).engine.stop()
  })

  test('is not added again while another bot adopts it, and goes with what it holds to the one that does', async () => {
    const { engine, market, store } = await running()
    await engine.addBot(ether)
    market.push(...candles([105, 99, 99], 0, 'ETH-USD'))
    const held = engine.state().bots[1]!.position.quantity
    expect(held).not.toBe('0')
    await engine.stop()
    const next = await running(store, [levelBot(), levelBot({ id: 'heir', instrument: 'ETH-USD', adopt: 'eth' })])
    expect(next.engine.bots().bots.map(({ id }) => id)).toEqual(['btc', 'heir'])
    expect(next.engine.state().bots[1]!.position.quantity).toBe(held)
    await expect(next.engine.addBot(ether)).rejects.toMatchObject({ problems: [{ path: 'id', received: 'eth' }] })
    await next.engine.stop()
  })
})

describe('a bot that is added with the defaults of the file', () => {
  test.each([
    ['a strategy of its own', { strategy: 'levels' }, { strategy: { id: 'levels' }, actionThreshold: 0.15 }],
    ['a threshold of its own', { actionThreshold: 0.3 }, { strategy: { id: 'weighted-signals' }, actionThreshold: 0.3 }],
    ['neither', {}, { strategy: { id: 'weighted-signals' }, actionThreshold: 0.15 }],
  ])('has the rest of their preset beside %s', async (_, mine, config) => {
    const { engine } = await running(memoryStore(), [levelBot()], { newBots: { preset: 'balanced', confirm: '3m' } })
    const { bot } = await engine.addBot({ id: 'eth', instrument: 'ETH-USD', ...mine })
    expect(bot.config).toMatchObject({ ...config, confirmMs: 180_000 })
    await engine.stop()
  })
})

describe('while the venue does not answer', () => {
  test('a bot retires all the same, and sells what it holds when asked to', async () => {
    const market = handMarket(ids)
    let down = false
    const candlesOf = market.candles.bind(market)
    const deaf = { ...market, candles: (query: Parameters<typeof candlesOf>[0]) => (down ? Promise.reject(new Error('no answer')) : candlesOf(query)) }
    const engine = levelEngine(deaf, memoryStore(), [levelBot({ safety: [] })], { plugins })
    await engine.start()
    market.push(...candles([105, 99, 99]))
    expect(engine.state().bots[0]!.position.quantity).not.toBe('0')
    down = true
    await expect(engine.editBot('btc', { confirm: '2m' })).rejects.toThrow('no answer')
    const { changes, configHash } = await engine.retireBot('btc', { close: true })
    expect(changes).toEqual([{ path: 'retire', before: null, after: true }])
    expect(engine.bots()).toMatchObject({ hash: configHash, bots: [{ config: { retire: true } }] })
    market.push(...candles([99, 99, 99], 3))
    expect(engine.state().bots[0]).toMatchObject({ position: { quantity: '0' }, blocker: { code: 'BOT_RETIRED' } })
    await engine.stop()
  })
})

describe('a strategy that throws while it is made', () => {
  test('is a refusal; the run goes on', async () => {
    const broken = {
      ...levels(),
      id: 'broken',
      create: () => {
        throw new RangeError('no luck')
      },
    }
    const strategies = { ...plugins.strategies, broken: { params: z.strictObject({}), make: () => broken } }
    const { engine } = await running(memoryStore(), [levelBot()], { plugins: { ...plugins, strategies } })
    await expect(engine.addBot({ ...ether, strategy: 'broken' })).rejects.toMatchObject({
      problems: [{ path: 'strategy', expected: expect.stringContaining('no luck') as string, received: 'broken' }],
    })
    expect(engine.bots().bots).toHaveLength(1)
    await engine.stop()
  })
})

test.each(['./levels.ts', '/etc/own.mjs', '@me/own', 'node:fs#read', 'data:text/javascript,1', '__proto__', 'constructor'])(
  'a bot that is added cannot bring code along: %s is refused, not loaded',
  async (use) => {
    const { engine } = await running()
    for (const part of [{ strategy: use }, { strategy: { use: 'combine', params: { mode: 'first', of: [use] } } }, { sizing: use }, { safety: [use] }])
      await expect(engine.addBot({ ...ether, ...part })).rejects.toMatchObject({ problems: [{ received: JSON.stringify(use) }] })
    await engine.stop()
  },
)
