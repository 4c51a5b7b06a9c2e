import type { EmergencyStopReport } from '../contracts/engine.ts'
import type { EventLoop } from '../engine/event-loop.ts'
import { isFinal } from '../engine/order-machine.ts'
import type { EpochMs } from '../model/time.ts'
import type { JournalBuffer } from './journal-buffer.ts'

export interface GateClosing {
  readonly nowMs: EpochMs
  readonly latencyMs: number
  readonly cancelOpenOrders: boolean
  readonly reason: string
}

/** Latches the emergency stop durably, cancels what works if asked to, and says what became of it. */
export function closeGate(
  loop: EventLoop,
  journal: Pick<JournalBuffer, 'flush'>,
  { nowMs, latencyMs, cancelOpenOrders, reason }: GateClosing,
): EmergencyStopReport {
  const { state } = loop.kernel
  const working = [...state.durable.working.values()]
  loop.command({ kind: 'emergencyStop', cancelOpenOrders, reason }, nowMs)
  journal.flush()
  const gateClosedAtMs = state.nowMs
  // The simulated venue answers in its own time; its answers are due at most one latency later.
  if (cancelOpenOrders) loop.advance((gateClosedAtMs + latencyMs) as EpochMs)
  journal.flush()
  return {
    gateClosedAtMs,
    cancelled: working.filter((order) => order.state === 'cancelled').map((order) => order.clientOrderId),
    unresolved: working.filter((order) => !isFinal(order.state)).map((order) => order.clientOrderId),
  }
}
