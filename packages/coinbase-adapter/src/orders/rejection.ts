import type { CreateAnswer } from '../wire/order-answers.ts'

/** Why an order is not taken: by us before it is sent, or by the venue. Words that the simulated exchange has as well mean the same there. */
export const coinbaseRejections = {
  UNKNOWN_PRODUCT: 'the venue does not list this instrument',
  PRODUCT_NOT_TRADABLE: 'the instrument takes no such order in its present state',
  PRODUCT_HALTED: 'trading in the instrument is halted',
  UNSUPPORTED_ORDER: 'the venue has no order of this form',
  INVALID_SIZE_PRECISION: "the size is no whole number of the venue's increments",
  INVALID_PRICE_PRECISION: "the price is no whole number of the venue's increments",
  INVALID_PRICE: 'the price makes no sense',
  INVALID_STOP_PRICE: 'the stop price makes no sense beside the limit or the market',
  STOP_ALREADY_TRIGGERED: 'the market has reached the stop price already',
  PRICE_OUT_OF_BAND: 'the price is too far from the market',
  SIZE_TOO_SMALL: "the size is below the venue's minimum",
  SIZE_TOO_LARGE: "the size is above the venue's maximum",
  LIMIT_PRICE_POST_ONLY: 'a post-only order at this price would trade at once',
  END_TIME_IN_THE_PAST: 'the order would end before the venue gets it',
  INVALID_END_TIME: 'the venue does not take this end time',
  NO_MARKET_PRICE: 'there is no price or no liquidity to trade with',
  INSUFFICIENT_FUND: 'the balance does not cover the order',
  ACCOUNT_NOT_AVAILABLE: "the key's portfolio has no wallet for this order",
  TOO_MANY_OPEN_ORDERS: 'the venue takes no more open orders of this product',
  RISK_LIMIT: 'a limit of the venue is reached',
  NOT_ALLOWED: 'the venue does not offer this to the account',
  RATE_LIMITED: 'too many requests',
  UNAUTHORIZED: 'the key was not taken',
  FORBIDDEN: 'the key may not do this',
  DUPLICATE_CLIENT_ORDER_ID: 'the venue has an order of this name',
  INVALID_REQUEST: 'the venue does not take the request as it is',
  NOT_SENT: 'the order never left',
  UNKNOWN_REASON: 'the venue gives a reason that nobody here knows',
} as const

/** One of the reasons above. */
export type CoinbaseRejection = keyof typeof coinbaseRejections

