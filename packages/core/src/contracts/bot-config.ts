import type { TemperatureThresholds } from '../model/temperature.ts'
import type { ExecutionStyle } from './execution-style.ts'
import type { ExitRule } from './exit-rule.ts'
import type { SafetyRule } from './safety-rule.ts'
import type { Sizer } from './sizer.ts'
import type { Strategy } from './strategy.ts'

/** One bot with every value in place: what the engine takes. Made by `bot()` or `parseConfig()`. */
export interface BotConfig {
  readonly id: string
  readonly instrument: string
  readonly timeframeMs: number
  readonly strategy: Strategy
  /** Smallest |score| that decides a direction, above 0, at most 1. */
  readonly actionThreshold: number
  readonly temperatureThresholds: TemperatureThresholds
  /** How long a direction must hold; 0 = not at all. */
  readonly confirmMs: number
  readonly sizing: Sizer
  /** The plan of tranches; `safety` holds the rule that keeps it. */
  readonly tranches?: { readonly max: number }
  readonly exits: readonly ExitRule[]
  /** Share of the position that a signal exit sells, above 0, at most 1. */
  readonly exitFraction: number
  /** In declared order: the first denial is the one shown. */
  readonly safety: readonly SafetyRule[]
  readonly execution: ExecutionStyle
  /** `update`: also evaluated on unfinished candles. */
  readonly on: 'close' | 'update'
  /** True: exits only, then nothing more. */
  readonly retire?: boolean
}
