import type { EpochMs, Exchange, ExchangeCapabilities, OrderRequest } from '@millrace/core'
import { ReplaySubject, merge, share, takeUntil } from 'rxjs'
import { fetchBalances } from './account/account-facts.ts'
import { fetchKeyPermissions, refuseUnsafeKey } from './account/key-permissions.ts'
import type { KeyPermissions } from './account/key-permissions.ts'
import { privateLink } from './account/private-link.ts'
import type { RawMessage } from './account/private-link.ts'
import { rulesAndFees } from './account/rules-and-fees.ts'
import type { Signer } from './auth/signer.ts'
import type { BucketStats } from './limits/token-bucket.ts'
import type { Budget, PublicLink } from './market/public-link.ts'
import { cancelOrder } from './orders/cancel-order.ts'
import { fetchFillHistory, fetchFills } from './orders/fetch-fills.ts'
import type { FillHistory, FillParts } from './orders/fetch-fills.ts'
import { findOrder, liveOrders, orderHistory } from './orders/find-order.ts'
import type { FindParts, Trouble } from './orders/find-order.ts'
import { instrumentNames } from './orders/instrument-names.ts'
import { createKnownOrders } from './orders/known-orders.ts'
import { previewOrder } from './orders/preview-order.ts'
import type { OrderPreview } from './orders/preview-order.ts'
import { submitOrder } from './orders/submit-order.ts'
import type { SubmitParts } from './orders/submit-order.ts'
import { userEvents } from './user/user-events.ts'

/** How orders are looked after; every part has a default. */
export interface CoinbaseExchangeOptions {
  /** The portfolio that is traded in: a key of another one is refused. Without it, the one of the first check. */
  readonly portfolio?: string
  /** Instruments that are traded: where USD and USDC are one book, news of orders are told by the name that is here. */
  readonly instruments?: readonly string[]
  /**
   * Time in ms after sending in which an order may exist although no list has it; 150,000 by default: the token of a request that is held up on the way is worth
   * nothing after 115 s, and lists may lag.
   */
  readonly visibleAfterMs?: number
  /** How far back the history is looked through for an order of which nobody knows when it left, in ms; seven days by default. */
  readonly lookBackMs?: number
  /** How much later than younger ones a fill may become visible, in ms; one hour by default. */
  readonly fillOverlapMs?: number
  /** Of requests that need the key, which the venue counts by key; 10 at once and a second by default. Three of them are left for orders and cancels. */
  readonly privateBudget?: Budget
  /** Told of every payload before anything is made of it, for a recording or a search. It holds balances and orders, never the key. */
  readonly onRaw?: (message: RawMessage) => void
}

/** What the connection has done so far. */
export interface CoinbaseExchangeStats {
  readonly requests: BucketStats
  /** The venue's clock minus ours in ms; undefined before it was asked. */
  readonly clockOffsetMs: number | undefined
  /** Orders that this process remembers. */
  readonly knownOrders: number
}

/** Coinbase as an exchange: the contract, and what only Coinbase has. */
export interface CoinbaseExchange extends Exchange {
  readonly environment: 'live'
  /** What would come of an order; nothing is placed. */
  preview(request: OrderRequest, signal?: AbortSignal): Promise<OrderPreview>
  /**
   * Reads every fill of the account from a moment on (from its beginning when left out), oldest first, whoever made it; `progress` is told how many there are so far
   * after each page. For an import: the engine asks `fills`.
   */
  fillHistory(fromMs?: EpochMs, progress?: (fills: number) => void): Promise<FillHistory>
  keyPermissions(): Promise<KeyPermissions>
  /**
   * Asks what the key may do and refuses one that is not fit: the start check, to be repeated now and then.
   *
   * @throws UnsafeKeyError with every reason; CoinbaseError when the venue does not answer
   */
  checkKey(): Promise<KeyPermissions>
  stats(): CoinbaseExchangeStats
}

