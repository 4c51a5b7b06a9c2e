import type { TradingKernel } from './kernel.ts'

/**
 * Brings journal and simulated venue together at start. The venue lives in this process and is folded from the journal:
 * an order without its acknowledgement never reached it, so it is taken back and its money is free again.
 */
export function reconcileSimulated(kernel: TradingKernel, trigger: string): void {
  const { durable } = kernel.state
  const differences: string[] = []
  for (const order of [...durable.working.values()]) {
    if (order.venueOrderId !== undefined) continue
    differences.push(`order ${order.clientOrderId} (${order.botId}, ${order.state}) never reached the simulated venue`)
    kernel.record('orderEvent', order.botId, {
      clientOrderId: order.clientOrderId,
      state: 'rejected',
      filledQuantity: order.filledQuantity,
      reason: 'NEVER_REACHED_VENUE',
    })
  }
  kernel.record('reconciled', undefined, { trigger, differences })
}
