import type { VenueFill } from '@millrace/core'
import { quotientTo } from '@millrace/core'
import { z } from 'zod'
import { decimalField, positiveField, timeField } from './values.ts'

/** Decimals to which the venue keeps a quantity that it worked out from an amount of money. */
const QUANTITY_DECIMALS = 16

const sides = { BUY: 'buy', SELL: 'sell' } as const
const liquidities: Readonly<Record<string, VenueFill['liquidity']>> = { MAKER: 'maker', TAKER: 'taker' }

/**
 * A row of `/orders/historical/fills`. When it is counted in quote, the quantity is value / price to the 16 decimals that the venue keeps, half up, and the
 * value is kept beside it, so that cash is exact.
 */
export const fillSchema = z
  .object({
    entry_id: z.string().min(1),
    order_id: z.string().min(1),
    trade_time: timeField,
    sequence_timestamp: timeField.optional(),
    /** Anything but a plain execution would be booked wrongly. */
    trade_type: z.literal('FILL').default('FILL'),
    price: positiveField,
    size: positiveField,
    commission: decimalField,
    product_id: z.string().regex(/^[A-Z0-9]+-[A-Z0-9]+$/),
    side: z.enum(['BUY', 'SELL']),
    size_in_quote: z.boolean().default(false),
    liquidity_indicator: z.string().default(''),
  })
  .transform(({ entry_id, order_id, trade_time, sequence_timestamp, price, size, commission, product_id, side, size_in_quote, liquidity_indicator }) => ({
    fillId: entry_id,
    venueOrderId: order_id,
    product: product_id,
    side: sides[side],
    price,
    ...(size_in_quote ? { quantity: quotientTo(size, price, QUANTITY_DECIMALS), value: size } : { quantity: size }),
    fee: commission,
    liquidity: liquidities[liquidity_indicator] ?? ('unknown' as const),
    atMs: trade_time,
    /** By this the list is sorted and asked for. */
    listedMs: sequence_timestamp ?? trade_time,
  }))

export type WireFill = z.output<typeof fillSchema>
