import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ema, obv } from '@millrace/indicators'
import { builtIns } from '../../config/built-ins.ts'
import { breakEven } from '../../exits/break-even.ts'
import { profitLadder } from '../../exits/profit-ladder.ts'
import { stopLoss } from '../../exits/stop-loss.ts'
import { takeProfit } from '../../exits/take-profit.ts'
import { timeStop } from '../../exits/time-stop.ts'
import { trailingStop } from '../../exits/trailing-stop.ts'
import { defineStrategy } from '../../strategies/define-strategy.ts'
import { breakout } from '../../strategies/breakout.ts'
import { dollarCostAverage } from '../../strategies/dollar-cost-average.ts'
import { gridLadder } from '../../strategies/grid-ladder.ts'
import { meanReversion } from '../../strategies/mean-reversion.ts'
import { trendFollowing } from '../../strategies/trend-following.ts'
import { weightedSignals } from '../../strategies/weighted-signals/weighted-signals.ts'
import { strategyCandles } from '../strategy-candles.ts'
import { cheats, sellsAtTheHigh } from './cheats.fixture.ts'
import { checkDeterminism } from './check-determinism.ts'
import { checkLookahead } from './check-lookahead.ts'
import { checkWarmup } from './check-warmup.ts'

const honest = { breakout, dollarCostAverage, gridLadder, meanReversion, trendFollowing, weightedSignals }
const exits = [stopLoss(0.02), takeProfit(0.02), trailingStop(0.02), breakEven(0.01), timeStop('1h'), profitLadder()]

describe('checkLookahead', () => {
  it.each(Object.entries(cheats))('catches %s', (_name, cheat) => {
    const { passed, findings } = checkLookahead(cheat)
    expect(passed).toBe(false)
    expect(findings[0]!.detail).toMatch(/after \d+ candles: .*expected .* received/)
  })
  it('catches an exit that is filled at an extreme of the candle that it fires in', () => {
    const { passed, findings } = checkLookahead(weightedSignals(), { exits: [stopLoss(0.02), sellsAtTheHigh], probes: 1 })
    expect([passed, findings.map(({ detail }) => detail)]).toEqual([false, [expect.stringContaining('trigger of sells-at-the-high')]])
  })
  it.each(Object.entries(honest))('lets %s pass', (_name, strategy) => {
    const { passed, compared, findings } = checkLookahead(strategy(), { exits, probes: 5 })
    expect([findings, passed]).toEqual([[], true])
    expect(compared).toBeGreaterThan(5_000)
  })
  it('has not passed when it could look at nothing', () => {
    const { passed, compared, notes } = checkLookahead(weightedSignals(), { candles: strategyCandles(10) })
    expect([passed, compared, notes]).toEqual([false, 0, ['the strategy is not warm within 10 candles']])
  })
})

describe('checkDeterminism', () => {
  it.each(Object.entries(honest))('lets %s pass', (_name, strategy) => expect(checkDeterminism(strategy())).toMatchObject({ passed: true, findings: [] }))
  it('catches chance, and what is left over from another run', () => {
    const counted = { runs: 0 }
    const leaky = defineStrategy({
      id: 'leaky',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { count: () => 'count' },
      evaluate: (_context, _params, signal) => signal.add('count', 0.5, 1, counted.runs++),
    })
    expect(checkDeterminism(leaky()).findings[0]!.detail).toContain('a second run')
    expect(checkDeterminism(cheats['state from another run']!).passed).toBe(false)
    expect(checkDeterminism(weightedSignals(), { candles: [] })).toMatchObject({ passed: false, notes: ['the strategy is not warm within 0 candles'] })
  })
})

describe('checkWarmup', () => {
  const reading = (make: () => ReturnType<typeof ema>) =>
    defineStrategy({
      id: 'reads',
      params: z.strictObject({}),
      indicators: () => ({ mean: make() }),
      components: { mean: () => 'mean' },
      evaluate: ({ readings, candle }, _params, signal) => signal.add('mean', candle.close > readings.mean.value ? 1 : -1, 1, readings.mean.value),
    })()
  it.each(Object.entries(honest))('lets %s pass', (_name, strategy) => expect(checkWarmup(strategy())).toMatchObject({ passed: true, findings: [] }))
  it('catches an indicator that says it is stable before it is', () => {
    const hasty = (): ReturnType<typeof ema> => {
      const slow = ema(50)
      return Object.assign(Object.create(slow) as typeof slow, {
        stableAfter: () => 60,
        update: (close: number) => slow.update(close),
        snapshot: () => slow.snapshot(),
      }) as never
    }
    const { passed, findings } = checkWarmup(reading(hasty))
    expect([passed, findings.map(({ detail }) => detail)]).toEqual([false, expect.arrayContaining([expect.stringContaining('reading mean')])])
  })
  it('says that a running sum never forgets, and that there are too few candles: neither has passed', () => {
    const endless = defineStrategy({
      id: 'endless',
      params: z.strictObject({}),
      indicators: () => ({ volume: obv() }),
      components: { volume: () => 'volume' },
      evaluate: ({ readings }, _params, signal) => signal.add('volume', 0, 1, readings.volume.value),
    })
    expect(checkWarmup(endless())).toMatchObject({ passed: false, notes: [expect.stringContaining('volume never forget')] })
    expect(checkWarmup(weightedSignals(), { candles: strategyCandles(50) })).toMatchObject({
      passed: false,
      notes: [expect.stringContaining('candles are needed')],
    })
  })
})

it('there are ten cheats, and no built-in strategy without a proof', () => {
  expect(Object.keys(cheats).length + 1).toBe(10)
  // `combine` is made of others.
  expect(Object.keys(builtIns.strategies).filter((name) => name !== 'combine')).toHaveLength(Object.keys(honest).length)
})
