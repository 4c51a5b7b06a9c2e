import { Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import {
  backtest,
  candleColumns,
  createAccount,
  createEngine,
  dailyLossLimit,
  dailyTrades,
  fixedSize,
  marketOrders,
  memoryStore,
  money,
  paper,
  percentOfEquity,
  stopLoss,
  takeProfit,
  tradeSize,
} from '@millrace/core'
import type { CandleEvent, Decision, EngineOptions, EpochMs, ExitRule, JournalEntry, MarketEvent, SafetyRule, StoreFactory } from '@millrace/core'
import { MINUTE, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'
import { insideOf } from './inside-engine.ts'

// Each of these was wrong once.

const free = [tradeSize(5, 25)]

/** One closed candle with its four prices. */
const bar = (minute: number, [open, high, low, close]: readonly [number, number, number, number], instrument = 'BTC-USD'): CandleEvent => {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  return {
    type: 'candle',
    instrument,
    timeframeMs: MINUTE,
    candle: { openTime, open, high, low, close, volume: 1_000 },
    closed: true,
    atMs: (openTime + MINUTE) as EpochMs,
  }
}

async function fillsOf(events: readonly CandleEvent[], exits: readonly ExitRule[]) {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), memoryStore(), [levelBot({ exits })])
  await engine.start()
  await engine.finished
  return [...engine.state().lastFills].reverse().map(({ side, price, quantity, source }) => ({ side, price, quantity, source }))
}

describe('exits inside a candle', () => {
  test('a take-profit does not fire at a price that the candle of the entry never reached', async () => {
    expect(await fillsOf([...candles([105, 99]), bar(2, [90, 91, 90, 90.5]), bar(3, [90.5, 91, 90, 90.5])], [takeProfit(0.04)])).toHaveLength(1)
  })

  test('a stop does not fire above the low of the candle of the entry', async () => {
    expect(await fillsOf([...candles([105, 99]), bar(2, [100.5, 101, 100.4, 100.8]), bar(3, [100.8, 101, 100.4, 100.8])], [stopLoss(0.01)])).toHaveLength(1)
  })

  test('a rule closes its own share when its trigger is hit, and every rule that fired is named', async () => {
    const half: ExitRule = { apiVersion: 1, id: 'x-half', check: () => 0, trigger: () => 95, triggerFraction: 0.5 }
    const fills = await fillsOf([...candles([105, 99]), bar(2, [99, 99, 98, 99]), bar(3, [99, 99, 94, 98]), bar(4, [98, 99, 97, 98])], [half, stopLoss(0.04)])
    expect(fills[1]).toMatchObject({ side: 'sell', source: 'stop-loss + x-half' })
    const alone = await fillsOf([...candles([105, 99]), bar(2, [99, 99, 98, 99]), bar(3, [99, 99, 94, 98]), bar(4, [98, 99, 97, 98])], [half])
    expect(Number(alone[1]!.quantity)).toBeCloseTo(Number(alone[0]!.quantity) / 2, 6)
  })
})

