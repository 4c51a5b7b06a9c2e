import type { Alert, Logger } from '../contracts/engine.ts'
import type { TradingKernel } from '../engine/kernel.ts'
import type { Order } from '../engine/order-machine.ts'
import { fillRecord, orderRecord } from '../engine/settle.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import type { Decision } from '../model/decision.ts'
import { positionRecord } from './engine-state.ts'
import type { Hub } from './hub.ts'
import type { RecentLists } from './recent-lists.ts'

/** What the kernel told, on its way out: it waits here until the journal holds what it speaks of. */
export class Outputs {
  orders = 0
  fills = 0
  private pending: (() => void)[] = []
  private readonly hub: Hub
  private readonly recent: RecentLists
  private readonly kernel: () => TradingKernel
  private readonly logger: Logger | undefined

  constructor(hub: Hub, recent: RecentLists, kernel: () => TradingKernel, logger: Logger | undefined) {
    this.hub = hub
    this.recent = recent
    this.kernel = kernel
    this.logger = logger
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
