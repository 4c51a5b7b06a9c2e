// How each peer is called. Plain JavaScript, because no peer is a dependency of the project: they live in a temporary folder.
import { createRequire } from 'node:module'
import { join } from 'node:path'

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

const each = (inputs, step) => {
  let last
  for (let i = 0; i < inputs.length; i++) last = step(inputs[i])
  return last
}

const gather = (inputs, step) => {
  const out = []
  for (let i = 0; i < inputs.length; i++) out.push(step(inputs[i]))
  return out
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
        SMA: () => each(close, (x) => live.sma.nextValue(x)),
        RSI: () => each(close, (x) => live.rsi.nextValue(x)),
        MACD: () => each(close, (x) => live.macd.nextValue(x)),
      }),
    ]
  },
  'trading-signals': (ta, { plain, candles }) => {
    const { close } = plain
    const macd = () => new ta.MACD(new ta.EMA(12), new ta.EMA(26), new ta.EMA(9))
    const run = (inputs, make) => () => {
      const one = make()
      return gather(inputs, (x) => one.update(x, false))
    }
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
        SMA: () => each(close, (x) => live.sma.update(x, false)),
        RSI: () => each(close, (x) => live.rsi.update(x, false)),
        MACD: () => each(close, (x) => live.macd.update(x, false)),
      }),
      { indicator: 'SMA', form: 'preview', run: () => each(close, (x) => live.sma.update(x, true)) },
      { indicator: 'RSI', form: 'preview', run: () => each(close, (x) => live.rsi.update(x, true)) },
      { indicator: 'MACD', form: 'preview', run: () => each(close, (x) => live.macd.update(x, true)) },
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
    const closes = (make) => () => {
      const one = make()
      return gather(close, (x) => one.nextValue(x))
    }
    const bars = (make) => () => {
      const one = make()
      return gather(candles, (c) => one.nextValue(c.high, c.low, c.close))
    }
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
        SMA: () => each(close, (x) => live.sma.nextValue(x)),
        RSI: () => each(close, (x) => live.rsi.nextValue(x)),
        MACD: () => each(close, (x) => live.macd.nextValue(x)),
      }),
      { indicator: 'SMA', form: 'preview', run: () => each(close, (x) => live.sma.momentValue(x)) },
      { indicator: 'RSI', form: 'preview', run: () => each(close, (x) => live.rsi.momentValue(x)) },
      { indicator: 'MACD', form: 'preview', run: () => each(close, (x) => live.macd.momentValue(x)) },
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
