import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { backtest, bot, createEngine, paper, parseTime, stopLoss, takeProfit, weightedSignals } from '@millrace/core'
import { replayMarket } from '@millrace/core/node'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-backtest-'))
  let state = 3
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  let price = 100
  const start = parseTime('2026-01-01T00:00Z')
  const rows = Array.from({ length: 1500 }, (_, i) => {
    const open = price
    price = Math.round(price * (1 + (random() + random() - 1) * 0.004) * 100) / 100
    return [start + i * 60_000, open, Math.max(open, price) + 0.05, Math.min(open, price) - 0.05, price, 1e6].join(',')
  })
  writeFileSync(join(dir, 'SOL-USD_1m.csv'), ['ts,open,high,low,close,volume', ...rows].join('\n'))
})
afterAll(() => rmSync(dir, { recursive: true }))

test('backtest() and the engine on a replay decide and fill the same, warmed up by the same history', async () => {
  const make = (timeframe: string) => [
    bot({
      id: 'sol',
      instrument: 'SOL-USD',
      timeframe,
      strategy: weightedSignals(),
      actionThreshold: 0.1,
      confirm: '5m',
      exits: [stopLoss(0.02), takeProfit(0.02)],
      safety: [],
    }),
  ]
  for (const timeframe of ['1m', '5m']) {
    const from = '2026-01-01T08:00Z'
    const market = await replayMarket({ dir, instruments: ['SOL-USD'], timeframes: [timeframe], from, gapPolicy: 'skip' })
    const engine = createEngine({ market, exchange: paper({ cash: { USD: '1000' } }), bots: make(timeframe), safety: [], environment: 'backtest' })
    await engine.start()
    const summary = await engine.finished
    const timeframeMs = timeframe === '1m' ? 60_000 : 300_000
    const candles = [{ instrument: 'SOL-USD', timeframeMs, columns: market.columns('SOL-USD', timeframeMs) }]
    const own = backtest({ bots: make(timeframe), candles, cash: { USD: '1000' }, safety: [], from })
    expect(own.summary).toEqual({ ...summary, engineMs: own.summary.engineMs })
    expect(own.summary.fills).toBeGreaterThan(2)
    expect(own.hash).toBe(summary.journalHash)
  }
})
