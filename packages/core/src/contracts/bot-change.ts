import type { Difference } from '../model/differences.ts'
import type { Json } from '../model/json.ts'

/** One bot as it is now. */
export interface BotInForce {
  readonly id: string
  /** Every number of it, as `botJson` gives it. */
  readonly config: Json
  /** True when it was added while running and does not stand in the configuration. */
  readonly added: boolean
  /** The settings that were edited while running, as they were given; empty when none was. */
  readonly edited: Readonly<Record<string, Json>>
}

/** What came of adding, editing or retiring a bot. */
export interface BotChangeReport {
  readonly bot: BotInForce
  /** Every value that is another one now. */
  readonly changes: readonly Difference[]
  /** The hash of the configuration in force from here on: it is stored with every order. */
  readonly configHash: string
  /** What is possible but unwise, one sentence each. */
  readonly warnings: readonly string[]
}

/** All bots as they are now. */
export interface BotsInForce {
  /** Hash of the configuration in force: another one than `configuredHash` when bots were added or edited while running. */
  readonly hash: string
  readonly configuredHash: string
  readonly bots: readonly BotInForce[]
}
