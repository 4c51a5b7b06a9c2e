import { describe, expect, test } from 'vitest'
import { backtest, candleColumns, defaultGrading, fixedSize, memoryStore, tradeSize } from '@millrace/core'
import type { Analytics, CandleEvent, Engine, EngineState, EpochMs, StoreFactory } from '@millrace/core'
import { DurableState } from '../src/engine/durable-state.ts'
import { TradingKernel } from '../src/engine/kernel.ts'
import { decodeFacts } from '../src/engine/journal/facts.ts'
import { parseEntry } from '../src/engine/journal/stored-entry.ts'
import { canonicalText } from '../src/engine/canonical.ts'
import { snapshotDurable } from '../src/engine/durable-snapshot.ts'
import { fillOf } from '../src/ledger/fills.fixture.ts'
import { createLedger } from '../src/ledger/ledger.ts'
import { averageEntry } from '../src/ledger/position.ts'
import { decimalText, money } from '../src/model/money.ts'
import { breakerSettings } from '../src/safety/circuit-breakers.ts'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf } from './random-market.ts'

const trip = candles([105, 99, 99, 104, 111, 112])

async function started(events: readonly CandleEvent[] = [], store: StoreFactory = memoryStore(), options: Parameters<typeof levelBot>[0] = {}) {
  const market = handMarket()
  const engine = levelEngine(market, store, [levelBot({ safety: [tradeSize(5, 25)], ...options })])
  await engine.start()
  market.push(...events)
  return { engine, market, end: async (): Promise<void> => (market.end(), void (await engine.finished)) }
}

