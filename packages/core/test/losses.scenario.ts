import { describe, expect, test } from 'vitest'
import { botLossLimit, dailyLossLimit, fixedSize, maxTranches, memoryStore, paper, stopLoss, tradeSize } from '@millrace/core'
import type { EngineOptions, SafetyRule } from '@millrace/core'
import { candles, handMarket, levelBot, levelEngine } from './levels.ts'
import { insideOf } from './inside-engine.ts'

const free = [tradeSize(5, 25), maxTranches(1)]
/** Without fees, so that a loss is the price alone: 0.25 coins bought at 80. */
const noFees: Partial<EngineOptions> = { exchange: paper({ cash: { USD: '1000' }, slippageBps: 0, fees: { makerRate: 0, takerRate: 0 } }) }

async function running(store = memoryStore(), options: Partial<EngineOptions> = {}, safety: readonly SafetyRule[] = [], ids: readonly string[] = ['BTC-USD']) {
  const market = handMarket(ids)
  const bots = ids.map((instrument) =>
    levelBot({ id: instrument.slice(0, 3).toLowerCase(), instrument, sizing: fixedSize(20), safety: [...free, ...safety], exits: [stopLoss(0.9)] }),
  )
  const engine = levelEngine(market, store, bots, { ...noFees, ...options })
  await engine.start()
  return { market, engine, store, codes: () => engine.state().alerts.map(({ code }) => code) }
}

describe('[row 18] the daily loss', () => {
  const limit: Partial<EngineOptions> = { safety: [dailyLossLimit(10)] }

  test('a cent under the limit trades, exactly the limit does not', async () => {
    const { market, engine } = await running(memoryStore(), limit)
    market.push(...candles([105, 80, 80, 40.04], 0))
    expect(engine.state()).toMatchObject({ tradingState: 'active', today: { loss: expect.closeTo(9.99, 9) as number } })
    market.push(...candles([40], 4))
    expect(engine.state()).toMatchObject({ tradingState: 'reducing', today: { loss: 10, peakLoss: 10 } })
    await engine.stop()
  })

  test("what today's loss has been at most, and the run's drawdown, survive a restart although the price has recovered; the next day starts anew", async () => {
    const first = await running()
    first.market.push(...candles([105, 80, 80, 50, 80]))
    expect(first.engine.state()).toMatchObject({ today: { loss: 0, peakLoss: 7.5 }, maxDrawdown: '7.50' })
    await first.engine.stop()
    const second = await running(first.store, limit)
    expect(second.engine.state()).toMatchObject({ today: { peakLoss: 7.5 }, maxDrawdown: '7.50' })
    second.market.push(...candles([80, 52], 5))
    expect(second.engine.state()).toMatchObject({ today: { loss: 7, peakLoss: 7.5 }, tradingState: 'active' })
    await second.engine.stop()
    const third = await running(first.store, { safety: [dailyLossLimit(7.5)] })
    // The limit was made smaller than the loss of before: no entry is approved.
    third.market.push(...candles([112, 112, 80, 80], 7))
    expect(third.engine.state().bots[0]!.blocker?.code).toBe('DAILY_LOSS')
    // The test's day starts at 22:00; two hours later it is another.
    third.market.push(...candles([80, 80, 80], 121))
    expect(third.engine.state()).toMatchObject({ today: { peakLoss: 0 }, maxDrawdown: '7.50', lastFills: [{ side: 'buy' }, {}, {}] })
    await third.engine.stop()
  })

  test('a crash loses no more than a minute of extremes, and nothing of what was latched', async () => {
    const { market, engine, store } = await running(memoryStore(), limit)
    market.push(...candles([105, 80, 80, 50, 45, 80, 80]))
    // Not stopped: another engine takes over what the journal holds now.
    const entries = insideOf(engine).store!.read({ limit: 1_000 })
    const marks = entries.filter(({ type }) => type === 'marks').map(({ data }) => (data as { dayPeakLoss: number }).dayPeakLoss)
    expect(marks.at(-1)).toBe(8.75)
    market.push(...candles([39, 80], 7))
    expect(engine.state().tradingState).toBe('reducing')
    await engine.stop()
    const second = await running(store, limit)
    expect(second.engine.state()).toMatchObject({ tradingState: 'reducing', today: { peakLoss: 10.25 } })
    await second.engine.stop()
  })

  test('overshoot by a gap is said when the day ends', async () => {
    const { market, engine, codes } = await running(memoryStore(), limit)
    market.push(...candles([105, 80, 80, 30]))
    expect(codes()).toContain('DAILY_LOSS')
    market.push(...candles([30, 30], 121))
    const over = engine.state().alerts.find(({ code }) => code === 'DAILY_LOSS_OVERSHOOT')
    expect(over?.detail).toBe('daily-loss: the day ended 2.50 beyond the limit')
    await engine.stop()
  })
})

describe('[INC-03] the loss of one bot', () => {
  const ids = ['BTC-USD', 'ETH-USD']
  const both = (closes: readonly number[], from = 0) => candles(closes, from).flatMap((event, i) => [event, candles(closes, from, 'ETH-USD')[i]!])

  test('stops that bot at exactly the limit and no other, survives a restart, and ends with the UTC day', async () => {
    const rule = [botLossLimit(10)]
    const first = await running(memoryStore(), {}, rule, ids)
    first.market.push(...both([105, 80, 80]), ...candles([40.04], 3), ...candles([80], 3, 'ETH-USD'))
    expect(first.codes()).toEqual([])
    first.market.push(...candles([40, 112, 112, 80, 80], 4), ...candles([112, 112, 80, 80], 4, 'ETH-USD'))
    expect(first.codes()).toContain('BOT_LOSS')
    expect(first.engine.state()).toMatchObject({ tradingState: 'active', bots: [{ blocker: { code: 'BOT_LOSS' } }, {}] })
    expect(first.engine.state().lastFills[0]).toMatchObject({ botId: 'eth', side: 'buy' })
    await first.engine.stop()
    const second = await running(first.store, {}, rule, ids)
    second.market.push(...both([80, 80], 9))
    const { blocker } = second.engine.state().bots[0]!
    expect(blocker).toMatchObject({ code: 'BOT_LOSS', untilMs: Date.UTC(2026, 0, 2) })
    second.market.push(...both([80, 80, 80], 121))
    expect(second.engine.state().lastFills[0]).toMatchObject({ botId: 'btc', side: 'buy' })
    await second.engine.stop()
  })
})
