import { describe, expect, test, vi } from 'vitest'
import { cooldown, createEngine, dailyLossLimit, fixedSize, memoryStore, paper, stopLoss, tradeSize } from '@millrace/core'
import type { Decision, EngineState, JournalEntry } from '@millrace/core'
import { MINUTE, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'
import { insideOf } from './inside-engine.ts'

const journalOf = (store: ReturnType<typeof memoryStore>): readonly JournalEntry[] => {
  const opened = store.open({ environment: 'paper' })
  const entries = opened.read({ limit: 100_000 })
  opened.close()
  return entries
}

describe('delivery', () => {
  test('outputs come after the journal holds what they speak of', async () => {
    const store = memoryStore()
    const market = handMarket()
    const engine = levelEngine(market, store)
    await engine.start()
    const seen: [string, number][] = []
    const inner = insideOf(engine).store!
    engine.fills$.subscribe((fill) =>
      seen.push([
        fill.fillId,
        inner.read({ limit: 1_000 }).filter((entry) => entry.type === 'fill' && (entry.data as { fillId: string }).fillId === fill.fillId).length,
      ]),
    )
    market.push(...candles([105, 99, 99, 99]))
    expect(seen).toEqual([[expect.any(String), 1]])
    await engine.stop()
  })

  test('a subscriber that throws becomes an alert and stops nothing, through Observables and listeners alike', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    const fills: string[] = []
    engine.on('fill', () => {
      throw new Error('listener broke')
    })
    engine.fills$.subscribe(() => {
      throw new Error('subscriber broke')
    })
    engine.fills$.subscribe((fill) => fills.push(fill.side))
    market.push(...candles([105, 99, 99, 99]))
    // RxJS reports a subscriber's error from a timer.
    await new Promise((resolve) => setTimeout(resolve, 20))
    market.push(...candles([99, 99], 4))
    expect(fills).toEqual(['buy'])
    const details = engine.state().alerts.map(({ code, detail }) => `${code} ${detail}`)
    expect(details).toContain('LISTENER_FAILED listener broke')
    expect(details).toContain('LISTENER_FAILED subscriber broke')
    await engine.stop()
  })

  test('[INC-46] a command given by a subscriber waits until the event at hand is done', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    const order: string[] = []
    await engine.start()
    engine.decisions$.subscribe(({ outcome }) => {
      order.push(outcome)
      if (outcome === 'ordered') {
        engine.pause()
        order.push(engine.state().tradingState)
      }
    })
    market.push(...candles([105, 99]))
    expect(order).toEqual(['hold', 'ordered', 'active'])
    expect(engine.state().tradingState).toBe('reducing')
    await engine.stop()
  })

  test('streams complete on stop and never error; state$ replays the current value, the others nothing', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    market.push(...candles([105, 99]))
    const states: EngineState[] = []
    const decisions: Decision[] = []
    const ended: string[] = []
    engine.state$.subscribe({ next: (state) => states.push(state), complete: () => ended.push('state') })
    engine.decisions$.subscribe({ next: (decision) => decisions.push(decision), complete: () => ended.push('decisions') })
    expect(states).toHaveLength(1)
    expect(states[0]!.bots[0]!.price).toBe(99)
    expect(decisions).toEqual([])
    await engine.stop()
    expect(ended.sort()).toEqual(['decisions', 'state'])
  })

  test('stop is a promise of the summary, and a stopped engine says so', async () => {
    const engine = levelEngine(handMarket(), memoryStore())
    await engine.start()
    expect(await engine.stop()).toMatchObject({ bots: 1, cash: '1000', equity: '1000', fills: 0 })
    expect(() => engine.pause()).toThrow('the engine is ended')
    await expect(engine.start()).rejects.toThrow('make a new one')
  })
})

describe('[row 25] the environment', () => {
  test('[INC-50] is paper by default, live is refused, and paper opens no socket', async () => {
    const connect = vi.spyOn((await import('node:net')).Socket.prototype, 'connect').mockImplementation(() => {
      throw new Error('a socket was opened')
    })
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => {
      throw new Error('something was fetched')
    })
    const store = memoryStore()
    const engine = createEngine({
      market: listMarket(candles([105, 99, 99, 99]), ['BTC-USD']),
      exchange: paper({ cash: { USD: '1000' } }),
      store,
      bots: [levelBot()],
      safety: [],
    })
    await engine.start()
    expect((await engine.finished).environment).toBe('paper')
    expect(connect).not.toHaveBeenCalled()
    expect(fetched).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    expect(() =>
      createEngine({ market: handMarket(), exchange: paper({ cash: { USD: '1' } }), store: memoryStore(), bots: [levelBot()], environment: 'live' }),
    ).toThrow('environment: expected backtest or paper with a simulated exchange, received live')
    await expect(levelEngine(handMarket(), store, [levelBot()], { environment: 'backtest' }).start()).rejects.toMatchObject({ code: 'WRONG_ENVIRONMENT' })
  })
})

