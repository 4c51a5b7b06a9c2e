import { describe, expect, test } from 'vitest'
import {
  bot,
  coinbaseInstrument,
  createAccount,
  createEngine,
  createProjectionRows,
  createProjector,
  defineStrategy,
  fixedSize,
  memoryStore,
  money,
  paper,
  parseConfig,
  projectionTables,
  temperatureSizing,
  tradeSize,
} from '@millrace/core'
import type { BotConfig, CandleEvent, Decision, EpochMs, JournalEntry, StoreFactory } from '@millrace/core'
import { z } from 'zod'
import { faultyExchange } from './bot-model/faulty-venue.ts'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'

// One test for each way in which the modelled system lost money, orders or the trust of its owner.

const free = [tradeSize(5, 25)]
const ids = ['BTC-USD']

async function journalOf(store: StoreFactory): Promise<readonly JournalEntry[]> {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ limit: 100_000 })
  opened.close()
  return entries
}

/** A whole life: two entries, a sale, another entry. */
async function life(store: StoreFactory = memoryStore()) {
  const engine = levelEngine(listMarket(candles([105, 99, 99, 96, 96, 115, 115, 98, 98, 98]), ids), store, [levelBot({ safety: free })])
  await engine.start()
  await engine.finished
  return { engine, entries: await journalOf(store) }
}

const dataOf = <T>(entries: readonly JournalEntry[], type: JournalEntry['type']): T[] =>
  entries.filter((entry) => entry.type === type).map(({ data }) => data as T)

describe('money and control', () => {
  test('[INC-02] the limits in force stand in the journal from the start, and every order names the configuration it was made under', async () => {
    const store = memoryStore()
    const { entries } = await life(store)
    const [inForce] = dataOf<{ hash: string; config: { bots: { safety: unknown[] }[] } }>(entries, 'configInForce')
    expect(inForce!.config.bots[0]!.safety).toEqual([{ id: 'trade-size', params: { min: 5, max: 25 } }])
    const orders = dataOf<{ configHash: string }>(entries, 'intent')
    expect(orders.length).toBeGreaterThan(2)
    for (const { configHash } of orders) expect(configHash).toBe(inForce!.hash)
    // A limit raised by a restart is a second configuration, with another hash: it cannot be raised in silence.
    const raised = levelEngine(handMarket(), store, [levelBot({ safety: [tradeSize(5, 1_000)] })])
    await raised.start()
    await raised.stop()
    const [, second] = dataOf<{ hash: string; config: { bots: { safety: unknown[] }[] } }>(await journalOf(store), 'configInForce')
    expect(second!.config.bots[0]!.safety).toEqual([{ id: 'trade-size', params: { min: 5, max: 1_000 } }])
    expect(second!.hash).not.toBe(inForce!.hash)
  })

  test.each([-0.9, -0.2, 0.2, 0.9])('[INC-05] a score of %d means one thing everywhere: above zero buys, below it sells', async (score) => {
    const opinion = defineStrategy({
      id: 'opinion',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { fixed: () => 'fixed' },
      // Buys first, so that there is something to sell.
      evaluate: ({ position }, _, signal) => signal.add('fixed', position.open ? score : 0.5, 1, 0),
    })
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ strategy: opinion(), safety: free })], { record: 'all' })
    const decisions: Decision[] = []
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    market.push(...candles([105, 105]))
    const side = score > 0 ? 'buy' : 'sell'
    expect(decisions.at(-1)).toMatchObject({ score, side, outcome: 'ordered' })
    expect(engine.state().bots[0]).toMatchObject({ score, action: side, workingOrder: { side } })
    await engine.stop()
  })

  test('[INC-08] what the venue filled is what the next size is made from', async () => {
    const store = memoryStore()
    const sizing = temperatureSizing({ base: 15, min: 5, max: 25 })
    const engine = levelEngine(listMarket(candles([105, 99, 99, 99, 99]), ids), store, [levelBot({ sizing, safety: free })])
    await engine.start()
    await engine.finished
    const sizes = dataOf<{ quoteSize: string; kind: string }>(await journalOf(store), 'intent').map(({ kind, quoteSize }) => [kind, Number(quoteSize)] as const)
    // HOT 1.8, score 0.5 gives 1.0; the first tranche is 0.7 of it, the second the whole: the position is known by then.
    expect(sizes.slice(0, 2)).toEqual([
      ['open', 18.9],
      ['add', 25],
    ])
    const [held] = engine.state().bots
    expect(held!.position.tranches.length).toBeGreaterThanOrEqual(2)
  })

  test('[INC-11] a silent market makes no candle: nobody decides, and that is said', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ safety: free })], { record: 'all' })
    const seen: [string, number][] = []
    engine.decisions$.subscribe(({ outcome, timeMs }) => seen.push([outcome, (timeMs - startMs) / MINUTE]))
    await engine.start()
    expect(engine.state().bots[0]).toMatchObject({ price: undefined, score: undefined })
    market.push(...candles([105]), ...candles([105], 7))
    // Nobody evaluates in between; that nothing is heard is itself said, once it is two candles long.
    expect(seen).toEqual([
      ['hold', 1],
      ['noData', 3.5],
      ['hold', 8],
    ])
    await engine.stop()
  })

  test('[INC-12] zero is a value: no confirmation, no latency, no slippage', async () => {
    expect(bot({ id: 'a', instrument: 'BTC-USD', strategy: levelBot().strategy, confirm: 0 }).confirmMs).toBe(0)
    expect(bot({ id: 'a', instrument: 'BTC-USD', strategy: levelBot().strategy }).confirmMs).toBe(5 * MINUTE)
    expect(paper({ cash: { USD: '1' }, latencyMs: 0 }).latencyMs).toBe(0)
    const engine = createEngine({
      market: listMarket(candles([105, 99, 99]), ids),
      exchange: paper({ cash: { USD: '0100' }, latencyMs: 0, slippageBps: 0, fees: { takerRate: '0' } }),
      store: memoryStore(),
      bots: [levelBot({ safety: free })],
      safety: [],
    })
    await engine.start()
    await engine.finished
    expect(engine.state().lastFills[0]).toMatchObject({ price: '99', feeAmount: '0', atMs: startMs + 2 * MINUTE })
  })

  test('[INC-13] a name that nobody reads is an error with its path, and a changed configuration has another hash', async () => {
    const written = {
      account: { cash: { USD: '100' } },
      bots: [{ id: 'a', instrument: 'BTC-USD', strategy: { use: 'weighted-signals', params: { RSI: {} } }, cooldwon: '1m' }],
    }
    expect(() => parseConfig(written)).toThrow(/cooldwon: expected no such key/)
    expect(() => parseConfig(written)).toThrow(/RSI/)
    const store = memoryStore()
    for (const threshold of [0.2, 0.3, 0.2]) {
      const engine = levelEngine(handMarket(), store, [levelBot({ actionThreshold: threshold })])
      await engine.start()
      await engine.stop()
    }
    const hashes = dataOf<{ hash: string }>(await journalOf(store), 'configInForce').map(({ hash }) => hash)
    expect(hashes).toHaveLength(3)
    expect([hashes[0] === hashes[1], hashes[0] === hashes[2]]).toEqual([false, true])
  })
})