/** The venue's words, without the `PREVIEW_` that some of them have before it. */
const codes: Readonly<Record<string, CoinbaseRejection>> = {
  INSUFFICIENT_FUND: 'INSUFFICIENT_FUND',
  INSUFFICIENT_FUNDS: 'INSUFFICIENT_FUND',
  INVALID_LEDGER_BALANCE: 'INSUFFICIENT_FUND',
  INSUFFICIENT_LEDGER_BALANCE: 'INSUFFICIENT_FUND',
  REJECT_REASON_INSUFFICIENT_FUNDS: 'INSUFFICIENT_FUND',
  HOLD_FAILURE: 'INSUFFICIENT_FUND',
  INVALID_PRODUCT_ID: 'UNKNOWN_PRODUCT',
  NOT_FOUND: 'UNKNOWN_PRODUCT',
  INVALID_SIZE_PRECISION: 'INVALID_SIZE_PRECISION',
  INVALID_QUOTE_SIZE_PRECISION: 'INVALID_SIZE_PRECISION',
  NON_NUMERIC_ORDER_SIZE: 'INVALID_SIZE_PRECISION',
  INVALID_QUOTE_SIZE_TOO_SMALL: 'SIZE_TOO_SMALL',
  INVALID_BASE_SIZE_TOO_SMALL: 'SIZE_TOO_SMALL',
  INVALID_QUOTE_SIZE_TOO_LARGE: 'SIZE_TOO_LARGE',
  INVALID_BASE_SIZE_TOO_LARGE: 'SIZE_TOO_LARGE',
  INVALID_PRICE_PRECISION: 'INVALID_PRICE_PRECISION',
  INVALID_LIMIT_PRICE_PRECISION: 'INVALID_PRICE_PRECISION',
  INVALID_STOP_PRICE_PRECISION: 'INVALID_PRICE_PRECISION',
  INVALID_LIMIT_PRICE: 'INVALID_PRICE',
  INVALID_PRICE_TOO_LARGE: 'INVALID_PRICE',
  PRICE_NOT_ALLOWED_FOR_MARKET_ORDERS: 'INVALID_PRICE',
  INVALID_LIMIT_PRICE_POST_ONLY: 'LIMIT_PRICE_POST_ONLY',
  LIMIT_PRICE_TOO_FAR_FROM_MARKET: 'PRICE_OUT_OF_BAND',
  LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_BUY: 'PRICE_OUT_OF_BAND',
  LIMIT_ORDER_PRICE_EXCEEDS_PRICE_BAND_ON_SELL: 'PRICE_OUT_OF_BAND',
  INVALID_STOP_PRICE: 'INVALID_STOP_PRICE',
  STOP_PRICE_ABOVE_LIMIT_PRICE: 'INVALID_STOP_PRICE',
  STOP_PRICE_BELOW_LIMIT_PRICE: 'INVALID_STOP_PRICE',
  STOP_PRICE_ABOVE_LAST_TRADE_PRICE: 'INVALID_STOP_PRICE',
  STOP_PRICE_BELOW_LAST_TRADE_PRICE: 'INVALID_STOP_PRICE',
  STOP_LOSS_PRICE_TOO_LOW: 'INVALID_STOP_PRICE',
  STOP_LOSS_PRICE_TOO_HIGH: 'INVALID_STOP_PRICE',
  STOP_ALREADY_TRIGGERED: 'STOP_ALREADY_TRIGGERED',
  PRODUCT_TRADING_HALTED: 'PRODUCT_HALTED',
  TRADING_DISABLED: 'PRODUCT_HALTED',
  ORDER_ENTRY_DISABLED: 'PRODUCT_HALTED',
  NOT_ALLOWED_BY_MARKET_STATE: 'PRODUCT_NOT_TRADABLE',
  UNTRADABLE_PRODUCT: 'PRODUCT_NOT_TRADABLE',
  INELIGIBLE_PAIR: 'PRODUCT_NOT_TRADABLE',
  UNSUPPORTED_ORDER_CONFIGURATION: 'UNSUPPORTED_ORDER',
  INVALID_ORDER_CONFIG: 'UNSUPPORTED_ORDER',
  FOK_DISABLED: 'UNSUPPORTED_ORDER',
  FOK_ONLY_ALLOWED_ON_LIMIT_ORDERS: 'UNSUPPORTED_ORDER',
  POST_ONLY_NOT_ALLOWED_WITH_FOK: 'UNSUPPORTED_ORDER',
  REDUCE_ONLY_NOT_ALLOWED_ON_SPOT_PRODUCTS: 'UNSUPPORTED_ORDER',
  END_TIME_IS_IN_THE_PAST: 'END_TIME_IN_THE_PAST',
  END_TIME_TOO_FAR_IN_FUTURE: 'INVALID_END_TIME',
  GTD_ORDERS_MUST_HAVE_END_TIME: 'INVALID_END_TIME',
  INVALID_END_TIME: 'INVALID_END_TIME',
  INVALID_NO_LIQUIDITY: 'NO_MARKET_PRICE',
  MISSING_MARKET_TRADE_DATA: 'NO_MARKET_PRICE',
  MISSING_PRODUCT_PRICE_BOOK: 'NO_MARKET_PRICE',
  TOO_MANY_OPEN_ORDERS: 'TOO_MANY_OPEN_ORDERS',
  BREACHED_RISK_LIMIT: 'RISK_LIMIT',
  COMPLIANCE_PURCHASE_LIMIT_EXCEEDED: 'RISK_LIMIT',
  GEOFENCING_RESTRICTION: 'NOT_ALLOWED',
  RATE_LIMIT_EXCEEDED: 'RATE_LIMITED',
  PERMISSION_DENIED: 'FORBIDDEN',
  DUPLICATE_CLIENT_ORDER_ID: 'DUPLICATE_CLIENT_ORDER_ID',
  INVALID_SIDE: 'INVALID_REQUEST',
  INVALID_REQUEST: 'INVALID_REQUEST',
  INVALID_ARGUMENT: 'INVALID_REQUEST',
}

/** The words for "no reason"; they stand beside accepted orders as well. */
const nothing: ReadonlySet<string> = new Set(['', 'UNKNOWN_FAILURE_REASON', 'UNKNOWN_PREVIEW_FAILURE_REASON', 'UNKNOWN'])

/**
 * Returns our word for one of the venue's.
 *
 * @example
 * ```ts
 * rejectionOf('PREVIEW_INVALID_QUOTE_SIZE_PRECISION') // => 'INVALID_SIZE_PRECISION'
 * rejectionOf('A_WORD_OF_TOMORROW') // => 'UNKNOWN_REASON'
 * ```
 */
export const rejectionOf = (word: string): CoinbaseRejection => codes[word.replace(/^PREVIEW_/, '')] ?? 'UNKNOWN_REASON'

/** An order that the venue certainly did not take, and why. */
export interface Refusal {
  readonly outcome: 'rejected'
  readonly code: CoinbaseRejection
  /** The venue's own words first. */
  readonly detail: string
}

/** Returns a refusal in our own words. */
export const refused = (code: CoinbaseRejection, detail: string = coinbaseRejections[code]): Refusal => ({ outcome: 'rejected', code, detail })

/** A word that says more than that something is wrong. */
const isTelling = (word: string): boolean => {
  const code = rejectionOf(word)
  return code !== 'UNKNOWN_REASON' && code !== 'INVALID_REQUEST'
}

/** Reads why the venue did not take an order: three fields may say it, in this order, and the first that says something definite counts. */
export function refusalOf({ error_response: said, failure_reason }: CreateAnswer): Refusal {
  const words = [said?.new_order_failure_reason, said?.error, said?.preview_failure_reason, failure_reason].filter(
    (word): word is string => typeof word === 'string' && !nothing.has(word),
  )
  const message = said?.message || said?.error_details || ''
  const [word = ''] = [...words.filter(isTelling), ...words]
  const code = isTelling(word) ? rejectionOf(word) : /account is not available/i.test(message) ? 'ACCOUNT_NOT_AVAILABLE' : rejectionOf(word)
  return refused(code, [word, message].filter((part) => part !== '').join(': ') || coinbaseRejections[code])
}
