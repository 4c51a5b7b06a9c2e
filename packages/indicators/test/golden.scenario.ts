import { describe, expect, test } from 'vitest'
import { catalog, type CatalogEntry } from '../src/index.ts'
import { golden, goldenInputs, goldenNames } from './golden.ts'

type Entries = Record<string, CatalogEntry>

interface Mapping {
  readonly indicator: string
  readonly options?: Readonly<Record<string, unknown>>
  /** Golden output to ours; a single-output indicator needs none. */
  readonly outputs?: Readonly<Record<string, string>>
  /** Series on which TA-Lib itself is wrong or where only a convention differs, each with the reason. */
  readonly except?: Readonly<Record<string, string>>
  /** The index outputs count from the first candle. */
  readonly absolute?: boolean
}

const DRIFT = 'TA-Lib keeps running differences: after the spike it is wrong'
const EPSILON = 'TA-Lib turns small variances into 0'
const bands = { outRealUpperBand: 'upper', outRealMiddleBand: 'middle', outRealLowerBand: 'lower' }
const lines = { outMACD: 'macd', outMACDSignal: 'signal', outMACDHist: 'histogram' }
const talib = { seed: 'talib' }

const MAP: Readonly<Record<string, Mapping>> = {
  ACCBANDS: { indicator: 'accelerationBands', outputs: bands },
  AD: { indicator: 'ad' },
  ADXR: { indicator: 'adxr', options: talib },
  APO: { indicator: 'apo', options: { fast: 12, slow: 26 } },
  AROONOSC: { indicator: 'aroon', outputs: { outReal: 'oscillator' } },
  ATR: { indicator: 'atr', options: talib },
  AVGDEV: { indicator: 'averageDeviation' },
  AVGPRICE: { indicator: 'ohlc4' },
  BBANDS: { indicator: 'bollinger', outputs: bands, except: { tiny: EPSILON } },
  BOP: { indicator: 'bop' },
  CCI: { indicator: 'cci' },
  CORREL: { indicator: 'correlation', except: { spike: DRIFT, spike1e9: DRIFT } },
  DEMA: { indicator: 'dema' },
  DX: { indicator: 'dmi', options: talib, outputs: { outReal: 'dx' } },
  EMA: { indicator: 'ema' },
  IMI: { indicator: 'imi', except: { constant: 'convention: TA-Lib says NaN, we say 50' } },
  LINEARREG: { indicator: 'linearRegression', outputs: { outReal: 'value' } },
  LINEARREG_INTERCEPT: { indicator: 'linearRegression', outputs: { outReal: 'intercept' } },
  MACD: { indicator: 'macd', options: talib, outputs: lines },
  MACDEXT: { indicator: 'macdExt', outputs: lines },
  MACDFIX: { indicator: 'macdFix', outputs: lines },
  MAX: { indicator: 'highest' },
  MAXINDEX: { indicator: 'highestBars', absolute: true },
  MEDPRICE: { indicator: 'hl2' },
  MIDPOINT: { indicator: 'midpoint' },
  MIDPRICE: { indicator: 'midprice' },
  MIN: { indicator: 'lowest' },
  MININDEX: { indicator: 'lowestBars', absolute: true },
  MINUS_DM: { indicator: 'directionalMovement', outputs: { outReal: 'minusDm' } },
  MOM: { indicator: 'mom' },
  OBV: { indicator: 'obv', options: talib },
  PLUS_DI: { indicator: 'dmi', options: talib, outputs: { outReal: 'plusDi' } },
  PLUS_DM: { indicator: 'directionalMovement', outputs: { outReal: 'plusDm' } },
  ROC: { indicator: 'roc' },
  ROCP: { indicator: 'rocp' },
  ROCR: { indicator: 'rocr' },
  ROCR100: { indicator: 'rocr100' },
  RSI: { indicator: 'rsi', options: { flat: 0 } },
  SMA: { indicator: 'sma' },
  SMA_2: { indicator: 'sma', options: { period: 2 } },
  STDDEV: { indicator: 'stdev', except: { tiny: EPSILON } },
  STOCH: { indicator: 'stochastic', options: { flat: 0 }, outputs: { outSlowK: 'k', outSlowD: 'd' } },
  STOCHF: { indicator: 'stochastic', options: { flat: 0, smooth: 1 }, outputs: { outFastK: 'k', outFastD: 'd' } },
  SUM: { indicator: 'sum' },
  TEMA: { indicator: 'tema' },
  TRANGE: { indicator: 'trueRange', options: talib },
  TRIMA: { indicator: 'trima' },
  TSF: { indicator: 'linearRegression', outputs: { outReal: 'forecast' } },
  TYPPRICE: { indicator: 'hlc3' },
  VAR: { indicator: 'variance' },
  WCLPRICE: { indicator: 'hlcc4' },
  WMA: { indicator: 'wma' },
}

const ROWS: Readonly<Record<string, string>> = { RSI: '[row 5] ', SMA: '[row 6] ', SMA_2: '[row 6] ', EMA: '[row 6] ', MACD: '[row 7] ' }

/** Largest difference over the largest value of the golden series, and where. */
const worst = (expected: Float64Array, received: Float64Array, absolute: boolean): { error: number; at: number } => {
  const scale = Math.max(...Array.from(expected, Math.abs).filter(Number.isFinite), Number.MIN_VALUE)
  let error = 0
  let at = -1
  for (let i = 0; i < expected.length; i++) {
    const value = absolute ? i + received[i]! : received[i]!
    const both = Number.isNaN(expected[i]) && Number.isNaN(value)
    const difference = both ? 0 : Math.abs(expected[i]! - value) / scale
    if (!(difference <= error)) {
      error = Number.isNaN(difference) ? Infinity : difference
      at = i
    }
  }
  return { error, at }
}

describe('golden vectors of TA-Lib 0.6, within 1e-9 of the largest value of the series', () => {
  test('every file is mapped', () => {
    expect(Object.keys(MAP).sort()).toEqual(goldenNames)
  })

  for (const [id, { indicator, options = {}, outputs = { outReal: 'value', outInteger: 'value' }, except = {}, absolute = false }] of Object.entries(MAP)) {
    const file = golden(id)
    for (const [series, columns] of Object.entries(goldenInputs)) {
      const reason = except[series]
      test(`${ROWS[id] ?? ''}${id} on ${series}${reason === undefined ? '' : ` differs: ${reason}`}`, () => {
        const entry = (catalog as Entries)[indicator]!
        expect(entry.create(options).warmup).toBe(file.lookback)
        const result = entry.batch(columns, options)
        const errors = Object.entries(file.outputs[series]!).map(([name, values]) => {
          const ours = result instanceof Float64Array ? result : result[outputs[name]!]!
          return { name, ...worst(values, ours, absolute) }
        })
        const largest = errors.reduce((a, b) => (b.error > a.error ? b : a))
        // An exception that is no longer needed fails as well.
        expect({ ...largest, small: largest.error < 1e-9 }).toMatchObject({ small: reason === undefined })
      })
    }
  }
})
