/** Stamped on every record. No environment variable selects `live`. */
export type Environment = 'backtest' | 'paper' | 'live'

/** `reducing`: entries off, exits on. `halted`: nothing leaves but cancels and an explicit flatten. */
export type TradingState = 'active' | 'reducing' | 'halted'

/** Integer codes of the trading states, by position. */
export const tradingStates: readonly TradingState[] = ['active', 'reducing', 'halted']
