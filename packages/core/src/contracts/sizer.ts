import type { BotView } from './bot-view.ts'
import type { Indicators } from './indicator.ts'

/** What a sizer or a tranche plan sees of the indicators it declares, by their keys; as of the bot's last closed candle. */
export type SizingReadings = Readonly<Record<string, { readonly value: unknown }>>

/** How large an entry is. The plugin contract for sizing. */
export interface Sizer {
  readonly apiVersion: 1
  readonly id: string
  /** Quote amount for an entry, fee included; of the whole position when the bot has a tranche plan. NaN or <= 0 = no trade, recorded as SIZE_ZERO. */
  size(score: number, view: BotView, readings?: SizingReadings): number
  /** Fresh indicators for one bot: fed with its closed candles, and part of its warm-up, its history at start and its snapshot. */
  indicators?(): Indicators
  /** How the amount comes about, for a person. */
  describe?(score: number, view: BotView, readings?: SizingReadings): string
}
