/** One thing wrong with a configuration: where, what was expected, what was found. */
export interface ConfigProblem {
  /** Dotted path, as in `bots[3].confirm`. */
  readonly path: string
  readonly expected: string
  readonly received: string
}

/** Thrown by `bot()`, `createEngine()`, `backtest()` and the configuration parser with every problem found. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]
  constructor(problems: readonly ConfigProblem[]) {
    super(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the configuration:\n${problems.map((p) => `  ${p.path}: expected ${p.expected}, received ${p.received}`).join('\n')}`,
    )
    this.problems = problems
  }
}

/** The stable codes of an `EngineError`. */
export type EngineErrorCode =
  | 'WRONG_ENVIRONMENT'
  | 'STORE_LOCKED'
  | 'STORE_NEWER'
  | 'STORE_CORRUPT'
  | 'NODE_TOO_OLD'
  | 'JOURNAL_FAILED'
  | 'INVARIANT_VIOLATED'
  | 'STORE_MISMATCH'
  | 'ORPHANED_POSITION'
  | 'STRATEGY_STATE'
  | 'NOT_RUNNING'
  | 'MARKET_FAILED'
  | 'RECONCILE_FAILED'
  | 'UNKNOWN_BOT'
  | 'UNKNOWN_BREAKER'
  | 'NOT_EXPLAINABLE'
  | 'NO_STORE'

/** A failure with a stable code. Messages never hold secrets. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  readonly code: EngineErrorCode
  constructor(code: EngineErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