describe('the daily loss', () => {
  test('is not invented by a restart while the prices of other positions are still missing', async () => {
    const store = memoryStore()
    const bots = () => [levelBot({ sizing: fixedSize(25), safety: free }), levelBot({ id: 'eth', instrument: 'ETH-USD', sizing: fixedSize(25), safety: free })]
    const ids = ['BTC-USD', 'ETH-USD']
    const both = (closes: readonly number[], from = 0): CandleEvent[] =>
      candles(closes, from).flatMap((event, i) => [event, candles(closes, from, 'ETH-USD')[i]!])
    const limits: Partial<EngineOptions> = { safety: [dailyLossLimit(5)] }
    const first = levelEngine(listMarket(both([105, 99, 99, 140, 105]), ids), store, bots(), limits)
    await first.start()
    await first.finished
    const market = handMarket(ids)
    const second = levelEngine(market, store, bots(), limits)
    await second.start()
    market.push(candles([105], 5)[0]!)
    expect(second.state()).toMatchObject({ tradingState: 'active', today: { loss: 0 } })
    market.push(candles([105], 5, 'ETH-USD')[0]!)
    expect(second.state().tradingState).toBe('active')
    await second.stop()
  })

  test('of one bot stops another on the same instrument in the same candle', async () => {
    const market = handMarket()
    // The flat bot stands first in the configuration: the loss of the other one must be known before it decides.
    const flat = levelBot({ id: 'flat', safety: free, confirm: '3m' })
    const engine = levelEngine(market, memoryStore(), [flat, levelBot({ id: 'holder', sizing: fixedSize(25), safety: free })], { safety: [dailyLossLimit(5)] })
    await engine.start()
    market.push(...candles([105, 99, 99, 99, 60]))
    const reachedAt = engine.state().alerts.find(({ code }) => code === 'DAILY_LOSS')!.atMs
    expect(engine.state().bots[0]!.blocker?.code).toBe('DAILY_LOSS')
    market.push(...candles([99, 99, 99], 5))
    expect(engine.state().lastFills.filter(({ side, atMs }) => side === 'buy' && atMs > reachedAt)).toEqual([])
    await engine.stop()
  })

  test('entries of a bot that was removed today still count for the account', async () => {
    const store = memoryStore()
    const limits: Partial<EngineOptions> = { safety: [dailyTrades({ account: 1, bot: 9 })] }
    const first = levelEngine(listMarket(candles([105, 99, 99, 115, 115, 105]), ['BTC-USD']), store, [levelBot({ id: 'one', safety: free })], limits)
    await first.start()
    await first.finished
    const market = handMarket()
    const second = levelEngine(market, store, [levelBot({ id: 'two', safety: free })], limits)
    await second.start()
    market.push(...candles([99, 99, 99], 6))
    expect(second.state()).toMatchObject({ today: { trades: 1 }, bots: [{ blocker: { code: 'DAILY_TRADES_ACCOUNT' } }] })
    await second.stop()
  })
})

describe('a restart with another configuration', () => {
  const holding = async (events: readonly CandleEvent[]): Promise<StoreFactory> => {
    const store = memoryStore()
    const engine = levelEngine(listMarket(events, ['BTC-USD', 'ETH-USD']), store)
    await engine.start()
    await engine.finished
    return store
  }

  test('is refused when a bot that holds something was given another instrument', async () => {
    const store = await holding(candles([105, 99, 99]))
    await expect(levelEngine(handMarket(['BTC-USD', 'ETH-USD']), store, [levelBot({ instrument: 'ETH-USD' })]).start()).rejects.toMatchObject({
      code: 'ORPHANED_POSITION',
      message: expect.stringContaining('configured for ETH-USD') as string,
    })
  })

  test('is refused when a removed bot has an order at work', async () => {
    const store = await holding(candles([105, 99]))
    await expect(levelEngine(handMarket(), store, [levelBot({ id: 'other' })]).start()).rejects.toMatchObject({ code: 'ORPHANED_POSITION' })
  })
})

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

