import { describe, expect, test } from 'vitest'
import { chartCandles, memoryStore, simulatedMarket, weightedSignals } from '@millrace/core'
import type { Engine, EpochMs, Store } from '@millrace/core'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'

/** An engine whose bot would neither buy nor sell by itself at these prices. */
async function running(options: Parameters<typeof levelBot>[0] | object = {}, closes: readonly number[] = [105, 105]) {
  const market = handMarket()
  const store = memoryStore()
  const engine = levelEngine(market, store, [levelBot(options as Partial<Parameters<typeof levelBot>[0]>)])
  await engine.start()
  market.push(...candles(closes))
  let minute = closes.length
  const next = (close = 105): void => market.push(...candles([close], minute++))
  const shown = () => engine.state().bots[0]!
  return { engine, next, shown }
}

const commands = (engine: Engine): readonly unknown[] => engine.read({ types: ['command'], limit: 100 }).map(({ data }) => (data as { kind: string }).kind)

describe('a trade that a person asks for', () => {
  test('leaves as a manual order of the amount asked for, and is written down before it [row 64]', async () => {
    const { engine, next, shown } = await running()
    const { plan, order } = await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '12.50', requestId: 'a1' })
    expect(plan).toMatchObject({ allowed: true, sizedBy: 'asker', wantedQuote: 12.5, kind: 'open', blockers: [], order: { type: 'market', quoteSize: '12.5' } })
    expect(order).toMatchObject({ side: 'buy', origin: 'manual', source: 'manual', quoteSize: '12.5' })
    next()
    expect(shown().lastFill?.source).toBe('manual')
    expect(Number(shown().position.quantity)).toBeGreaterThan(0)
    const entries = engine.read({ types: ['command', 'intent'], limit: 10 })
    expect(entries.map(({ type }) => type)).toEqual(['command', 'intent'])
    expect(entries[0]!.data).toMatchObject({ kind: 'trade', payload: { botId: 'btc', side: 'buy', quoteAmount: '12.50', requestId: 'a1' } })
    await engine.stop()
  })

  test("has the sizer's amount when none is given [row 49]", async () => {
    const { engine } = await running()
    const { plan, order } = await engine.trade({ botId: 'btc', side: 'buy' })
    expect([plan.sizedBy, plan.wantedQuote, order?.quoteSize]).toEqual(['sizer', 20, '20'])
    await engine.stop()
  })

  test('sells a share of what its bot holds, and nothing when it holds nothing', async () => {
    const { engine, next, shown } = await running()
    expect((await engine.trade({ botId: 'btc', side: 'sell' })).plan).toMatchObject({ allowed: false, blockers: [{ code: 'NO_POSITION' }] })
    await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '20' })
    next()
    const held = Number(shown().position.quantity)
    const { order } = await engine.trade({ botId: 'btc', side: 'sell', share: 0.5 })
    expect(order).toMatchObject({ side: 'sell', kind: 'reduce', origin: 'manual' })
    next()
    expect(Number(shown().position.quantity)).toBeCloseTo(held / 2, 6)
    await engine.trade({ botId: 'btc', side: 'sell' })
    next()
    expect(shown().position.status).toBe('closed')
    await engine.stop()
  })

  test('passes the same rules as every other entry, and is refused in their words', async () => {
    const { engine, next } = await running()
    expect((await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '4.99' })).order).toBeUndefined()
    await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '1000' })
    next()
    // Never more than the rules let through.
    expect(engine.state().lastFills.map(({ value, feeAmount }) => Math.round(Number(value) + Number(feeAmount)))).toEqual([25])
    const { plan, order } = await engine.trade({ botId: 'btc', side: 'buy' })
    expect(order).toBeUndefined()
    expect(plan.blockers.map(({ code }) => code)).toEqual(['COOLDOWN'])
    expect(plan.verdicts.find(({ ruleId }) => ruleId === 'cooldown')).toMatchObject({ kind: 'deny' })
    expect(engine.state().bots[0]!.blocker?.code).toBe('COOLDOWN')
    await engine.stop()
  })

  test('may sell and not buy while entries are paused; nothing leaves after the emergency stop but a flatten', async () => {
    const { engine, next, shown } = await running({ safety: [] })
    await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '20' })
    next()
    engine.pause()
    expect((await engine.trade({ botId: 'btc', side: 'buy' })).plan.blockers.map(({ code }) => code)).toEqual(['TRADING_STATE'])
    expect((await engine.trade({ botId: 'btc', side: 'sell', share: 0.5 })).order).toBeDefined()
    next()
    await engine.emergencyStop()
    const { plan, order } = await engine.trade({ botId: 'btc', side: 'sell' })
    expect([order, plan.allowed, plan.blockers.map(({ code }) => code)]).toEqual([undefined, false, ['EMERGENCY_STOP']])
    next()
    expect(shown().position.status).not.toBe('closed')
    engine.flatten()
    next()
    expect(shown().position.status).toBe('closed')
    await engine.stop()
  })

  test('does not touch an order at work', async () => {
    const { engine, shown } = await running({ safety: [] })
    await engine.trade({ botId: 'btc', side: 'buy', quoteAmount: '20' })
    const working = shown().workingOrder
    expect(working).toBeDefined()
    const second = await engine.trade({ botId: 'btc', side: 'sell' })
    expect([second.order, second.plan.blockers.map(({ code }) => code)]).toEqual([undefined, ['ORDER_OPEN', 'NO_POSITION']])
    expect(shown().workingOrder).toEqual(working)
    await engine.stop()
  })

  test('is refused with words when it is none', async () => {
    const { engine } = await running()
    for (const wish of [{ quoteAmount: '0' }, { quoteAmount: '-5' }, { quoteAmount: '1e3' }, { quoteAmount: 'NaN' }, { share: 0.5 }] as const)
      await expect(engine.trade({ botId: 'btc', side: 'buy', ...wish })).rejects.toThrow(RangeError)
    for (const wish of [{ share: 0 }, { share: 1.5 }, { share: Number.NaN }, { quoteAmount: '5' }] as const)
      expect(() => engine.planTrade({ botId: 'btc', side: 'sell', ...wish })).toThrow(RangeError)
    await expect(engine.trade({ botId: 'nobody', side: 'buy' })).rejects.toThrow('unknown bot')
    expect(commands(engine)).toEqual([])
    await engine.stop()
  })
})

