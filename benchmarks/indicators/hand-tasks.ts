import type { BenchData } from './data.ts'
import { handAdx, handAtr, handBollinger, handEma, HandMacd, handMacd, HandRsi, handRsi, HandSma, handSma, handStochastic } from './hand.ts'
import { eachClose, type Task } from './measure.ts'

/** The hand-written loops, outputs reused. */
export const handTasks = ({ length, high, low, close }: BenchData): Task[] => {
  const column = (): Float64Array => new Float64Array(length)
  const [a, b, c] = [column(), column(), column()]
  const scratch = [column(), column(), column(), column(), column()]
  const [sma, rsi, macd] = [new HandSma(200), new HandRsi(14), new HandMacd()]
  return [
    { indicator: 'SMA', form: 'batch', run: () => handSma(close, 20, a) },
    { indicator: 'EMA', form: 'batch', run: () => handEma(close, 20, a) },
    { indicator: 'RSI', form: 'batch', run: () => handRsi(close, 14, a) },
    { indicator: 'MACD', form: 'batch', run: () => handMacd(close, 12, 26, 9, [a, b, c]) },
    { indicator: 'Bollinger', form: 'batch', run: () => handBollinger(close, 20, 2, [a, b, c]) },
    { indicator: 'ATR', form: 'batch', run: () => handAtr(high, low, close, 14, a) },
    { indicator: 'Stochastic', form: 'batch', run: () => handStochastic(high, low, close, 14, [a, b], scratch) },
    { indicator: 'ADX', form: 'batch', run: () => handAdx(high, low, close, 14, a) },
    { indicator: 'SMA', form: 'update', run: eachClose(sma, 'update', close) },
    { indicator: 'RSI', form: 'update', run: eachClose(rsi, 'update', close) },
    { indicator: 'MACD', form: 'update', run: eachClose(macd, 'update', close) },
  ]
}
