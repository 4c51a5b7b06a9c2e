import { describe, expect, test } from 'vitest'
import { bot, createAccount, defineStrategy, fixedSize, memoryStore, paper, stopLoss, tradeSize } from '@millrace/core'
import type { Engine, JournalEntry, Strategy, StoreFactory } from '@millrace/core'
import { z } from 'zod'
import { candles, forming, handMarket, levelEngine, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'

const params = z.strictObject({ wish: z.number().default(0) })

/** Counts the closed candles under 100, and buys on each third of them. */
const counter = defineStrategy({
  id: 'counter',
  params,
  indicators: () => ({}),
  state: { schema: z.strictObject({ under: z.int() }), initial: () => ({ under: 0 }) },
  components: { count: ({ reading }) => `${reading} candles under 100` },
  evaluate({ candle, state }, p, signal) {
    const under = candle.close < 100 ? state.under + 1 : state.under
    signal.next({ under })
    signal.add('count', under > 0 && under % 3 === 0 && candle.close < 100 ? 1 : p.wish, 1, under)
  },
})

const botOf = (strategy: Strategy, options: Partial<Parameters<typeof bot>[0]> = {}) =>
  bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy, confirm: 0, sizing: fixedSize(20), safety: [tradeSize(5, 25)], ...options })

async function run(store: StoreFactory, closes: readonly number[], from: number, strategy: Strategy = counter()): Promise<Engine> {
  const engine = levelEngine(listMarket(candles(closes, from), ['BTC-USD']), store, [botOf(strategy)])
  await engine.start()
  await engine.finished
  return engine
}

function journalOf(store: StoreFactory, type: JournalEntry['type'] = 'strategyState'): readonly JournalEntry[] {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ limit: 100_000 }).filter((entry) => entry.type === type)
  opened.close()
  return entries
}

const statesOf = (store: StoreFactory) => journalOf(store).map(({ data }) => (data as { readonly state: unknown }).state)