test('planning a trade changes nothing: not a byte of the journal, not the next decision [row 69] [row 75]', async () => {
  const run = async (ask: boolean) => {
    const { engine, next } = await running()
    for (const close of [105, 99, 99, 111, 105, 98]) {
      next(close)
      if (ask) for (const side of ['buy', 'sell'] as const) expect(engine.planTrade({ botId: 'btc', side }).botId).toBe('btc')
    }
    const result = [engine.state().journalHash, engine.state().lastSeq, engine.state().bots[0]!.outcome]
    await engine.stop()
    return result
  }
  expect(await run(true)).toEqual(await run(false))
})

test("a plan that says yes is what happens, a plan that says no does not: at every step of a strategy's own trading", async () => {
  const { engine, next } = await running({ safety: [] })
  const seen = new Set<string>()
  for (const close of [105, 99, 105, 105, 111, 105, 99, 105, 112, 105]) {
    next(close)
    for (const side of ['sell', 'buy'] as const) {
      const before = engine.planTrade({ botId: 'btc', side })
      const { plan, order } = await engine.trade({ botId: 'btc', side })
      expect(plan).toEqual(before)
      expect(order !== undefined).toBe(plan.allowed)
      seen.add(`${side} ${plan.allowed}`)
    }
  }
  expect([...seen].sort()).toEqual(['buy false', 'buy true', 'sell false', 'sell true'])
  await engine.stop()
})

test("a chart has the market's own candles up to now and never beyond, with the readings the engine has", async () => {
  const market = simulatedMarket({ seed: 7, until: '2h', speed: 'max', instruments: ['BTC-USD'] })
  let store: Store | undefined
  const factory = memoryStore()
  const engine = levelEngine(market, { open: (request) => (store = factory.open(request)) }, [levelBot({ strategy: weightedSignals() })])
  const charts: Promise<void>[] = []
  let asked = 0
  engine.on('decision', (decision) => {
    if (decision.outcome === 'warmingUp' || asked++ > 3) return
    const nowMs = decision.timeMs
    charts.push(
      engine.chart('btc', { fromMs: (nowMs - 30 * MINUTE) as EpochMs, toMs: (nowMs + 60 * MINUTE) as EpochMs }).then((chart) => {
        expect(chart.candles).toHaveLength(30)
        expect(chart.candles.at(-1)!.openTimeMs + MINUTE).toBe(nowMs)
        const last = Object.fromEntries(chart.series.map(({ name, values }) => [name, values.at(-1)]))
        const { rsi, macd } = decision.readings as { rsi: number; macd: { histogram: number } }
        expect(last['rsi']).toBeCloseTo(rsi, 6)
        expect(last['macd.histogram']).toBeCloseTo(macd.histogram, 6)
      }),
    )
  })
  await engine.start()
  await engine.finished
  await Promise.all(charts)
  expect(charts.length).toBeGreaterThan(0)
  expect(store).toBeDefined()
  expect(chartCandles).toBeGreaterThan(1_000)
  expect(startMs).toBeGreaterThan(0)
})
