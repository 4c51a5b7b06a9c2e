import { text, toNumber } from '../amount.ts'
import type { Candle } from '../market/candles.ts'
import type { Product } from '../market/products.ts'
import type { Book } from '../matching/book.ts'

type Row = Readonly<Record<string, unknown>>

/** A product as `/products` has it. The public listing leaves best bid and ask empty. */
export const productRow = (product: Product, book: Book, day: Candle | undefined): Row => ({
  product_id: product.id,
  price: text(book.lastPrice),
  price_percentage_change_24h: changeOf(day),
  volume_24h: day === undefined ? '0' : text(day.volume),
  volume_percentage_change_24h: '0',
  base_increment: text(product.baseIncrement),
  quote_increment: text(product.quoteIncrement),
  quote_min_size: text(product.quoteMin),
  quote_max_size: text(product.quoteMax),
  base_min_size: text(product.baseMin),
  base_max_size: text(product.baseMax),
  base_name: product.base,
  quote_name: product.quote === 'USD' ? 'US Dollar' : product.quote,
  watched: false,
  is_disabled: product.isDisabled,
  new: false,
  status: product.status,
  cancel_only: product.cancelOnly,
  limit_only: product.limitOnly,
  post_only: product.postOnly,
  trading_disabled: product.tradingDisabled,
  auction_mode: product.auctionMode,
  product_type: 'SPOT',
  quote_currency_id: product.quote,
  base_currency_id: product.base,
  fcm_trading_session_details: null,
  mid_market_price: '',
  alias: product.id === product.book ? '' : product.book,
  alias_to: product.quote === 'USD' ? [`${product.base}-USDC`] : [],
  base_display_symbol: product.base,
  quote_display_symbol: 'USD',
  view_only: product.viewOnly,
  price_increment: text(product.priceIncrement),
  display_name: `${product.base}-${product.quote}`,
  product_venue: 'CBE',
  approximate_quote_24h_volume: '',
  best_bid_price: '',
  best_ask_price: '',
})

/** How far the price moved in a day, in per cent. */
export const changeOf = (day: Candle | undefined): string => (day === undefined ? '0' : ((toNumber(day.close) / toNumber(day.open) - 1) * 100).toFixed(8))
