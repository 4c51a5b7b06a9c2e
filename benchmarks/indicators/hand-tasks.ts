import type { BenchData } from './data.ts'
import { handAdx, handAtr, handBollinger, handEma, HandMacd, handMacd, HandRsi, handRsi, HandSma, handSma, handStochastic } from './hand.ts'
import { eachClose, type Task } from './measure.ts'

/** The hand-written loops, with new outputs and with outputs that are there. */
export const handTasks = ({ length, high, low, close }: BenchData): Task[] => {
  const column = (): Float64Array => new Float64Array(length)
  const [a, b, c] = [column(), column(), column()]
  const scratch = [column(), column(), column(), column(), column()]
  const [sma, rsi, macd] = [new HandSma(200), new HandRsi(14), new HandMacd()]
  return [
    { indicator: 'SMA', form: 'batch', run: () => handSma(close, 20, column()) },
    { indicator: 'SMA', form: 'reused', run: () => handSma(close, 20, a) },
    { indicator: 'EMA', form: 'batch', run: () => handEma(close, 20, column()) },
    { indicator: 'EMA', form: 'reused', run: () => handEma(close, 20, a) },
    { indicator: 'RSI', form: 'batch', run: () => handRsi(close, 14, column()) },
    { indicator: 'RSI', form: 'reused', run: () => handRsi(close, 14, a) },
    { indicator: 'MACD', form: 'batch', run: () => handMacd(close, 12, 26, 9, [column(), column(), column()]) },
    { indicator: 'MACD', form: 'reused', run: () => handMacd(close, 12, 26, 9, [a, b, c]) },
    { indicator: 'Bollinger', form: 'batch', run: () => handBollinger(close, 20, 2, [column(), column(), column()]) },
    { indicator: 'Bollinger', form: 'reused', run: () => handBollinger(close, 20, 2, [a, b, c]) },
    { indicator: 'ATR', form: 'batch', run: () => handAtr(high, low, close, 14, column()) },
    { indicator: 'ATR', form: 'reused', run: () => handAtr(high, low, close, 14, a) },
    { indicator: 'Stochastic', form: 'batch', run: () => handStochastic(high, low, close, 14, [column(), column()], scratch) },
    { indicator: 'Stochastic', form: 'reused', run: () => handStochastic(high, low, close, 14, [a, b], scratch) },
    { indicator: 'ADX', form: 'batch', run: () => handAdx(high, low, close, 14, column()) },
    { indicator: 'ADX', form: 'reused', run: () => handAdx(high, low, close, 14, a) },
    { indicator: 'SMA', form: 'update', run: eachClose(sma, 'one.update(x)', close) },
    { indicator: 'RSI', form: 'update', run: eachClose(rsi, 'one.update(x)', close) },
    { indicator: 'MACD', form: 'update', run: eachClose(macd, 'one.update(x)', close) },
  ]
}

/** The floor under every indicator: as many arrays as it has outputs, new or there already, and the same number written into all of them. */
export const floorTasks = ({ length }: BenchData): Task[] => {
  const there = Array.from({ length: 5 }, () => new Float64Array(length))
  return Object.entries({ SMA: 1, EMA: 1, RSI: 1, MACD: 3, Bollinger: 5, ATR: 1, Stochastic: 2, ADX: 4 }).flatMap(([indicator, outputs]): Task[] => [
    {
      indicator,
      form: 'batch',
      run: () => {
        for (let k = 0; k < outputs; k++) new Float64Array(length).fill(k)
      },
    },
    {
      indicator,
      form: 'reused',
      run: () => {
        for (let k = 0; k < outputs; k++) there[k]!.fill(k)
      },
    },
  ])
}
