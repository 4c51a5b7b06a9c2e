import type { EntryData } from './journal/entry-data.ts'
import type { KernelState } from './kernel-state.ts'

/** Writes a latch down, with the trading state that it leads to, and lets the mirrors follow. */
export function recordLatch(state: KernelState, latch: Omit<EntryData['latch'], 'state'>, botId?: string): void {
  state.record('latch', botId, { ...latch, state: state.durable.latches.stateAfter(latch, state.nowMs) })
  refreshTradingState(state)
}

export function refreshTradingState(state: KernelState): void {
  const { latches } = state.durable
  const name = latches.state
  state.portfolio.tradingState = name === 'halted' ? 2 : name === 'reducing' ? 1 : 0
  state.portfolio.emergencyStop = latches.halted
}
