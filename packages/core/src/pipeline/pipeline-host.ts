import type { Alert } from '../contracts/engine.ts'
import type { Json } from '../model/json.ts'
import type { OrderState, OrderType, Side } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { BlockerCode } from '../safety/blocker-codes.ts'
import type { BlockerIndex } from './blocker-index.ts'
import type { MemoryCell } from './memory-cell.ts'
import type { MutablePortfolio } from './views.ts'

/** What a stage must know of an order that works. */
export interface WorkingOrder {
  readonly clientOrderId: string
  readonly venueOrderId: string | undefined
  readonly instrument: string
  readonly side: Side
  readonly type: OrderType
  readonly state: OrderState
}

/** Which of a candle's extremes a run takes to have come first: the high (good for what is held), or the low (bad for it). */
export type IntrabarOrder = 'highFirst' | 'lowFirst'

/** What the stages see of the kernel: time, the account's mirrors and a way to raise an alert. No money, no journal. */
export interface PipelineHost {
  readonly nowMs: EpochMs
  readonly blockers: BlockerIndex
  readonly portfolio: MutablePortfolio
  /** Shut until the first successful reconcile. */
  readonly gateOpen: boolean
  /** False in a live run whose account does not say that it is meant to be one. */
  readonly environmentAllowed: boolean
  /** End of the UTC day on which the daily loss limit was reached; undefined when it was not. */
  readonly lossUntilMs: number | undefined
  /** A person paused all bots. */
  readonly accountPaused: boolean
  /** Why nothing leaves; undefined while trading is not halted. */
  readonly haltCode: BlockerCode | undefined
  /** True while a circuit breaker is tripped. */
  tripped(breakerId: string): boolean
  /** A rule that is not the library's stopped the account until a person resets it. */
  readonly ruleTripped: boolean
  /** When a tripped breaker resets if nothing more happens; NaN when it waits for a person. */
  breakerUntilMs(breakerId: string): number
  /** Which of a candle's extremes came first, where a run assumes one order; undefined where nothing is assumed. */
  readonly intrabar: IntrabarOrder | undefined
  /** Candles in which that order made a difference to an exit. */
  ambiguousCandles: number
  evaluations: number
  alert(code: string, severity: Alert['severity'], detail: string, botId?: string): void
  /** Raises an alert about a plugin that threw: once, until it is told something else. */
  pluginFailed(code: string, plugin: string, error: unknown, botId: string): void
  cancel(order: WorkingOrder): void
  /**
   * Takes over the state that a strategy handed over and writes it down, when it is another one than before.
   *
   * @throws TypeError when it is not plain data or does not fit the strategy's schema
   */
  remember(botId: string, strategyId: string, memory: MemoryCell, next: Json): void
}
