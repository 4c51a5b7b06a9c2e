import { isPositive, money } from '@millrace/core'
import type { EpochMs, OrderReport, OrderState, VenueTerms } from '@millrace/core'
import type { Decimal } from 'decimal.js'
import type { UserOrder, WireOrder } from '../wire/order.ts'
import { askedTerms } from './asked-terms.ts'
import type { InstrumentNames } from './instrument-names.ts'

const ZERO = money(0)

/** The five statuses in which an order may still trade, in the order in which it goes through them: a scan in this order cannot miss one that moves on. */
export const liveStatuses = ['PENDING', 'QUEUED', 'OPEN', 'EDIT_QUEUED', 'CANCEL_QUEUED'] as const

const live: ReadonlySet<string> = new Set(liveStatuses)

/** The state that a status means; undefined for one that nobody here knows. There is no status for partly filled: it is an open order with something filled. */
function stateOf(status: string, filled: Decimal): OrderState | undefined {
  const some = isPositive(filled)
  if (live.has(status)) return some ? 'partiallyFilled' : 'open'
  switch (status) {
    case 'FILLED':
      return 'filled'
    case 'CANCELLED':
      return 'cancelled'
    case 'EXPIRED':
      return 'expired'
    case 'FAILED':
      // What it traded before it failed is ours.
      return some ? 'cancelled' : 'rejected'
    default:
      return undefined
  }
}

/** A report, and the status when nobody here knows it: the state is `unknown` then. */
export interface ReadReport {
  readonly report: OrderReport
  readonly unknownStatus: string | undefined
}

/** What the REST interface says of an order. */
export function reportOf(order: WireOrder, names: InstrumentNames, nowMs: EpochMs): ReadReport {
  const { order_id, client_order_id, product_id, status, filled_size, average_filled_price, total_fees } = order
  const reason = [meant(order.reject_reason), meant(order.reject_message), meant(order.cancel_message)]
  return report({
    ids: [client_order_id, order_id, product_id],
    status,
    filled: filled_size,
    average: average_filled_price,
    fees: total_fees,
    reason,
    terms: askedTerms(order),
    names,
    atMs: order.last_update_time ?? order.last_fill_time ?? order.created_time ?? nowMs,
  })
}

/** What the user channel says of an order. */
export function userReportOf(order: UserOrder, names: InstrumentNames, atMs: EpochMs): ReadReport {
  const { order_id, client_order_id, product_id, status, cumulative_quantity, avg_price, total_fees } = order
  const reason = [meant(order.reject_reason ?? order.reject_Reason), meant(order.cancel_reason)]
  return report({
    ids: [client_order_id, order_id, product_id],
    status,
    filled: cumulative_quantity,
    average: avg_price,
    fees: total_fees,
    reason,
    terms: undefined,
    names,
    atMs,
  })
}

interface Parts {
  readonly ids: readonly [client: string, venue: string, product: string]
  readonly status: string
  readonly filled: Decimal | undefined
  readonly average: Decimal | undefined
  readonly fees: Decimal | undefined
  readonly reason: readonly string[]
  readonly terms: VenueTerms | undefined
  readonly names: InstrumentNames
  readonly atMs: EpochMs
}

function report({ ids: [clientOrderId, venueOrderId, product], status, filled = ZERO, average, fees, reason, terms, names, atMs }: Parts): ReadReport {
  const state = stateOf(status, filled)
  const said = state === undefined ? [`the venue says ${JSON.stringify(status)}`] : reason.filter((text) => text !== '')
  return {
    unknownStatus: state === undefined ? status : undefined,
    report: {
      ref: { clientOrderId, venueOrderId, instrument: names(product, { clientOrderId, venueOrderId }) },
      state: state ?? 'unknown',
      filledQuantity: filled,
      ...(average && isPositive(average) && { averagePrice: average }),
      ...(fees && { feesTotal: fees }),
      // An order that went well has no reason, whatever stands in the field: "Internal error" was seen beside a filled one.
      ...(said.length > 0 && state !== 'filled' && state !== 'open' && state !== 'partiallyFilled' && { reason: said.join(': ') }),
      ...(terms && { terms }),
      atMs,
    },
  }
}

const meant = (text: string | null | undefined): string => (text === 'REJECT_REASON_UNSPECIFIED' ? '' : (text ?? ''))
