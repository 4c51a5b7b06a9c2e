// How each peer is called. Plain JavaScript, because no peer is a dependency of the project: they live in a temporary folder.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { eachClose } from './measure.ts'

/** Peers by npm name, with the version that is measured. */
export const peers = {
  technicalindicators: '3.1.0',
  'trading-signals': '8.3.0',
  indicatorts: '2.2.2',
  '@ixjb94/indicators': '1.2.4',
  '@debut/indicators': '1.4.2',
  talib: '2.0.5',
  tulind: '0.8.20',
}

let loops = 0

/** The values of a new one over all inputs, by a loop of its own, as for the others; the number makes its text unique, as equal texts share code. */
const gather = (inputs, make, call) => {
  // oxlint-disable-next-line no-implied-eval
  const loop = new Function(
    'inputs',
    'one',
    `/* ${++loops} */ const out = []; for (let i = 0; i < inputs.length; i++) { const x = inputs[i]; out.push(${call}) } return out`,
  )
  return () => loop(inputs, make())
}

const eight = (names) => Object.entries(names).map(([indicator, run]) => ({ indicator, form: 'batch', run }))
const update = (names) => Object.entries(names).map(([indicator, run]) => ({ indicator, form: 'update', run }))

const tasks = {
  technicalindicators: (ta, { plain }) => {
    const { high, low, close } = plain
    const values = close
    const macd = { fastPeriod: 12, slowPeriod: 26, signalPeriod: 9, SimpleMAOscillator: false, SimpleMASignal: false }
    const live = { sma: new ta.SMA({ period: 200, values: [] }), rsi: new ta.RSI({ period: 14, values: [] }), macd: new ta.MACD({ ...macd, values: [] }) }
    return [
      ...eight({
        SMA: () => ta.SMA.calculate({ period: 20, values }),
        EMA: () => ta.EMA.calculate({ period: 20, values }),
        RSI: () => ta.RSI.calculate({ period: 14, values }),
        MACD: () => ta.MACD.calculate({ ...macd, values }),
        Bollinger: () => ta.BollingerBands.calculate({ period: 20, stdDev: 2, values }),
        ATR: () => ta.ATR.calculate({ period: 14, high, low, close }),
        Stochastic: () => ta.Stochastic.calculate({ period: 14, signalPeriod: 3, high, low, close }),
        ADX: () => ta.ADX.calculate({ period: 14, high, low, close }),
      }),
      ...update({
        SMA: eachClose(live.sma, 'one.nextValue(x)', close),
        RSI: eachClose(live.rsi, 'one.nextValue(x)', close),
        MACD: eachClose(live.macd, 'one.nextValue(x)', close),
      }),
    ]
  },
  'trading-signals': (ta, { plain, candles }) => {
    const { close } = plain
    const macd = () => new ta.MACD(new ta.EMA(12), new ta.EMA(26), new ta.EMA(9))
    const run = (inputs, make) => gather(inputs, make, 'one.update(x, false)')
    const live = { sma: new ta.SMA(200), rsi: new ta.RSI(14), macd: macd() }
    return [
      ...eight({
        SMA: run(close, () => new ta.SMA(20)),
        EMA: run(close, () => new ta.EMA(20)),
        RSI: run(close, () => new ta.RSI(14)),
        MACD: run(close, macd),
        Bollinger: run(close, () => new ta.BollingerBands(20, 2)),
        ATR: run(candles, () => new ta.ATR(14)),
        Stochastic: run(candles, () => new ta.StochasticOscillator({ kPeriod: 14, kSlowingPeriod: 3, dPeriod: 3 })),
        ADX: run(candles, () => new ta.ADX(14)),
      }),
      ...update({
        SMA: eachClose(live.sma, 'one.update(x, false)', close),
        RSI: eachClose(live.rsi, 'one.update(x, false)', close),
        MACD: eachClose(live.macd, 'one.update(x, false)', close),
      }),
      { indicator: 'SMA', form: 'preview', run: eachClose(live.sma, 'one.update(x, true)', close) },
      { indicator: 'RSI', form: 'preview', run: eachClose(live.rsi, 'one.update(x, true)', close) },
      { indicator: 'MACD', form: 'preview', run: eachClose(live.macd, 'one.update(x, true)', close) },
    ]
  },
  indicatorts: (ta, { plain: { high, low, close } }) =>
    eight({
      SMA: () => ta.sma(close, { period: 20 }),
      EMA: () => ta.ema(close, { period: 20 }),
      RSI: () => ta.rsi(close, { period: 14 }),
      MACD: () => ta.macd(close, { fast: 12, slow: 26, signal: 9 }),
      Bollinger: () => ta.bb(close, { period: 20 }),
      ATR: () => ta.atr(high, low, close, { period: 14 }),
      Stochastic: () => ta.stoch(high, low, close, { kPeriod: 14, dPeriod: 3 }),
    }),
  '@ixjb94/indicators': ({ IndicatorsSync }, { plain: { high, low, close } }) => {
    const ta = new IndicatorsSync()
    return eight({
      SMA: () => ta.sma(close, 20),
      EMA: () => ta.ema(close, 20),
      RSI: () => ta.rsi(close, 14),
      MACD: () => ta.macd(close, 12, 26, 9),
      Bollinger: () => ta.bbands(close, 20, 2),
      ATR: () => ta.atr(high, low, close, 14),
      Stochastic: () => ta.stoch(high, low, close, 14, 3, 3),
      ADX: () => ta.adx(high, low, 14),
    })
  },
  '@debut/indicators': (ta, { plain: { close }, candles }) => {
    const closes = (make) => gather(close, make, 'one.nextValue(x)')
    const bars = (make) => gather(candles, make, 'one.nextValue(x.high, x.low, x.close)')
    const live = { sma: new ta.SMA(200), rsi: new ta.RSI(14), macd: new ta.MACD(12, 26, 9) }
    return [
      ...eight({
        SMA: closes(() => new ta.SMA(20)),
        EMA: closes(() => new ta.EMA(20)),
        RSI: closes(() => new ta.RSI(14)),
        MACD: closes(() => new ta.MACD(12, 26, 9)),
        Bollinger: closes(() => new ta.BollingerBands(20, 2)),
        ATR: bars(() => new ta.ATR(14)),
        Stochastic: bars(() => new ta.Stochastic(14, 3)),
        ADX: bars(() => new ta.ADX(14)),
      }),
      ...update({
        SMA: eachClose(live.sma, 'one.nextValue(x)', close),
        RSI: eachClose(live.rsi, 'one.nextValue(x)', close),
        MACD: eachClose(live.macd, 'one.nextValue(x)', close),
      }),
      { indicator: 'SMA', form: 'preview', run: eachClose(live.sma, 'one.momentValue(x)', close) },
      { indicator: 'RSI', form: 'preview', run: eachClose(live.rsi, 'one.momentValue(x)', close) },
      { indicator: 'MACD', form: 'preview', run: eachClose(live.macd, 'one.momentValue(x)', close) },
    ]
  },
  talib: (ta, { plain: { high, low, close } }) => {
    const call = (name, options) => () => ta.execute({ name, startIdx: 0, endIdx: close.length - 1, inReal: close, high, low, close, ...options })
    return eight({
      SMA: call('SMA', { optInTimePeriod: 20 }),
      EMA: call('EMA', { optInTimePeriod: 20 }),
      RSI: call('RSI', { optInTimePeriod: 14 }),
      MACD: call('MACD', { optInFastPeriod: 12, optInSlowPeriod: 26, optInSignalPeriod: 9 }),
      Bollinger: call('BBANDS', { optInTimePeriod: 20, optInNbDevUp: 2, optInNbDevDn: 2, optInMAType: 0 }),
      ATR: call('ATR', { optInTimePeriod: 14 }),
      Stochastic: call('STOCH', { optInFastK_Period: 14, optInSlowK_Period: 3, optInSlowK_MAType: 0, optInSlowD_Period: 3, optInSlowD_MAType: 0 }),
      ADX: call('ADX', { optInTimePeriod: 14 }),
    })
  },
  tulind: ({ indicators }, { plain: { high, low, close } }) => {
    const call = (name, inputs, options) => () => {
      let out
      indicators[name].indicator(inputs, options, (error, results) => {
        if (error) throw error
        out = results
      })
      return out
    }
    return eight({
      SMA: call('sma', [close], [20]),
      EMA: call('ema', [close], [20]),
      RSI: call('rsi', [close], [14]),
      MACD: call('macd', [close], [12, 26, 9]),
      Bollinger: call('bbands', [close], [20, 2]),
      ATR: call('atr', [high, low, close], [14]),
      Stochastic: call('stoch', [high, low, close], [14, 3, 3]),
      ADX: call('adx', [high, low, close], [14]),
    })
  },
}

/** The tasks of a peer that is installed in `folder`. */
export const peerTasks = (name, folder, data) => tasks[name](createRequire(join(folder, 'package.json'))(name), data)
