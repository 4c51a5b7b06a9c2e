import type { TemperatureThresholds } from '../model/temperature.ts'
import type { ExecutionStyle } from './execution-style.ts'
import type { ExitRule } from './exit-rule.ts'
import type { SafetyRule } from './safety-rule.ts'
import type { Sizer } from './sizer.ts'
import type { TranchePlan } from './tranche-plan.ts'
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
  /** Entries a position may have; `safety` holds the rule that keeps it. With a plan the sizer's amount is that of the whole position. */
  readonly tranches?: { readonly max: number; readonly plan?: TranchePlan }
  readonly exits: readonly ExitRule[]
  /** Share of the position that a signal exit sells, above 0, at most 1. */
  readonly exitFraction: number
  /** `tranche`: a signal exit sells the oldest tranche instead. */
  readonly exitBy?: 'tranche'
  /** In declared order: the first denial is the one shown. */
  readonly safety: readonly SafetyRule[]
  readonly execution: ExecutionStyle
  /** `update`: also evaluated on unfinished candles. */
  readonly on: 'close' | 'update'
  /** True: exits only, then nothing more. */
  readonly retire?: boolean
  /** Id of a bot that is no longer configured: this one takes over its position, orders and counters. */
  readonly adopt?: string
}
