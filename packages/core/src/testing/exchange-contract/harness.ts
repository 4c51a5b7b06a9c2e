import type { Decimal } from 'decimal.js'
import type { Balance, Exchange } from '../../contracts/exchange.ts'
import type { InstrumentState } from '../../model/instrument.ts'
import type { Side } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'

/** What the author of an exchange writes so that `exchangeContract` can put it to the test. */
export interface ExchangeHarness {
  /** A new exchange with an account of its own; asked once a case. */
  make(): Promise<ExchangeSubject>
  /** Cases that this exchange cannot be put to, each with a reason that a reader can judge; they count as skipped. */
  readonly skip?: readonly { readonly case: string; readonly reason: string }[]
}

/** An exchange to try, with the venue behind it. */
export interface ExchangeSubject {
  readonly exchange: Exchange
  /**
   * An instrument that is online and that nobody but the case moves. The account holds at least 500 times its smallest quote amount, free, and no order works.
   */
  readonly instrument: string
  /** Its price at the start, in whole price increments. */
  readonly price: Decimal
  /** The client order id by number, the same for the same number. UUIDs that are the same in every case when left out: enough where accounts are new. */
  readonly orderId?: (number: number) => string
  /** The venue's time. */
  nowMs(): EpochMs
  /**
   * Lets the venue and the exchange go on by one step: what is under way arrives, and the market goes on at its price with more volume than any case
   * needs. The kit waits for everything by asking for steps, at most 200 for one thing.
   */
  settle(): Promise<void>
  /** True for an exchange that keeps a connection for its events and says `ready` when it has one: every case begins with that. */
  readonly linked?: boolean
  readonly controls?: ExchangeControls
  /** Frees what `make` took. The case may have closed the exchange already. */
  close(): Promise<void>
}

type Act = () => void | Promise<void>

/**
 * What a harness can do to the market, the account and the wire. All are optional: a case whose control is missing is skipped, and says so. Each is about
 * the instrument of the subject; "the next request" is the next submit or cancel.
 */
export interface ExchangeControls {
  /** The market goes to this price and trades there: resting orders that it passes fill whole. */
  readonly setPrice?: (price: Decimal) => void | Promise<void>
  /** Somebody trades exactly so much with our order that rests at this price; the market stays where it is. */
  readonly tradeAgainst?: (quantity: Decimal, limitPrice: Decimal) => void | Promise<void>
  /** From now on a market order finds no more than so much, in base units. */
  readonly setDepth?: (quantity: Decimal) => void | Promise<void>
  /** What the venue lets one do with the instrument. `delisted`: it may also vanish from the list. */
  readonly setState?: (state: InstrumentState) => void | Promise<void>
  /** The venue changes its rules. */
  readonly setIncrements?: (increments: { readonly priceIncrement: Decimal; readonly baseIncrement: Decimal }) => void | Promise<void>
  /** Time goes on at the venue and at the exchange. */
  readonly advance?: (ms: number) => void | Promise<void>
  /** Money comes in from outside, or goes out when negative. */
  readonly transfer?: (currency: string, amount: Decimal) => void | Promise<void>
  /** An order for the same account that this exchange did not send; without a limit it fills at once. Returns the venue's id. */
  readonly externalOrder?: (order: { readonly side: Side; readonly base: Decimal; readonly limit?: Decimal }) => Promise<string>
  /** The venue's own books, read past the exchange. With them the kit also counts orders and balances after every case. */
  readonly books?: () => VenueBooks | Promise<VenueBooks>

  /** The next request is lost before the venue has it. */
  readonly loseRequest?: Act
  /** The next request is carried out, its answer lost. */
  readonly loseReply?: Act
  /** The next request is answered with a failure of the venue (5xx) and not carried out. */
  readonly failBefore?: Act
  /** The next request is carried out and answered with a failure of the venue (5xx). */
  readonly failAfter?: Act
  /** The next request is carried out and answered with something nobody can read. */
  readonly garbleReply?: Act
  /** The next request is turned away because there were too many (429). */
  readonly limitRate?: Act
  /** The next request is carried out, its answer held back for so long. */
  readonly delayReply?: (ms: number) => void | Promise<void>
  /** While true, everything that only reads (order, liveOrders, fills, balances) fails on the way. */
  readonly failReads?: (failing: boolean) => void | Promise<void>
  /** From now on the venue shows a new order only after so long. */
  readonly hideOrders?: (ms: number) => void | Promise<void>
  /** From now on the venue lists a new fill only after so long, also when the order is already told as filled. */
  readonly hideFills?: (ms: number) => void | Promise<void>
  /** From now on the venue gives out lists in pages of so many. */
  readonly limitPages?: (items: number) => void | Promise<void>

  /** The connection that carries the events breaks, and cannot be made again before `restoreConnection`. */
  readonly dropConnection?: Act
  readonly restoreConnection?: Act
  /** From now on every message of the connection comes twice. */
  readonly duplicateEvents?: Act
  /** Every message of the account comes once more, oldest first. */
  readonly replayEvents?: Act
  /** The next message of the connection is lost, and the one after it shows that. */
  readonly skipEvent?: Act
  /** The next connection stays open, but what is subscribed to on it is refused; later ones work. */
  readonly refuseSubscription?: Act
  /** Another exchange for the same account, which knows nothing of this one, as after a restart. The subject closes it. */
  readonly reopen?: () => Promise<Exchange>
}

/** The name of something that a harness can do. */
export type ExchangeControl = keyof ExchangeControls

/** What the venue itself knows of the account. */
export interface VenueBooks {
  readonly balances: readonly Balance[]
  /** Every order that the venue ever took from this account, in any state: one row an order. */
  readonly orders: readonly { readonly clientOrderId: string; readonly filledQuantity: Decimal }[]
}
