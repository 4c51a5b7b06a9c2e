import type { LinkEvent } from '../contracts/events.ts'
import type { KernelState } from './kernel-state.ts'
import { recordLatch } from './trading-state.ts'

const alertOf = {
  ready: 'LINK_READY',
  gap: 'LINK_GAP',
  down: 'LINK_DOWN',
  error: 'LINK_ERROR',
  rateLimited: 'RATE_LIMITED',
  revised: 'CANDLE_REVISED',
} as const

/** Takes what a connection says of itself: trouble becomes an alert, the measured difference of the clocks becomes a reading of every instrument. */
export function takeLink(state: KernelState, event: LinkEvent): void {
  if (event.type === 'clock') {
    for (const { market } of state.instruments.values()) market.clockSkewMs = event.skewMs
    return
  }
  state.alert(alertOf[event.type], event.type === 'ready' ? 'info' : 'warning', event.detail)
  if (event.code === 'keyRefused' || event.code === 'keyForbidden') haltForKey(state, event.detail)
}

/** A key that was revoked or lost a right: asking on and on would only be refused again, and perhaps be taken for an attack. */
function haltForKey(state: KernelState, detail: string): void {
  if (state.durable.latches.haltedBy === 'emergencyStop') return
  recordLatch(state, { reason: 'emergencyStop', untilMs: null })
  state.alert('KEY_REFUSED', 'critical', `${detail}: trading is halted; look at the key, then re-arm`)
}
