import type { EpochMs } from '../model/time.ts'
import type { KernelState } from './kernel-state.ts'

/** Cancels what has waited as long as it was to wait. The venue was told that time as well; this is for one that is late, or does not know such orders. */
export function expireOrders(state: KernelState): void {
  for (const order of state.durable.working.values()) {
    if (order.expireAtMs === undefined || state.nowMs < order.expireAtMs) continue
    const bot = state.botsById.get(order.botId)
    if (bot === undefined || bot.cancelAsked === order.clientOrderId) continue
    bot.cancelAsked = order.clientOrderId
    state.cancel(order)
  }
}

/** After a start: orders that still work wait to the end of the same time. */
export function wakeForOrders(state: KernelState): void {
  for (const { expireAtMs } of state.durable.working.values())
    if (expireAtMs !== undefined) state.sink.effect({ type: 'wakeAt', atMs: Math.max(expireAtMs, state.nowMs) as EpochMs })
}
