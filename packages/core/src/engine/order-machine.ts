import type { Decimal } from 'decimal.js'
import type { FillResult } from '../ledger/own-fill.ts'
import { ZERO, add, atLeast, greater, money, subtract, toFloat, valueOf } from '../model/money.ts'
import type { OrderState, OrderType, Side, TimeInForce } from '../model/order.ts'
import type { TemperatureName } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'
import type { Facts } from './journal/facts.ts'

/** One of our orders, as the journal tells it. Mutable, owned by the durable state. */
export interface Order {
  readonly clientOrderId: string
  readonly intentNo: number
  /** Changes once at most: when another bot adopts this one's. */
  botId: string
  readonly instrument: string
  readonly side: Side
  readonly kind: 'open' | 'add' | 'reduce' | 'close'
  readonly origin: 'strategy' | 'exit' | 'manual'
  readonly source: string
  readonly type: OrderType
  readonly quoteSize: Decimal | undefined
  readonly baseSize: Decimal | undefined
  readonly limitPrice: Decimal | undefined
  readonly stopPrice: Decimal | undefined
  readonly postOnly: boolean
  readonly expireAtMs: number | undefined
  readonly timeInForce: TimeInForce | undefined
  /** What is not filled when it expires goes at market. */
  readonly onExpiry: 'market' | undefined
  /** The order whose rest this one buys. */
  readonly continues: string | undefined
  readonly expectedPrice: number
  readonly score: number
  readonly temperature: TemperatureName
  readonly configHash: string
  readonly limitsHash: string | undefined
  readonly createdAtMs: EpochMs
  state: OrderState
  venueOrderId: string | undefined
  /** What the venue says is filled, cumulative. */
  filledQuantity: Decimal
  /** Sum of the fills booked. */
  bookedQuantity: Decimal
  bookedQuote: Decimal
  averagePrice: Decimal | undefined
  reason: string | undefined
  updatedAtMs: EpochMs
  /** It left for the venue, as far as we know. */
  submitted: boolean
  sentAtMs: number | undefined
  firstFillMs: number | undefined
  /** Paid so far, in quote; a fee in base at the price of its fill. */
  bookedFee: Decimal
  lastFillMs: number
  lastFillPrice: number
  /** The venue is done with it and every fill it reported is booked. */
  done: boolean
}

const finalStates: ReadonlySet<OrderState> = new Set(['filled', 'cancelled', 'expired', 'rejected'])
const progress: Readonly<Record<OrderState, number>> = {
  intent: 0,
  sent: 1,
  unknown: 1,
  open: 2,
  partiallyFilled: 3,
  filled: 4,
  cancelled: 4,
  expired: 4,
  rejected: 4,
}

/** True for the four states the venue never leaves. */
export const isFinal = (state: OrderState): boolean => finalStates.has(state)

/**
 * Tells whether an order may go from one state to another: forward only, `unknown` from any state that is not final, and
 * nothing out of a final state.
 *
 * @example
 * ```ts
 * mayTransition('filled', 'open') // => false
 * ```
 */
export function mayTransition(from: OrderState, to: OrderState): boolean {
  if (isFinal(from)) return false
  if (from === to) return to === 'partiallyFilled'
  if (to === 'unknown') return from !== 'intent'
  if (to === 'intent' || (to === 'sent' && from !== 'intent')) return false
  return progress[to] > progress[from] || from === 'unknown'
}

export function newOrder(botId: string, data: Facts['intent'], atMs: EpochMs): Order {
  return {
    clientOrderId: data.clientOrderId,
    intentNo: data.intentNo,
    botId,
    instrument: data.instrument,
    side: data.side,
    kind: data.kind,
    origin: data.origin,
    source: data.source,
    type: data.orderType,
    quoteSize: data.quoteSize,
    baseSize: data.baseSize,
    limitPrice: data.limitPrice,
    stopPrice: data.stopPrice,
    postOnly: data.postOnly ?? false,
    expireAtMs: data.expireAtMs,
    timeInForce: data.timeInForce,
    onExpiry: data.onExpiry,
    continues: data.continues,
    expectedPrice: Number(data.expectedPrice),
    score: Number(data.score),
    temperature: data.temperature,
    configHash: data.configHash,
    limitsHash: data.limitsHash,
    createdAtMs: atMs,
    state: 'intent',
    venueOrderId: undefined,
    filledQuantity: ZERO,
    bookedQuantity: ZERO,
    bookedQuote: ZERO,
    averagePrice: undefined,
    reason: undefined,
    updatedAtMs: atMs,
    submitted: false,
    sentAtMs: undefined,
    firstFillMs: undefined,
    bookedFee: ZERO,
    lastFillMs: Number.NEGATIVE_INFINITY,
    lastFillPrice: Number.NaN,
    done: false,
  }
}

/** Books a fill on its order. */
export function bookOnOrder(order: Order, { fill, value, feeValue }: FillResult): void {
  order.bookedQuantity = add(order.bookedQuantity, fill.quantity)
  order.bookedQuote = add(order.bookedQuote, value)
  order.bookedFee = add(order.bookedFee, fill.fee.currency === fill.base ? valueOf(fill.fee.amount, fill.price) : feeValue)
  order.lastFillMs = Math.max(order.lastFillMs, fill.atMs)
  order.lastFillPrice = toFloat(fill.price)
}

/** Far less than the smallest increment of any venue: a sum of rounded quotients may differ from a rounded sum by it, a missing fill never. */
export const ROUNDING = money('0.000000000001')

/** True while the venue has filled more than is booked. */
export const lacksFills = ({ filledQuantity, bookedQuantity }: Order): boolean =>
  !atLeast(bookedQuantity, filledQuantity) && greater(subtract(filledQuantity, bookedQuantity), ROUNDING)

/** True once the venue is done and our fills add up to what it filled; until then a final order is settling. */
export const isSettled = (order: Order): boolean => isFinal(order.state) && !lacksFills(order)
