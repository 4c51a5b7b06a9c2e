import type { Decimal } from 'decimal.js'
import type { ExecutionStyle, OrderLimits, PlannedOrder, QuoteView } from '../contracts/execution-style.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Instrument } from '../model/instrument.ts'
import type { ApprovedIntent } from '../model/intent.ts'
import { ZERO, decimalText, fromEstimate, greater, holdFor, valueOf } from '../model/money.ts'
import type { BlockerCode } from '../safety/blocker-codes.ts'

/** An order that may be written down with what it reserves, or the code of what stands against it; `fault` is what a plugin did wrong. */
export type TradeOrder =
  | { readonly order: PlannedOrder; readonly reserve: { readonly currency: string; readonly amount: Decimal } }
  | { readonly refused: BlockerCode | (string & {}); readonly fault?: unknown }

/**
 * The last of the three points where a trade is decided: what is sent for an approved intent. Pure: the style rounds in Decimal, and what it makes is checked
 * against the approval and the exact ledger. The journal has its answer as the `intent` entry.
 */
export function executeAutomaticTrade(
  style: ExecutionStyle,
  approved: ApprovedIntent,
  quote: QuoteView,
  instrument: Instrument,
  limits: OrderLimits,
): TradeOrder {
  let order: ReturnType<ExecutionStyle['order']>
  try {
    order = style.order(approved, quote, instrument, limits)
  } catch (error) {
    return { refused: 'PLUGIN_FAILED', fault: error }
  }
  if ('denied' in order) return { refused: order.denied }
  const reserve = reservation(order)
  const breach = beyondApproval(order, approved, instrument.id)
  if (reserve === undefined || breach !== undefined) return { refused: 'PLUGIN_FAILED', fault: breach ?? 'a buy in base units needs a limit price' }
  if (greater(reserve.amount, order.side === 'buy' ? limits.availableQuote : limits.sellable)) return { refused: 'INSUFFICIENT_FUNDS' }
  return { order, reserve }
}

/** What the order may take: quote for a buy (a limit in base holds its value and the highest fee), base for a sale. */
function reservation(order: PlannedOrder): { readonly currency: string; readonly amount: Decimal } | undefined {
  const { base, quote } = currenciesOf(order.instrument)
  if ('quote' in order.size) return { currency: quote, amount: order.size.quote }
  if (order.side === 'sell') return { currency: base, amount: order.size.base }
  return order.limitPrice === undefined ? undefined : { currency: quote, amount: holdFor(order.size.base, order.limitPrice) }
}

/** An execution style is a plugin: what it makes of an approved intent is checked, not believed. */
function beyondApproval(order: PlannedOrder, approved: ApprovedIntent, instrument: string): string | undefined {
  if (order.instrument !== instrument) return `expected an order of ${instrument}, received ${order.instrument}`
  if (order.side !== approved.side) return `expected a ${approved.side}, received a ${order.side}`
  if (order.side === 'sell') return 'quote' in order.size ? 'expected a sale in base units, received one in quote' : undefined
  const value = 'quote' in order.size ? order.size.quote : valueOf(order.size.base, order.limitPrice ?? ZERO)
  return greater(value, fromEstimate(approved.quoteAmount))
    ? `expected at most the approved ${approved.quoteAmount}, received ${decimalText(value)}`
    : undefined
}
