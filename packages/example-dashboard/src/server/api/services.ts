import type { Engine } from '@millrace/core'
import type { Access } from '../access/access.ts'
import type { EventLog } from '../event-log.ts'
import type { StreamPace } from '../event-stream.ts'
import type { History } from './history.ts'
import type { PriceRing } from '../price-ring.ts'
import type { LogRing } from './log-ring.ts'

/** What a market's connection has done, where it keeps count. */
interface MarketStats {
  readonly cache: {
    readonly requests: number
    readonly hits: number
    readonly coalesced: number
    readonly misses: number
    readonly evictions: number
    readonly size: number
    readonly hitRate: number
  }
  readonly requests: { readonly lastMinute: number; readonly refusals: number }
  readonly clockOffsetMs: number | undefined
}

/** A market that counts what it reads: its cache can be looked at and emptied. */
export interface CountedMarket {
  stats(): MarketStats
  resetCache(): void
}

/** Everything a route may use. */
export interface Services {
  readonly engine: Engine
  readonly log: EventLog
  readonly history: History
  readonly access: Access
  readonly pace: StreamPace
  /** Pages and questions that are open now. */
  readonly counter: { streams: number; explains: number }
  /** Undefined: this market reads nothing through a cache. */
  readonly market: CountedMarket | undefined
  readonly logs: LogRing
  readonly prices: PriceRing
  /** How late this process is, in ms: the largest of the last minute. */
  readonly lagMs: () => number
  /** The document of all routes. */
  readonly document: () => unknown
}

/** True for a market that counts what it reads. */
export const isCounted = (market: object): market is CountedMarket => 'stats' in market && 'resetCache' in market
