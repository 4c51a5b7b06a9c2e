import { describe, expect, it } from 'vitest'
import { backtest } from '../backtest/backtest.ts'
import { START_MS, walkColumns } from '../backtest/backtest.fixture.ts'
import { parseConfig } from '../config/parse-config.ts'
import { MINUTE_MS } from '../model/time.ts'
import { configTrials, trialConfig } from './config-trials.ts'
import { datasetIdentity } from './dataset.ts'
import { portableSha256OfParts, sha256OfParts } from '../engine/hashing.ts'
import { parameterRange } from './parameter-space.ts'
import { withParameters } from './with-parameters.ts'

const config = {
  account: { cash: { USD: '1000' }, safety: [] },
  defaults: { strategy: 'trend-following', timeframe: '5m', confirm: '5m', exits: ['time-stop', { use: 'stop-loss', params: { fraction: 0.02 } }] },
  bots: [
    { id: 'btc', instrument: 'BTC-USD' },
    { id: 'sol', instrument: 'SOL-USD', safety: [] },
  ],
}
const columns = walkColumns(3_000, 3)
const series = [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }]
const task = {
  config: { ...config, defaults: { ...config.defaults, exits: [] } },
  bot: 'sol',
  parameters: [parameterRange('fast', 5, 60, 5)],
  seed: 7,
  gapPolicy: 'skip' as const,
}

describe('trials of a configuration', () => {
  it('are the backtests of one bot with its parameters set', () => {
    const window = { fromMs: START_MS + 500 * MINUTE_MS, toMs: START_MS + 2_500 * MINUTE_MS }
    const trials = configTrials(task, series)
    const { bots, account } = parseConfig(trialConfig(task, { fast: 10 }))
    const by = backtest({
      bots,
      candles: series,
      detail: '5m',
      cash: account.cash,
      fees: account.fees,
      safety: [],
      seed: 7,
      from: window.fromMs,
      to: window.toMs,
    })
    const outcome = trials.evaluate(1, window)
    expect(outcome).toMatchObject({ metrics: { hash: by.hash, returnPercent: by.statistics.returnPercent, roundTrips: by.trades.length } })
    expect(by.trades.length).toBeGreaterThan(2)
    expect(trials.trades(1, window)).toEqual({ startEquity: 1000, pnls: by.trades.map(({ pnl }) => Number(pnl)) })
  })
  it('whose parameters cannot be are refused with the reason; what cannot be run at all is an error', () => {
    const window = { fromMs: START_MS, toMs: START_MS + 1_000 * MINUTE_MS }
    expect(configTrials(task, series).evaluate(9, window)).toEqual({ refused: expect.stringContaining('a period above fast') as unknown })
    expect(configTrials({ ...task, bot: 'none' }, series).evaluate(0, window)).toEqual({ refused: expect.stringContaining('"btc", "sol"') as unknown })
    expect(configTrials({ ...task, bot: 'btc' }, series).evaluate(0, window)).toEqual({ refused: expect.stringContaining('a series of BTC-USD') as unknown })
  })
})

describe('withParameters', () => {
  const bot = (values: Record<string, number | string>, data: Parameters<typeof withParameters>[0] = config, id = 'btc') =>
    withParameters(data, id, values).bots[0]
  it('sets parameters of the strategy, keys of the bot, and parameters of its plugins', () => {
    expect(bot({ fast: 10, slow: 40 })).toMatchObject({ strategy: { use: 'trend-following', params: { fast: 10, slow: 40 } } })
    expect(bot({ actionThreshold: 0.2, confirm: '10m' })).toMatchObject({ actionThreshold: 0.2, confirm: '10m' })
    expect(bot({ 'exits.1.params.fraction': 0.05 })['exits']).toEqual(['time-stop', { use: 'stop-loss', params: { fraction: 0.05 } }])
    expect(bot({ 'exits.0.params.duration': '2h' })['exits']).toEqual([
      { use: 'time-stop', params: { duration: '2h' } },
      { use: 'stop-loss', params: { fraction: 0.02 } },
    ])
    expect(bot({ 'rsi.period': 9 })).toMatchObject({ strategy: { params: { rsi: { period: 9 } } } })
    expect(withParameters(config, 'sol', {}).bots.map(({ id }) => id)).toEqual(['sol'])
  })
  it('turns a preset into its numbers before one of them changes, and leaves it otherwise', () => {
    const data = { ...config, defaults: {}, bots: [{ id: 'btc', instrument: 'BTC-USD', preset: 'aggressive' }] }
    expect(bot({ confirm: '1m' }, data)).toMatchObject({ preset: 'aggressive' })
    const own = bot({ 'rsi.period': 9 }, data)
    expect(own).toMatchObject({ actionThreshold: 0.1, strategy: { use: 'weighted-signals', params: { rsi: { period: 9, oversold: 40 } } } })
    expect(own).not.toHaveProperty('preset')
    expect(parseConfig(withParameters(data, 'btc', { 'rsi.period': 9 })).bots[0]!.actionThreshold).toBe(0.1)
    const below = { ...config, defaults: { preset: 'aggressive' }, bots: [{ id: 'btc', instrument: 'BTC-USD' }] }
    expect(parseConfig(withParameters(below, 'btc', { 'rsi.period': 9 })).bots[0]!.actionThreshold).toBe(0.1)
  })
  it('says where there is no place for a parameter', () => {
    expect(() => bot({ 'exits.2.params.fraction': 1 })).toThrow('param exits.2.params.fraction: expected a number from 0 to 1 in the place of "2"')
    expect(() => bot({ 'timeframe.x': 1 })).toThrow('expected an object or a list at "x"')
    expect(() => bot({ fast: 1 }, { bots: [] })).toThrow('bot: expected the id of a bot (there is none), received "btc"')
  })
})

it('knows a series by every number of it, in every runtime', () => {
  const one = datasetIdentity(series[0]!)
  expect(one).toMatchObject({ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, rows: 3_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown })
  const close = columns.close.slice()
  close[2_999]! += 1e-9
  expect(datasetIdentity({ ...series[0]!, columns: { ...columns, close } }).sha256).not.toBe(one.sha256)
  // Up to when a series is complete decides whether its last longer candle is one.
  const ends = [START_MS + 3_000 * MINUTE_MS, START_MS + 3_010 * MINUTE_MS].map((completeToMs) => datasetIdentity({ ...series[0]!, completeToMs }).sha256)
  expect(new Set([one.sha256, ...ends]).size).toBe(3)
  const parts = [new Uint8Array([1, 2]), new Uint8Array(0), new Uint8Array([3])]
  expect(sha256OfParts(parts)).toBe(portableSha256OfParts([new Uint8Array([1, 2, 3])]))
})