describe('flatten', () => {
  test('of a bot whose entry still works cancels the entry; nothing is bought afterwards', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ safety: free })])
    await engine.start()
    market.push(...candles([105, 99]))
    await engine.emergencyStop()
    engine.flatten()
    market.push(...candles([99, 99, 99], 2))
    expect(engine.state()).toMatchObject({ bots: [{ position: { quantity: '0' } }], cash: { reserved: '0' } })
    await engine.stop()
  })

  test('asked for before the first price after a restart is done with it', async () => {
    const store = memoryStore()
    const first = levelEngine(listMarket(candles([105, 99, 99]), ['BTC-USD']), store)
    await first.start()
    await first.finished
    const market = handMarket()
    const second = levelEngine(market, store)
    await second.start()
    second.flatten('btc')
    market.push({ type: 'quote', instrument: 'BTC-USD', bid: 98, ask: 99, atMs: (startMs + 3 * MINUTE) as EpochMs })
    market.push(...candles([105, 105, 105], 4))
    expect(second.state().bots[0]!.position.quantity).toBe('0')
    expect(second.state().lastFills[0]).toMatchObject({ side: 'sell', source: 'flatten' })
    await second.stop()
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

describe('the shell', () => {
  test('a listener for alerts that throws does not feed itself', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    let calls = 0
    engine.on('alert', () => {
      calls++
      throw new Error('deaf')
    })
    await engine.start()
    const [good] = candles([105])
    market.push({ ...good!, candle: { ...good!.candle, close: Number.NaN } }, good!)
    expect(calls).toBe(1)
    await engine.stop()
  })

  test('stop during start ends it, and stop from inside of an output or a state loses nothing', async () => {
    const slow = handMarket()
    const starting = levelEngine(
      { ...slow, instruments: () => new Promise((resolve) => setTimeout(() => resolve(instrumentsOf(['BTC-USD'])), 20)) },
      memoryStore(),
    )
    const started = starting.start()
    const stopped = starting.stop()
    await started
    expect((await stopped).candles).toBe(0)

    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    const seen: string[] = []
    let states = 0
    await engine.start()
    engine.fills$.subscribe(() => void engine.stop())
    engine.orders$.subscribe(({ state }) => seen.push(state))
    engine.on('state', () => {
      states++
      void engine.stop()
    })
    market.push(...candles([105, 99, 99]))
    await engine.finished
    expect(seen).toEqual(['intent', 'sent', 'open', 'open', 'filled'])
    expect(states).toBe(1)
  })

  test('a market that errors, a store that cannot write and a store that cannot close all end in a rejected promise', async () => {
    const failing = new Subject<MarketEvent>()
    const market = { ...handMarket(), stream: () => failing }
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    failing.error(new Error('feed broke'))
    await expect(engine.finished).rejects.toThrow('feed broke')

    const wrap = (change: (store: ReturnType<StoreFactory['open']>) => Partial<ReturnType<StoreFactory['open']>>): StoreFactory => ({
      open: (request) => {
        const store = memoryStore().open(request)
        return { ...store, ...change(store) }
      },
    })
    let broken = false
    const unwritable = wrap((store) => ({
      append: (...args) => {
        if (broken) throw new Error('disk full')
        return store.append(...args)
      },
    }))
    const hand = handMarket()
    const second = levelEngine(hand, unwritable)
    await second.start()
    broken = true
    await expect(second.emergencyStop()).rejects.toThrow('disk full')
    await expect(second.finished).rejects.toThrow('disk full')
    expect(() => second.pause()).toThrow('the engine is ended')

    const third = levelEngine(
      handMarket(),
      wrap(() => ({
        close: () => {
          throw new Error('will not close')
        },
      })),
    )
    await third.start()
    await expect(third.stop()).rejects.toThrow('will not close')
  })

  test('books that do not balance latch the stop before they end the engine', async () => {
    const store = memoryStore()
    const market = handMarket()
    const engine = levelEngine(market, store)
    await engine.start()
    const list = candles([105, 99, 99])
    market.push(...list.slice(0, 2))
    const { ledger } = insideOf(engine).kernel.state.durable
    const { EngineError } = await import('@millrace/core')
    ledger.applyFill = () => {
      throw new EngineError('INVARIANT_VIOLATED', 'the books do not balance')
    }
    market.push(list[2]!)
    await expect(engine.finished).rejects.toThrow('the books do not balance')
    const again = levelEngine(handMarket(), store)
    await again.start()
    expect(again.state().tradingState).toBe('halted')
    await again.stop()
  })
})

describe('data', () => {
  test('a repeated or older candle is dropped with an alert; decisions already made stand', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot()], { record: 'all' })
    let decisions = 0
    engine.decisions$.subscribe(() => {
      decisions++
    })
    await engine.start()
    const list = candles([105, 105, 105])
    market.push(...list, list[2]!, list[0]!)
    expect(decisions).toBe(3)
    expect(engine.state().alerts.map(({ code }) => code)).toEqual(['BAD_CANDLE', 'REPEATED_CANDLE'])
    await engine.stop()
  })

  test('a feed that falls silent is noticed although no candle comes, and is forgiven when it is back', async () => {
    const market = handMarket(['BTC-USD', 'ETH-USD'])
    const engine = levelEngine(market, memoryStore(), [levelBot(), levelBot({ id: 'eth', instrument: 'ETH-USD' })])
    await engine.start()
    market.push(...candles([105, 105]), ...candles([105], 1, 'ETH-USD'))
    market.push(...candles([105, 105, 105, 105, 105], 2, 'ETH-USD'))
    expect(engine.state().bots[0]).toMatchObject({ outcome: 'noData', blocker: { code: 'STALE_DATA' } })
    expect(engine.state().bots[1]!.outcome).toBe('hold')
    expect(engine.state().alerts.map(({ code }) => code)).toEqual(['STALE_DATA'])
    market.push(...candles([105], 7))
    expect(engine.state().bots[0]!.outcome).toBe('hold')
    await engine.stop()
  })

  test('the fast hash tells apart which bot had the signal', () => {
    const run = (loud: 'a' | 'b'): string => {
      const quiet = { confirm: '30m' }
      const account = createAccount({
        instruments: instrumentsOf(['BTC-USD']),
        exchange: paper({ cash: { USD: '1000' } }),
        safety: [],
        startMs,
        bots: [levelBot({ id: 'a', ...(loud === 'a' ? {} : quiet) }), levelBot({ id: 'b', ...(loud === 'b' ? {} : quiet) })],
      })
      for (const event of candles([105, 99, 105, 105])) account.step(event)
      account.close()
      return account.hash
    }
    expect(run('a')).not.toBe(run('b'))
  })

  test('backtest names every problem of its input', () => {
    const columns = candleColumns([
      { openTime: 60_000, open: 1, high: 1, low: 1, close: 1, volume: 1 },
      { openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 },
    ])
    expect(() => backtest({ bots: [levelBot(), levelBot()], candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE, columns }], cash: { USD: '1' } })).toThrow(
      /2 problems[\s\S]*bots\[1\]\.id[\s\S]*row 1: expected a time after the row before, received 0/,
    )
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

