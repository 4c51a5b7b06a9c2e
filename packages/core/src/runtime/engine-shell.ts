import type { Command } from '../contracts/events.ts'
import type { Store } from '../contracts/store.ts'
import type { EventLoop } from '../engine/event-loop.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import type { EpochMs } from '../model/time.ts'
import type { EngineSettings } from './engine-settings.ts'
import type { Checkpoints } from './explain/checkpoints.ts'
import type { JournalBuffer } from './journal-buffer.ts'
import type { LiveAccount } from './live/live-account.ts'
import type { MarketFeed } from './market-feed.ts'
import type { AnalyticsOfStore } from './past-analytics.ts'

/** Where an engine is in its life; none comes twice. */
export type Phase = 'new' | 'starting' | 'running' | 'ending' | 'ended'

/** What the commands and questions of an engine, each in a file of its own, need of the shell that they belong to. */
export interface EngineShell {
  readonly settings: EngineSettings
  readonly phase: Phase
  /** There as soon as a start has read the store, like loop and journal. */
  readonly kernel: TradingKernel
  readonly loop: EventLoop
  readonly journal: JournalBuffer
  /** Undefined: nothing is written down. */
  readonly store: Store | undefined
  /** Where the store tells of what is over. */
  readonly past: AnalyticsOfStore | undefined
  /** The account at a real venue; undefined with a simulated one. */
  readonly live: LiveAccount | undefined
  readonly feed: MarketFeed
  readonly checkpoints: Checkpoints
  nowMs(): EpochMs
  /** @throws EngineError `NOT_RUNNING` */
  assertRunning(): void
  /** Runs something between events: never inside another one, so a subscriber's command waits its turn. */
  run(action: () => void): void
  /** Runs between events and promises the result; a failure rejects the promise and ends the engine. */
  ask<T>(action: () => T): Promise<T>
  /** Between events only. */
  command(command: Command): void
  /** The run cannot go on. */
  fail(error: unknown): void
}
