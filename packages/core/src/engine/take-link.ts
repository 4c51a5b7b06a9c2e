import type { LinkEvent } from '../contracts/events.ts'
import type { KernelState } from './kernel-state.ts'

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
}
