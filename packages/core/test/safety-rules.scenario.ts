import { describe, expect, test } from 'vitest'
import {
  breakerSettings,
  clockSkew,
  consecutiveLosses,
  defaultGrading,
  correlationGroup,
  environmentGate,
  fixedSize,
  maxTranches,
  memoryStore,
  orderRate,
  priceBand,
  spreadLimit,
  stopLoss,
  tradeSize,
  tradingWindow,
} from '@millrace/core'
import type { BotConfig, Environment, EpochMs, MarketEvent, SafetyRule } from '@millrace/core'
import { TradingKernel } from '../src/engine/kernel.ts'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { instrumentsOf, listMarket } from './random-market.ts'

// Each rule as it stands in a running engine: what it reads is measured there, and it fires and releases.

const free = [tradeSize(5, 25)]
const withRule = (rule: SafetyRule | readonly SafetyRule[], options: Parameters<typeof levelBot>[0] = {}): BotConfig =>
  levelBot({ sizing: fixedSize(10), ...options, safety: [tradeSize(5, 25), maxTranches(1), rule] })

const quote = (minute: number, bid: number, ask: number): MarketEvent => ({
  type: 'quote',
  instrument: 'BTC-USD',
  bid,
  ask,
  atMs: (startMs + minute * MINUTE) as EpochMs,
})

async function running(bots: readonly BotConfig[], ids: readonly string[] = ['BTC-USD'], store = memoryStore()) {
  const market = handMarket(ids)
  const engine = levelEngine(market, store, bots)
  await engine.start()
  return { market, engine, blocker: (i = 0) => engine.state().bots[i]!.blocker?.code }
}

describe('rules that look at the market', () => {
  test('spread: entries wait until the quotes come together', async () => {
    const { market, engine, blocker } = await running([withRule(spreadLimit({ maxBps: 50 }))])
    market.push(...candles([105]), quote(1, 98, 100), ...candles([99], 1))
    expect(blocker()).toBe('SPREAD')
    market.push(quote(2, 98.9, 99.1), ...candles([99], 2))
    expect(engine.summary().orders).toBe(1)
    await engine.stop()
  })

  test('price band: a price that jumped within one candle is not bought, and is a candle later', async () => {
    const { market, engine, blocker } = await running([withRule(priceBand(0.03))])
    market.push(...candles([105, 90]))
    expect(blocker()).toBe('PRICE_BAND')
    market.push(...candles([90], 2))
    expect(engine.summary().orders).toBe(1)
    await engine.stop()
  })

  test('clock skew: what the connection measured last counts', async () => {
    const { market, engine, blocker } = await running([withRule(clockSkew('2s'))])
    const clock = (minute: number, skewMs: number): MarketEvent => ({
      type: 'link',
      event: { type: 'clock', detail: 'compared with the venue', skewMs },
      atMs: (startMs + minute * MINUTE) as EpochMs,
    })
    market.push(clock(0, -2_001), ...candles([105, 99]))
    expect(blocker()).toBe('CLOCK_SKEW')
    market.push(clock(2, 2_000), ...candles([99], 2))
    expect(engine.summary().orders).toBe(1)
    expect(engine.state().alerts).toEqual([])
    await engine.stop()
  })

  test.each(['limitOnly', 'cancelOnly', 'postOnly', 'halted', 'delisted'] as const)(
    '[INC-35] an instrument that is %s takes no entry, with that reason',
    async (state) => {
      const market = handMarket()
      const engine = levelEngine({ ...market, instruments: async () => instrumentsOf(['BTC-USD']).map((item) => ({ ...item, state })) }, memoryStore(), [
        levelBot({ safety: free }),
      ])
      await engine.start()
      market.push(...candles([105, 99, 99]))
      expect(engine.summary().orders).toBe(0)
      expect(engine.state().bots[0]!.blocker).toMatchObject({ code: 'INSTRUMENT_STATE' })
      await engine.stop()
    },
  )

  test('[INC-35] a position in an instrument that was halted since is kept and its exit is refused with that reason', async () => {
    const store = memoryStore()
    const first = levelEngine(listMarket(candles([105, 99, 99]), ['BTC-USD']), store, [levelBot({ safety: free })])
    await first.start()
    await first.finished
    const market = handMarket()
    const engine = levelEngine(
      { ...market, instruments: async () => instrumentsOf(['BTC-USD']).map((item) => ({ ...item, state: 'halted' as const })) },
      store,
      [levelBot({ safety: free, exits: [stopLoss(0.05)] })],
    )
    await engine.start()
    market.push(...candles([80], 3))
    expect(engine.summary().orders).toBe(0)
    expect(engine.state().bots[0]).toMatchObject({ blocker: { code: 'INSTRUMENT_STATE' }, position: { status: 'open' } })
    await engine.stop()
  })
})

