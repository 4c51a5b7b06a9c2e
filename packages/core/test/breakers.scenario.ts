import { describe, expect, test, vi } from 'vitest'
import { drawdownLimit, fixedSize, maxTranches, memoryStore, stopLoss, tradeSize } from '@millrace/core'
import type { BreakerOptions, Engine, EngineOptions, EpochMs, JournalEntry, LinkEvent, MarketEvent, SafetyRule } from '@millrace/core'
import { EngineError } from '../src/model/errors.ts'
import type { TradingKernel } from '../src/engine/kernel.ts'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { insideOf } from './inside-engine.ts'

// [row 22] Every circuit breaker trips visibly, survives a restart, and resets visibly.

const free = [tradeSize(5, 25), maxTranches(1)]
const kernelOf = (engine: Engine): TradingKernel => insideOf(engine).kernel

const link = (type: 'gap' | 'down' | 'error' | 'rateLimited' | 'ready', ms: number): MarketEvent => ({
  type: 'link',
  event: { type, detail: `${type} at ${ms}` } as LinkEvent,
  atMs: (startMs + ms) as EpochMs,
})

async function running(store = memoryStore(), breakers: BreakerOptions = {}, more: Partial<EngineOptions> = {}, ids: readonly string[] = ['BTC-USD']) {
  const market = handMarket(ids)
  const bots = ids.map((instrument, i) =>
    levelBot({ id: i === 0 ? 'btc' : instrument.slice(0, 3).toLowerCase(), instrument, sizing: fixedSize(20), safety: free, exits: [stopLoss(0.05)] }),
  )
  const engine = levelEngine(market, store, bots, { breakers, ...more })
  await engine.start()
  const codes = () => engine.state().alerts.map(({ code }) => code)
  const shown = () => ({
    trading: engine.state().tradingState,
    breakers: engine.state().breakers.map(({ id, action }) => `${id} ${action}`),
    blocker: engine.state().bots[0]!.blocker?.code,
    untilMs: engine.state().bots[0]!.blocker?.untilMs,
  })
  return { market, engine, store, codes, shown }
}

const journalOf = (store: ReturnType<typeof memoryStore>): readonly JournalEntry[] => {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ limit: 100_000 })
  opened.close()
  return entries
}
const latchesOf = (store: ReturnType<typeof memoryStore>): readonly string[] =>
  journalOf(store)
    .filter(({ type }) => type === 'latch')
    .map(({ data }) => `${(data as { reason: string }).reason} -> ${(data as { state: string }).state}`)

