import { describe, expect, test } from 'vitest'
import { createEngine, marketOrders, memoryStore, money, paper, percentOfEquity, tradeSize } from '@millrace/core'
import type { Decision, SafetyRule } from '@millrace/core'
import { MINUTE, candles, handMarket, levelBot, levelEngine } from './levels.ts'

// Each of these was wrong once.

const free = [tradeSize(5, 25)]

describe('sizes', () => {
  test('a share of the equity is there from the first evaluation', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ sizing: percentOfEquity(2), safety: free })])
    await engine.start()
    market.push(...candles([105, 99, 99]))
    expect(engine.state().lastFills).toHaveLength(1)
    await engine.stop()
  })

  test('an execution style cannot order more than was approved, another instrument or the other side', async () => {
    for (const [wrong, why] of [
      [{ size: { quote: money('500') } }, 'at most the approved 20'],
      [{ instrument: 'ETH-USD' }, 'an order of BTC-USD'],
      [{ side: 'sell' as const, size: { base: money('1') } }, 'a buy, received a sell'],
    ] as const) {
      const market = handMarket()
      const greedy = {
        ...marketOrders(),
        id: 'x-greedy',
        order: (...args: Parameters<ReturnType<typeof marketOrders>['order']>) =>
          ({ ...marketOrders().order(...args), ...wrong }) as ReturnType<ReturnType<typeof marketOrders>['order']>,
      }
      const engine = levelEngine(market, memoryStore(), [levelBot({ execution: greedy })])
      await engine.start()
      market.push(...candles([105, 99, 99]))
      expect(engine.summary().orders).toBe(0)
      expect(engine.state().alerts[0]!.detail).toContain(why)
      expect(engine.state().bots[0]!.blocker?.code).toBe('PLUGIN_FAILED')
      await engine.stop()
    }
  })

  test("a plugin rule may hold back exits only when it is named under 'mayBlockExits'", () => {
    const rule: SafetyRule = { apiVersion: 1, id: 'x-all', code: 'x-all', appliesTo: 'all', check: () => undefined }
    const options = { market: handMarket(), exchange: paper({ cash: { USD: '1' } }), store: memoryStore(), bots: [levelBot()], safety: [rule] }
    expect(() => createEngine(options)).toThrow('x-all')
    expect(() => createEngine({ ...options, mayBlockExits: ['x-all'] })).not.toThrow()
  })
})

describe('plugins that fail', () => {
  const boom = (): never => {
    throw new Error('boom')
  }

  test('[INC-09] [fault 59] stop their own bot and no other, whichever part throws', async () => {
    const fine = levelBot({ id: 'fine' })
    const good = levelBot({ id: 'bad' })
    const made = good.strategy.create()
    const broken = [
      { ...good, sizing: { ...good.sizing, size: boom } },
      { ...good, execution: { ...good.execution, order: boom } },
      {
        ...good,
        strategy: {
          ...good.strategy,
          create: () => ({
            ...made,
            indicators: [['x', { id: 'x', warmup: 0, value: 1, update: boom, preview: boom, snapshot: () => null, restore: boom, reset: boom }]] as never,
          }),
        },
      },
      { ...good, strategy: { ...good.strategy, create: () => ({ ...made, describe: boom }) } },
    ]
    for (const bad of broken) {
      const market = handMarket()
      const engine = levelEngine(market, memoryStore(), [bad, fine], { record: 'all' })
      engine.decisions$.subscribe((decision) => decision.signal?.reason)
      await engine.start()
      market.push(...candles([105, 99, 99, 99]))
      expect(engine.state().bots[1]!.position.status).not.toBe('closed')
      await engine.stop()
    }
  })

  test('a limit that cannot say whether it is reached has reached it', async () => {
    const market = handMarket()
    const rule: SafetyRule = { apiVersion: 1, id: 'x-trip', code: 'x-trip', check: () => undefined, trips: boom }
    const engine = levelEngine(market, memoryStore(), [levelBot()], { safety: [rule] })
    await engine.start()
    market.push(...candles([105, 99, 99, 90]))
    expect(engine.state().tradingState).toBe('reducing')
    await engine.stop()
  })

  test('[INC-01] looking at a decision leaves no trace in the journal', async () => {
    const run = async (look: boolean): Promise<string> => {
      const market = handMarket()
      const rule: SafetyRule = { apiVersion: 1, id: 'x-fails', code: 'x-fails', check: boom }
      // The failing rule stands behind a denial: only a look at the whole list comes to it.
      const never: SafetyRule = {
        apiVersion: 1,
        id: 'x-never',
        code: 'x-never',
        check: (_, { market: { price } }, verdict) => verdict.require(price > 90 ? -1 : 0),
      }
      const engine = levelEngine(market, memoryStore(), [levelBot({ safety: [tradeSize(5, 25), never, rule] })], { record: 'all' })
      if (look) engine.decisions$.subscribe((decision: Decision) => JSON.stringify(decision))
      await engine.start()
      for (const event of candles([105, 99, 99, 99])) {
        market.push(event)
        if (look) engine.explain('btc')
      }
      return (await engine.stop()).journalHash
    }
    expect(await run(true)).toBe(await run(false))
  })
})

test('an indicator that never forgets its start asks for a bounded history, not for all there is', async () => {
  const queries: number[] = []
  const market = handMarket()
  const made = levelBot()
  const forever = {
    id: 'sum',
    warmup: 0,
    value: 0,
    update: () => 0,
    preview: () => 0,
    snapshot: () => null,
    restore: () => undefined,
    reset: () => undefined,
    stableAfter: () => Number.POSITIVE_INFINITY,
  }
  const create = (): ReturnType<typeof made.strategy.create> => ({ ...made.strategy.create(), indicators: [['sum', forever]] })
  const engine = levelEngine(
    {
      ...market,
      candles: (query) => {
        queries.push((query.toMs - query.fromMs) / MINUTE)
        return market.candles(query)
      },
    },
    memoryStore(),
    [{ ...made, strategy: { ...made.strategy, create } }],
  )
  await engine.start()
  expect(queries).toEqual([5_000])
  await engine.stop()
})
