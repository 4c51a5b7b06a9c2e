import type { BotView } from './bot-view.ts'
import type { Indicators } from './indicator.ts'
import type { SizingReadings } from './sizer.ts'

/** How what a position may cost is spread over its entries. */
export interface TranchePlan {
  readonly apiVersion: 1
  readonly id: string
  /**
   * Quote amount of the next tranche, fee included; NaN or <= 0 = none.
   *
   * @param budget - what the sizer gives the whole position
   * @param index - tranches held, at most count - 1
   * @param count - tranches the position may have
   */
  size(budget: number, index: number, count: number, view: BotView, readings?: SizingReadings): number
  /** As of a sizer. */
  indicators?(): Indicators
}