describe('[row 22] rate limit', () => {
  test('trips at exactly the third 429 within the window, lets exits pass, and resets by itself after a quiet time', async () => {
    const { market, engine, codes, shown } = await running()
    market.push(...candles([105, 99, 99]))
    market.push(link('rateLimited', 180_000), link('rateLimited', 200_000))
    expect(shown().trading).toBe('active')
    market.push(link('rateLimited', 239_999))
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: ['rateLimit reducing'] })
    expect(engine.state().tradingStateReason).toContain('The venue asked several times')
    expect(codes()).toContain('BREAKER_RATE_LIMIT')
    // The stop still sells; the entry after it waits, and says until when.
    market.push(...candles([90], 4), link('rateLimited', 340_000), ...candles([99], 5))
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    expect(engine.state().breakers[0]!.untilMs).toBe(startMs + 340_000 + 120_000)
    market.push(...candles([99], 6))
    expect(shown()).toMatchObject({ blocker: 'BREAKER_RATE_LIMIT', untilMs: startMs + 460_000 })
    // 7 min 40 s: the quiet time is over, to the millisecond.
    market.push({ type: 'quote', instrument: 'BTC-USD', bid: 98.9, ask: 99.1, atMs: (startMs + 459_999) as EpochMs })
    expect(shown().trading).toBe('reducing')
    market.push({ type: 'quote', instrument: 'BTC-USD', bid: 98.9, ask: 99.1, atMs: (startMs + 460_000) as EpochMs })
    expect(shown()).toMatchObject({ trading: 'active', breakers: [] })
    expect(codes()).toContain('BREAKER_RESET')
    market.push(...candles([99, 99], 7))
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'buy' })
    await engine.stop()
  })

  test('does not trip when the first of three is exactly a window old', async () => {
    const { market, engine, shown } = await running()
    market.push(...candles([105]), link('rateLimited', 60_000), link('rateLimited', 119_000), link('rateLimited', 120_000))
    expect(shown().trading).toBe('active')
    await engine.stop()
  })

  test('survives a restart, and resets after it when the quiet time is over', async () => {
    const first = await running()
    first.market.push(...candles([105]), link('rateLimited', 61_000), link('rateLimited', 62_000), link('rateLimited', 63_000))
    await first.engine.stop()
    const second = await running(first.store)
    second.market.push(...candles([99], 1))
    expect(second.shown()).toMatchObject({ trading: 'reducing', blocker: 'BREAKER_RATE_LIMIT', untilMs: startMs + 183_000 })
    second.market.push(...candles([99, 99, 99], 2))
    expect(second.shown()).toMatchObject({ trading: 'active' })
    await second.engine.stop()
    expect(latchesOf(first.store)).toEqual(['breakerTripped -> reducing', 'breakerReset -> active'])
  })

  test('is reset by a person at once, and counts anew from there', async () => {
    const { market, engine, shown } = await running()
    expect(() => engine.resetBreaker('rateLimit')).toThrow('no breaker "rateLimit" is tripped')
    market.push(...candles([105]), link('rateLimited', 61_000), link('rateLimited', 62_000), link('rateLimited', 63_000))
    engine.resetBreaker('rateLimit')
    expect(shown().trading).toBe('active')
    market.push(link('rateLimited', 64_000), link('rateLimited', 65_000))
    expect(shown().trading).toBe('active')
    market.push(link('rateLimited', 66_000))
    expect(shown().trading).toBe('reducing')
    await engine.stop()
  })
})

describe('[row 22] error rate', () => {
  test('counts rejected orders, failing plugins and failed requests together, and resets after a quiet time', async () => {
    const { market, engine, shown } = await running(memoryStore(), { errorRate: { limit: 3, window: '10m', quiet: '5m' } })
    let failing = true
    const kernel = kernelOf(engine)
    const bot = kernel.bot('btc')
    const sizing = bot.config.sizing
    Object.assign(bot.config, {
      sizing: {
        ...sizing,
        size: (...args: Parameters<typeof sizing.size>) => {
          if (failing) throw new Error('no size today')
          return sizing.size(...args)
        },
      },
    })
    market.push(...candles([105]), link('error', 61_000), link('error', 62_000))
    expect(shown().trading).toBe('active')
    market.push(...candles([99], 1))
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: ['errorRate reducing'] })
    failing = false
    market.push(...candles([105, 105, 105, 105], 2))
    expect(shown().trading).toBe('reducing')
    market.push(...candles([105], 6))
    expect(shown().trading).toBe('active')
    await engine.stop()
  })

  test('counts an order whose outcome is unknown', async () => {
    const { market, engine, shown } = await running(memoryStore(), { errorRate: { limit: 1 } })
    market.push(...candles([105, 99]))
    const [order] = [...kernelOf(engine).state.durable.working.values()]
    const { filledQuantity } = order!
    insideOf(engine).loop.outside(
      {
        type: 'order',
        event: {
          type: 'report',
          report: { ref: { clientOrderId: order!.clientOrderId, instrument: 'BTC-USD' }, state: 'unknown', filledQuantity, atMs: startMs },
        },
      },
      (startMs + 2 * MINUTE) as EpochMs,
    )
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: ['errorRate reducing'] })
    await engine.stop()
  })

  test('an order that our own emergency stop kept from leaving is no error', async () => {
    const { market, engine, codes, shown } = await running(memoryStore(), { errorRate: { limit: 1 } })
    market.push(...candles([105]))
    // The latch is set by another writer between decision and send.
    const { journal } = insideOf(engine)
    const append = journal.append.bind(journal)
    vi.spyOn(journal, 'append').mockImplementation((entries, notHalted) => append(entries, false) && !notHalted)
    market.push(...candles([99], 1))
    expect(codes()).toEqual(['ORDER_HELD'])
    expect(shown().trading).toBe('active')
    vi.restoreAllMocks()
    await engine.stop()
  })
})

