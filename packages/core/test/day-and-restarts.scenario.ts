import { describe, expect, test } from 'vitest'
import { dailyLossLimit, dailyTrades, fixedSize, memoryStore, tradeSize } from '@millrace/core'
import type { CandleEvent, EngineOptions, EpochMs, StoreFactory } from '@millrace/core'
import { MINUTE, candles, handMarket, levelBot, levelEngine, startMs } from './levels.ts'
import { listMarket } from './random-market.ts'

// Each of these was wrong once.

const free = [tradeSize(5, 25)]

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