describe('the money incidents of the system that this one is modelled on do not happen here', () => {
  test('[INC-08] twenty-two purchases are twenty-two tranches, from fills alone, whatever words an order uses', () => {
    const ledger = createLedger({ booking: 'fifo' })
    ledger.deposit('USD', money(1_000))
    for (let i = 1; i <= 22; i++) ledger.applyFill(fillOf({ id: `${i}`, bot: 'toshi', base: 'TOSHI', side: 'buy', quantity: 1_000, price: `0.000${700 + i}` }))
    const position = ledger.position('toshi')
    expect([position.tranches, position.lots.length, decimalText(position.quantity)]).toEqual([22, 22, '22000'])
    expect(decimalText(averageEntry(position)!)).toBe('0.0007115')
  })

  test('[INC-09] analytics answer at every moment of a life, and every figure in them is one', async () => {
    const { engine, market, end } = await started()
    const check = (analytics: Analytics): void => {
      expect(JSON.stringify(analytics)).not.toMatch(/NaN|Infinity|undefined/)
      for (const value of [analytics.returnPercent, analytics.peak, analytics.maxDrawdown]) expect(Number.isFinite(value)).toBe(true)
    }
    check(engine.analytics())
    for (const event of trip) {
      market.push(event)
      check(engine.analytics())
    }
    expect(engine.analytics().roundTrips).toHaveLength(1)
    await end()
  })

  test('[INC-11] a position without a price is not valued at all: nothing is made up', () => {
    const { kernel, valuations } = kernelWithCoins(undefined)
    expect(kernel.state.instruments.get('BTC-USD')!.market.price > 0).toBe(false)
    expect(valuations).toEqual([])
    expect(kernelWithCoins(100).valuations).toHaveLength(1)
  })

  test('[INC-23] a fill of an order that is not ours raises an alert and enters no P&L', async () => {
    const { kernel } = kernelWithCoins(100)
    const before = canonicalText(kernel.state.durable.ledger.snapshot())
    const alerts: string[] = []
    kernel.step(
      { type: 'order', event: { type: 'fill', fill: { ...fillOf({ id: 'theirs', side: 'sell', quantity: 1, price: 5 }), clientOrderId: 'somebody-else' } } },
      (startMs + MINUTE) as EpochMs,
      { entry: () => undefined, effect: () => undefined, alert: ({ code }: { readonly code: string }) => void alerts.push(code) } as never,
    )
    expect(alerts).toEqual(['EXTERNAL_FILL'])
    expect(canonicalText(kernel.state.durable.ledger.snapshot())).toBe(before)
    expect(kernel.state.durable.analytics.trips.open.size).toBe(1)
    await Promise.resolve()
  })

  test('[INC-25] [INC-26] money is quantity times price, and cash plus cost is deposits plus gross less fees after every fill', async () => {
    const { engine, market, end } = await started()
    for (const event of trip) {
      market.push(event)
      const { cash, bots, realizedPnl } = engine.state()
      const cost = Number(bots[0]!.position.cost)
      expect(Number(cash.total) + cost).toBeCloseTo(1_000 + Number(realizedPnl), 10)
    }
    for (const fill of engine.state().lastFills) expect(Number(fill.value)).toBeCloseTo(Number(fill.quantity) * Number(fill.price), 10)
    await end()
  })

  test('[INC-27] an open purchase is shown at its price, not as a loss', async () => {
    const { engine, end } = await started(trip.slice(0, 4))
    const { equity, realizedPnl, unrealizedPnl } = engine.state()
    expect(realizedPnl).toBe('0')
    expect(Number(unrealizedPnl)).toBeGreaterThan(0)
    expect(Number(equity)).toBeGreaterThan(1_000)
    await end()
  })

  test.each([
    ['a purchase at 100 sold at 110', [100, 110], '10'],
    ['a loss of 10 and a gain of 10', [100, 90, 200, 210], '0'],
  ] as const)('[INC-28] %s is what it is, because fills are folded oldest first', (_name, prices, pnl) => {
    const ledger = createLedger({ booking: 'fifo' })
    ledger.deposit('USD', money(1_000))
    prices.forEach((price, i) => ledger.applyFill(fillOf({ id: `${i}`, side: i % 2 === 0 ? 'buy' : 'sell', quantity: 1, price })))
    expect(decimalText(ledger.position('btc').realizedPnl)).toBe(pnl)
  })

  test('[INC-28] P&L does not depend on the size of the pages that the journal is read in', async () => {
    const store = memoryStore()
    await (await started(trip, store)).end()
    const opened = store.open({ environment: 'paper' })
    const folds = [1, 7, 1_000].map((limit) => {
      const state = new DurableState()
      for (let afterSeq = 0; ;) {
        const page = opened.read({ afterSeq, limit })
        for (const entry of page) state.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
        if (page.length < limit) return canonicalText(snapshotDurable(state))
        afterSeq = page.at(-1)!.seq
      }
    })
    opened.close()
    expect(new Set(folds).size).toBe(1)
    expect(folds[0]).toContain('"closed":[{')
  })

  test('[INC-29] a fill without its fee, or without the currency of it, is no fill', () => {
    const fill = {
      fillId: '1',
      clientOrderId: 'a',
      venueOrderId: 'v',
      instrument: 'BTC-USD',
      side: 'buy',
      price: '100',
      quantity: '1',
      feeAmount: '0.9',
      feeCurrency: 'USD',
      liquidity: 'taker',
      filledAtMs: 0,
    }
    const read = (data: object) => parseEntry({ seq: 1, atMs: 0 as EpochMs, type: 'fill', v: 1, botId: 'btc', hash: '', dataText: JSON.stringify(data) })
    expect(read(fill).type).toBe('fill')
    for (const missing of ['feeAmount', 'feeCurrency'] as const) {
      const { [missing]: _, ...rest } = fill
      expect(() => read(rest)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT', message: expect.stringContaining(missing) as string }))
    }
  })

  test('[INC-30] holdings turned into cash are no return, and neither is a deposit', async () => {
    const { engine, market, end } = await started(trip.slice(0, 5), memoryStore(), { sizing: fixedSize(25) })
    const held = engine.analytics()
    market.push(trip[5]!)
    const sold = engine.analytics()
    // Cash rose by the whole sale; the return moved by its fee and the last step of the price alone.
    expect(Number(engine.state().cash.total)).toBeGreaterThan(1_000)
    expect(Math.abs(sold.returnPercent - held.returnPercent)).toBeLessThan(0.1)
    await engine.deposit('USD', '37000')
    const rich = engine.analytics()
    expect([rich.returnPercent, rich.gain, rich.maxDrawdown]).toEqual([expect.closeTo(sold.returnPercent, 10), sold.gain, expect.closeTo(sold.maxDrawdown, 6)])
    expect(Number(rich.equity)).toBeCloseTo(Number(sold.equity) + 37_000, 10)
    await end()
  })

  test('[INC-32] coins that no bot bought are nobody’s position: shown apart, never sold, no part of equity', async () => {
    const { engine, end } = await started(trip.slice(0, 2))
    await engine.deposit('BTC', '3')
    const { bots, equity } = engine.state()
    expect([bots[0]!.position.quantity, bots[0]!.position.status]).toEqual(['0', 'closed'])
    expect(Number(equity)).toBeLessThanOrEqual(1_000)
    expect(engine.analytics()).toMatchObject({ foreign: [{ currency: 'BTC', amount: '3' }], gain: '0' })
    await end()
  })

  test('[INC-33] bots share cash through reservations: what one has promised another cannot', () => {
    const ledger = createLedger({ booking: 'fifo' })
    ledger.deposit('USD', money('22.25'))
    ledger.reserve('a', 'btc', 'USD', money(10))
    ledger.reserve('b', 'eth', 'USD', money(10))
    expect(decimalText(ledger.available('USD'))).toBe('2.25')
    expect(() => ledger.reserve('c', 'sol', 'USD', money(10))).toThrow(/at most 2.25 USD/)
    ledger.release('a')
    ledger.reserve('c', 'sol', 'USD', money(10))
    expect(decimalText(ledger.reserved('USD'))).toBe('20')
  })
})

/** A kernel whose bot bought one coin in an earlier run, with a price or without. */
function kernelWithCoins(price: number | undefined) {
  const store = memoryStore()
  const opened = store.open({ environment: 'paper' })
  opened.close()
  const kernel = new TradingKernel({
    environment: 'paper',
    bots: [levelBot()],
    quoteCurrency: 'USD',
    accountSafety: [],
    storeId: 'test',
    configHash: 'test',
    booking: 'fifo',
    grading: defaultGrading,
    breakers: breakerSettings(),
    record: 'changes',
    staleMs: 30_000,
    instruments: instrumentsOf(['BTC-USD', 'ETH-USD']),
    journal: true,
  })
  const valuations: unknown[] = []
  const sink = { entry: (entry: { readonly type: string }) => void (entry.type === 'valuation' && valuations.push(entry)), effect: () => undefined }
  kernel.begin(startMs, sink)
  kernel.record('adjustment', undefined, { kind: 'deposit', currency: 'USD', amount: money(1_000), reason: 'cash' })
  kernel.record('intent', 'btc', {
    clientOrderId: 'one',
    intentNo: 1,
    instrument: 'BTC-USD',
    side: 'buy',
    kind: 'open',
    origin: 'strategy',
    source: 'levels',
    orderType: 'market',
    quoteSize: money(100),
    reserveCurrency: 'USD',
    reserveAmount: money(100),
    expectedPrice: 100,
    score: 0.5,
    temperature: 'hot',
    configHash: 'test',
  })
  kernel.record('fill', 'btc', {
    fillId: 'one-1',
    clientOrderId: 'one',
    venueOrderId: 'v',
    instrument: 'BTC-USD',
    side: 'buy',
    price: money(100),
    quantity: money(1),
    feeAmount: money(0),
    feeCurrency: 'USD',
    liquidity: 'taker',
    filledAtMs: startMs,
  })
  if (price !== undefined) kernel.state.instruments.get('BTC-USD')!.market.price = price
  kernel.refresh()
  kernel.openDay()
  return { kernel, valuations }
}

describe('a fee in a third currency', () => {
  function feeOf(ethPrice: number | undefined) {
    const { kernel } = kernelWithCoins(100)
    if (ethPrice !== undefined) kernel.state.instruments.get('ETH-USD')!.market.price = ethPrice
    const alerts: string[] = []
    const fill = { ...fillOf({ id: 'two', side: 'buy', quantity: 1, price: 100, fee: '0.001', feeCurrency: 'ETH' }), clientOrderId: 'one' }
    const sink = { entry: () => undefined, effect: () => undefined, alert: ({ code }: { readonly code: string }) => void alerts.push(code) }
    kernel.step({ type: 'order', event: { type: 'fill', fill } }, (startMs + MINUTE) as EpochMs, sink as never)
    const { ledger } = kernel.state.durable
    return { fees: decimalText(ledger.position('btc').fees), eth: decimalText(ledger.balance('ETH')), unvalued: alerts.includes('FEE_UNVALUED') }
  }

  test('is valued at the last price of that currency, and leaves its own purse', () => {
    expect(feeOf(2_000)).toEqual({ fees: '2', eth: '-0.001', unvalued: false })
  })

  test('stays unvalued and raises an alert where there is no price: nothing is guessed', () => {
    expect(feeOf(undefined)).toEqual({ fees: '0', eth: '-0.001', unvalued: true })
  })
})

describe('money that comes and goes', () => {
  test('a deposit and a withdrawal change cash and equity, and nothing that measures trading', async () => {
    const store = memoryStore()
    const { engine, market, end } = await started(trip.slice(0, 4), store)
    const before = engine.analytics()
    await engine.deposit('USD', '500.50', 'from the bank')
    await engine.withdraw('USD', '1200')
    const after = engine.analytics()
    expect(Number(after.equity)).toBeCloseTo(Number(before.equity) + 500.5 - 1_200, 10)
    expect([after.paidIn, after.gain, after.maxDrawdown, after.returnPercent]).toEqual([
      '300.5',
      before.gain,
      expect.closeTo(before.maxDrawdown, 6),
      expect.closeTo(before.returnPercent, 10),
    ])
    expect(after.peak).toBeCloseTo(before.peak - 699.5, 8)
    market.push(...trip.slice(4))
    const { gain, paidIn } = engine.analytics()
    const loss = engine.state().today.loss
    await end()
    // The books of a restart say the same.
    const again = await started([], store)
    expect(again.engine.analytics()).toMatchObject({ gain, paidIn })
    expect(loss).toBe(0)
    await again.end()
  })

  test('the simulated venue knows of them: what was paid in can be spent, what was taken out cannot', async () => {
    const spend = async (pay: (engine: Engine) => Promise<void>): Promise<EngineState> => {
      const { engine, market, end } = await started(trip.slice(0, 1), memoryStore(), { sizing: fixedSize(20) })
      await pay(engine)
      market.push(...trip.slice(1, 4))
      const state = engine.state()
      await end()
      return state
    }
    const poor = await spend((engine) => engine.withdraw('USD', '990'))
    expect([poor.lastFills.length, poor.cash.total]).toEqual([0, '10'])
    const rich = await spend(async (engine) => {
      await engine.withdraw('USD', '990')
      await engine.deposit('USD', '15')
    })
    expect(rich.lastFills).toHaveLength(1)
  })

  test.each([
    ['more than there is', 'USD', '1000.01', /at most 1000 USD/],
    ['a coin that is not there', 'BTC', '1', /at most 0 BTC/],
    ['nothing', 'USD', '0', /above 0/],
    ['a negative amount', 'USD', '-5', /above 0/],
    ['no number', 'USD', '1e3', /plain decimal number/],
    ['no currency', 'usd', '1', /currency/],
  ])('a withdrawal of %s is refused, and the engine goes on', async (_what, currency, amount, message) => {
    const { engine, market, end } = await started()
    await expect(engine.withdraw(currency, amount)).rejects.toThrow(message)
    market.push(...trip.slice(0, 4))
    expect(engine.state().lastFills.length).toBeGreaterThan(0)
    expect(engine.analytics().paidIn).toBe('1000')
    await end()
  })

  test('exactly all of the free cash can be taken out', async () => {
    const { engine, end } = await started()
    await engine.withdraw('USD', '1000')
    expect(engine.state().cash.total).toBe('0')
    await end()
  })
})

describe('analytics of a backtest', () => {
  test('stand in its summary: success rate with both numbers, round trips, return', () => {
    const columns = candleColumns(trip.map(({ candle }) => candle))
    const { summary } = backtest({
      bots: [levelBot({ safety: [] })],
      candles: [{ instrument: 'BTC-USD', timeframeMs: MINUTE, columns }],
      cash: { USD: '1000' },
      safety: [],
      slippageBps: 0,
    })
    expect(summary).toMatchObject({
      paidIn: '1000',
      successRate: { submitted: 3, filled: 3, rate: 1 },
      roundTrips: { count: 1, wins: 1, losses: 0, winRate: 1, best: { id: 'btc/1' }, worst: { id: 'btc/1' } },
    })
    expect(summary.returnPercent).toBeCloseTo((100 * (Number(summary.equity) - 1_000)) / 1_000, 10)
  })
})
