import { greater, less, money } from '@millrace/core'
import { z } from 'zod'
import { decimalField } from './values.ts'

const amountSchema = z.object({ value: decimalField })

/** A wallet. A currency may have several. */
export const accountSchema = z.object({
  currency: z.string().min(1),
  available_balance: amountSchema,
  hold: amountSchema.nullish(),
  type: z.string().default(''),
  platform: z.string().default(''),
  retail_portfolio_id: z.string().default(''),
})

export type Account = z.output<typeof accountSchema>

/** A maker may be paid for it. A rate that is not told is not zero. */
const rate = z
  .union([z.string().min(1), z.number()])
  .pipe(decimalField)
  .refine((value) => less(value, money(1)) && greater(value, money(-1)), { message: 'expected a share between -1 and 1' })

/** What `/transaction_summary` says of fees, as shares of the value. */
export const feeSummarySchema = z.object({ fee_tier: z.object({ maker_fee_rate: rate, taker_fee_rate: rate }) })

/** What a key may do. Anything but a plain yes or no counts as not said. */
export const keyPermissionsSchema = z
  .object({
    can_view: z.boolean().optional().catch(undefined),
    can_trade: z.boolean().optional().catch(undefined),
    can_transfer: z.boolean().optional().catch(undefined),
    portfolio_uuid: z.string().optional().catch(undefined),
  })
  .transform(({ can_view, can_trade, can_transfer, portfolio_uuid }) => ({
    canView: can_view,
    canTrade: can_trade,
    canTransfer: can_transfer,
    portfolioUuid: portfolio_uuid === '' ? undefined : portfolio_uuid,
  }))