test('a stream that ends while it is being subscribed to is an ended run, not a hanging one', async () => {
  const engine = levelEngine({ ...handMarket(), stream: () => new Observable<MarketEvent>((subscriber) => subscriber.complete()) }, memoryStore())
  await engine.start()
  expect((await engine.finished).candles).toBe(0)
})

test('a closed candle that comes behind newer prices is decided on, and does not take the price back', async () => {
  const market = handMarket()
  const engine = levelEngine(market, memoryStore())
  await engine.start()
  const [closed] = candles([99])
  market.push({ ...forming(1, 1, 120), atMs: (startMs + MINUTE + 1_000) as EpochMs })
  market.push({ ...closed!, atMs: (startMs + MINUTE + 1_000) as EpochMs })
  expect(engine.state().bots[0]).toMatchObject({ price: 120, outcome: 'ordered' })
  await engine.stop()
})

describe('the clocks of a live market', () => {
  const codesOf = (candleAtMs: number): readonly string[] => {
    const { kernel } = createAccount({
      instruments: instrumentsOf(['BTC-USD']),
      exchange: paper({ cash: { USD: '100' } }),
      bots: [levelBot()],
      safety: [],
      startMs,
    })
    const codes: string[] = []
    const sink = { entry: ({ type, data }: JournalEntry) => void (type === 'alert' && codes.push((data as { code: string }).code)), effect: () => undefined }
    const quoteAtMs = (startMs + 2_000) as EpochMs
    // What the venue sent takes a moment, and our clock goes on meanwhile.
    kernel.step({ type: 'quote', instrument: 'BTC-USD', bid: 99, ask: 100, atMs: quoteAtMs }, (quoteAtMs + 40) as EpochMs, sink)
    expect(kernel.state.instruments.get('BTC-USD')!.market.dataAgeMs).toBe(40)
    kernel.step({ ...bar(0, [99, 101, 98, 100]), closed: false, atMs: candleAtMs as EpochMs }, (quoteAtMs + 45) as EpochMs, sink)
    return codes
  }

  test('a candle of the moment of the quote before it is no old candle, whatever our clock says', () => {
    expect(codesOf(startMs + 2_000)).toEqual([])
    expect(codesOf(startMs + 1_999)).toEqual(['BAD_CANDLE'])
  })
})
