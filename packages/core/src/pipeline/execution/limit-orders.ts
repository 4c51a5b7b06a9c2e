import type { Decimal } from 'decimal.js'
import { z } from 'zod'
import type { ExecutionStyle, OrderLimits, PlannedOrder, QuoteView } from '../../contracts/execution-style.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { Json } from '../../model/json.ts'
import { ONE, add, ceilTo, divide, floorTo, fromEstimate, greater, holdFor, isPositive, minOf, money, multiply, subtract, valueOf } from '../../model/money.ts'
import { parseParams } from '../../model/params.ts'
import type { EpochMs } from '../../model/time.ts'
import { periodSchema } from '../../model/value-schemas.ts'
import type { BlockerCode } from '../../safety/blocker-codes.ts'
import { marketOrders } from './market-orders.ts'

const offsetForm = /^(\d{1,4}(?:\.\d{1,4})?)bps$/
const MAX_OFFSET_BPS = 1_000
/** Less than a venue needs to answer is no time to wait. */
const MIN_TIMEOUT_MS = 1_000

export const limitOrdersParams = z.strictObject({
  offset: z
    .string()
    .refine((text) => Number(offsetForm.exec(text)?.[1]) <= MAX_OFFSET_BPS, { error: "a distance such as '5bps', from 0 to 1000bps" })
    .default('5bps'),
  postOnly: z.boolean().default(false),
  timeout: periodSchema.refine((ms) => ms >= MIN_TIMEOUT_MS, { error: 'a duration of at least one second' }).prefault('2m'),
  then: z.enum(['cancel', 'market']).default('cancel'),
})

interface Terms {
  readonly offset: Decimal
  readonly postOnly: boolean
  readonly timeoutMs: number
  readonly onExpiry: 'cancel' | 'market'
}

/**
 * Orders at a limit: a purchase `offset` below the bid, a sale by a signal `offset` above the ask (from the last price where there is no quote, or where it is the
 * safer one), rounded away from the market. What is not filled after `timeout` is cancelled; `then: 'market'` orders the rest at market, judged again.
 *
 * Exit rules and `flatten` do not wait for a price: they go at market, and cancel a limit order of the bot that still works.
 *
 * @param options - `offset`: '0bps' to '1000bps', default 5 (1 bps = 0.01 %); `postOnly`: never take, refused by the venue instead, default false; `timeout`: one
 * second to 366 days, default 2m; `then`: default `cancel`
 * @throws ConfigError when an option is out of range
 * @example
 * ```ts
 * limitOrders({ offset: '5bps', postOnly: true, timeout: '2m', then: 'market' }).id // => 'limit'
 * ```
 */
export function limitOrders(options: z.input<typeof limitOrdersParams> = {}): ExecutionStyle & { readonly params: Json } {
  const params = parseParams(limitOrdersParams, options, 'limitOrders')
  const { postOnly, then, timeout: timeoutMs } = params
  const terms: Terms = { offset: divide(money(offsetForm.exec(params.offset)![1]!), money(10_000)), postOnly, timeoutMs, onExpiry: then }
  const atMarket = marketOrders()
  return {
    apiVersion: 1,
    id: 'limit',
    params,
    order(intent, quote, instrument, limits) {
      if (intent.origin !== 'strategy' && intent.side === 'sell' && instrument.state === 'online') return atMarket.order(intent, quote, instrument, limits)
      if (!takesLimits(instrument, postOnly)) return denied('INSTRUMENT_STATE', `${instrument.id} is ${instrument.state}: limit orders are not taken`)
      // Sizes are rounded and checked the same way; only the price is different.
      const sized = atMarket.order(intent, quote, { ...instrument, state: 'online' }, limits)
      if ('denied' in sized) return sized
      return sized.side === 'buy' ? purchase(sized, quote, instrument, limits, terms) : sale(sized, quote, instrument, limits, terms)
    },
  }
}

function purchase(sized: PlannedOrder, quote: QuoteView, instrument: Instrument, limits: OrderLimits, terms: Terms): ReturnType<ExecutionStyle['order']> {
  const from = fromEstimate(safer(Math.min, quote.bid, quote.last))
  let limitPrice = floorTo(multiply(from, subtract(ONE, terms.offset)), instrument.priceIncrement)
  if (terms.postOnly) limitPrice = minOf(limitPrice, subtract(fromEstimate(quote.ask > 0 ? quote.ask : quote.last), instrument.priceIncrement))
  if (!isPositive(limitPrice)) return denied('NO_DATA', `no price increment of ${instrument.id} lies below the market`)
  const size = 'quote' in sized.size ? minOf(sized.size.quote, floorTo(valueOf(instrument.maxBase, limitPrice), instrument.quoteIncrement)) : undefined
  if (size === undefined || greater(holdFor(instrument.minBase, limitPrice), size))
    return denied('SIZE_TOO_SMALL', `the amount buys less than the venue's minimum of ${instrument.base}`)
  return { ...sized, size: { quote: size }, ...limitTerms(limitPrice, limits, terms) }
}

function sale(sized: PlannedOrder, quote: QuoteView, instrument: Instrument, limits: OrderLimits, terms: Terms): PlannedOrder {
  const from = fromEstimate(safer(Math.max, quote.ask, quote.last))
  let limitPrice = ceilTo(multiply(from, add(ONE, terms.offset)), instrument.priceIncrement)
  const above = add(fromEstimate(quote.bid > 0 ? quote.bid : quote.last), instrument.priceIncrement)
  if (terms.postOnly && greater(above, limitPrice)) limitPrice = ceilTo(above, instrument.priceIncrement)
  return { ...sized, ...limitTerms(limitPrice, limits, terms) }
}

/** Of quote and last price the one further from the market; the one there is when there is only one. */
const safer = (pick: (a: number, b: number) => number, quoted: number, last: number): number =>
  !(quoted > 0) ? last : !(last > 0) ? quoted : pick(quoted, last)

const limitTerms = (limitPrice: Decimal, limits: OrderLimits, { postOnly, timeoutMs, onExpiry }: Terms) => ({
  type: 'limit' as const,
  limitPrice,
  ...(postOnly ? { postOnly } : {}),
  expireAtMs: (limits.nowMs + timeoutMs) as EpochMs,
  ...(onExpiry === 'market' ? { onExpiry } : {}),
})

const takesLimits = ({ state }: Instrument, postOnly: boolean): boolean => state === 'online' || state === 'limitOnly' || (state === 'postOnly' && postOnly)

const denied = (code: BlockerCode, detail: string) => ({ denied: code, detail })
