import type { CandleColumns } from '../model/candle.ts'
import type { Decision } from '../model/decision.ts'
import type { Json } from '../model/json.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotView } from './bot-view.ts'
import type { Effect, KernelEvent } from './events.ts'
import type { JournalEntry } from './journal.ts'

/** One mutable frame per bot, owned by the kernel; stages write, everyone else reads. Integer codes, not strings. */
export interface Frame {
  readonly botIndex: number
  readonly view: BotView
  outcome: number
  side: -1 | 0 | 1
  score: number
  /** Index into the kernel's list of blocker codes; 0 = none. */
  blocker: number
  /** Index + 1 of the exit rule that fired; 0 = none. */
  exit: number
  hasIntent: boolean
}

/** The engine's sink: called synchronously, so that a step that records nothing allocates nothing. */
export interface KernelSink {
  entry(entry: JournalEntry): void
  effect(effect: Effect): void
  /** Materialised decisions, by the record mode; undefined while nobody looks, because materialising costs more than deciding. */
  readonly decision?: ((decision: Decision) => void) | undefined
}

/** The state of a kernel as plain data; the state of the venue is not in it. */
export interface KernelSnapshot {
  readonly version: 1
  readonly seq: number
  readonly hash: string
  readonly bots: Readonly<Record<string, Json>>
  readonly portfolio: Json
}

/** The synchronous, deterministic heart: one event in, journal entries and effects out. */
export interface Kernel {
  step(event: KernelEvent, nowMs: EpochMs, sink: KernelSink): void
  /** Backtest fast path, same stages: rows from..to of closed candles of one instrument. */
  run(instrument: string, timeframeMs: number, columns: CandleColumns, from: number, to: number, sink: KernelSink): void
  /** The level in place, materialised now. */
  explain(botId: string): Decision
  snapshot(): KernelSnapshot
  restore(snapshot: KernelSnapshot): void
  /** Head of the journal's hash chain. */
  readonly journalHash: string
  /** Fast hash over levels, fills and states of strategies: two 32-bit lanes, 16 hex digits. */
  readonly hash: string
}
