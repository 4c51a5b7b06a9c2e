import type { Exchange, MarketSource } from '@millrace/core'

/**
 * What this package will offer. Types only: nothing here connects to anything, and there is no value to import by mistake;
 * `millrace run --market coinbase` says so and exits with code 3.
 */
export interface CoinbaseConnection {
  /** Public prices and candles; needs no key. */
  readonly market: MarketSource
  /** Orders, fills and balances of one account; undefined without a key. */
  readonly exchange: Exchange | undefined
}
