import { IndicatorsSync } from '@ixjb94/indicators'
import fc from 'fast-check'
import * as ts from 'trading-signals'
import { describe, expect, test } from 'vitest'
import * as ours from '../src/batch.ts'
import { type TestColumns, walk } from '../src/testing.ts'

// Two independent libraries, on random walks, where their definitions agree with ours: throughout, or once another start has faded.

interface Plain {
  readonly open: number[]
  readonly high: number[]
  readonly low: number[]
  readonly close: number[]
  readonly volume: number[]
  readonly bars: { open: number; high: number; low: number; close: number; volume: number }[]
}

interface Pair {
  readonly name: string
  readonly ours: (c: TestColumns) => Float64Array
  /** One value per candle from its own first one on: aligned at the end. */
  readonly theirs: (c: Plain) => readonly number[]
  /** Index from which the two agree; absent: from our first value. */
  readonly from?: number
}

const plainOf = (c: TestColumns): Plain => {
  const columns = { open: Array.from(c.open), high: Array.from(c.high), low: Array.from(c.low), close: Array.from(c.close), volume: Array.from(c.volume) }
  return { ...columns, bars: columns.close.map((close, i) => ({ open: c.open[i]!, high: c.high[i]!, low: c.low[i]!, close, volume: c.volume[i]! })) }
}

const ix = new IndicatorsSync()

const stream = <In, Out>(one: { update(input: In, replace: boolean): Out | null }, inputs: readonly In[]): Out[] =>
  inputs.map((x) => one.update(x, false)).filter((x): x is Awaited<Out> & NonNullable<Out> => x !== null)

