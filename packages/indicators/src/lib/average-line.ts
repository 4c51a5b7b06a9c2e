import { emaLine, wilderLine, type EmaLine } from './ema-line.ts'
import { MeanWindow } from './mean-window.ts'
import { WmaLine } from './wma-line.ts'

/** The moving averages that can be chosen. */
export type AverageType = 'sma' | 'ema' | 'wma' | 'rma'

/** Any of them. */
export type AverageLine = MeanWindow | EmaLine | WmaLine

/** Builds the average of that type. */
export const averageLine = (type: AverageType, period: number): AverageLine => {
  if (type === 'sma') return new MeanWindow(period)
  if (type === 'wma') return new WmaLine(period)
  return type === 'ema' ? emaLine(period) : wilderLine(period)
}
