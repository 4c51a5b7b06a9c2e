import type { BotView } from './bot-view.ts'

export interface Sizer {
  readonly apiVersion: 1
  readonly id: string
  /** Quote amount for an entry, fee included. NaN or <= 0 = no trade, recorded as SIZE_ZERO. */
  size(score: number, view: BotView): number
}
