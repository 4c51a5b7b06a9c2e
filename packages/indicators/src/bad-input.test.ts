import { describe, expect, test } from 'vitest'
import * as batch from './batch.ts'
import { atr, chain, correlation, cross, defineIndicator, field, join, macd, of, resample, rsi, sma } from './index.ts'

/** What a caller without types may hand over. */
const any = (value: unknown): never => value as never
const candle = { open: 1, high: 2, low: 0.5, close: 1.5, volume: 3 }

const refused: readonly (readonly [what: string, run: () => unknown, message: string])[] = [
  ['a candle where a number belongs', () => sma(3).update(any(candle)), 'sma(3): close: expected a finite number, received [object Object]'],
  ['text that looks like a number', () => sma(3).update(any('5')), 'sma(3): close: expected a finite number, received "5"'],
  ['nothing', () => sma(3).update(any(null)), 'sma(3): close: expected a finite number, received null'],
  ['no candle', () => atr(3).update(any(undefined)), 'atr(3): high: expected a finite number, received undefined'],
  ['a number where a candle belongs', () => atr(3).preview(any(5)), 'atr(3): high: expected a finite number, received undefined'],
  ['a candle with text in it', () => atr(3).update(any({ ...candle, low: '1' })), 'atr(3): low: expected a finite number, received "1"'],
  ['no pair', () => correlation(3).update(any(null)), 'correlation(3): x: expected a finite number, received undefined'],
  ['no candle for a column', () => field('close').update(any(null)), 'close: expected a finite number, received undefined'],
  ['a candle without its time', () => resample('5m', atr(3)).update(any(candle)), 'atr(3) @ 5m of 1m: openTime: expected milliseconds, received undefined'],
  ['no candle for a longer timeframe', () => resample('5m', atr(3)).update(any(null)), 'atr(3) @ 5m of 1m: open: expected a finite number, received undefined'],
  ['a period as text', () => sma(any('5')), 'sma: period: expected integer from 1 to 1000000, received "5"'],
  ['parameters by position', () => macd(any(12)), 'macd: expected options fast,slow,signal,seed,onInvalid, received 12'],
  ['no options', () => macd(any(null)), 'macd: expected options fast,slow,signal,seed,onInvalid, received null'],
  ['an option that is not there', () => macd(any({ fastPeriod: 12 })), 'macd: expected options fast,slow,signal,seed,onInvalid, received "fastPeriod"'],
  ['a column that is not there', () => field(any('price')), 'field: expected one of open, high, low, close, volume, received "price"'],
  ['one output of one', () => of(any(sma(3)), any('value')), 'of: expected an indicator with several outputs, received "sma(3)"'],
  ['a record fed on', () => chain(any(macd()), sma(3)), 'chain: expected an indicator with one output (`of` picks one), received "macd(12,26,9)"'],
  ['numbers fed to one of candles', () => chain(sma(3), any(atr(3))), 'chain: expected an indicator of numbers after sma(3), received "atr(3)"'],
  ['pairs fed to one of numbers', () => join(sma(3), sma(5), any(rsi(3))), 'join: expected an indicator of pairs after sma(3) and sma(5), received "rsi(3)"'],
  ['a record joined', () => join(any(macd()), any(sma(3)), cross()), 'join: expected an indicator with one output (`of` picks one), received "macd(12,26,9)"'],
]

