/** Why the simulated venue rejects an order. */
export const rejectionReasons = {
  UNKNOWN_PRODUCT: 'the venue does not list this instrument',
  PRODUCT_NOT_TRADABLE: 'the instrument takes no such order in its present state',
  UNSUPPORTED_ORDER: 'the venue takes market orders and limit orders; a sale is sized in base, and an amount in quote is for purchases',
  INVALID_SIZE_PRECISION: "the size is no whole number of the venue's increments",
  INVALID_PRICE_PRECISION: "the limit price is no whole number of the venue's price increments",
  SIZE_TOO_SMALL: "the size is below the venue's minimum",
  SIZE_TOO_LARGE: "the size is above the venue's maximum",
  LIMIT_PRICE_POST_ONLY: 'a post-only order at this price would trade at once',
  END_TIME_IN_THE_PAST: 'the order would end before the venue gets it',
  NO_MARKET_PRICE: 'a market purchase sized in base and a post-only order need a known price',
  INSUFFICIENT_FUND: 'the balance does not cover the order',
} as const

/** Why it ends an order that is not filled. */
const endReasons = {
  CANCEL_REQUESTED: 'cancelled on request',
  VOLUME_SHARE: 'the market traded too little for the rest of a market order',
  PRICE_PROTECTION: 'the market moved too far from its last price for a market order',
  FUNDS_EXHAUSTED: 'the balance does not cover the rest of the order at this price',
  SIZE_BELOW_INCREMENT: 'what is left buys less than one increment',
} as const

export type RejectionReason = keyof typeof rejectionReasons
export type EndReason = keyof typeof endReasons