const ixjb94: readonly Pair[] = [
  { name: 'sma', ours: (c) => ours.sma(c.close, 20), theirs: (c) => ix.sma(c.close, 20) },
  { name: 'ema', ours: (c) => ours.ema(c.close, 20), theirs: (c) => ix.ema(c.close, 20), from: 300 },
  { name: 'rma', ours: (c) => ours.rma(c.close, 14), theirs: (c) => ix.wilders(c.close, 14) },
  { name: 'wma', ours: (c) => ours.wma(c.close, 20), theirs: (c) => ix.wma(c.close, 20) },
  { name: 'dema', ours: (c) => ours.dema(c.close, 10), theirs: (c) => ix.dema(c.close, 10), from: 300 },
  { name: 'tema', ours: (c) => ours.tema(c.close, 10), theirs: (c) => ix.tema(c.close, 10), from: 300 },
  { name: 'hma', ours: (c) => ours.hma(c.close, 20), theirs: (c) => ix.hma(c.close, 20) },
  { name: 'trima', ours: (c) => ours.trima(c.close, 10), theirs: (c) => ix.trima(c.close, 10) },
  { name: 'kama', ours: (c) => ours.kama(c.close, 10), theirs: (c) => ix.kama(c.close, 10) },
  { name: 'zlema', ours: (c) => ours.zlema(c.close, 9), theirs: (c) => ix.zlema(c.close, 9), from: 300 },
  { name: 'vwma', ours: (c) => ours.vwma(c, 20), theirs: (c) => ix.vwma(c.close, c.volume, 20) },
  { name: 'rsi', ours: (c) => ours.rsi(c.close, 14), theirs: (c) => ix.rsi(c.close, 14) },
  { name: 'mom', ours: (c) => ours.mom(c.close, 10), theirs: (c) => ix.mom(c.close, 10) },
  { name: 'rocp', ours: (c) => ours.rocp(c.close, 10), theirs: (c) => ix.roc(c.close, 10) },
  { name: 'rocr', ours: (c) => ours.rocr(c.close, 10), theirs: (c) => ix.rocr(c.close, 10) },
  { name: 'williamsR', ours: (c) => ours.williamsR(c, 14), theirs: (c) => ix.willr(c.high, c.low, c.close, 14) },
  { name: 'mfi', ours: (c) => ours.mfi(c, 14), theirs: (c) => ix.mfi(c.high, c.low, c.close, c.volume, 14) },
  { name: 'obv', ours: (c) => ours.obv(c), theirs: (c) => ix.obv(c.close, c.volume) },
  { name: 'ad', ours: (c) => ours.ad(c), theirs: (c) => ix.ad(c.high, c.low, c.close, c.volume) },
  { name: 'adosc', ours: (c) => ours.adosc(c), theirs: (c) => ix.adosc(c.high, c.low, c.close, c.volume, 3, 10), from: 300 },
  { name: 'aroon', ours: (c) => ours.aroon(c, 14).oscillator, theirs: (c) => ix.aroonosc(c.high, c.low, 14) },
  { name: 'atr', ours: (c) => ours.atr(c, 14), theirs: (c) => ix.atr(c.high, c.low, c.close, 14) },
  { name: 'natr', ours: (c) => ours.natr(c, 14), theirs: (c) => ix.natr(c.high, c.low, c.close, 14) },
  { name: 'trueRange', ours: (c) => ours.trueRange(c), theirs: (c) => ix.tr(c.high, c.low, c.close) },
  { name: 'adx', ours: (c) => ours.adx(c, 14).adx, theirs: (c) => ix.adx(c.high, c.low, 14), from: 600 },
  { name: 'adxr', ours: (c) => ours.adxr(c, 14), theirs: (c) => ix.adxr(c.high, c.low, 14), from: 600 },
  { name: 'bollinger', ours: (c) => ours.bollinger(c.close).lower, theirs: (c) => ix.bbands(c.close, 20, 2)[0]! },
  { name: 'averageDeviation', ours: (c) => ours.averageDeviation(c.close, 14), theirs: (c) => ix.md(c.close, 14) },
  { name: 'ultimateOscillator', ours: (c) => ours.ultimateOscillator(c), theirs: (c) => ix.ultosc(c.high, c.low, c.close, 7, 14, 28) },
  { name: 'stochastic k', ours: (c) => ours.stochastic(c).k, theirs: (c) => ix.stoch(c.high, c.low, c.close, 14, 3, 3)[0]! },
  { name: 'stochastic d', ours: (c) => ours.stochastic(c).d, theirs: (c) => ix.stoch(c.high, c.low, c.close, 14, 3, 3)[1]! },
  { name: 'linearRegression', ours: (c) => ours.linearRegression(c.close, 14).value, theirs: (c) => ix.linreg(c.close, 14) },
  { name: 'linearRegression slope', ours: (c) => ours.linearRegression(c.close, 14).slope, theirs: (c) => ix.linregslope(c.close, 14) },
  { name: 'macd', ours: (c) => ours.macd(c.close).macd, theirs: (c) => ix.macd(c.close, 12, 26, 9)[0]!, from: 600 },
  { name: 'ppo', ours: (c) => ours.ppo(c.close), theirs: (c) => ix.ppo(c.close, 12, 26), from: 600 },
  { name: 'cmo', ours: (c) => ours.cmo(c.close, 14), theirs: (c) => ix.cmo(c.close, 14) },
  { name: 'bop', ours: (c) => ours.bop(c), theirs: (c) => ix.bop(c.open, c.high, c.low, c.close) },
  { name: 'cmf', ours: (c) => ours.cmf(c, 20), theirs: (c) => ix.cmf(c.high, c.low, c.close, c.volume, 20) },
]