const refusedInBatch: readonly (readonly [what: string, run: () => unknown, message: string])[] = [
  ['a gap', () => batch.sma(any([1, null, 3]), 2), 'sma: close[1]: expected a finite number, received null'],
  ['numbers as text', () => batch.sma(any(['1', '2']), 2), 'sma: close[0]: expected a finite number, received "1"'],
  ['candles where numbers belong', () => batch.sma(any([candle]), 2), 'sma: close[0]: expected a finite number, received [object Object]'],
  ['nothing', () => batch.sma(any(undefined)), 'sma: close: expected an array of numbers, received undefined'],
  ['no columns', () => batch.atr(any(undefined)), 'atr: high: expected an array of numbers, received undefined'],
  ['candles where columns belong', () => batch.atr(any([candle])), 'atr: high: expected an array of numbers, received undefined'],
  ['an array that is too short', () => batch.sma([1, 2, 3], 2, new Float64Array(2)), 'sma: out: expected a Float64Array of at least 3 values, received 2'],
  ['a plain array', () => batch.sma([1, 2, 3], 2, any([])), 'sma: out: expected a Float64Array of at least 3 values, received Array'],
  [
    'one array where several belong',
    () => batch.macd([1, 2, 3], {}, any(new Float64Array(3))),
    'macd: out.macd: expected a Float64Array of at least 3 values, received Undefined',
  ],
]

describe('bad input is refused, and the error says where and what', () => {
  test.each(refused)('%s', (_what, run, message) => expect(run).toThrow(new RangeError(message)))
  test.each(refusedInBatch)('over arrays: %s', (_what, run, message) => expect(run).toThrow(new RangeError(message)))

  test('what is no number is skipped or shown as a gap over arrays as well', () => {
    const gap: number[] = any([1, 3, null, 5])
    expect([...batch.sma(gap, 2, undefined, { onInvalid: 'skip' })]).toEqual([NaN, 2, 2, 4])
    expect([...batch.sma(gap, 2, undefined, { onInvalid: 'propagate' })]).toEqual([NaN, 2, NaN, 4])
  })
})

describe('what is written lies apart from what is read', () => {
  test.each([
    ['the input', (x: Float64Array) => batch.sma(x, 2, x), 'sma: out: expected memory of its own, received that of an input'],
    ['a part of it', (x: Float64Array) => batch.sma(x.subarray(0, 4), 2, x.subarray(3)), 'sma: out: expected memory of its own'],
    ['a column', (x: Float64Array) => batch.atr({ open: x, high: x, low: x, close: x, volume: x }, 2, x), 'atr: out: expected memory of its own'],
    ['another series', (x: Float64Array) => batch.cross(x.slice(), x, {}, x), 'cross: out: expected memory of its own'],
    [
      'another output',
      (x: Float64Array) => batch.macd(x.slice(), {}, { macd: x, signal: new Float64Array(8), histogram: x }),
      'macd: out.histogram: expected memory of its own, received that of another output',
    ],
  ])('not in the memory of %s', (_what, run, message) => {
    const x = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)
    expect(() => run(x)).toThrow(message)
    expect([...x]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('beside it in the same buffer is well', () => {
    const x = Float64Array.of(1, 3, 5, 0, 0, 0)
    batch.sma(x.subarray(0, 3), 2, x.subarray(3))
    expect([...x]).toEqual([1, 3, 5, NaN, 2, 4])
  })
})

describe('a definition that would fail at the first candle is refused at once', () => {
  const good = { name: 'last', initial: () => ({ last: 0 }), step: (state: { last: number }, x: number) => (state.last = x) }

  test('a good one passes', () => expect(defineIndicator(good)().update(5)).toBe(5))

  test.each([
    ['nothing', undefined, 'defineIndicator: name: expected a text, received undefined'],
    ['no name', { ...good, name: '' }, 'defineIndicator: name: expected a text, received ""'],
    ['no step', { ...good, step: undefined }, 'last: step: expected a function, received undefined'],
    ['no state', { ...good, initial: { last: 0 } }, 'last: initial: expected a function, received [object Object]'],
    [
      'a column that is not there',
      { ...good, inputs: ['close', 'price'] },
      'last: inputs: expected some of open, high, low, close, volume, received close,price',
    ],
    ['a parameter without bounds', { ...good, params: { period: { kind: 'integer', default: 3 } } }, 'last: params.period: expected kind'],
  ])('%s', (_what, definition, message) => expect(() => defineIndicator(any(definition))).toThrow(message))
})