describe('[row 22] data gap', () => {
  test('gaps and interruptions of the connection are counted', async () => {
    const { market, engine, shown } = await running()
    market.push(...candles([105]), link('gap', 61_000), link('down', 62_000), link('ready', 63_000))
    expect(shown().trading).toBe('active')
    market.push(link('gap', 64_000), ...candles([99], 1))
    expect(shown()).toMatchObject({ trading: 'reducing', blocker: 'BREAKER_DATA_GAP' })
    market.push(...candles([105, 105], 2))
    expect(shown().trading).toBe('active')
    await engine.stop()
  })

  test('a feed that is silent as a whole trips at once and resets a minute after data is back; one silent instrument does not trip', async () => {
    const ids = ['BTC-USD', 'ETH-USD']
    const { market, engine, codes, shown } = await running(memoryStore(), {}, {}, ids)
    market.push(...candles([105]), ...candles([105], 0, 'ETH-USD'))
    for (let minute = 1; minute < 6; minute++) market.push(...candles([105], minute))
    expect(codes()).toEqual(['STALE_DATA'])
    expect(shown().trading).toBe('active')
    // Ten minutes of nothing, then an order event of time: the timers find the silence.
    market.push(link('ready', 16 * MINUTE))
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: ['dataGap reducing'] })
    expect(codes()).toContain('FEED_SILENT')
    market.push(...candles([105], 16))
    expect(shown().trading).toBe('reducing')
    market.push(...candles([105, 105], 17))
    expect(shown().trading).toBe('active')
    await engine.stop()
  })
})

describe('[row 22] order storm', () => {
  test('halts at the limit, exits included; only rearm ends it, and counts anew', async () => {
    const store = memoryStore()
    const breakers: BreakerOptions = { orderStorm: { limit: 2, window: '10m' } }
    const { market, engine, shown } = await running(store, breakers)
    market.push(...candles([105, 99, 99]))
    expect(shown().trading).toBe('active')
    market.push(...candles([90, 90], 3))
    expect(shown()).toMatchObject({ trading: 'halted', breakers: ['orderStorm halted'] })
    // The second order was written down and never left.
    expect(engine.state().lastFills.map(({ side }) => side)).toEqual(['buy'])
    market.push(...candles([80], 5))
    expect(shown()).toMatchObject({ blocker: 'BREAKER_ORDER_STORM' })
    expect(() => engine.resetBreaker('orderStorm')).toThrow('no breaker "orderStorm" is tripped that a reset would end')
    await engine.stop()
    const second = await running(store, breakers)
    expect(second.shown().trading).toBe('halted')
    await second.engine.rearm()
    expect(second.shown()).toMatchObject({ trading: 'active', breakers: [] })
    second.market.push(...candles([80, 105], 6))
    expect(second.engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    expect(second.shown().trading).toBe('active')
    await second.engine.stop()
  })

  test('lets an explicit flatten leave while it halts', async () => {
    const { market, engine, shown } = await running(memoryStore(), { orderStorm: { limit: 2, window: '10m' } })
    market.push(...candles([105, 99, 99, 90, 90], 0))
    expect(shown().trading).toBe('halted')
    engine.flatten()
    market.push(...candles([90, 90], 5))
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'sell', source: 'flatten' })
    expect(shown().trading).toBe('halted')
    await engine.stop()
  })

  test('and an emergency stop end together with one rearm, and a pause stays', async () => {
    const { market, engine, shown } = await running(memoryStore(), { orderStorm: { limit: 1 } })
    market.push(...candles([105, 99]))
    await engine.emergencyStop()
    engine.pause()
    expect(shown()).toMatchObject({ trading: 'halted' })
    await engine.rearm()
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: [] })
    engine.resume()
    expect(shown().trading).toBe('active')
    await engine.stop()
  })
})

