import { expect, test } from 'vitest'
import { dailyLossLimit, fixedSize, memoryStore, stopLoss, tradeSize } from '@millrace/core'
import type { EngineOptions } from '@millrace/core'
import { runModel } from './bot-model/run-model.ts'
import { candles, handMarket, levelBot, levelEngine } from './levels.ts'
import { listMarket } from './random-market.ts'

// Each of these was found by the model, and shrunk by it.

const bots = () => [
  levelBot({ id: 'flat', instrument: 'ETH-USD', sizing: fixedSize(25), safety: [tradeSize(5, 25)], exits: [stopLoss(0.05)] }),
  levelBot({ id: 'holder', sizing: fixedSize(25), safety: [tradeSize(5, 25)], exits: [stopLoss(0.05)] }),
]
const ids = ['BTC-USD', 'ETH-USD']
const limit = (amount: number): Partial<EngineOptions> => ({ safety: [dailyLossLimit(amount)] })

test('a start on a day that began with a gain neither invents a loss nor breaks the journal', async () => {
  const store = memoryStore()
  // Bought at 99, worth 108 at midnight: the day begins with a gain of about two dollars.
  const first = levelEngine(listMarket([...candles([105, 99, 99, 108]), ...candles([108, 108], 121)], ids), store, bots(), limit(1))
  await first.start()
  await first.finished
  const market = handMarket(ids)
  const second = levelEngine(market, store, bots(), limit(1))
  await second.start()
  expect(second.state()).toMatchObject({ tradingState: 'active', today: { loss: 0 } })
  market.push(...candles([108], 123))
  expect(second.state()).toMatchObject({ tradingState: 'active', today: { loss: 0 } })
  await second.stop()
})

test('a start with a loss limit below what is lost already says so in the journal and lets no entry through', async () => {
  const store = memoryStore()
  const first = levelEngine(listMarket(candles([105, 99, 99, 90, 105, 105]), ids), store, bots(), limit(100))
  await first.start()
  await first.finished
  const lost = first.state().today.loss
  first.state().bots.forEach(({ position }) => expect(position.quantity).toBe('0'))
  const market = handMarket(ids)
  const second = levelEngine(market, store, bots(), limit(Math.floor(lost * 100) / 100))
  await second.start()
  expect(second.state()).toMatchObject({ tradingState: 'reducing', alerts: [{ code: 'DAILY_LOSS' }] })
  market.push(...candles([99, 99, 99], 6))
  expect(second.summary().orders).toBe(0)
  await second.stop()
})

test('a sale of yesterday that is reported after midnight is no loss of today', async () => {
  const figures = await runModel([
    { do: 'minute', btc: 0, eth: -55 },
    { do: 'minute', btc: 0, eth: -6 },
    { do: 'pause', bot: -1 },
    { do: 'minute', btc: 0, eth: 0 },
    { do: 'minute', btc: 0, eth: 41 },
    { do: 'minute', btc: 0, eth: 4 },
    { do: 'fault', what: 'hold' },
    { do: 'minute', btc: 0, eth: 15 },
    { do: 'midnight' },
    { do: 'minute', btc: 0, eth: 0 },
    { do: 'release' },
    { do: 'minute', btc: 0, eth: 0, thin: true },
  ])
  expect(figures).toMatchObject({ buys: 2, days: 2 })
})

test('a kernel restored while an order works over dust goes on with extremes that are prices', async () => {
  // Hardly anything is traded, so that what is bought is dust; then a snapshot at every moment of the next purchase.
  const small = { do: 'minute', btc: 0, eth: -20, thin: true } as const
  const next = [{ do: 'minute', btc: 0, eth: 0 } as const, { do: 'snapshot' } as const]
  const figures = await runModel([{ do: 'minute', btc: 0, eth: -60 }, small, small, ...next, ...next, ...next, ...next, ...next])
  expect(figures.partial).toBeGreaterThan(0)
  expect(figures.buys).toBeGreaterThan(1)
})
