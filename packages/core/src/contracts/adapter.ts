import type { Decimal } from 'decimal.js'
import type { Environment } from '../model/environment.ts'
import type { Exchange, FeeRates } from './exchange.ts'
import type { MarketSource } from './market-source.ts'

/** What a run asks an adapter for. */
export interface AdapterRequest {
  /** As in `BTC-USD`: the pairs of the bots. */
  readonly instruments: readonly string[]
  /** Lengths of the bots' candles. */
  readonly timeframesMs: readonly number[]
  readonly environment: Environment
  /** Starting cash and fees of the configuration, for venues that only simulate. */
  readonly cash: Readonly<Record<string, Decimal>>
  readonly fees: FeeRates
  /** `--seed` of the run. */
  readonly seed: number
  /** Event time after which the market is to end (`--until`); undefined = it goes on. */
  readonly untilMs: number | undefined
}

/** What a module exports to be named by `millrace run --market` or `--exchange`: at least one of the two. */
export interface Adapter {
  readonly apiVersion: 1
  readonly id: string
  /** Opens prices. Must reject, and not wait, when the venue cannot be reached. */
  openMarket?(request: AdapterRequest): MarketSource | Promise<MarketSource>
  /** Opens a venue for real orders: its `environment` is `live`. */
  openExchange?(request: AdapterRequest): Exchange | Promise<Exchange>
}
