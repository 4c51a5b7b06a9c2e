import type { Alert, EngineState, Logger } from '../contracts/engine.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import type { Order } from '../engine/order-machine.ts'
import { fillRecord, orderRecord } from '../engine/settle.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { Decision } from '../model/decision.ts'
import { positionRecord } from './engine-state.ts'
import { Hub } from './hub.ts'
import { ListenerFailures } from './listener-failures.ts'
import { RecentLists } from './recent-lists.ts'
import { takeUnhandled } from './unhandled.ts'

/** Everything that a run tells: what the kernel told waits here until the journal holds what it speaks of. */
export class Outputs {
  readonly hub: Hub
  readonly recent = new RecentLists()
  orders = 0
  fills = 0
  private pending: (() => void)[] = []
  private readonly failures: ListenerFailures
  private readonly kernel: () => TradingKernel
  private readonly logger: Logger | undefined
  private giveUnhandledBack: () => void = () => undefined

  /** @param broken - told of a listener that threw, but not of one for alerts: that would be its own next call */
  constructor(kernel: () => TradingKernel, logger: Logger | undefined, broken: (detail: string) => void) {
    this.kernel = kernel
    this.logger = logger
    this.failures = new ListenerFailures(logger, broken)
    this.hub = new Hub((error, event) => this.failures.take(error, event))
  }

  /** From here on what subscribers throw comes to this run. */
  open(): void {
    this.giveUnhandledBack = takeUnhandled((error) => this.failures.take(error))
  }

  readonly decision = (decision: Decision): void => {
    this.pending.push(() => this.hub.emit('decision', decision))
  }

  order(order: Order): void {
    if (order.state === 'intent') this.orders++
    if (!this.hub.order.isObserved) return
    const record = orderRecord(order)
    this.pending.push(() => this.hub.emit('order', record))
  }

  fill(result: FillResult, order: Order): void {
    this.fills++
    this.recent.fill(result, order)
    if (!this.hub.fill.isObserved && !this.hub.position.isObserved) return
    const fill = fillRecord(result, order)
    this.pending.push(() => {
      this.hub.emit('fill', fill)
      if (this.hub.position.isObserved) this.hub.emit('position', positionRecord(this.kernel(), fill.botId))
    })
  }

  alert(alert: Alert): void {
    this.recent.alert(alert)
    this.pending.push(() => this.hub.emit('alert', alert))
    const text = `${alert.code}: ${alert.detail}`
    const fields = alert.botId === undefined ? {} : { botId: alert.botId }
    if (alert.severity === 'info') this.logger?.info(text, fields)
    else if (alert.severity === 'warning') this.logger?.warn(text, fields)
    else this.logger?.error(text, fields)
  }

  /** Nothing is told any more. */
  close(): void {
    this.hub.complete()
    // RxJS reports what a subscriber threw a moment later, also of the last thing that it was told.
    setTimeout(this.giveUnhandledBack, 0)
  }

  /** A state that cannot be made, because the market cannot describe itself, say, is no reason to stop. */
  state(make: () => EngineState): void {
    try {
      this.hub.emit('state', make())
    } catch (error) {
      this.failures.take(error)
    }
  }

  /** What was said of a step that did not come to be. */
  discard(): void {
    this.pending = []
  }

  flush(): void {
    while (this.pending.length > 0) {
      const pending = this.pending
      this.pending = []
      for (const emit of pending) emit()
    }
  }
}
