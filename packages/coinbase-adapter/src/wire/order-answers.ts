import { z } from 'zod'
import { decimalField } from './values.ts'

const text = z.string().nullish()

/** What `POST /orders` answers: `success` decides, whatever else is there. */
export const createAnswerSchema = z.object({
  success: z.boolean(),
  success_response: z.object({ order_id: text, client_order_id: text, product_id: text, side: text }).nullish(),
  error_response: z.object({ error: text, message: text, error_details: text, preview_failure_reason: text, new_order_failure_reason: text }).nullish(),
  failure_reason: text,
})

export type CreateAnswer = z.output<typeof createAnswerSchema>

/** What `POST /orders/batch_cancel` answers: one row an order, in any order. */
export const cancelAnswerSchema = z.object({ results: z.array(z.object({ success: z.boolean(), failure_reason: text, order_id: z.string() })) })

const amount = decimalField.optional()

/** What `POST /orders/preview` answers. */
export const previewSchema = z.object({
  preview_id: text,
  order_total: amount,
  commission_total: amount,
  quote_size: amount,
  base_size: amount,
  best_bid: amount,
  best_ask: amount,
  slippage: amount,
  errs: z.array(z.string()).default([]),
  warning: z.array(z.string()).default([]),
})