describe('[row 22] ledger mismatch', () => {
  test('books that do not balance halt and end the run; the next start is halted, and rearm needs them to balance', async () => {
    const store = memoryStore()
    const first = await running(store)
    first.market.push(...candles([105, 99]))
    vi.spyOn(kernelOf(first.engine).state.durable.ledger, 'applyFill').mockImplementation(() => {
      throw new EngineError('INVARIANT_VIOLATED', 'the accounts of USD do not sum to zero')
    })
    first.market.push(...candles([99, 99, 99], 2))
    await expect(first.engine.finished).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' })
    vi.restoreAllMocks()
    const second = await running(store)
    expect(second.shown().trading).toBe('halted')
    expect(second.engine.state().tradingStateReason).toBe('The books do not balance: trading is halted, exits included.')
    second.market.push(...candles([105, 99], 6))
    expect(second.shown()).toMatchObject({ blocker: 'BREAKER_LEDGER_MISMATCH' })
    vi.spyOn(kernelOf(second.engine).state.durable.ledger, 'assertBalanced').mockImplementation(() => {
      throw new EngineError('INVARIANT_VIOLATED', 'the accounts of USD do not sum to zero')
    })
    await expect(second.engine.rearm()).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' })
    vi.restoreAllMocks()
    const third = await running(store)
    expect(third.shown().trading).toBe('halted')
    await third.engine.rearm()
    expect(third.shown().trading).toBe('active')
    await third.engine.stop()
  })
})

describe('the drawdown', () => {
  const safety: readonly SafetyRule[] = [drawdownLimit(0.01)]
  const big = { safety }

  test('stops entries at the moment it is reached, survives a restart, and ends when a person resets it', async () => {
    const store = memoryStore()
    const first = await running(store, {}, { ...big })
    // 20 USD of 1000, bought at 99: at 60 the account has lost 0.8 %, at 40 more than one per cent.
    const bot = kernelOf(first.engine).bot('btc')
    Object.assign(bot.config, { exits: [] })
    first.market.push(...candles([105, 99, 99, 60]))
    expect(first.shown().trading).toBe('active')
    first.market.push(...candles([40], 4))
    expect(first.shown()).toMatchObject({ trading: 'reducing', breakers: ['drawdown reducing'] })
    const { maxDrawdown } = first.engine.state()
    expect(Number(maxDrawdown)).toBeGreaterThan(10)
    await first.engine.stop()

    const second = await running(store, {}, { ...big })
    Object.assign(kernelOf(second.engine).bot('btc').config, { exits: [] })
    second.market.push(...candles([112, 112, 99, 99], 5))
    // It recovered and sold; it still waits, without an end of its own.
    expect(second.shown()).toEqual({ trading: 'reducing', breakers: ['drawdown reducing'], blocker: 'DRAWDOWN', untilMs: undefined })
    expect(second.engine.state().maxDrawdown).toBe(maxDrawdown)
    second.engine.resetBreaker('drawdown')
    second.market.push(...candles([99, 99], 9))
    expect(second.engine.state().lastFills[0]).toMatchObject({ side: 'buy' })
    await second.engine.stop()
    expect(latchesOf(store)).toEqual(['breakerTripped -> reducing', 'breakerReset -> active'])
  })

  test('a rule of a plugin that stops the account until a person resets it has the general code', async () => {
    let tired = false
    const rule: SafetyRule = { apiVersion: 1, id: 'x-tired', code: 'x-tired', stops: 'untilReset', trips: () => tired, check: () => undefined }
    const { market, engine, shown } = await running(memoryStore(), {}, { safety: [rule] })
    market.push(...candles([105, 99, 99]))
    tired = true
    market.push(...candles([98, 96, 112, 112, 99], 3))
    expect(shown()).toMatchObject({ trading: 'reducing', breakers: ['x-tired reducing'], blocker: 'CIRCUIT_BREAKER' })
    tired = false
    engine.resetBreaker('x-tired')
    market.push(...candles([99, 99], 8))
    expect(shown().trading).toBe('active')
    await engine.stop()
  })
})
