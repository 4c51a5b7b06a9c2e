import { isFlatten } from './emergency-latch.ts'
import type { ConfiguredRule } from './configured-rule.ts'

/**
 * Denies entries while trading is `reducing`, and everything but an explicit flatten while it is `halted`. Code `TRADING_STATE`. The engine always has it.
 *
 * @example
 * ```ts
 * tradingStateGate().code // => 'TRADING_STATE'
 * ```
 */
export function tradingStateGate(): ConfiguredRule {
  return {
    apiVersion: 1,
    id: 'trading-state',
    code: 'TRADING_STATE',
    appliesTo: 'all',
    unit: 'none',
    params: {},
    check(intent, view, verdict) {
      const state = view.portfolio.tradingState
      const isEntry = intent.kind === 'open' || intent.kind === 'add'
      const stopped = state === 2 ? !isFlatten(intent) : state === 1 && isEntry
      verdict.require(stopped ? -1 : 0)
    },
    describe: () => 'trading is paused or reducing: exits only',
  }
}
