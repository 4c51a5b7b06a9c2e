import { describe, expect, it } from 'vitest'
import { candleColumns, pickRows } from '../model/candle-columns.ts'
import { resample } from '../model/resample.ts'
import { MINUTE_MS } from '../model/time.ts'
import { runBacktest } from '../runtime/run-backtest.ts'
import { stopLoss } from '../exits/stop-loss.ts'
import { takeProfit } from '../exits/take-profit.ts'
import { trailingStop } from '../exits/trailing-stop.ts'
import { weightedSignals } from '../strategies/weighted-signals/weighted-signals.ts'
import { backtest } from './backtest.ts'
import { START_MS, pathColumns, plainBot, timed, walkColumns } from './backtest.fixture.ts'
import { csvText } from './csv.ts'
import type { BacktestProgress } from './options.ts'

const series = (columns = walkColumns(600), timeframeMs = MINUTE_MS) => [{ instrument: 'SOL-USD', timeframeMs, columns }]
const base = { cash: { USD: '1000' }, safety: [], latencyMs: 0 } as const
const trend = () => plainBot({ strategy: weightedSignals(), actionThreshold: 0.1, exits: [stopLoss(0.02), takeProfit(0.02)] })

describe('backtest', () => {
  it('fills on the next open, worse by half the spread and the slippage, with the fee inside', () => {
    const candles = [100, 110, 120, 130].map((open, i) => ({
      openTime: START_MS + i * MINUTE_MS,
      open,
      high: open + 15,
      low: open - 5,
      close: open + 10,
      volume: 1e6,
    }))
    const bots = [plainBot({ strategy: timed({ buyAt: [0], sellAt: [2] }) })]
    const { fills, trades, summary } = backtest({
      ...base,
      bots,
      candles: series(candleColumns(candles)),
      slippageBps: 10,
      spreadBps: 20,
      fees: { takerRate: '0.01' },
    })
    // 20 basis points above 110 and below 130.
    expect(fills.map(({ side, price }) => [side, price])).toEqual([
      ['buy', '110.22'],
      ['sell', '129.74'],
    ])
    expect(Number(fills[0]!.value) + Number(fills[0]!.feeAmount)).toBeLessThanOrEqual(20)
    expect(trades).toHaveLength(1)
    expect(Number(summary.equity) - 1000).toBeCloseTo(Number(trades[0]!.pnl), 9)
  })

  it('lets bots share one purse: what one has bought with, another cannot', () => {
    const two = ['a', 'b'].map((id, i) => plainBot({ id, instrument: i === 0 ? 'SOL-USD' : 'BTC-USD', strategy: timed({ buyAt: [0] }) }))
    const columns = walkColumns(5)
    const candles = ['SOL-USD', 'BTC-USD'].map((instrument) => ({ instrument, timeframeMs: MINUTE_MS, columns }))
    const bought = (cash: string) => backtest({ ...base, cash: { USD: cash }, bots: two, candles }).fills.map(({ botId }) => botId)
    expect(bought('1000').sort()).toEqual(['a', 'b'])
    expect(bought('25')).toHaveLength(1)
  })

  it('makes longer timeframes from shorter candles, and refuses to make shorter ones', () => {
    const own = { ...base, bots: [plainBot({ timeframe: '5m', strategy: weightedSignals(), actionThreshold: 0.1 })] }
    const five = resample(walkColumns(900), MINUTE_MS, 5 * MINUTE_MS)
    const made = backtest({ ...own, candles: series(walkColumns(900)), detail: '5m' })
    expect(made.hash).toBe(backtest({ ...own, candles: series(five, 5 * MINUTE_MS) }).hash)
    expect(made.summary.fills).toBeGreaterThan(0)
    expect(() => backtest({ ...own, candles: series(five, 5 * MINUTE_MS), detail: '1m' })).toThrow(/timeframe 60000 ms for the detail/)
    expect(() => backtest({ ...own, candles: series(five, 5 * MINUTE_MS), detail: '2m' })).toThrow(/divides the timeframe of every bot/)
  })

  it('knows with finer candles which side of a candle came first', () => {
    // Within five minutes first up by 3 %, then down by 3 %: the target was reached, the stop later.
    const flat = Array.from({ length: 10 }, () => 0)
    const columns = pathColumns([...flat, 0.01, 0.02, -0.03, -0.03, 0.001, ...flat])
    const bots = [plainBot({ timeframe: '5m', strategy: timed({ buyAt: [0] }), exits: [stopLoss(0.02), takeProfit(0.02)] })]
    const coarse = backtest({ ...base, bots, candles: series(resample(columns, MINUTE_MS, 5 * MINUTE_MS), 5 * MINUTE_MS) })
    const fine = backtest({ ...base, bots, candles: series(columns), detail: '1m' })
    expect([coarse.trades[0]?.closedBy, fine.trades[0]?.closedBy]).toEqual(['stop-loss + take-profit', 'take-profit'])
    expect(coarse.range).toMatchObject({ optimistic: { ambiguousCandles: 1 }, pessimistic: { ambiguousCandles: 1 } })
    expect(Number(coarse.range.optimistic.pnl)).toBeGreaterThan(0)
    expect(Number(coarse.range.pessimistic.pnl)).toBeLessThan(0)
    expect(Number(fine.summary.equity) - 1000).toBeCloseTo(Number(coarse.range.optimistic.pnl), 9)
    // In the finer candles nothing is left to assume.
    expect(fine.range.optimistic.hash).toBe(fine.range.pessimistic.hash)
    expect(fine.range.optimistic.ambiguousCandles).toBe(0)
  })

  it('counts a candle whose own high would have raised a trailing stop above its low, and none that opens beyond a trigger', () => {
    const at = (i: number, open: number, high: number, low: number, close: number) => ({
      openTime: START_MS + i * MINUTE_MS,
      open,
      high,
      low,
      close,
      volume: 1e9,
    })
    const run = (rows: readonly ReturnType<typeof at>[], exits = [trailingStop(0.05)]) =>
      backtest({ ...base, bots: [plainBot({ strategy: timed({ buyAt: [0] }), exits })], candles: series(candleColumns(rows)) }).range
    const raised = run([at(0, 100, 100, 100, 100), at(1, 100, 101, 99, 100), at(2, 100, 110, 100, 108), at(3, 108, 109, 108, 109)])
    expect([raised.optimistic.ambiguousCandles, raised.optimistic.roundTrips, raised.pessimistic.roundTrips]).toEqual([1, 1, 0])
    const gap = run(
      [at(0, 100, 100, 100, 100), at(1, 100, 101, 99, 100), at(2, 90, 110, 89, 108), at(3, 108, 109, 108, 109)],
      [takeProfit(0.05), stopLoss(0.05)],
    )
    expect([gap.optimistic.ambiguousCandles, gap.optimistic.hash]).toEqual([0, gap.pessimistic.hash])
    // What opens beyond the stop was stopped, although the target stands first in the list and was reached later.
    expect(gap.highestPnl).toBe(gap.lowestPnl)
    expect(Number(gap.optimistic.pnl)).toBeLessThan(0)
  })

  it.each([
    ['skip', 3, undefined],
    ['fillForward', 6, undefined],
    ['halt', 2, /SOL-USD has no 1m candle from 2026-01-01T00:02Z to 2026-01-01T00:05Z/],
  ] as const)('treats missing candles as the policy %s says, and says that they are missing', (gapPolicy, candles, halted) => {
    const holes = pickRows(walkColumns(6), [0, 1, 5])
    const result = backtest({ ...base, bots: [trend()], candles: series(holes), gapPolicy })
    expect(result.summary.candles).toBe(candles)
    expect(result.gaps).toMatchObject([{ instrument: 'SOL-USD', missing: 3, gaps: 1 }])
    if (halted === undefined) expect(result.halted).toBeUndefined()
    else expect(result.halted).toMatch(halted)
  })

  it('[INC-72] takes what ends before `from` as history and leaves out what ends after `to`', () => {
    const whole = backtest({ ...base, bots: [trend()], candles: series(), record: 'all' })
    const part = backtest({ ...base, bots: [trend()], candles: series(), record: 'all', from: START_MS + 400 * MINUTE_MS, to: '2026-01-01T08:20Z' })
    expect(part.summary.candles).toBe(100)
    expect(part.decisions[0]!.outcome).not.toBe('warmingUp')
    expect(part.decisions[0]!.readings['rsi']).toBeCloseTo(whole.decisions[400]!.readings['rsi'] as number, 8)
  })

  it('refuses what cannot be, all of it at once', () => {
    const bad = { ...base, bots: [trend()], candles: [...series(), ...series()], from: 'yesterday', gapPolicy: 'guess' as never, detail: 'fine' }
    expect(() => backtest(bad)).toThrow(/4 problems[\s\S]*gapPolicy[\s\S]*from[\s\S]*detail[\s\S]*SOL-USD 60000 ms twice/)
    expect(() => backtest({ ...base, bots: [trend()], candles: series(), from: '2027-01-01' })).toThrow(/none from 2027-01-01T00:00Z/)
  })

  it('hands decisions out instead of keeping them', () => {
    let told = 0
    const { decisions, hash } = backtest({ ...base, bots: [trend()], candles: series(), record: 'all', onDecision: () => told++ })
    expect([told, decisions.length]).toEqual([600, 0])
    expect(hash).toBe(backtest({ ...base, bots: [trend()], candles: series() }).hash)
  })
})

