import type { Intent } from '../model/intent.ts'
import type { ConfiguredRule } from './configured-rule.ts'

/** `source` of the one intent that leaves while trading is halted: an explicit flatten by a person. */
export const FLATTEN_SOURCE = 'flatten'

/** True for the explicit flatten: a manual reduce or close with that source. */
export const isFlatten = (intent: Intent): boolean =>
  intent.origin === 'manual' && intent.source === FLATTEN_SOURCE && (intent.kind === 'close' || intent.kind === 'reduce')

/**
 * Denies everything, exits included, while the emergency stop is on, except an explicit flatten. Code `EMERGENCY_STOP`. The engine always has it.
 *
 * @example
 * ```ts
 * emergencyLatch().appliesTo // => 'all'
 * ```
 */
export function emergencyLatch(): ConfiguredRule {
  return {
    apiVersion: 1,
    id: 'emergency-latch',
    code: 'EMERGENCY_STOP',
    appliesTo: 'all',
    unit: 'none',
    params: {},
    check(intent, view, verdict) {
      verdict.require(view.portfolio.emergencyStop && !isFlatten(intent) ? -1 : 0)
    },
    describe: () => 'the emergency stop is on; rearm ends it',
  }
}
