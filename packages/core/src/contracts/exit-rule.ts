import type { PositionView } from '../model/position.ts'
import type { BotView } from './bot-view.ts'

/** Runs on every update before the strategy and is never gated by entry limits. Pure: high-water marks are in the view. */
export interface ExitRule {
  readonly apiVersion: 1
  readonly id: string
  /** Share of the position to close, 0..1; 0 = stay. */
  check(position: PositionView, view: BotView): number
  /** The price at which the rule would fire inside a candle (NaN: only at the close). In candle-only runs it is hit when the candle passes it. */
  trigger?(position: PositionView, view: BotView): number
  describe?(position: PositionView, view: BotView): string
}
