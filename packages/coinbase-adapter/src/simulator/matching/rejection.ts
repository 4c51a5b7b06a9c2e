/** Why an order was not taken, in the venue's three fields. */
export interface Rejection {
  readonly error: string
  readonly preview: string
  readonly message: string
}

const rejection = (error: string, preview: string, message = ''): Rejection => ({ error, preview, message })

/**
 * Every reason this venue has, by our own name for it. What exists only with the `PREVIEW_` prefix carries the nearest plain code, or
 * `UNKNOWN_FAILURE_REASON`.
 */
export const rejections = {
  invalidProduct: rejection('INVALID_PRODUCT_ID', 'PREVIEW_INVALID_PRODUCT_ID'),
  halted: rejection('PRODUCT_TRADING_HALTED', 'PREVIEW_PRODUCT_TRADING_HALTED'),
  tradingDisabled: rejection('TRADING_DISABLED', 'PREVIEW_TRADING_DISABLED'),
  untradable: rejection('UNTRADABLE_PRODUCT', 'PREVIEW_UNTRADABLE_PRODUCT'),
  marketState: rejection('ORDER_ENTRY_DISABLED', 'PREVIEW_NOT_ALLOWED_BY_MARKET_STATE'),
  invalidSide: rejection('INVALID_SIDE', 'PREVIEW_INVALID_SIDE'),
  unsupported: rejection('UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG'),
  nonNumeric: rejection('UNKNOWN_FAILURE_REASON', 'PREVIEW_NON_NUMERIC_ORDER_SIZE'),
  sizePrecision: rejection('INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_SIZE_PRECISION'),
  quotePrecision: rejection('INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION'),
  pricePrecision: rejection('INVALID_PRICE_PRECISION', 'PREVIEW_INVALID_LIMIT_PRICE_PRECISION'),
  stopPrecision: rejection('INVALID_PRICE_PRECISION', 'PREVIEW_INVALID_STOP_PRICE_PRECISION'),
  invalidPrice: rejection('INVALID_LIMIT_PRICE', 'PREVIEW_INVALID_LIMIT_PRICE'),
  baseTooSmall: rejection('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL'),
  baseTooLarge: rejection('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_LARGE'),
  quoteTooSmall: rejection('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL'),
  quoteTooLarge: rejection('UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE'),
  endTimeMissing: rejection('GTD_ORDERS_MUST_HAVE_END_TIME', 'PREVIEW_INVALID_END_TIME'),
  endTimePast: rejection('END_TIME_IS_IN_THE_PAST', 'PREVIEW_INVALID_END_TIME'),
  stopTriggered: rejection('STOP_ALREADY_TRIGGERED', 'PREVIEW_INVALID_STOP_PRICE'),
  stopAboveLimit: rejection('INVALID_LIMIT_PRICE', 'PREVIEW_STOP_PRICE_ABOVE_LIMIT_PRICE'),
  stopBelowLimit: rejection('INVALID_LIMIT_PRICE', 'PREVIEW_STOP_PRICE_BELOW_LIMIT_PRICE'),
  postOnlyCrosses: rejection('INVALID_LIMIT_PRICE_POST_ONLY', 'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY'),
  noLiquidity: rejection('INVALID_NO_LIQUIDITY', 'PREVIEW_INVALID_NO_LIQUIDITY'),
  noAccount: rejection('UNKNOWN_FAILURE_REASON', 'UNKNOWN_PREVIEW_FAILURE_REASON', 'account is not available'),
  insufficientFund: rejection('INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND', 'Insufficient balance in source account'),
  duplicate: rejection('DUPLICATE_CLIENT_ORDER_ID', 'UNKNOWN_PREVIEW_FAILURE_REASON'),
} as const satisfies Readonly<Record<string, Rejection>>