describe('the state of a strategy', () => {
  test('is journalled when it changes and only then, also without a trade', async () => {
    const store = memoryStore()
    await run(store, [105, 99, 105, 105, 99, 105], 0)
    expect(statesOf(store)).toEqual([{ under: 1 }, { under: 2 }])
    expect(journalOf(store)[0]).toMatchObject({ botId: 'btc', v: 1, data: { strategy: 'counter' } })
    expect(journalOf(store, 'intent')).toEqual([])
  })

  test('goes on after a restart', async () => {
    const store = memoryStore()
    await run(store, [105, 99, 99], 0)
    await run(store, [99, 105], 3)
    expect(statesOf(store)).toEqual([{ under: 1 }, { under: 2 }, { under: 3 }])
    expect(journalOf(store, 'intent')).toHaveLength(1)
  })

  test('of another strategy is left alone: a strategy with another id begins anew', async () => {
    const store = memoryStore()
    await run(store, [105, 99, 99], 0)
    const other: Strategy = { ...counter(), id: 'other-counter' }
    await run(store, [99], 3, other)
    expect(journalOf(store).at(-1)!.data).toEqual({ strategy: 'other-counter', state: { under: 1 } })
  })

  test('that does not fit any more refuses the start, naming bot, path, expected and received', async () => {
    const store = memoryStore()
    await run(store, [105, 99, 99], 0)
    const changed = defineStrategy({
      id: 'counter',
      params,
      indicators: () => ({}),
      state: { schema: z.strictObject({ under: z.string() }), initial: () => ({ under: 'none' }) },
      components: { none: () => '' },
      evaluate: (_context, _params, signal) => signal.add('none', 0),
    })
    await expect(run(store, [99], 3, changed())).rejects.toMatchObject({
      code: 'STRATEGY_STATE',
      message: expect.stringMatching(/bot btc: .* counter .*state\.under: expected a text, received 2/) as string,
    })
    const older = defineStrategy({
      id: 'counter',
      params,
      indicators: () => ({}),
      state: {
        schema: z.preprocess(
          (stored) => ({ ...(stored as object), version: 2 }),
          z.strictObject({ under: z.int(), version: z.literal(2), more: z.int().default(7) }),
        ),
        initial: () => ({ under: 0 }),
      },
      components: { seen: () => '' },
      evaluate: ({ state }, _params, signal) => signal.add('seen', 0, 1, state.under + state.more),
    })
    const engine = levelEngine(handMarket(), store, [botOf(older())])
    await engine.start()
    await engine.stop()
  })

  test('that a strategy gave up is ignored', async () => {
    const store = memoryStore()
    await run(store, [105, 99, 99], 0)
    const forgetful = defineStrategy({
      id: 'counter',
      params,
      indicators: () => ({}),
      components: { none: () => '' },
      evaluate: (context, _params, signal) => signal.add('none', (context as { readonly state?: unknown }).state === undefined ? 0 : 1),
    })
    await run(store, [99, 99], 3, forgetful())
    expect(journalOf(store, 'intent')).toEqual([])
  })

  test('stands still on a candle on which an exit rule decides', async () => {
    const store = memoryStore()
    const market = handMarket()
    const engine = levelEngine(market, store, [botOf(counter(), { exits: [stopLoss(0.05)] })])
    await engine.start()
    market.push(...candles([105, 99, 99, 99, 99, { close: 80, low: 80 }, 80], 0))
    expect(engine.state().lastFills.map(({ side }) => side)).toEqual(['sell', 'buy'])
    await engine.stop()
    // Under 100 on six candles; the fifth of them was the stop's.
    expect(statesOf(store).at(-1)).toEqual({ under: 5 })
  })

  test('is not moved by previews: the same closed candles give the same states, however often one looked between them', async () => {
    const states = async (previews: boolean): Promise<unknown> => {
      const store = memoryStore()
      const market = handMarket()
      const engine = levelEngine(market, store, [botOf(counter(), { on: 'update' })], { record: 'all' })
      let looked = 0
      engine.decisions$.subscribe(({ preview }) => {
        if (preview) looked++
      })
      await engine.start()
      const closed = candles([105, 99, 99, 105, 99], 0)
      for (let minute = 0; minute < closed.length; minute++) {
        if (previews) market.push(...[7, 12, 17, 22, 27].map((second) => forming(minute, second, 99)))
        market.push(closed[minute]!)
      }
      await engine.stop()
      expect(looked > 0).toBe(previews)
      return statesOf(store)
    }
    expect(await states(true)).toEqual(await states(false))
  })
})

describe('a strategy that treats its state wrongly freezes its own bot', () => {
  const schema = z.strictObject({ list: z.array(z.number()) })
  const broken = (evaluate: (state: { readonly list: readonly number[] }, next: (state: never) => void) => void) =>
    defineStrategy({
      id: 'broken',
      params,
      indicators: () => ({}),
      state: { schema, initial: () => ({ list: [1] }) },
      components: { none: () => '' },
      evaluate({ state }, _params, signal) {
        evaluate(state, (next) => signal.next(next))
        signal.add('none', 0)
      },
    })

  test.each<[string, Parameters<typeof broken>[0], RegExp]>([
    ['by changing it in place', (state) => (state.list as number[]).push(2), /not extensible/],
    ['by handing over another shape', (_state, next) => next({ list: ['x'] } as never), /state\.list\[0\]: expected a finite number, received "x"/],
    ['by handing over what is no plain data', (_state, next) => next({ list: [Number.NaN] } as never), /expected a finite number, received NaN/],
    [
      'by handing over two',
      (_state, next) => {
        next({ list: [] } as never)
        next({ list: [] } as never)
      },
      /handed over twice/,
    ],
    ['by handing over nothing', (_state, next) => next(undefined as never), /received undefined/],
  ])('%s', async (_name, evaluate, message) => {
    const market = handMarket()
    const store = memoryStore()
    const engine = levelEngine(market, store, [botOf(broken(evaluate)())])
    await engine.start()
    market.push(...candles([105]))
    expect(engine.state().bots[0]!.blocker).toMatchObject({ code: 'PLUGIN_FAILED', detail: expect.stringMatching(message) as string })
    await engine.stop()
    expect(statesOf(store)).toEqual([])
  })

  test('by handing one over without declaring one', async () => {
    const undeclared = defineStrategy({
      id: 'undeclared',
      params,
      indicators: () => ({}),
      components: { none: () => '' },
      evaluate: (_context, _params, signal) => (signal as unknown as { next(state: unknown): void }).next({}),
    })
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [botOf(undeclared())])
    await engine.start()
    market.push(...candles([105]))
    expect(engine.state().bots[0]!.blocker?.detail).toContain("add 'state' to its definition")
    await engine.stop()
  })

  test('an initial state that does not fit is refused when the strategy is made', () => {
    const wrong = defineStrategy({
      id: 'wrong',
      params,
      indicators: () => ({}),
      state: { schema: z.strictObject({ n: z.int() }), initial: () => ({ n: 0.5 }) },
      components: { none: () => '' },
      evaluate: (_context, _params, signal) => signal.add('none', 0),
    })
    expect(() => wrong()).toThrow('state.n: expected a whole number, received 0.5')
  })
})

