import type { Change } from '../model/decision.ts'
import type { EpochMs } from '../model/time.ts'

/** One thing that stands between a bot and its next entry. */
export interface ReadinessBlocker {
  /** `strategy`, `confirmation`, `sizing`, `engine`, or the id of a safety rule. */
  readonly gate: string
  /** Of the closed list, or a plugin's own `x-…`. */
  readonly code: string
  /** Distance to what is needed, in `unit`; negative = missing. */
  readonly margin: number
  readonly unit: string
  /** When it ends by itself. */
  readonly untilMs?: EpochMs
  readonly detail: string
  /** What ends it, in words; empty for a plugin's own code. */
  readonly needs: string
  /** What ends it, as the one number that would have to be another; undefined when it takes more than a number. */
  readonly needed: Change | undefined
}

/** Whether a bot could enter at this moment, from the gates and rules that trading itself asks. */
export interface Readiness {
  /** True when an entry that the strategy wants now, at this score and confirmed, would leave as an order. */
  readonly canTrade: boolean
  readonly atMs: EpochMs
  /** All that hold, the primary reason first: what the strategy waits for, the engine's own gates, then the rules in declared order. */
  readonly blockers: readonly ReadinessBlocker[]
}