describe('[row 12] evaluation every five seconds', () => {
  const fiveSecondBot = () => levelBot({ on: 'update', confirm: '10s', timeframe: '1m' })

  test('stands on the grid of event time, uses the forming candle, and is marked as preview', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [fiveSecondBot()], { record: 'all' })
    const decisions: Decision[] = []
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    market.push(...candles([105, 105]), forming(2, 4, 99), forming(2, 9, 99), forming(2, 14, 99), forming(2, 19, 99), forming(2, 24, 99))
    const previews = decisions.filter(({ preview }) => preview)
    expect(previews.map(({ timeMs }) => (timeMs - startMs - 2 * MINUTE) / 1_000)).toEqual([5, 10, 15, 20])
    expect(previews.map(({ outcome }) => outcome)).toEqual(['confirming', 'confirming', 'ordered', 'confirming'])
    await engine.stop()
  })

  test('skips a grid point that is handled late and one without fresh data; nothing is made up', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [fiveSecondBot()], { record: 'all', staleAfter: '8s' })
    const previews: number[] = []
    engine.decisions$.subscribe(({ preview, timeMs }) => {
      if (preview) previews.push((timeMs - startMs - 2 * MINUTE) / 1_000)
    })
    await engine.start()
    // Silence from 4 s on: 5 s and 10 s are within eight seconds of it, 15 s and later are not.
    market.push(...candles([105, 105]), forming(2, 4, 105), forming(2, 31, 105))
    expect(previews).toEqual([5, 10])
    await engine.stop()
  })
})

describe('limits that the whole account keeps', () => {
  test('the daily loss limit stops entries at the moment it is reached, lets exits pass, stays for the day and opens at midnight', async () => {
    const store = memoryStore()
    const bots = [levelBot({ sizing: fixedSize(25), safety: [tradeSize(5, 25)], exits: [stopLoss(0.9)] })]
    const market = handMarket()
    const engine = levelEngine(market, store, bots, { safety: [dailyLossLimit(10)] })
    const decisions: Decision[] = []
    engine.decisions$.subscribe((decision) => decisions.push(decision))
    await engine.start()
    market.push(...candles([105, 99, 99]))
    market.push(...candles([50, 99, 99], 3))
    const latched = engine.state()
    expect(latched).toMatchObject({ tradingState: 'reducing', tradingStateReason: expect.stringContaining('daily loss') as string })
    const reachedAt = latched.alerts.find(({ code }) => code === 'DAILY_LOSS')!.atMs
    expect(decisions.filter(({ outcome, side, timeMs }) => outcome === 'ordered' && side === 'buy' && timeMs >= reachedAt)).toEqual([])
    expect(decisions.at(-1)!.blocker?.code).toBe('DAILY_LOSS')
    // The loss has recovered; the latch has not. An exit still leaves.
    market.push(...candles([115, 115, 115], 6))
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'sell' })
    expect(engine.state().tradingState).toBe('reducing')
    // startMs is 22:00Z: the day ends 120 minutes later.
    market.push(...candles([99, 99, 99], 121))
    expect(engine.state().tradingState).toBe('active')
    expect(engine.state().lastFills[0]).toMatchObject({ side: 'buy' })
    await engine.stop()
  })

  test('the latch of the daily loss survives a restart', async () => {
    const store = memoryStore()
    const bots = () => [levelBot({ sizing: fixedSize(25), safety: [tradeSize(5, 25)] })]
    const first = levelEngine(listMarket(candles([105, 99, 99, 50, 50]), ['BTC-USD']), store, bots(), { safety: [dailyLossLimit(5)] })
    await first.start()
    await first.finished
    const market = handMarket()
    const second = levelEngine(market, store, bots(), { safety: [dailyLossLimit(5)] })
    await second.start()
    const fills = second.state().lastFills.length
    expect(second.state().tradingState).toBe('reducing')
    market.push(...candles([99, 99, 99], 5))
    expect(second.state().lastFills).toHaveLength(fills)
    await second.stop()
  })
})

