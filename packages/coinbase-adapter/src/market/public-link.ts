import type { Clock, Duration, LinkEvent } from '@millrace/core'
import { durationMs, systemClock } from '@millrace/core'
import { Subject } from 'rxjs'
import { createTokenBucket } from '../limits/token-bucket.ts'
import type { TokenBucket } from '../limits/token-bucket.ts'
import type { HttpOptions } from '../rest/http.ts'
import { createRestClient } from '../rest/rest-client.ts'
import type { RestClient } from '../rest/rest-client.ts'
import { createVenueClock } from './server-time.ts'
import type { VenueClock } from './server-time.ts'

/** Requests at once, and requests a second after that. */
export interface Budget {
  readonly capacity: number
  readonly perSecond: number
}

/** Where Coinbase is and how patient the connection is; every part has a default. */
export interface CoinbaseMarketOptions {
  /** `https://api.coinbase.com` by default; http is taken for this machine only. */
  readonly baseUrl?: string
  /** The public WebSocket by default. */
  readonly socketUrl?: string
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** 0 <= r < 1, for pauses between tries; `Math.random` by default. */
  readonly random?: () => number
  /** Longest wait for one answer in ms; 10,000 by default. */
  readonly timeoutMs?: number
  /** Silence of the WebSocket in ms after which it counts as dead; 5,000 by default: the venue sends a heartbeat every second. */
  readonly silenceMs?: number
  /** Of requests that need no key, which the venue counts by address; 5 at once and a second by default. */
  readonly budget?: Budget
  /** The stream ends after this much time, as in `'24h'`; without it, never. */
  readonly until?: Duration
}

/** What market and exchange have in common: one clock, one budget for what needs no key, one comparison with the venue's time. */
export interface PublicLink {
  readonly clock: Clock
  readonly random: () => number
  readonly silenceMs: number
  readonly http: HttpOptions
  readonly rest: RestClient
  readonly bucket: TokenBucket
  readonly venueClock: VenueClock
  readonly stop: AbortController
  /** News of the budget. */
  readonly trouble: Subject<LinkEvent>
  readonly urls: { readonly rest: string; readonly marketSocket: string }
  readonly untilMs: number | undefined
}

/** Half of what the venue is said to allow to one address. */
const PUBLIC_BUDGET: Budget = { capacity: 5, perSecond: 5 }

export function publicLink(options: CoinbaseMarketOptions): PublicLink {
  const { baseUrl = 'https://api.coinbase.com', socketUrl = 'wss://advanced-trade-ws.coinbase.com', random = Math.random } = options
  const { clock = systemClock(), timeoutMs = 10_000, silenceMs = 5_000, until } = options
  const bucket = createTokenBucket({ ...(options.budget ?? PUBLIC_BUDGET), now: () => clock.nowMs() })
  const stop = new AbortController()
  const http = { clock, fetch: options.fetch ?? fetch, timeoutMs, maxBody: 64 * 1024 * 1024 }
  const trouble = new Subject<LinkEvent>()
  const rest = createRestClient({ baseUrl, http, bucket, offsetMs: () => 0, random, onRefused: tellRefusal(trouble) })
  return {
    clock,
    random,
    silenceMs,
    http,
    rest,
    bucket,
    venueClock: createVenueClock(rest, clock, stop.signal),
    stop,
    trouble,
    urls: { rest: baseUrl, marketSocket: socketUrl },
    untilMs: until === undefined ? undefined : durationMs(until),
  }
}

/** Makes an event of a refusal for too many requests. */
export const tellRefusal =
  (trouble: Subject<LinkEvent>) =>
  (waitMs: number): void =>
    trouble.next({ type: 'rateLimited', detail: `Coinbase asks for fewer requests: none for ${waitMs} ms` })
