import { describe, expect, test } from 'vitest'
import { adviceCodes, fixedSize, memoryStore, stopLoss, takeProfit } from '@millrace/core'
import type { Analytics, CandleEvent, EngineState, GradingOptions, ProjectionRow, StoreFactory } from '@millrace/core'
import { MINUTE, candles, levelBot, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

async function run(store: StoreFactory, events: readonly CandleEvent[], options: Parameters<typeof levelBot>[0] = {}): Promise<EngineState> {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [levelBot({ safety: [], ...options })])
  await engine.start()
  await engine.finished
  return engine.state()
}

function rowsOf(store: StoreFactory, table: string): readonly ProjectionRow[] {
  const opened = store.open({ environment: 'paper' })
  try {
    return opened.rows(table)
  } finally {
    opened.close()
  }
}

/** Bought at 99 on the third candle, which fell to 97; a rise to 108, a fall to 103, sold at 112 on the last. */
const trip = candles([105, 99, { close: 100, low: 97 }, { close: 106, high: 108 }, { close: 104, low: 103 }, 111, 112])

describe('a round trip of the engine', () => {
  test('has the candle extremes from the first entry to the last exit [row 43]', async () => {
    const store = memoryStore()
    await run(store, trip)
    expect(rowsOf(store, 'round_trips')).toMatchObject([
      { id: 'btc/1', strategy: 'levels', closed_by: 'levels', average_entry: '99', low: 97, high: 111, exits: 1, opened_at_ms: startMs + 2 * MINUTE + 250 },
    ])
    // From 108 to 103, and nothing deeper.
    expect(rowsOf(store, 'round_trips')[0]!['drawdown_percent']).toBeCloseTo((100 * 5) / 108, 10)
  })

  test.each([3, 4, 5])('has them across a restart after %d candles [row 43]', async (stop) => {
    const whole = memoryStore()
    await run(whole, trip)
    const store = memoryStore()
    await run(store, trip.slice(0, stop))
    await run(store, trip.slice(stop))
    expect(rowsOf(store, 'round_trips')).toEqual(rowsOf(whole, 'round_trips'))
  })

  test('ends with the exit rule that sold, at its trigger [row 43]', async () => {
    const store = memoryStore()
    await run(store, candles([105, 99, 99, { close: 98, low: 90 }, 98]), { exits: [stopLoss(0.05), takeProfit(0.1)] })
    const [row] = rowsOf(store, 'round_trips')
    expect(row).toMatchObject({ closed_by: 'stop-loss', average_exit: '94.05', low: 90, high: 99 })
    expect(Number(row!['pnl'])).toBeLessThan(0)
  })
})

describe('an order is stored with what was known before it and what came of it', () => {
  test('expected and actual price, slippage, fee, latency, score, temperature, configuration [row 47] [row 54]', async () => {
    const store = memoryStore()
    const state = await run(store, trip)
    const [buy, sell] = [...rowsOf(store, 'executions')].sort((a, b) => Number(a['intent_at_ms']) - Number(b['intent_at_ms']))
    const opened = store.open({ environment: 'paper' })
    const hash = (opened.read({ types: ['configInForce'], limit: 1 })[0]!.data as { hash: string }).hash
    const fills = opened.rows('fills')
    opened.close()
    expect(buy).toMatchObject({
      bot_id: 'btc',
      side: 'buy',
      source: 'levels',
      score: 0.5,
      temperature: 'hot',
      config_hash: hash,
      limits_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      expected_price: 99,
      actual_price: '99',
      slippage_bps: 0,
      intent_at_ms: startMs + 2 * MINUTE,
      sent_at_ms: startMs + 2 * MINUTE,
      first_fill_at_ms: startMs + 2 * MINUTE + 250,
      latency_ms: 250,
    })
    // Decided at 111, filled at the open of the next candle, which is where the last one ended.
    expect(sell).toMatchObject({ side: 'sell', score: -0.5, expected_price: 111, actual_price: '111', slippage_bps: 0 })
    for (const row of [buy!, sell!]) expect(row['fee']).toBe(fills.find((fill) => fill['client_order_id'] === row['client_order_id'])!['fee_amount'])
    expect(state.fees).toBe(rowsOf(store, 'round_trips')[0]!['fees'])
  })
})

describe('drawdown and the equity curve', () => {
  const fall = candles([105, 99, 99, 60, 70])
  const after = candles([71, 72], 5)

  test('survive a restart: the high-water mark is durable', async () => {
    const store = memoryStore()
    const first = await run(store, fall)
    expect(Number(first.maxDrawdown)).toBeGreaterThan(5)
    expect((await run(store, after)).maxDrawdown).toBe(first.maxDrawdown)
  })

  test('the curve has a point at every hour and at both ends', async () => {
    const store = memoryStore()
    await run(store, candles(Array.from({ length: 130 }, () => 105)))
    expect(rowsOf(store, 'equity').map((row) => (Number(row['at_ms']) - startMs) / MINUTE)).toEqual([0, 60, 120, 130])
    const far = memoryStore()
    await run(far, fall)
    const points = rowsOf(far, 'equity')
    expect(points.length).toBe(2)
    for (const row of points) expect(Number(row['equity']) - Number(row['paid_in'])).toBeCloseTo(Number(row['gain']), 9)
  })
})

