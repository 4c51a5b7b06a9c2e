import type { DeterminismException } from './determinism.ts'
import type { SizeException } from './sizes.ts'

/** Every file and function over the limits, with its reason. */
export const sizeExceptions: readonly SizeException[] = [
  {
    path: 'packages/core/src/simulation/simulated-venue/simulated-venue.ts',
    reason: 'one state machine: accepting, matching, balances and orders already stand in files of their own',
  },
  { path: 'packages/core/src/index.ts', reason: 'one list of everything that is public: in pieces a name could be looked for in many places' },
  { path: 'packages/indicators/src/testing/contract.ts', reason: 'one conformance kit: a list of cases that are read together' },
]

/** Every use of a banned name in deterministic code, with the reason why it cannot change a result. */
export const determinismExceptions: readonly DeterminismException[] = [
  {
    path: 'packages/core/src/runtime/explain/second-run.ts',
    name: 'setTimeout',
    reason: 'lets the engine that runs have its turn; the second run sees nothing of it',
  },
  { path: 'packages/core/src/testing/exchange-contract/cases/cancelling.ts', name: 'AbortSignal', reason: 'a call that was stopped before it began' },
  { path: 'packages/core/src/testing/exchange-contract/cases/sending.ts', name: 'AbortSignal', reason: 'a call that was stopped before it began' },
  { path: 'packages/core/src/testing/plugins/without-clock.ts', name: 'Math', reason: 'takes chance away from a plugin under test, and puts it back' },
  { path: 'packages/core/src/engine/hashing.ts', name: 'globalThis', reason: 'asks for the faster of two equal SHA-256s' },
  { path: 'packages/core/src/testing/faults/virtual-time.ts', name: 'setImmediate', reason: 'lets promises go on between two moments of virtual time' },
  { path: 'packages/core/src/testing/plugins/without-clock.ts', name: 'globalThis', reason: 'takes the clock away from a plugin under test, and puts it back' },
]

/** Public exports without a TSDoc sentence, or functions without an example. Lower it with every one that gets its own; it never rises. */
export const documentationDebt = 0