const capabilities: ExchangeCapabilities = {
  orderTypes: ['market', 'limit', 'stopLimit'],
  timesInForce: ['gtc', 'gtd', 'ioc', 'fok'],
  quoteSizedBuys: true,
  feeInsideQuoteSize: true,
  idempotentClientOrderId: true,
  lookupByClientOrderId: false,
  bracketOrders: false,
  orderEdits: false,
  fullBook: false,
}

/** The exchange over a link that it shares with the market. */
export function exchangeOver(link: PublicLink, userSocket: string, signer: Signer, options: CoinbaseExchangeOptions): CoinbaseExchange {
  const { clock, venueClock } = link
  const stop = new AbortController()
  const closed = new ReplaySubject<void>(1)
  const { rest, bucket, watch, news, offsetMs, socket } = privateLink(link, userSocket, signer, options)
  const known = createKnownOrders()
  const names = instrumentNames(known, options.instruments)
  const trouble: Trouble = (detail, code) => news.next({ type: 'error', detail, ...(code !== undefined && { code }) })
  const { visibleAfterMs = 150_000, lookBackMs = 7 * 86_400_000, fillOverlapMs = 3_600_000 } = options
  const find: FindParts = { rest, clock, offsetMs, known, names, signal: stop.signal, visibleAfterMs, lookBackMs, trouble }
  const facts = rulesAndFees(rest, link, stop.signal, trouble)
  const submit: SubmitParts = { rest, clock, offsetMs, known, ...facts, find: (ref, sentBefore) => findOrder(find, ref, sentBefore) }
  const fillParts: FillParts = { rest, known, names, signal: stop.signal, venueMs: () => clock.nowMs() + offsetMs(), overlapMs: fillOverlapMs, trouble }
  let portfolio = options.portfolio
  const mustBeOpen = (): void => {
    if (stop.signal.aborted) throw new Error('the exchange is closed: nothing is sent any more')
  }
  const events = merge(news, userEvents({ clock, offsetMs, names, watch, socket })).pipe(takeUntil(closed), share())

  return {
    id: 'coinbase',
    environment: 'live',
    capabilities,
    instruments: () => facts.instruments(),
    async account() {
      portfolio ??= (await fetchKeyPermissions(rest, stop.signal)).portfolioUuid
      return portfolio === undefined ? undefined : `coinbase portfolio ${portfolio}`
    },
    async submit(request, signal, sentBefore) {
      mustBeOpen()
      const result = await submitOrder(submit, request, signal, sentBefore)
      // What ended because the exchange was closed under it says nothing of the order.
      return result.outcome === 'rejected' && result.code === 'NOT_SENT' && stop.signal.aborted ? { outcome: 'unknown', cause: result.detail } : result
    },
    preview: (request, signal = stop.signal) => previewOrder(submit, request, signal),
    async cancel(ref, signal) {
      mustBeOpen()
      return cancelOrder({ rest, clock, find: (each) => findOrder(find, each) }, ref, signal)
    },
    order: (ref, sentBefore) => findOrder(find, ref, sentBefore),
    liveOrders: () => liveOrders(find),
    orderHistory: (sinceMs) => orderHistory(find, sinceMs),
    fills: (after) => fetchFills(fillParts, after),
    fillHistory: (fromMs = 0 as EpochMs, progress) => fetchFillHistory(fillParts, fromMs, progress),
    balances: () => fetchBalances(rest, portfolio, stop.signal),
    feeRates: () => facts.feeRates(),
    events: () => events,
    keyPermissions: () => fetchKeyPermissions(rest, stop.signal),
    async checkKey() {
      const permissions = await fetchKeyPermissions(rest, stop.signal)
      refuseUnsafeKey(permissions, portfolio)
      portfolio ??= permissions.portfolioUuid
      return permissions
    },
    stats: () => ({ requests: bucket.stats(), clockOffsetMs: venueClock.offsetMs, knownOrders: known.size }),
    close() {
      stop.abort(new Error('the exchange was closed'))
      closed.next()
      return Promise.resolve()
    },
  }
}
