import { z } from 'zod'
import { decimalField, maybeTimeField } from './values.ts'

const amount = decimalField.optional()
const text = z.string().nullish()

/** An order as the order list and the order's own page tell it. Words that may grow in number stay text. */
export const orderSchema = z.object({
  order_id: z.string().min(1),
  client_order_id: z.string().default(''),
  product_id: z.string().min(1),
  side: z.string(),
  status: z.string(),
  filled_size: amount,
  average_filled_price: amount,
  total_fees: amount,
  size_in_quote: z.boolean().optional(),
  order_configuration: z.record(z.string(), z.unknown()).optional(),
  created_time: maybeTimeField,
  last_fill_time: maybeTimeField,
  last_update_time: maybeTimeField,
  reject_reason: text,
  reject_message: text,
  cancel_message: text,
})

export type WireOrder = z.output<typeof orderSchema>

/** What `/orders/historical/{id}` answers. */
export const orderAnswerSchema = z.object({ order: orderSchema })

/** An order as the user channel tells it: cumulative, without single executions. Older payloads write one field with a capital. */
export const userOrderSchema = z.object({
  order_id: z.string().min(1),
  client_order_id: z.string().default(''),
  product_id: z.string().min(1),
  status: z.string(),
  cumulative_quantity: amount,
  avg_price: amount,
  total_fees: amount,
  cancel_reason: text,
  reject_reason: text,
  reject_Reason: text,
})

export type UserOrder = z.output<typeof userOrderSchema>

/** An event of the user channel: a snapshot of working orders in parts, then updates. */
export const userEventSchema = z.object({ type: z.string(), orders: z.array(z.unknown()).default([]) })
