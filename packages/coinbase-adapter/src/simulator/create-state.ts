import { Subject, takeUntil } from 'rxjs'
import { ZERO, amount, less } from './amount.ts'
import { machineClock } from './clock.ts'
import type { ControlledGate } from './faults/gate.ts'
import { createLedger } from './ledger/ledger.ts'
import { createBook } from './matching/book.ts'
import { productMarket } from './market/market.ts'
import { defaultProducts, productsOf } from './market/products.ts'
import { DEFAULT_FEES, DEFAULT_HISTORY_DAYS, defaultDepth, defaultLag } from './options.ts'
import type { VenueOptions } from './options.ts'
import { uuidOf } from './random.ts'
import type { VenueEvent, VenueState } from './venue-state.ts'

/** The venue's state and what stops its timers. */
export interface CreatedState {
  readonly venue: VenueState
  readonly defaultPortfolio: string
  readonly stop: () => void
}

/** Returns a venue with its products, its market and the money of the default portfolio. */
export function createState(options: VenueOptions, faults: ControlledGate): CreatedState {
  const { seed, clock = machineClock(), fees = DEFAULT_FEES, market = { kind: 'seeded' } } = options
  const startMs = clock.nowMs()
  const depth = { ...defaultDepth, ...options.depth }
  const setups = options.products ?? defaultProducts
  const products = setups.flatMap(productsOf)
  const books = setups.map((setup) => {
    const product = products.find(({ id }) => id === setup.id)!
    const own = productMarket(product, { seed, startMs, choice: market, spreadBps: depth.spreadBps, historyDays: options.historyDays ?? DEFAULT_HISTORY_DAYS })
    return createBook(product, { seed, startMs, market: own, depth })
  })
  const stopped = new Subject<void>()
  const venue: VenueState = {
    ...{ seed, clock, startMs, faults, nextSequence: 0 },
    later(atMs, run) {
      clock.at(atMs).pipe(takeUntil(stopped)).subscribe(run)
    },
    ledger: createLedger(seed, clock.nowMs.bind(clock)),
    products: new Map(products.map((product) => [product.id, product])),
    books: new Map(books.map((book) => [book.product.id, book])),
    ...{ orders: new Map(), byClientId: new Map(), versions: new Map(), live: new Set(), fills: [] },
    events: new Subject<VenueEvent>(),
    lag: { ...defaultLag, ...options.lag },
    rates: { maker: amount(fees.maker), taker: amount(fees.taker) },
  }
  const defaultPortfolio = uuidOf(seed, 'portfolio')
  for (const [currency, value] of Object.entries(options.accounts ?? { USD: '1000' })) fund(venue, defaultPortfolio, currency, value)
  return {
    venue,
    defaultPortfolio,
    stop() {
      stopped.next()
      venue.events.complete()
    },
  }
}

function fund(venue: VenueState, portfolio: string, currency: string, value: string): void {
  venue.ledger.account(portfolio, currency)
  const money = amount(value)
  if (less(ZERO, money)) venue.ledger.transfer(portfolio, currency, money)
}
