// An exchange of one's own: a desk that fills market orders at once at its price, plus a fee. It has its account in memory, and passes `exchangeContract`.
// A real adapter sends requests in place of `trade`; docs/how-to/write-an-exchange-adapter.md says what it owes its caller when an answer does not come.
import { floorTo, money } from '@millrace/core'
import type {
  Balance,
  EpochMs,
  Exchange,
  Instrument,
  LinkEvent,
  OrderEvent,
  OrderRef,
  OrderReport,
  OrderRequest,
  SubmitResult,
  VenueFill,
} from '@millrace/core'
import type { Decimal } from 'decimal.js'
import { EMPTY, ReplaySubject, Subject, merge } from 'rxjs'

/** The other side: what the desk would keep in its own books. */
export interface Desk {
  readonly instrument: Instrument
  price: Decimal
  readonly feeRate: Decimal
  readonly balances: Map<string, Decimal>
  nowMs(): EpochMs
}

const rejected = (code: string, detail: string): SubmitResult => ({ outcome: 'rejected', code, detail })

/** Returns the account at a desk as an exchange. */
export function deskExchange(desk: Desk): Exchange {
  const { instrument, feeRate, balances } = desk
  const reports = new Map<string, OrderReport>()
  const fills: VenueFill[] = []
  const news = new Subject<OrderEvent>()
  const end = new ReplaySubject<never>(1)
  let isClosed = false

  const balanceOf = (currency: string): Decimal => balances.get(currency) ?? money(0)
  const move = (currency: string, by: Decimal): void => void balances.set(currency, balanceOf(currency).plus(by))

  /** The size in base that an order comes to: cut down to the desk's increments, never made larger. */
  function sizeOf({ size }: OrderRequest): Decimal {
    const base = 'base' in size ? size.base : size.quote.dividedBy(desk.price.times(feeRate.plus(1)))
    return floorTo(base, instrument.baseIncrement)
  }

  function refusalOf(request: OrderRequest, quantity: Decimal): SubmitResult | undefined {
    const value = quantity.times(desk.price)
    if (request.instrument !== instrument.id) return rejected('UNKNOWN_INSTRUMENT', `the desk trades ${instrument.id} only`)
    if (request.type !== 'market') return rejected('UNSUPPORTED', 'the desk takes market orders only')
    if (quantity.lessThan(instrument.minBase) || value.lessThan(instrument.minQuote))
      return rejected('SIZE_TOO_SMALL', `the smallest trade is ${String(instrument.minQuote)}`)
    if (quantity.greaterThan(instrument.maxBase)) return rejected('SIZE_TOO_LARGE', `the largest trade is ${String(instrument.maxBase)}`)
    const [currency, needed] = request.side === 'buy' ? [instrument.quote, value.plus(value.times(feeRate))] : [instrument.base, quantity]
    return needed.greaterThan(balanceOf(currency)) ? rejected('INSUFFICIENT_FUNDS', `${String(needed)} ${currency} would be needed`) : undefined
  }

  function trade(request: OrderRequest, quantity: Decimal): string {
    const { clientOrderId, side } = request
    const value = quantity.times(desk.price)
    const fee = value.times(feeRate)
    const sign = side === 'buy' ? 1 : -1
    move(instrument.base, quantity.times(sign))
    move(instrument.quote, value.times(-sign).minus(fee))
    const venueOrderId = `desk-${reports.size + 1}`
    const atMs = desk.nowMs()
    const fill: VenueFill = {
      ...{ fillId: `fill-${fills.length + 1}`, venueOrderId, clientOrderId, instrument: instrument.id, side, price: desk.price, quantity, atMs },
      ...{ fee: { amount: fee, currency: instrument.quote }, liquidity: 'taker' },
    }
    const ref: OrderRef = { clientOrderId, venueOrderId, instrument: instrument.id }
    const report: OrderReport = { ref, state: 'filled', filledQuantity: quantity, averagePrice: desk.price, feesTotal: fee, atMs }
    reports.set(clientOrderId, report)
    fills.push(fill)
    news.next({ type: 'fill', fill })
    news.next({ type: 'report', report })
    return venueOrderId
  }

  return {
    id: 'desk',
    environment: 'paper',
    capabilities: {
      ...{ orderTypes: ['market'], quoteSizedBuys: true, feeInsideQuoteSize: true },
      ...{ idempotentClientOrderId: true, lookupByClientOrderId: true },
    },
    instruments: async () => [instrument],
    async submit(request, signal) {
      if (signal.aborted) return rejected('CALLED_OFF', 'it was called off before it was sent')
      if (isClosed) return rejected('CLOSED', 'nothing leaves a closed exchange')
      const known = reports.get(request.clientOrderId)
      if (known !== undefined) return { outcome: 'accepted', venueOrderId: known.ref.venueOrderId! } // the same order once more is no second order
      const quantity = sizeOf(request)
      return refusalOf(request, quantity) ?? { outcome: 'accepted', venueOrderId: trade(request, quantity) }
    },
    cancel: async () => ({ outcome: 'tooLate', detail: 'the desk fills at once' }),
    order: async ({ clientOrderId, venueOrderId }) =>
      reports.get(clientOrderId) ?? [...reports.values()].find(({ ref }) => ref.venueOrderId === venueOrderId) ?? 'notFound',
    liveOrders: async () => ({ items: [], complete: true }),
    fills: async (after) => ({ items: fills.slice(after === undefined ? 0 : Number(after)), complete: true, next: String(fills.length) }),
    balances: async () => [...balances].map(([currency, available]): Balance => ({ currency, available, held: money(0) })),
    feeRates: async () => ({ makerRate: feeRate, takerRate: feeRate }),
    events: () => (isClosed ? EMPTY : merge<[OrderEvent | LinkEvent, never]>(news, end)),
    async close() {
      isClosed = true
      news.complete()
      end.complete()
    },
  }
}