describe('orders and books', () => {
  const faulty = () => faultyExchange(paper({ cash: { USD: '1000' }, slippageBps: 0 }))

  test('[INC-20] an order that nobody answers stays visible, holds its bot back, and is resolved by a restart', async () => {
    const store = memoryStore()
    const exchange = faulty()
    const market = handMarket()
    const engine = levelEngine(market, store, [levelBot({ safety: free })], { exchange })
    await engine.start()
    exchange.arm('lose')
    market.push(...candles([105, 99, 99, 99, 99]))
    expect(engine.state().bots[0]).toMatchObject({ workingOrder: { state: 'sent' }, blocker: { code: 'ORDER_OPEN' } })
    expect(engine.summary().orders).toBe(1)
    await engine.stop()
    const again = levelEngine(handMarket(), store, [levelBot({ safety: free })])
    await again.start()
    expect(again.state()).toMatchObject({ bots: [{ workingOrder: undefined }], cash: { reserved: '0' } })
    await again.stop()
    expect(dataOf<{ reason?: string }>(await journalOf(store), 'orderEvent').map(({ reason }) => reason)).toEqual(['NEVER_REACHED_VENUE'])
  })

  test('[INC-21] an answer that comes twice is one trade', async () => {
    const store = memoryStore()
    const exchange = faulty()
    const market = handMarket()
    const engine = levelEngine(market, store, [levelBot()], { exchange })
    await engine.start()
    exchange.arm('double')
    market.push(...candles([105, 99, 99, 99]))
    expect(engine.summary().fills).toBe(1)
    expect(engine.state().bots[0]!.tradesToday).toBe(1)
    await engine.stop()
    expect(dataOf(await journalOf(store), 'fill')).toHaveLength(1)
  })

  test('[INC-22] an order is in the store before the venue hears of it', async () => {
    const store = memoryStore()
    const written: string[] = []
    const seenAtSend: boolean[] = []
    const listening: StoreFactory = {
      open: (request) => {
        const inner = store.open(request)
        return {
          ...inner,
          append: (batch, guard) => {
            const result = inner.append(batch, guard)
            for (const { type, data } of batch) if (type === 'intent') written.push((data as { clientOrderId: string }).clientOrderId)
            return result
          },
        }
      },
    }
    const inner = paper({ cash: { USD: '1000' } })
    const exchange = Object.assign(Object.create(inner) as typeof inner, {
      venue: (list: Parameters<typeof inner.venue>[0]) => {
        const machine = inner.venue(list)
        const apply: typeof machine.apply = (event, nowMs) => {
          if (event.type === 'submit') seenAtSend.push(written.includes(event.request.clientOrderId))
          return machine.apply(event, nowMs)
        }
        return Object.assign(Object.create(machine) as typeof machine, { apply })
      },
    })
    const engine = levelEngine(listMarket(candles([105, 99, 99, 115, 115]), ids), listening, [levelBot({ safety: free })], { exchange })
    await engine.start()
    await engine.finished
    expect(seenAtSend.length).toBeGreaterThan(1)
    expect(seenAtSend).not.toContain(false)
  })

  test('[INC-23] fills and orders of others are named and touch no bot, no cash and no limit', async () => {
    const account = createAccount({ instruments: instrumentsOf(ids), exchange: paper({ cash: { USD: '100' } }), bots: [levelBot()], safety: [], startMs })
    const { kernel } = account
    const codes: string[] = []
    const sink = { entry: ({ type, data }: JournalEntry) => void (type === 'alert' && codes.push((data as { code: string }).code)), effect: () => undefined }
    const before = kernel.state.durable.ledger.snapshot()
    const fill = {
      fillId: 'their-1',
      venueOrderId: 'their-order',
      clientOrderId: 'somebody-else',
      instrument: 'BTC-USD',
      side: 'buy' as const,
      price: money('99'),
      quantity: money('1'),
      fee: { amount: money('0.5'), currency: 'USD' },
      liquidity: 'taker' as const,
      atMs: startMs,
    }
    kernel.step({ type: 'order', event: { type: 'fill', fill } }, startMs, sink)
    const report = { ref: { clientOrderId: 'somebody-else', instrument: 'BTC-USD' }, state: 'filled' as const, filledQuantity: money('1'), atMs: startMs }
    kernel.step({ type: 'order', event: { type: 'report', report } }, startMs, sink)
    expect(codes).toEqual(['EXTERNAL_FILL', 'EXTERNAL_ORDER'])
    expect(kernel.state.durable.ledger.snapshot()).toEqual(before)
    expect([kernel.state.durable.orders.size, kernel.state.portfolio.todayTrades]).toEqual([0, 0])
  })

  test('[INC-24] a store belongs to one environment for life: paper and backtest never share one', async () => {
    const store = memoryStore()
    await life(store)
    await expect(levelEngine(handMarket(), store, [levelBot()], { environment: 'backtest' }).start()).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' })
    expect(dataOf<{ environment: string }>(await journalOf(store), 'runStarted').map(({ environment }) => environment)).toEqual(['paper'])
  })

  test('[INC-25, INC-26] at a price of 0.0007 an amount stays an amount and a quantity a quantity, and each order names its unit', async () => {
    const store = memoryStore()
    const cheap = (minute: number, close: number): CandleEvent => {
      const openTime = (startMs + minute * MINUTE) as EpochMs
      return {
        type: 'candle',
        instrument: 'TOSHI-USD',
        timeframeMs: MINUTE,
        candle: { openTime, open: close, high: close, low: close, close, volume: 1e9 },
        closed: true,
        atMs: (openTime + MINUTE) as EpochMs,
      }
    }
    const fair = defineStrategy({
      id: 'fair',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { price: () => '' },
      evaluate: ({ candle }, _, signal) => signal.add('price', candle.close < 0.0008 ? 0.5 : -0.5, 1, candle.close),
    })
    const bots: BotConfig[] = [levelBot({ id: 'toshi', instrument: 'TOSHI-USD', strategy: fair(), safety: free })]
    const engine = levelEngine(listMarket([cheap(0, 0.0007), cheap(1, 0.0007), cheap(2, 0.0009), cheap(3, 0.0009)], ['TOSHI-USD']), store, bots)
    await engine.start()
    await engine.finished
    const [sold, bought] = engine.state().lastFills
    // Twenty dollars less the fee of 0.9 % at 0.0007.
    expect(Number(bought!.quantity)).toBeCloseTo(20 / 1.009 / 0.0007, -1)
    expect(Number(bought!.value)).toBeCloseTo(20 / 1.009, 2)
    expect(Number(sold!.value)).toBeCloseTo(Number(bought!.quantity) * 0.0009, 1)
    for (const order of dataOf<{ side: string; quoteSize?: string; baseSize?: string }>(await journalOf(store), 'intent'))
      expect([order.quoteSize !== undefined, order.baseSize !== undefined]).toEqual(order.side === 'buy' ? [true, false] : [false, true])
    expect(Number(engine.state().equity)).toBeCloseTo(1_000 - 20 + Number(sold!.value) * 0.991, 2)
  })

  test('[INC-28] there is one profit: of the fills, the tables, the state and the summary, whatever the size of the pages it is read in', async () => {
    const store = memoryStore()
    const { engine } = await life(store)
    const { realizedPnl } = engine.state()
    const opened = store.open({ environment: 'paper' })
    const sumOf = (texts: readonly unknown[]): string => String(texts.reduce<ReturnType<typeof money>>((total, text) => total.plus(String(text)), money('0')))
    expect(sumOf(opened.rows('fills').map((row) => row['realized_pnl']))).toBe(realizedPnl)
    expect(sumOf(opened.rows('positions').map((row) => row['realized_pnl']))).toBe(realizedPnl)
    for (const limit of [1, 7, 1_000]) {
      const projector = createProjector()
      const rows = createProjectionRows(projectionTables)
      for (let afterSeq = 0, page: readonly JournalEntry[] = []; (page = opened.read({ afterSeq, limit })).length > 0; afterSeq = page.at(-1)!.seq)
        for (const entry of page) rows.write(projector.apply(entry))
      expect(rows.sorted('positions')).toEqual(opened.rows('positions'))
    }
    opened.close()
    expect(engine.summary().realizedPnl).toBe(realizedPnl)
    expect(Number(realizedPnl)).toBeGreaterThan(0)
  })

  test('[INC-29] every fill pays its fee, in a currency, and the profit is what is left', async () => {
    const { entries, engine } = await life()
    const fills = dataOf<{ side: string; price: string; quantity: string; feeAmount: string; feeCurrency: string }>(entries, 'fill')
    expect(fills.length).toBeGreaterThan(2)
    for (const { price, quantity, feeAmount, feeCurrency } of fills) {
      expect(feeCurrency).toBe('USD')
      expect(Number(feeAmount)).toBeCloseTo(Number(price) * Number(quantity) * 0.009, 8)
    }
    const paid = fills.reduce((total, { feeAmount }) => total + Number(feeAmount), 0)
    expect(Number(engine.state().fees)).toBeCloseTo(paid, 8)
    const { equity, realizedPnl, unrealizedPnl } = engine.state()
    expect(Number(equity)).toBeCloseTo(1_000 + Number(realizedPnl) + Number(unrealizedPnl), 8)
  })

  test('[INC-31] one store has one writer and one identity, which every start of it sees', async () => {
    const store = memoryStore()
    const first = store.open({ environment: 'paper' })
    expect(() => store.open({ environment: 'paper' })).toThrow('open already')
    const { identity } = first
    first.close()
    const second = store.open({ environment: 'paper' })
    expect(second.identity).toEqual(identity)
    second.close()
    expect(() => store.open({ environment: 'paper', storeId: '00000000-0000-8000-8000-000000000000' })).toThrow(identity.storeId)
  })

  test('[INC-32] coins that no bot bought belong to no bot: they are not sold, not valued as a position, not taken over', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot()], { exchange: paper({ cash: { USD: '1000', BTC: '2' } }) })
    await engine.start()
    const list = candles([105, 115, 105, 99, 99, 105, 115, 115])
    market.push(...list.splice(0, 2))
    engine.flatten()
    expect(engine.summary().orders).toBe(0)
    expect(engine.state()).toMatchObject({ equity: '1000', coins: '0', bots: [{ position: { quantity: '0', status: 'closed' } }] })
    market.push(...list)
    const [sold, bought] = engine.state().lastFills
    expect([sold!.side, sold!.quantity]).toEqual(['sell', bought!.quantity])
    await engine.stop()
  })

  test('[INC-33] the same cash is promised once: of five bots that want 20 of 45 at one moment, two get it', async () => {
    const market = handMarket()
    const bots = [1, 2, 3, 4, 5].map((n) => levelBot({ id: `bot-${n}`, safety: free }))
    const engine = levelEngine(market, memoryStore(), bots, { exchange: paper({ cash: { USD: '45' } }) })
    await engine.start()
    market.push(...candles([105, 99]))
    expect(engine.state().cash).toEqual({ total: '45', reserved: '40', available: '5' })
    expect(engine.state().bots.map(({ workingOrder, blocker }) => workingOrder?.quoteSize ?? blocker?.code)).toEqual([
      '20',
      '20',
      'INSUFFICIENT_FUNDS',
      'INSUFFICIENT_FUNDS',
      'INSUFFICIENT_FUNDS',
    ])
    await engine.stop()
  })

  test("[INC-34] the smallest size is the instrument's alone, looked at once at the start: what could never trade does not start", async () => {
    const started = async (minQuote: string): Promise<void> => {
      const market = { ...handMarket(), instruments: () => Promise.resolve([{ ...coinbaseInstrument('BTC-USD')!, minQuote: money(minQuote) }]) }
      const engine = levelEngine(market, memoryStore(), [levelBot({ sizing: fixedSize(20), safety: [] })])
      await engine.start()
      await engine.stop()
    }
    await expect(started('30')).rejects.toThrow("bots[0].sizing: expected entries of at least the venue's 30, received 20")
    await expect(started('10')).resolves.toBeUndefined()
  })

  test('[row 49] a bot without a size gets one, and the order says which', async () => {
    const store = memoryStore()
    const { id, instrument, strategy } = levelBot()
    const engine = levelEngine(listMarket(candles([105, 99, 99]), ids), store, [bot({ id, instrument, strategy, confirm: 0, safety: free })])
    await engine.start()
    await engine.finished
    // Ten dollars x HOT 1.8 x (0.8 + 0.4 x 0.5) x 0.7 for the first tranche.
    expect(dataOf<{ quoteSize: string }>(await journalOf(store), 'intent')[0]!.quoteSize).toBe('12.6')
    const [inForce] = dataOf<{ config: { bots: { sizing: unknown }[] } }>(await journalOf(store), 'configInForce')
    expect(inForce!.config.bots[0]!.sizing).toEqual({ id: 'temperature', params: expect.objectContaining({ base: 10, min: 5, max: 25 }) as unknown })
  })

  test('[INC-10] without a price nothing is sold, valued or taken for a loss', async () => {
    const store = memoryStore()
    const first = levelEngine(listMarket(candles([105, 99, 99]), ids), store)
    await first.start()
    await first.finished
    const market = handMarket()
    const engine = levelEngine(market, store)
    await engine.start()
    engine.flatten()
    expect(engine.state()).toMatchObject({
      coins: '0',
      today: { loss: 0 },
      tradingState: 'active',
      bots: [{ price: undefined, unrealizedPnl: '0', workingOrder: undefined }],
    })
    market.push({ type: 'quote', instrument: 'BTC-USD', bid: 98, ask: 99, atMs: (startMs + 3 * MINUTE + 1) as EpochMs })
    market.push(...candles([105, 98], 3))
    expect(engine.state().bots[0]).toMatchObject({ price: 98, position: { quantity: '0' } })
    await engine.stop()
  })

  test('[INC-27] what was bought is held, not lost: only its fee is', async () => {
    const engine = levelEngine(listMarket(candles([105, 99, 99, 99]), ids), memoryStore())
    await engine.start()
    await engine.finished
    const { realizedPnl, today, fees, bots } = engine.state()
    expect(bots[0]!.position.quantity).not.toBe('0')
    expect([realizedPnl, today.loss]).toEqual(['0', expect.closeTo(Number(fees), 8) as unknown])
  })

  test('[INC-30] a sale turns coins into cash and makes no return: equity moves by price and fees alone', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    const list = candles([105, 99, 99, 115, 115])
    market.push(...list.slice(0, 4))
    const before = engine.state()
    market.push(list[4]!)
    const after = engine.state()
    expect(Number(after.cash.total) - Number(before.cash.total)).toBeGreaterThan(20)
    expect(Number(before.equity) - Number(after.equity)).toBeCloseTo(Number(after.fees) - Number(before.fees), 8)
    await engine.stop()
  })
})