describe('what an engine says came of it', () => {
  const day = candles([105, 99, 99, 104, 111, 112, 99, 99, { close: 93, low: 92 }, 93, 99, 99, 100])
  const bots = [levelBot({ safety: [], exits: [stopLoss(0.05)] }), levelBot({ id: 'btc-2', safety: [], exits: [stopLoss(0.05)], sizing: fixedSize(10) })]

  async function lived(store: StoreFactory, events: readonly CandleEvent[] = day): Promise<Analytics> {
    const engine = levelEngine(listMarket(events, ['BTC-USD']), store, bots)
    await engine.start()
    await engine.finished
    return engine.analytics()
  }
  const sumOf = (records: readonly { readonly [K in 'realizedPnl' | 'fees' | 'unrealizedPnl']: string }[], key: 'realizedPnl' | 'fees' | 'unrealizedPnl') =>
    records.reduce((sum, record) => sum + Number(record[key]), 0)

  test('adds up: realised, unrealised and fees are the same by bot, by day, by strategy and for the account', async () => {
    const engine = levelEngine(listMarket(day, ['BTC-USD']), memoryStore(), bots)
    await engine.start()
    await engine.finished
    const state = engine.state()
    const analytics = engine.analytics()
    expect(analytics.roundTrips.length).toBeGreaterThan(2)
    for (const records of [analytics.byBot, analytics.byDay, analytics.byStrategy]) {
      expect(sumOf(records, 'realizedPnl')).toBeCloseTo(Number(state.realizedPnl), 10)
      expect(sumOf(records, 'fees')).toBeCloseTo(Number(state.fees), 10)
      expect(sumOf(records, 'unrealizedPnl')).toBeCloseTo(Number(state.unrealizedPnl), 10)
    }
    expect(analytics.byBot.map(({ botId }) => botId)).toEqual(['btc', 'btc-2'])
    expect(analytics.byDay.map(({ day: name }) => name)).toEqual(['2026-01-01'])
    expect(analytics.byStrategy.map(({ strategy }) => strategy)).toEqual(['levels'])
    expect(Number(analytics.gain)).toBeCloseTo(sumOf(analytics.byBot, 'realizedPnl') + sumOf(analytics.byBot, 'unrealizedPnl'), 10)
  })

  test('success rate has both numbers, and counts what is in the executions', async () => {
    const { successRate, executions } = await lived(memoryStore())
    expect(successRate.submitted).toBe(executions.filter(({ sentAtMs }) => sentAtMs !== undefined).length)
    expect(successRate.filled).toBe(executions.filter(({ firstFillAtMs }) => firstFillAtMs !== undefined).length)
    expect(successRate.rate).toBe(successRate.filled / successRate.submitted)
  })

  test('an order that never left is not submitted', async () => {
    const store = memoryStore()
    // Decided on the last candle: the venue ends with the process, before it answers, and the next start takes the order back.
    const first = await lived(store, day.slice(0, 2))
    expect(first.successRate).toEqual({ submitted: 2, filled: 0, rate: 0 })
    const second = await lived(store, [])
    expect(second.successRate).toEqual({ submitted: 0, filled: 0, rate: undefined })
  })

  test('is the same after a restart, which has only the journal', async () => {
    const store = memoryStore()
    const before = await lived(store)
    const after = await lived(store, [])
    for (const key of ['roundTrips', 'executions', 'statistics', 'successRate', 'advice'] as const) expect(after[key], key).toEqual(before[key])
    expect(after.maxDrawdown).toBeCloseTo(before.maxDrawdown, 6)
    expect(after.peak).toBeCloseTo(before.peak, 6)
    expect(after.curve.slice(0, before.curve.length - 1)).toEqual(before.curve.slice(0, -1))
  })

  test('days end with what the account was worth at midnight', async () => {
    // The sample starts at 22:00: a fill before midnight, the price of midnight, and another day.
    const events = candles([105, 99, 99, ...Array.from({ length: 116 }, () => 104), 104, 105, 108, 111, 112])
    const { byDay, curve } = await lived(memoryStore(), events)
    expect(byDay.map(({ day: name }) => name)).toEqual(['2026-01-01', '2026-01-02'])
    const midnight = curve.find(({ atMs }) => atMs >= Date.UTC(2026, 0, 2))!
    expect(byDay[0]).toMatchObject({ endEquity: midnight.equity, realizedPnl: '0', unrealizedPnl: midnight.gain })
    expect(byDay[1]!.unrealizedPnl).toBe('0')
    expect(Number(byDay[1]!.realizedPnl)).toBeGreaterThan(0)
  })

  test('advice names bot and rule', async () => {
    const { advice } = await lived(memoryStore(), candles([105, 99, 99, 93, 99, 99, 93, 99, 99, 93, 99, 99, 93, 93]))
    expect(advice.length).toBeGreaterThan(0)
    for (const item of advice)
      expect([bots.map(({ id }) => id).includes(item.botId), (adviceCodes as readonly string[]).includes(item.code)]).toEqual([true, true])
  })

  test('grades follow the configuration that was in force when the round trip ended [row 44]', async () => {
    const store = memoryStore()
    const grade = async (events: readonly CandleEvent[], grading: GradingOptions) => {
      const engine = levelEngine(listMarket(events, ['BTC-USD']), store, [bots[0]!], { grading })
      await engine.start()
      await engine.finished
      return engine.analytics().roundTrips.map((trip) => [trip.id, trip.score])
    }
    const first = await grade(day.slice(0, 6), { weights: { return: 0, efficiency: 0, drawdown: 1 } })
    expect(first).toEqual([['btc/1', 100]])
    const second = await grade(day.slice(6), { weights: { return: 0, efficiency: 1, drawdown: 0 } })
    expect(second[0]).toEqual(first[0])
    expect(second.length).toBeGreaterThan(1)
    expect(second[1]![1]).not.toBe(100)
    await expect(grade([], { weights: { return: 1, efficiency: 1, drawdown: 1 } })).rejects.toThrow(/grading\.weights: expected weights that sum to 1/)
  })
})
