import { describe, expect, test } from 'vitest'
import { memoryStore, stopLoss, takeProfit } from '@millrace/core'
import type { CandleEvent, ExitRule } from '@millrace/core'
import { bar, candles, levelBot, levelEngine } from './levels.ts'
import { listMarket } from './random-market.ts'

// Each of these was wrong once.

async function fillsOf(events: readonly CandleEvent[], exits: readonly ExitRule[]) {
  const engine = levelEngine(listMarket(events, ['BTC-USD']), memoryStore(), [levelBot({ exits })])
  await engine.start()
  await engine.finished
  return [...engine.state().lastFills].reverse().map(({ side, price, quantity, source }) => ({ side, price, quantity, source }))
}

describe('exits inside a candle', () => {
  test('a take-profit does not fire at a price that the candle of the entry never reached', async () => {
    expect(await fillsOf([...candles([105, 99]), bar(2, [90, 91, 90, 90.5]), bar(3, [90.5, 91, 90, 90.5])], [takeProfit(0.04)])).toHaveLength(1)
  })

  test('a stop does not fire above the low of the candle of the entry', async () => {
    expect(await fillsOf([...candles([105, 99]), bar(2, [100.5, 101, 100.4, 100.8]), bar(3, [100.8, 101, 100.4, 100.8])], [stopLoss(0.01)])).toHaveLength(1)
  })

  test('a rule closes its own share when its trigger is hit, and every rule that fired is named', async () => {
    const half: ExitRule = { apiVersion: 1, id: 'x-half', check: () => 0, trigger: () => 95, triggerFraction: 0.5 }
    const fills = await fillsOf([...candles([105, 99]), bar(2, [99, 99, 98, 99]), bar(3, [99, 99, 94, 98]), bar(4, [98, 99, 97, 98])], [half, stopLoss(0.04)])
    expect(fills[1]).toMatchObject({ side: 'sell', source: 'stop-loss + x-half' })
    const alone = await fillsOf([...candles([105, 99]), bar(2, [99, 99, 98, 99]), bar(3, [99, 99, 94, 98]), bar(4, [98, 99, 97, 98])], [half])
    expect(Number(alone[1]!.quantity)).toBeCloseTo(Number(alone[0]!.quantity) / 2, 6)
  })
})