describe('rules that look at what was done', () => {
  // Bought at 99, stopped at 90, bought again: one order a minute.
  const stopped = [105, 99, 99, 90, 90] as const

  test('order rate: the account and the bot count all orders of the window, also those of before a restart', async () => {
    const store = memoryStore()
    const bots = () => [withRule(orderRate({ bot: 2, window: '10m' }), { exits: [stopLoss(0.05)] })]
    const first = levelEngine(listMarket(candles(stopped), ['BTC-USD']), store, bots())
    await first.start()
    await first.finished
    expect(first.summary().orders).toBe(2)
    const { market, engine, blocker } = await running(bots(), ['BTC-USD'], store)
    market.push(...candles([99, 99], 5))
    expect([blocker(), engine.summary().orders]).toEqual(['ORDER_RATE_BOT', 0])
    // The entry was written at minute 2; ten minutes later it leaves the window.
    expect(engine.state().bots[0]!.blocker!.untilMs).toBe(startMs + 12 * MINUTE)
    market.push(...candles([99, 99, 99, 99], 7))
    expect(engine.summary().orders).toBe(0)
    market.push(...candles([99], 11))
    expect(engine.summary().orders).toBe(1)
    await engine.stop()
  })

  test('[INC-03] consecutive losses are round trips that lost money by the ledger, not fees, and are known after a restart', async () => {
    const store = memoryStore()
    const bots = () => [withRule(consecutiveLosses({ max: 1, pause: '10m' }), { exits: [stopLoss(0.05)] })]
    const first = levelEngine(listMarket(candles([105, 99, 99, 112, 112, 99, 99]), ['BTC-USD']), store, bots())
    await first.start()
    await first.finished
    // A gain with its fees paid is no loss: the second entry was made.
    expect(first.state().lastFills.map(({ side }) => side)).toEqual(['buy', 'sell', 'buy'])
    const second = await running(bots(), ['BTC-USD'], store)
    second.market.push(...candles([90, 99, 99], 7))
    expect(second.engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    expect(second.blocker()).toBe('LOSS_STREAK')
    const until = second.engine.state().bots[0]!.blocker!.untilMs!
    await second.engine.stop()
    const third = await running(bots(), ['BTC-USD'], store)
    third.market.push(...candles([99, 99], 10))
    expect(third.engine.state().bots[0]!.blocker).toMatchObject({ code: 'LOSS_STREAK', untilMs: until })
    third.market.push(...candles([99, 99, 99, 99], 20))
    expect(third.engine.state().lastFills[0]).toMatchObject({ side: 'buy' })
    await third.engine.stop()
  })

  test('correlation group: a position and a working entry of others count, in the same minute', async () => {
    const group = correlationGroup({ instruments: ['BTC-USD', 'ETH-USD', 'SOL-USD'], max: 2 })
    const ids = ['BTC-USD', 'ETH-USD', 'SOL-USD', 'XRP-USD']
    const bots = ids.map((instrument) => withRule(group, { id: instrument.slice(0, 3).toLowerCase(), instrument }))
    const { market, engine } = await running(bots, ids)
    const all = (closes: readonly number[], from = 0) => candles(closes, from).flatMap((_, i) => ids.map((id) => candles(closes, from, id)[i]!))
    market.push(...all([105, 99, 99]))
    expect(engine.state().bots.map(({ blocker, position }) => blocker?.code ?? position.status)).toEqual([
      expect.not.stringContaining('CORRELATION'),
      expect.not.stringContaining('CORRELATION'),
      'CORRELATION_GROUP',
      expect.not.stringContaining('CORRELATION'),
    ])
    // BTC sells; there is room for one again.
    market.push(...candles([115, 115], 3), ...candles([99, 99, 99], 5, 'SOL-USD'))
    expect(engine.state().bots[2]!.position.quantity).not.toBe('0')
    await engine.stop()
  })

  test('trading window: entries from 22:05 UTC on, exits at any time', async () => {
    const { market, engine, blocker } = await running([withRule(tradingWindow({ from: '22:05', to: '22:07' }), { exits: [stopLoss(0.05)] })])
    market.push(...candles([105, 99, 99]))
    expect(blocker()).toBe('TRADING_WINDOW')
    expect(engine.state().bots[0]!.blocker!.untilMs).toBe(startMs + 5 * MINUTE)
    market.push(...candles([99, 99, 99, 99, 99], 3))
    expect(engine.summary().orders).toBe(1)
    market.push(...candles([90, 90], 8))
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    await engine.stop()
  })
})

describe('[row 25] the environment gate', () => {
  const kernelIn = (environment: Environment, accountSafety: readonly SafetyRule[]) => {
    const kernel = new TradingKernel({
      environment,
      bots: [levelBot({ safety: free })],
      quoteCurrency: 'USD',
      accountSafety,
      storeId: 'test',
      configHash: 'test',
      booking: 'fifo',
      grading: defaultGrading,
      record: 'changes',
      staleMs: 30_000,
      breakers: breakerSettings(),
      instruments: instrumentsOf(['BTC-USD']),
      journal: true,
    })
    const effects: string[] = []
    const sink = { entry: () => undefined, effect: ({ type }: { type: string }) => void effects.push(type) }
    kernel.begin(startMs, sink)
    kernel.record('adjustment', undefined, {
      kind: 'deposit',
      currency: 'USD',
      amount: kernel.state.instruments.get('BTC-USD')!.instrument.maxBase,
      reason: 'test',
    })
    kernel.openDay()
    kernel.refresh()
    kernel.state.gateOpen = true
    for (const event of candles([105, 99])) kernel.step(event, event.atMs, sink)
    return { code: kernel.explain('btc').blocker?.code, sent: effects.filter((type) => type === 'submit').length }
  }

  test('a live run makes no entry until its configuration names live; paper needs nothing', () => {
    expect(kernelIn('live', [])).toEqual({ code: 'ENVIRONMENT', sent: 0 })
    expect(kernelIn('live', [environmentGate(['paper'])])).toEqual({ code: 'ENVIRONMENT', sent: 0 })
    expect(kernelIn('live', [environmentGate(['live'])])).toEqual({ code: undefined, sent: 1 })
    expect(kernelIn('paper', [])).toEqual({ code: undefined, sent: 1 })
  })
})
