import type { VenueClock } from './clock.ts'
import type { FaultPlan } from './faults/gate.ts'
import type { KeySetup } from './http/keys.ts'
import type { MarketChoice } from './market/market.ts'
import type { ProductSetup } from './market/products.ts'
import type { Depth } from './matching/book.ts'
import type { Lag } from './venue-state.ts'

/** How the venue is to be; everything but the seed has a default. */
export interface VenueOptions {
  /** The market, ids and the depth of the books follow from it. */
  readonly seed: number
  /** The machine's clock when left out. */
  readonly clock?: VenueClock
  /** Port of the REST side; market socket, user socket and control follow it. Free ports when left out. */
  readonly port?: number
  /** The ten pairs of the library's example and one more when left out. */
  readonly products?: readonly ProductSetup[]
  /** What the default portfolio has, as decimal text by currency. */
  readonly accounts?: Readonly<Record<string, string>>
  readonly keys?: readonly KeySetup[]
  /** Shares of a trade's value, as decimal text; 0.5 % and 0.9 % when left out. */
  readonly fees?: { readonly maker: string; readonly taker: string }
  /** Requests and messages a second; 30, 10, 8 and 8 when left out. */
  readonly limits?: Partial<Limits>
  readonly lag?: Partial<Lag>
  readonly market?: MarketChoice
  readonly depth?: Partial<Depth>
  /** Time between two moves of the market, in ms. */
  readonly tickMs?: number
  /** Days of candles before the start. */
  readonly historyDays?: number
  /** What goes wrong by chance; nothing when left out. */
  readonly faults?: FaultPlan
  /** Tolerance of tokens for clocks that differ, in seconds; none when left out. */
  readonly tokenToleranceS?: number
  /** Whether a token's nonce may be used once only; true when left out. */
  readonly freshNonces?: boolean
  /** A connection on which nothing is sent for so long is closed. */
  readonly idleMs?: number
  /** Bodies and messages as they were in 2023: a `client_id`, counters as text, `reject_Reason`, a `failure_reason` beside a success, no `price_increment`. */
  readonly oldDialect?: boolean
}

/** Requests and messages a second. */
export interface Limits {
  /** Of one key. */
  readonly privatePerSecond: number
  /** Of one address, without a key. */
  readonly publicPerSecond: number
  /** New sockets of one address. */
  readonly connectionsPerSecond: number
  /** Messages of one address that carry no token. */
  readonly messagesPerSecond: number
}

export const defaultLimits: Limits = { privatePerSecond: 30, publicPerSecond: 10, connectionsPerSecond: 8, messagesPerSecond: 8 }
export const defaultLag: Lag = { ordersMs: 0, fillsMs: 300, openMs: 0, cancelMs: 0 }
export const defaultDepth: Depth = { spreadBps: 2, levels: 40, stepBps: 10, valuePerLevel: 5_000 }
export const DEFAULT_FEES = { maker: '0.005', taker: '0.009' }
export const DEFAULT_TICK_MS = 250
export const DEFAULT_HISTORY_DAYS = 400
export const DEFAULT_IDLE_MS = 75_000