const tradingSignals: readonly Pair[] = [
  { name: 'sma', ours: (c) => ours.sma(c.close, 20), theirs: (c) => stream(new ts.SMA(20), c.close) },
  { name: 'rma', ours: (c) => ours.rma(c.close, 14), theirs: (c) => stream(new ts.WSMA(14), c.close) },
  { name: 'wma', ours: (c) => ours.wma(c.close, 14), theirs: (c) => stream(new ts.WMA(14), c.close) },
  { name: 'hma', ours: (c) => ours.hma(c.close, 16), theirs: (c) => stream(new ts.HMA(16), c.close) },
  { name: 'alma', ours: (c) => ours.alma(c.close), theirs: (c) => stream(new ts.ALMA(9), c.close) },
  { name: 'kama', ours: (c) => ours.kama(c.close, 10), theirs: (c) => stream(new ts.KAMA(10), c.close) },
  { name: 't3', ours: (c) => ours.t3(c.close, 5), theirs: (c) => stream(new ts.T3(5), c.close), from: 300 },
  { name: 'trima', ours: (c) => ours.trima(c.close, 10), theirs: (c) => stream(new ts.TRIMA(10), c.close) },
  { name: 'vwma', ours: (c) => ours.vwma(c, 20), theirs: (c) => stream(new ts.VWMA(20), c.bars) },
  { name: 'rsi', ours: (c) => ours.rsi(c.close, 14), theirs: (c) => stream(new ts.RSI(14), c.close) },
  { name: 'cmo', ours: (c) => ours.cmo(c.close, 14), theirs: (c) => stream(new ts.CMO(14), c.close) },
  { name: 'bollinger', ours: (c) => ours.bollinger(c.close).upper, theirs: (c) => stream(new ts.BollingerBands(20, 2), c.close).map(({ upper }) => upper) },
  { name: 'atr', ours: (c) => ours.atr(c, 14), theirs: (c) => stream(new ts.ATR(14), c.bars) },
  { name: 'adx', ours: (c) => ours.adx(c, 14).adx, theirs: (c) => stream(new ts.ADX(14), c.bars), from: 600 },
  { name: 'cci', ours: (c) => ours.cci(c, 20), theirs: (c) => stream(new ts.CCI(20), c.bars) },
  { name: 'williamsR', ours: (c) => ours.williamsR(c, 14), theirs: (c) => stream(new ts.WilliamsR(14), c.bars) },
  { name: 'mfi', ours: (c) => ours.mfi(c, 14), theirs: (c) => stream(new ts.MFI(14), c.bars) },
  { name: 'ad', ours: (c) => ours.ad(c), theirs: (c) => stream(new ts.AD(), c.bars) },
  { name: 'adosc', ours: (c) => ours.adosc(c, { seed: 'talib' }), theirs: (c) => stream(new ts.ADOSC(), c.bars) },
  { name: 'cmf', ours: (c) => ours.cmf(c, 20), theirs: (c) => stream(new ts.CMF(20), c.bars) },
  { name: 'imi', ours: (c) => ours.imi(c, 14), theirs: (c) => stream(new ts.IMI(14), c.bars) },
  { name: 'donchian', ours: (c) => ours.donchian(c, 20).upper, theirs: (c) => stream(new ts.DonchianChannels(20), c.bars).map(({ upper }) => upper) },
  { name: 'chandelierExit', ours: (c) => ours.chandelierExit(c).long, theirs: (c) => stream(new ts.ChandelierExit(), c.bars).map(({ long }) => long) },
  {
    name: 'accelerationBands',
    ours: (c) => ours.accelerationBands(c, 20).upper,
    theirs: (c) => stream(new ts.AccelerationBands(20, 4), c.bars).map(({ upper }) => upper),
  },
  { name: 'vwap', ours: (c) => ours.vwap(c), theirs: (c) => stream(new ts.VWAP(), c.bars) },
  {
    name: 'ppo',
    ours: (c) => ours.ppo(c.close),
    theirs: (c) => stream(new ts.PPO(), c.close).map((x) => (typeof x === 'number' ? x : Number(Object.values(x)[0]))),
    from: 600,
  },
]

const ROWS: Readonly<Record<string, string>> = { rsi: '[row 5] ', sma: '[row 6] ', ema: '[row 6] ', macd: '[row 7] ' }

for (const [library, pairs] of Object.entries({ '@ixjb94/indicators': ixjb94, 'trading-signals': tradingSignals })) {
  describe(`against ${library}`, () => {
    for (const { name, ours: mine, theirs, from } of pairs) {
      test(`${ROWS[name] ?? ''}${name}`, () => {
        fc.assert(
          fc.property(fc.integer({ min: 1, max: 1e9 }), fc.constantFrom(0.001, 0.01, 0.05), (seed, volatility) => {
            const columns = walk(900, seed, volatility)
            const a = mine(columns)
            const b = theirs(plainOf(columns))
            const first = from ?? a.findIndex((x) => !Number.isNaN(x))
            const scale = Math.max(...a.slice(first).map(Math.abs), ...columns.close.map((x) => x * 1e-3))
            for (let i = Math.max(first, a.length - b.length); i < a.length; i++) {
              const other = b[b.length - a.length + i]!
              if (!(Math.abs(a[i]! - other) <= 1e-9 * scale)) expect({ candle: i, value: a[i] }).toEqual({ candle: i, value: other })
            }
            expect(b.length).toBeGreaterThan(a.length - Math.max(first, 1) - 90)
          }),
          { numRuns: 8 },
        )
      })
    }
  })
}
