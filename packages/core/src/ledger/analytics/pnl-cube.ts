import type { Decimal } from 'decimal.js'
import type { PnlRecord } from '../../contracts/analytics.ts'
import { ZERO, add, decimalText } from '../../model/money.ts'
import { utcDayStart } from '../../model/time.ts'
import type { FillResult } from '../own-fill.ts'

/** What one bot's strategy made on one UTC day; everything else is sums of these. */
export interface PnlCell {
  readonly dayMs: number
  readonly botId: string
  readonly strategy: string
  realizedPnl: Decimal
  fees: Decimal
  turnover: Decimal
  fills: number
}

/** What cells can be summed by. */
export type PnlDimension = 'dayMs' | 'botId' | 'strategy'

/** Realised P&L, fees and turnover by UTC day (of the venue's time), bot and strategy. */
export class PnlCube {
  private readonly days = new Map<number, Map<string, PnlCell>>()

  /**
   * Counts a booked fill.
   *
   * @param strategy - what asked for the first entry of the round trip that the fill belongs to
   */
  book(result: FillResult, strategy: string): PnlCell {
    const cell = this.cell(utcDayStart(result.fill.atMs), result.fill.botId, strategy)
    cell.realizedPnl = add(cell.realizedPnl, result.realizedPnl)
    cell.fees = add(cell.fees, result.feeValue)
    cell.turnover = add(cell.turnover, result.value)
    cell.fills++
    return cell
  }

  /** By day, bot and strategy. */
  cells(): readonly PnlCell[] {
    return [...this.days.values()]
      .flatMap((cells) => [...cells.values()])
      .sort((a, b) => a.dayMs - b.dayMs || order(a.botId, b.botId) || order(a.strategy, b.strategy))
  }

  replace(cells: readonly PnlCell[]): void {
    this.days.clear()
    for (const kept of cells) Object.assign(this.cell(kept.dayMs, kept.botId, kept.strategy), kept)
  }

  private cell(dayMs: number, botId: string, strategy: string): PnlCell {
    let day = this.days.get(dayMs)
    if (day === undefined) this.days.set(dayMs, (day = new Map<string, PnlCell>()))
    // A bot's strategy rarely changes within a day, so the bot alone finds its cell.
    const last = day.get(botId)
    if (last?.strategy === strategy) return last
    const key = last === undefined ? botId : `${botId} ${strategy}`
    let cell = day.get(key)
    if (cell === undefined) day.set(key, (cell = { dayMs, botId, strategy, realizedPnl: ZERO, fees: ZERO, turnover: ZERO, fills: 0 }))
    return cell
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Sums cells over everything but one dimension; the keys come sorted as the cells are.
 *
 * @example
 * ```ts
 * pnlBy([], 'botId').size // => 0
 * ```
 */
export function pnlBy<D extends PnlDimension>(cells: readonly PnlCell[], dimension: D): ReadonlyMap<PnlCell[D], PnlRecord> {
  const sums = new Map<PnlCell[D], { realizedPnl: Decimal; fees: Decimal; turnover: Decimal; fills: number }>()
  for (const cell of cells) {
    let sum = sums.get(cell[dimension])
    if (sum === undefined) sums.set(cell[dimension], (sum = { realizedPnl: ZERO, fees: ZERO, turnover: ZERO, fills: 0 }))
    sum.realizedPnl = add(sum.realizedPnl, cell.realizedPnl)
    sum.fees = add(sum.fees, cell.fees)
    sum.turnover = add(sum.turnover, cell.turnover)
    sum.fills += cell.fills
  }
  return new Map([...sums].map(([key, sum]) => [key, pnlRecord(sum)]))
}

const pnlRecord = (sum: { readonly realizedPnl: Decimal; readonly fees: Decimal; readonly turnover: Decimal; readonly fills: number }): PnlRecord => ({
  realizedPnl: decimalText(sum.realizedPnl),
  fees: decimalText(sum.fees),
  turnover: decimalText(sum.turnover),
  fills: sum.fills,
})
