import { screen } from '@millrace/core'
import type { CandleColumns, ScreenRule } from '@millrace/core'
import { sma } from '@millrace/indicators/batch'

/** Eight fast averages with eight slow ones. */
const FAST = [5, 10, 15, 20, 25, 30, 35, 40]
const SLOW = [50, 60, 70, 80, 90, 100, 110, 120]
const COST = 0.001
export const PAIRS = FAST.length * SLOW.length

/** What a grid came to: compared between the ways of running it. */
export interface GridResult {
  readonly trades: number
  readonly returnPercent: number
}

/** Prices in whole cents: their sums are exact, so that no tie depends on the order of additions. */
export const centsOf = ({ close }: CandleColumns): Float64Array => close.map((price) => Math.round(100 * price))

/** The 64 pairs as one would write them by hand: two running sums and a position for each, candle by candle. */
export function plainGrid({ open, length }: CandleColumns, cents: Float64Array): GridResult {
  let trades = 0
  let returned = 0
  const kept = (1 - COST) / (1 + COST)
  for (const fast of FAST)
    for (const slow of SLOW) {
      let [f, s, entry] = [0, 0, 0]
      for (let i = 0; i < slow - 1; i++) {
        s += cents[i]!
        if (i >= slow - fast) f += cents[i]!
      }
      for (let i = slow - 1; i < length - 1; i++) {
        f += cents[i]!
        s += cents[i]!
        const distance = f / 100 / fast - s / 100 / slow
        f -= cents[i - fast + 1]!
        s -= cents[i - slow + 1]!
        if (entry === 0) {
          if (distance > 0) entry = open[i + 1]!
        } else if (distance < 0) {
          returned += (open[i + 1]! / entry) * kept - 1
          entry = 0
          trades++
        }
      }
    }
  return { trades, returnPercent: 100 * returned }
}

/** The sixteen averages by period; in shared memory when several threads are to make and read them. */
export type Averages = ReadonlyMap<number, Float64Array>

const PERIODS = [...FAST, ...SLOW]

export const emptyAverages = (length: number): Averages => new Map(PERIODS.map((period) => [period, new Float64Array(new SharedArrayBuffer(8 * length))]))

/** Makes every n-th average. */
export function makeAverages(columns: CandleColumns, averages: Averages, first = 0, step = 1): void {
  for (let i = first; i < PERIODS.length; i += step) sma(columns.close, PERIODS[i]!, averages.get(PERIODS[i]!)!)
}

/** Runs every n-th pair by the library, on averages that are there. */
export function screenPairs(columns: CandleColumns, averages: Averages, first = 0, step = 1): GridResult {
  const rules: ScreenRule[] = []
  for (let pair = first; pair < PAIRS; pair += step) {
    const lines = [averages.get(FAST[Math.floor(pair / SLOW.length)]!)!, averages.get(SLOW[pair % SLOW.length]!)!] as const
    rules.push({ enterAbove: lines, leaveBelow: lines })
  }
  let [trades, returnPercent] = [0, 0]
  for (const one of screen(columns, rules, { costRate: COST })) {
    trades += one.trades
    returnPercent += one.returnPercent
  }
  return { trades, returnPercent }
}

/** The whole grid by the library: averages and pairs. */
export function screenedGrid(columns: CandleColumns, averages: Averages): GridResult {
  makeAverages(columns, averages)
  return screenPairs(columns, averages)
}
