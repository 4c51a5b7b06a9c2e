import { z } from 'zod'
import { injectionSchema } from '../faults/gate.ts'
import { faultKinds } from '../faults/kinds.ts'

const decimal = z.string().regex(/^\d+(\.\d+)?$/, { message: 'expected a decimal number as text' })
const product = z.string().min(1)
const side = z.enum(['BUY', 'SELL'])
const portfolio = z.string().min(1).optional()
const currency = z.string().min(1)
const ms = z.number().min(0)

/** Everything that can be done to a venue from outside: the scenario file, the control API and `venue.control` all take these. */
export const actionSchema = z.discriminatedUnion('do', [
  /** Moves the middle of a book; the market goes on from there. */
  z.strictObject({ do: z.literal('setPrice'), product, price: decimal }),
  /** Moves it by a share: -0.05 is five per cent down. */
  z.strictObject({ do: z.literal('movePrice'), product, by: z.number().gt(-1).max(100) }),
  /** Puts liquidity of a size into the book. */
  z.strictObject({ do: z.literal('restLiquidity'), product, side, price: decimal, size: decimal }),
  /** From now on the market's own levels hold no more than so much on each side, in base units. */
  z.strictObject({ do: z.literal('limitDepth'), product, size: decimal }),
  /** Somebody trades: orders in its way get their part. `makerSide` is who was resting. */
  z.strictObject({ do: z.literal('trade'), product, price: decimal, size: decimal, makerSide: side }),
  /** `removed` takes the product from the list; `online` undoes everything else. */
  z.strictObject({
    do: z.literal('productState'),
    product,
    state: z.enum(['online', 'cancelOnly', 'limitOnly', 'postOnly', 'tradingDisabled', 'halted', 'auction', 'delisted', 'removed']),
  }),
  z.strictObject({
    do: z.literal('increments'),
    product,
    ...{ price: decimal.optional(), base: decimal.optional(), quote: decimal.optional(), baseMin: decimal.optional(), quoteMin: decimal.optional() },
  }),
  /** An order that the account's owner makes by hand. */
  z.strictObject({
    do: z.literal('ownerOrder'),
    ...{ product, side, portfolio, baseSize: decimal.optional(), quoteSize: decimal.optional(), limitPrice: decimal.optional() },
  }),
  /** The owner cancels an order by hand, whoever made it. */
  z.strictObject({ do: z.literal('ownerCancel'), orderId: z.string().min(1) }),
  z.strictObject({ do: z.literal('deposit'), currency, amount: decimal, portfolio }),
  z.strictObject({ do: z.literal('withdraw'), currency, amount: decimal, portfolio }),
  z.strictObject({ do: z.literal('revokeKey'), key: z.string().min(1) }),
  z.strictObject({
    do: z.literal('permissions'),
    key: z.string().min(1),
    ...{ canView: z.boolean().optional(), canTrade: z.boolean().optional(), canTransfer: z.boolean().optional() },
  }),
  /** Puts the venue's own clock ahead (or, negative, back) by so many ms: `/time` and the life of tokens. */
  z.strictObject({ do: z.literal('clockOffset'), ms: z.number() }),
  z.strictObject({ do: z.literal('fees'), maker: decimal, taker: decimal }),
  z.strictObject({ do: z.literal('lag'), ordersMs: ms.optional(), fillsMs: ms.optional(), openMs: ms.optional(), cancelMs: ms.optional() }),
  injectionSchema.extend({ do: z.literal('inject') }),
  /** What goes wrong by chance from now on; nothing without `chances`. */
  z.strictObject({
    do: z.literal('faults'),
    seed: z.int().default(1),
    chances: z.partialRecord(z.enum(faultKinds), z.number().min(0).max(1)).default({}),
  }),
  /** Takes a fill back, as a correction of the venue does. */
  z.strictObject({ do: z.literal('bustFill'), entryId: z.string().min(1) }),
  /** Closes every socket without a word. */
  z.strictObject({ do: z.literal('cutSockets') }),
  /** False: closes every socket and lets nobody in; true: lets in again. */
  z.strictObject({ do: z.literal('sockets'), open: z.boolean() }),
  /** Tells the user channel's past again. */
  z.strictObject({ do: z.literal('replayUser'), messages: z.int().min(1).max(1_000_000).optional() }),
])

/** Something to be done to the venue. */
export type VenueAction = z.input<typeof actionSchema>
