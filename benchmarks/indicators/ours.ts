import { macd, rsi, sma } from '@millrace/indicators'
import * as batch from '@millrace/indicators/batch'
import type { BenchData } from './data.ts'
import { eachClose, type Task } from './measure.ts'

/** Millrace: drift-free, inputs checked, with new outputs and with outputs that are there. */
export const ourTasks = (data: BenchData): Task[] => {
  const { close, length } = data
  const columns = Array.from({ length: 5 }, () => new Float64Array(length))
  const into = <N extends string>(...names: readonly N[]): Record<N, Float64Array> =>
    Object.fromEntries(names.map((name, i) => [name, columns[i]!])) as Record<N, Float64Array>
  const out = columns[0]!
  const macdOut = into('macd', 'signal', 'histogram')
  const bands = into('upper', 'middle', 'lower', 'percentB', 'width')
  const kd = into('k', 'd')
  const direction = into('adx', 'plusDi', 'minusDi', 'dx')
  const streaming = {
    sma200: sma(200),
    rsi14: rsi(14),
    macd: macd(),
  }
  return [
    { indicator: 'SMA', form: 'batch', run: () => batch.sma(close, 20) },
    { indicator: 'SMA', form: 'reused', run: () => batch.sma(close, 20, out) },
    { indicator: 'EMA', form: 'batch', run: () => batch.ema(close, 20) },
    { indicator: 'EMA', form: 'reused', run: () => batch.ema(close, 20, out) },
    { indicator: 'RSI', form: 'batch', run: () => batch.rsi(close, 14) },
    { indicator: 'RSI', form: 'reused', run: () => batch.rsi(close, 14, out) },
    { indicator: 'MACD', form: 'batch', run: () => batch.macd(close) },
    { indicator: 'MACD', form: 'reused', run: () => batch.macd(close, {}, macdOut) },
    { indicator: 'Bollinger', form: 'batch', run: () => batch.bollinger(close) },
    { indicator: 'Bollinger', form: 'reused', run: () => batch.bollinger(close, {}, bands) },
    { indicator: 'ATR', form: 'batch', run: () => batch.atr(data, 14) },
    { indicator: 'ATR', form: 'reused', run: () => batch.atr(data, 14, out) },
    { indicator: 'Stochastic', form: 'batch', run: () => batch.stochastic(data) },
    { indicator: 'Stochastic', form: 'reused', run: () => batch.stochastic(data, {}, kd) },
    { indicator: 'ADX', form: 'batch', run: () => batch.adx(data, 14) },
    { indicator: 'ADX', form: 'reused', run: () => batch.adx(data, 14, direction) },
    { indicator: 'SMA', form: 'update', run: eachClose(streaming.sma200, 'one.update(x)', close) },
    { indicator: 'RSI', form: 'update', run: eachClose(streaming.rsi14, 'one.update(x)', close) },
    { indicator: 'MACD', form: 'update', run: eachClose(streaming.macd, 'one.update(x)', close) },
    { indicator: 'SMA', form: 'preview', run: eachClose(streaming.sma200, 'one.preview(x)', close) },
    { indicator: 'RSI', form: 'preview', run: eachClose(streaming.rsi14, 'one.preview(x)', close) },
    { indicator: 'MACD', form: 'preview', run: eachClose(streaming.macd, 'one.preview(x)', close) },
  ]
}
