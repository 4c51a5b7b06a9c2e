import { macd, rsi, sma } from '@millrace/indicators'
import * as batch from '@millrace/indicators/batch'
import type { BenchData } from './data.ts'
import { eachClose, type Task } from './measure.ts'

/** Millrace: fresh outputs, drift-free, inputs checked. */
export const ourTasks = (data: BenchData): Task[] => {
  const { close } = data
  const streaming = {
    sma200: sma(200),
    rsi14: rsi(14),
    macd: macd(),
  }
  return [
    { indicator: 'SMA', form: 'batch', run: () => batch.sma(close, 20) },
    { indicator: 'EMA', form: 'batch', run: () => batch.ema(close, 20) },
    { indicator: 'RSI', form: 'batch', run: () => batch.rsi(close, 14) },
    { indicator: 'MACD', form: 'batch', run: () => batch.macd(close) },
    { indicator: 'Bollinger', form: 'batch', run: () => batch.bollinger(close) },
    { indicator: 'ATR', form: 'batch', run: () => batch.atr(data, 14) },
    { indicator: 'Stochastic', form: 'batch', run: () => batch.stochastic(data) },
    { indicator: 'ADX', form: 'batch', run: () => batch.adx(data, 14) },
    { indicator: 'SMA', form: 'update', run: eachClose(streaming.sma200, 'update', close) },
    { indicator: 'RSI', form: 'update', run: eachClose(streaming.rsi14, 'update', close) },
    { indicator: 'MACD', form: 'update', run: eachClose(streaming.macd, 'update', close) },
    { indicator: 'SMA', form: 'preview', run: eachClose(streaming.sma200, 'preview', close) },
    { indicator: 'RSI', form: 'preview', run: eachClose(streaming.rsi14, 'preview', close) },
    { indicator: 'MACD', form: 'preview', run: eachClose(streaming.macd, 'preview', close) },
  ]
}
