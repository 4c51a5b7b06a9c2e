import { randomBytes } from 'node:crypto'
import type { Clock, Duration } from '@millrace/core'
import { createSigner } from './auth/signer.ts'
import type { Signer } from './auth/signer.ts'
import type { Credentials } from './auth/credentials.ts'
import { exchangeOver } from './coinbase-exchange.ts'
import type { CoinbaseExchange, CoinbaseExchangeOptions } from './coinbase-exchange.ts'
import { marketOver } from './coinbase-market.ts'
import type { CoinbaseMarket } from './coinbase-market.ts'
import { publicLink } from './market/public-link.ts'
import type { Budget } from './market/public-link.ts'

/** Where Coinbase is; another venue of the kind, such as the simulator, has three addresses as well. */
export interface CoinbaseUrls {
  /** `https://api.coinbase.com` by default; http is taken for this machine only. */
  readonly rest?: string
  readonly marketSocket?: string
  readonly userSocket?: string
}

/** Options of market and exchange; every part has a default. */
export interface CoinbaseOptions extends CoinbaseExchangeOptions {
  readonly baseUrls?: CoinbaseUrls
  readonly clock?: Clock
  readonly fetch?: typeof fetch
  /** 0 <= r < 1, for pauses between tries; `Math.random` by default. */
  readonly random?: () => number
  /** Longest wait for one answer in ms; 10,000 by default. */
  readonly timeoutMs?: number
  /** Silence of a WebSocket in ms after which it counts as dead; 5,000 by default. */
  readonly silenceMs?: number
  /** Of requests that need no key, which the venue counts by address; 5 at once and a second by default. */
  readonly budget?: Budget
  /** The market's stream ends after this much time, as in `'24h'`; without it, never. */
  readonly until?: Duration
}

/** A key, as a signer (it travels instead of the secret) or as it was read. */
export type CoinbaseKey = { readonly signer: Signer } | { readonly credentials: Credentials }

/** Coinbase's market and, with a key, its exchange. Both share a clock and the budget of public requests. */
export interface Coinbase {
  readonly market: CoinbaseMarket
  readonly exchange: CoinbaseExchange
}

/**
 * Returns Coinbase: market data, and with a key the account. Nothing is sent before something is asked for. Check the key before you trade.
 *
 * @throws RangeError when an address is neither https nor on this machine, or the key is none
 * @example
 * ```ts
 * const { market } = coinbase()
 * await market.close()
 * const credentials = { keyName: 'key', secret: Buffer.alloc(32, 1).toString('base64') }
 * const { exchange } = coinbase({ credentials })
 * exchange.capabilities.idempotentClientOrderId // => true
 * await exchange.close()
 * ```
 */
export function coinbase(options: CoinbaseOptions & CoinbaseKey): Coinbase
export function coinbase(options?: CoinbaseOptions): Pick<Coinbase, 'market'>
export function coinbase(options: CoinbaseOptions & Partial<{ signer: Signer; credentials: Credentials }> = {}): Partial<Coinbase> & Pick<Coinbase, 'market'> {
  const { baseUrls = {}, signer, credentials } = options
  const link = publicLink({
    ...options,
    ...(baseUrls.rest !== undefined && { baseUrl: baseUrls.rest }),
    ...(baseUrls.marketSocket !== undefined && { socketUrl: baseUrls.marketSocket }),
  })
  const market = marketOver(link)
  const key = signer ?? (credentials && createSigner({ ...credentials, nonce: () => randomBytes(32).toString('hex') }))
  if (key === undefined) return { market }
  const { userSocket = 'wss://advanced-trade-ws-user.coinbase.com' } = baseUrls
  return { market, exchange: exchangeOver(link, userSocket, key, options) }
}
