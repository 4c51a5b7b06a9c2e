import type { PositionView } from '../model/position.ts'
import type { BotView } from './bot-view.ts'

/** Runs on every update before the strategy and is never gated by entry limits. Pure: high-water marks are in the view. */
export interface ExitRule {
  readonly apiVersion: 1
  readonly id: string
  /** Share of the position to close, 0..1; 0 = stay. */
  check(position: PositionView, view: BotView): number
  /**
   * The price at which the rule would fire inside a candle (NaN: only at the close). In candle-only runs the candle hits it on its way
   * from its open: falling onto it (`stop`), filled at the worse of open and trigger, or rising to it (`profit`), filled at the trigger.
   */
  trigger?(position: PositionView, view: BotView): number
  /** From which side the trigger is reached; `stop` when left out. */
  readonly triggerKind?: 'stop' | 'profit'
  /** Share of the position that a hit trigger closes, above 0, at most 1; 1 when left out. */
  readonly triggerFraction?: number | ((position: PositionView, view: BotView) => number)
  /** True for a rule that reads the extremes of the position: they are then journalled as they change, so that a restart continues with them. */
  readonly usesExtremes?: boolean
  describe?(position: PositionView, view: BotView): string
}