describe('pause and emergency stop', () => {
  test('a pause stops entries and lets exits pass; of one bot or of all', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore(), [levelBot({ safety: [tradeSize(5, 25)] })])
    await engine.start()
    engine.pause('btc')
    market.push(...candles([105, 99, 99]))
    expect(engine.state().bots[0]).toMatchObject({ paused: true, blocker: { code: 'BOT_PAUSED' } })
    engine.resume('btc')
    market.push(...candles([99, 99], 3))
    expect(engine.state().lastFills).toHaveLength(1)
    engine.pause()
    market.push(...candles([99, 99, 115, 115], 5))
    expect(engine.state().lastFills[0]!.side).toBe('sell')
    expect(engine.state().tradingState).toBe('reducing')
    expect(() => engine.pause('nobody')).toThrow('unknown bot "nobody"')
    await engine.stop()
  })

  test('[row 21] an emergency stop of all bots at once holds everything but the explicit flatten, survives a restart, and ends only with rearm', async () => {
    const store = memoryStore()
    const bots = () => [levelBot({ exits: [stopLoss(0.05)], safety: [tradeSize(5, 25), cooldown('1m')] })]
    const market = handMarket()
    const engine = levelEngine(market, store, bots())
    await engine.start()
    market.push(...candles([105, 99, 99]))
    market.push(...candles([99], 3))
    const orders = engine.summary().orders
    const report = await engine.emergencyStop({ cancelOpenOrders: true })
    expect(report.gateClosedAtMs).toBe(startMs + 4 * MINUTE)
    expect(report.unresolved).toEqual([])
    // Entries and exit rules are held: the price falls under the stop and nothing leaves.
    market.push(...candles([80, 80, 99, 99], 4))
    expect(engine.summary().orders).toBe(orders)
    expect(engine.state()).toMatchObject({ tradingState: 'halted', bots: [{ blocker: { code: 'EMERGENCY_STOP' } }] })
    await engine.stop()

    const later = handMarket()
    const restarted = levelEngine(later, store, bots())
    await restarted.start()
    later.push(...candles([99, 99], 8))
    expect(restarted.state().tradingState).toBe('halted')
    expect(restarted.summary().orders).toBe(0)
    restarted.flatten()
    later.push(...candles([99, 99], 10))
    expect(restarted.state().lastFills[0]).toMatchObject({ side: 'sell', source: 'flatten' })
    expect(restarted.state().bots[0]!.position.quantity).toBe('0')
    await restarted.rearm()
    later.push(...candles([99, 99, 99], 12))
    expect(restarted.state()).toMatchObject({ tradingState: 'active', lastFills: [{ side: 'buy' }, {}, {}] })
    await restarted.stop()
    const trail = journalOf(store)
    const closed = trail.findIndex(({ type, data }) => type === 'latch' && (data as { reason: string }).reason === 'emergencyStop')
    const flattened = trail.findIndex(({ type, data }) => type === 'command' && (data as { kind: string }).kind === 'flatten')
    expect(trail.slice(closed, flattened).filter(({ type }) => type === 'sent' || type === 'intent')).toEqual([])
  })

  test('[row 21] cancels a working entry and frees its money', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    market.push(...candles([105, 99]))
    expect(engine.state().cash.reserved).toBe('20')
    const report = await engine.emergencyStop({ cancelOpenOrders: true })
    expect(report.cancelled).toHaveLength(1)
    expect(engine.state().cash).toMatchObject({ reserved: '0', available: '1000' })
    await engine.stop()
  })
})

describe('bad input', () => {
  test('a candle that cannot be is dropped with an alert and harms nothing', async () => {
    const market = handMarket()
    const engine = levelEngine(market, memoryStore())
    await engine.start()
    const [good] = candles([105])
    for (const bad of [
      { close: Number.NaN },
      { close: -1 },
      { high: 1 },
      { low: 1e30 },
      { close: 1e30, high: 1e30 },
      { volume: -1 },
      { open: Number.POSITIVE_INFINITY },
    ])
      market.push({ ...good!, candle: { ...good!.candle, ...bad } })
    expect(engine.state().alerts.map(({ code }) => code)).toEqual(Array.from({ length: 7 }, () => 'BAD_CANDLE'))
    expect(engine.state().bots[0]!.price).toBeUndefined()
    market.push(...candles([105, 99, 99]))
    expect(engine.state().bots[0]!.price).toBe(99)
    await engine.stop()
  })

  test('a strategy that throws freezes its own bot and no other; its exits stay on', async () => {
    const market = handMarket()
    const broken = levelBot({ id: 'broken', exits: [stopLoss(0.05)] })
    const fine = levelBot({ id: 'fine' })
    const create = broken.strategy.create
    let calls = 0
    const engine = levelEngine(market, memoryStore(), [
      {
        ...broken,
        strategy: {
          ...broken.strategy,
          create: () => {
            const made = create()
            return {
              ...made,
              evaluate: (context, signal) => {
                if (++calls > 3) throw new Error('bug')
                made.evaluate(context, signal)
              },
            }
          },
        },
      },
      fine,
    ])
    await engine.start()
    market.push(...candles([105, 99, 99, 99, { close: 99, low: 90 }, 99, 99]))
    const [first, second] = engine.state().bots
    expect(first).toMatchObject({ outcome: 'denied', blocker: { code: 'PLUGIN_FAILED' } })
    expect(
      engine
        .state()
        .lastFills.filter(({ botId }) => botId === 'broken')
        .map(({ side }) => side),
    ).toEqual(['sell', 'buy'])
    expect(second!.position.status).not.toBe('closed')
    await engine.stop()
  })

  test('createEngine names every problem at once', () => {
    expect(() =>
      createEngine({
        market: handMarket(),
        exchange: paper({ cash: { USD: '1' } }),
        store: memoryStore(),
        bots: [levelBot(), levelBot(), levelBot({ id: 'eur', instrument: 'BTC-EUR' })],
      }),
    ).toThrow(
      /2 problems in the configuration:[\s\S]*bots\[1\]\.id: expected an id that no other bot has, received btc[\s\S]*one quote currency, received USD, EUR/,
    )
  })
})