describe('runBacktest', () => {
  const long = { ...base, bots: [trend()], candles: series(walkColumns(20_000)) }
  it('gives what backtest gives, tells how far it is, and lets timers through', async () => {
    const told: BacktestProgress[] = []
    let timers = 0
    const timer = setInterval(() => timers++, 0)
    let wall = 0
    const result = await runBacktest({ ...long, range: true, wallMs: () => (wall += 5), onProgress: (progress) => told.push(progress) })
    clearInterval(timer)
    const own = backtest(long)
    expect([result.hash, result.range]).toEqual([own.hash, own.range])
    expect(told.map(({ candles, totalCandles, share }) => [candles, totalCandles, share])).toEqual([
      [16_384, 20_000, 0.8192],
      [20_000, 20_000, 1],
    ])
    expect(told[0]).toMatchObject({ candleBotsPerSecond: 16_384 / 0.005 })
    expect(told[0]!.leftMs).toBeCloseTo((5 * (1 - 0.8192)) / 0.8192, 9)
    expect(timers).toBeGreaterThan(0)
  })
  it('is cancelled by its signal with the reason of that, from outside and from inside', async () => {
    const outside = new AbortController()
    const run = runBacktest({ ...long, signal: outside.signal })
    outside.abort(new Error('enough'))
    await expect(run).rejects.toThrow('enough')
    const inside = new AbortController()
    expect(() => backtest({ ...long, signal: inside.signal, onProgress: () => inside.abort(new Error('far enough')) })).toThrow('far enough')
    await expect(runBacktest({ ...long, signal: AbortSignal.abort(new Error('never began')) })).rejects.toThrow('never began')
  })
})

describe('a result as CSV', () => {
  it('holds the round trips and the curve', () => {
    const result = backtest({ ...base, bots: [trend()], candles: series() })
    const [header, first] = result.toCsv('trades').split('\n')
    expect(header).toMatch(/^id,bot,instrument,strategy,closed_by,opened_at,/)
    expect(first).toContain(`sol/1,sol,SOL-USD,weighted-signals,`)
    expect(result.toCsv('equity').trim().split('\n')).toHaveLength(1 + result.equity.length)
  })
  it.each([
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-cmd', "'-cmd"],
    ['@sum', "'@sum"],
    ['\tx', "'\tx"],
    ['-0.5', '-0.5'],
    ['a "b", c', '"a ""b"", c"'],
    ['=a,b', `"'=a,b"`],
  ])('writes %j so that no spreadsheet runs it', (cell, text) => {
    expect(csvText(['x'], [[cell]])).toBe(`x\n${text}\n`)
    expect(csvText(['x', 'y'], [[-1.5, undefined]])).toBe('x,y\n-1.5,\n')
  })
})
