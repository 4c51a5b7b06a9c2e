import type { EpochMs, Instrument, InstrumentState } from '@millrace/core'
import { z } from 'zod'
import { decimalField, positiveField } from './values.ts'

const flag = z.boolean().optional()

/** A product as `/products` lists it: what the library needs of it. */
export const productSchema = z.object({
  product_id: z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/),
  base_currency_id: z.string().min(1),
  quote_currency_id: z.string().min(1),
  base_increment: positiveField,
  quote_increment: positiveField,
  /** Payloads of 2023 had none; there it was the quote increment. */
  price_increment: positiveField.optional(),
  base_min_size: positiveField,
  base_max_size: positiveField,
  quote_min_size: decimalField,
  status: z.string(),
  is_disabled: flag,
  trading_disabled: flag,
  view_only: flag,
  auction_mode: flag,
  cancel_only: flag,
  limit_only: flag,
  post_only: flag,
})

export type Product = z.output<typeof productSchema>

/** Returns an instrument with the venue's rules of this moment. */
export const instrumentOf = (product: Product, asOfMs: EpochMs): Instrument => ({
  id: product.product_id,
  base: product.base_currency_id,
  quote: product.quote_currency_id,
  priceIncrement: product.price_increment ?? product.quote_increment,
  baseIncrement: product.base_increment,
  quoteIncrement: product.quote_increment,
  minBase: product.base_min_size,
  minQuote: product.quote_min_size,
  maxBase: product.base_max_size,
  state: stateOf(product),
  asOfMs,
})

/** The strictest of what the flags say. A status nobody knows lets nothing through. */
function stateOf(product: Product): InstrumentState {
  if (product.status === 'delisted') return 'delisted'
  if (product.status !== 'online' || product.is_disabled || product.trading_disabled || product.view_only || product.auction_mode) return 'halted'
  if (product.cancel_only) return 'cancelOnly'
  if (product.post_only) return 'postOnly'
  return product.limit_only ? 'limitOnly' : 'online'
}

/** The four statuses that the venue documents; another one is a reason for an alert. */
export const knownStatuses: ReadonlySet<string> = new Set(['online', 'offline', 'delisted', 'internal'])