describe('a kernel', () => {
  const account = () =>
    createAccount({ instruments: instrumentsOf(['BTC-USD']), exchange: paper({ cash: { USD: '1000' } }), safety: [], startMs, bots: [botOf(counter())] })

  test('restored from a snapshot goes on with the state, and the fast hash knows it', () => {
    const closes = [105, 99, 105, 99, 105, 99, 99, 99]
    const whole = account()
    for (const event of candles(closes)) whole.step(event)
    for (let split = 0; split <= closes.length; split++) {
      const cut = account()
      for (const event of candles(closes).slice(0, split)) cut.step(event)
      const snapshot = JSON.parse(JSON.stringify(cut.kernel.snapshot())) as ReturnType<typeof cut.kernel.snapshot>
      const restored = account().kernel
      restored.restore(snapshot)
      expect(restored.snapshot()).toEqual(snapshot)
      expect(restored.bot('btc').context.state).toEqual(cut.kernel.bot('btc').context.state)
      // A kernel that had run is put back as well.
      whole.kernel.restore(snapshot)
      expect(whole.kernel.bot('btc').context.state).toEqual(cut.kernel.bot('btc').context.state)
      for (const event of candles(closes)) whole.step(event)
    }
    const other = account()
    for (const event of candles([105, 105, 105, 105, 105, 105])) other.step(event)
    const counted = account()
    for (const event of candles([105, 99, 105, 105, 105, 105])) counted.step(event)
    // No level changed between the two; only what is remembered did.
    expect(counted.hash).not.toBe(other.hash)
  })
})

describe('what became of orders', () => {
  test('is seen by the strategy: filled entries and exits, counted once each, over restarts', async () => {
    const seen: { entries: number; exits: number; price: number }[] = []
    const watcher = defineStrategy({
      id: 'watcher',
      params,
      indicators: () => ({}),
      components: { level: () => '' },
      evaluate({ candle, orders }, _params, signal) {
        seen.push({ entries: orders.entries, exits: orders.exits, price: orders.lastEntryPrice })
        signal.add('level', candle.close < 100 ? 0.5 : candle.close > 110 ? -0.5 : 0, 1, candle.close)
      },
    })
    const store = memoryStore()
    await run(store, [105, 99, 105, 111, 105], 0, watcher())
    await run(store, [99, 105], 5, watcher())
    expect(seen.map(({ entries, exits }) => [entries, exits])).toEqual([
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [1, 1],
      [1, 1],
      [2, 1],
    ])
    expect(seen.map(({ price }) => price)).toEqual([Number.NaN, Number.NaN, 99, 99, 99, 99, 99])
  })
})
