import type { Analytics, EngineState, EquityPoint, RoundTripRecord } from '@millrace/core'

/** What trading and prices made of the account since a valuation. */
interface GainSince {
  readonly fromMs: number
  readonly fromEquity: string
  readonly gain: string
  readonly returnPercent: number | undefined
}

/** `GET /portfolio`. */
export interface Portfolio {
  readonly quoteCurrency: string
  readonly atMs: number
  readonly equity: string
  readonly today: GainSince | undefined
  readonly lastDay: GainSince | undefined
}

/** `GET /bots/capacity`. */
export interface Capacity {
  readonly botId: string
  readonly wantedQuote: number
  readonly byCash: number
  readonly byRules: readonly { readonly rule: string; readonly left: number }[]
  readonly left: number
}

/** `GET /status`. */
export interface ServiceStatus {
  readonly status: 'ok' | 'warning' | 'bad'
  readonly parts: readonly { readonly part: string; readonly status: 'ok' | 'warning' | 'bad'; readonly detail: string }[]
}

/** `GET /cache/stats`. */
export interface CacheStats {
  readonly available: boolean
  readonly stats:
    | {
        readonly requests: number
        readonly hits: number
        readonly coalesced: number
        readonly misses: number
        readonly evictions: number
        readonly size: number
        readonly hitRate: number
        readonly callsLastMinute: number
        readonly refusals: number
      }
    | undefined
}

/** `GET /activity`. */
export interface Activity {
  readonly items: readonly { readonly seq: number; readonly atMs: number; readonly type: string; readonly botId: string | undefined; readonly data: unknown }[]
}

/** Everything that numbers of the page come from, by the first part of their source. */
export interface Sources {
  readonly state: EngineState | undefined
  readonly portfolio: Portfolio | undefined
  readonly equity: { readonly points: readonly EquityPoint[] } | undefined
  readonly capacity: { readonly items: readonly Capacity[] } | undefined
  readonly performance: Pick<Analytics, 'byBot' | 'byDay' | 'byStrategy' | 'advice' | 'paidIn'> | undefined
  readonly trips: { readonly items: readonly RoundTripRecord[] } | undefined
  readonly cache: CacheStats | undefined
}

/** Where each source is read. */
export const sourcePaths = {
  state: '/state',
  portfolio: '/portfolio',
  equity: '/equity',
  capacity: '/bots/capacity',
  performance: '/performance',
  trips: '/round-trips?limit=50',
  cache: '/cache/stats',
} as const satisfies Readonly<Record<keyof Sources, string>>

const idNames = ['id', 'botId', 'fillId', 'trancheId', 'day', 'strategy'] as const

/** An id as a part of a source, which has slashes of its own. */
export const idOf = (id: unknown): unknown => (typeof id === 'string' ? id.replaceAll('/', '~') : id)

/**
 * Reads the value of a source such as `state/bots/btc/position/cost`: a part names a member, and in a list the item of that id.
 * Undefined where the way ends.
 */
export function lookUp(data: unknown, source: string): unknown {
  let value = data
  for (const part of source.split('/')) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value))
      value =
        value.find((item: Readonly<Record<string, unknown>>) => idNames.some((name) => idOf(item[name]) === part)) ??
        (value as readonly unknown[])[Number(part)]
    else value = (value as Readonly<Record<string, unknown>>)[part]
  }
  return value
}
