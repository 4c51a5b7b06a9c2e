import { EMPTY, concatMap, filter, from, map, mergeMap, of, share, throwError, type Observable } from 'rxjs'
import type { LinkEvent, OrderEvent } from '../../contracts/events.ts'
import type { Exchange } from '../../contracts/exchange.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { Instrument } from '../../model/instrument.ts'
import { ZERO, add, ceilTo, divide, money, multiply, subtract } from '../../model/money.ts'
import type { OrderReport, OrderRequest } from '../../model/order.ts'
import type { ExchangeSubject } from './harness.ts'

/** An exchange with one mistake, and the cases that find it. */
export interface Mutant {
  readonly name: string
  readonly caughtBy: readonly string[]
  readonly mistake: (exchange: Exchange, subject: ExchangeSubject) => Partial<Exchange>
}

const never = new AbortController().signal
type Told = OrderEvent | LinkEvent

const onReports = (exchange: Exchange, change: (report: OrderReport) => OrderReport): Partial<Exchange> => ({
  order: async (ref, sentBefore) => {
    const found = await exchange.order(ref, sentBefore)
    return typeof found === 'string' ? found : change(found)
  },
  liveOrders: async () => {
    const live = await exchange.liveOrders()
    return { ...live, items: live.items.map(change) }
  },
  events: () => exchange.events().pipe(map((event) => (event.type === 'report' ? { ...event, report: change(event.report) } : event))),
})

const onFills = (exchange: Exchange, change: (fills: readonly VenueFill[]) => readonly VenueFill[]): Partial<Exchange> => ({
  fills: async (after) => {
    const answer = await exchange.fills(after)
    return { ...answer, items: change(answer.items) }
  },
  events: () => exchange.events().pipe(filter((event) => event.type !== 'fill')),
})

const onEvents = (exchange: Exchange, change: (events: Observable<Told>) => Observable<Told>): Partial<Exchange> => ({
  events: () => change(exchange.events()),
})

const onRequests = (exchange: Exchange, change: (request: OrderRequest) => OrderRequest): Partial<Exchange> => ({
  submit: (request, signal, sentBefore) => exchange.submit(change(request), signal, sentBefore),
})

const onInstruments = (exchange: Exchange, change: (instrument: Instrument) => Instrument): Partial<Exchange> => ({
  instruments: async () => (await exchange.instruments()).map(change),
})

/** Whole increments, the wrong way. */
const roundedUp = (request: OrderRequest, { baseIncrement, quoteIncrement, priceIncrement }: Instrument): OrderRequest => ({
  ...request,
  size: 'base' in request.size ? { base: ceilTo(request.size.base, baseIncrement) } : { quote: ceilTo(request.size.quote, quoteIncrement) },
  ...(request.limitPrice && { limitPrice: ceilTo(request.limitPrice, priceIncrement) }),
})

const doubled = (fill: VenueFill): readonly VenueFill[] => [fill, { ...fill, fillId: `${fill.fillId}-again` }]

/** What an author gets wrong about an order's fate. */
const outcomes: readonly Mutant[] = [
  {
    name: 'an answer that did not come is reported as rejected',
    caughtBy: ['E89', 'E90', 'E91', 'E92', 'E93', 'E94', 'E96', 'E97', 'E98'],
    mistake: (exchange) => ({
      submit: async (request, signal, sentBefore) => {
        const result = await exchange.submit(request, signal, sentBefore)
        return result.outcome === 'unknown' ? { outcome: 'rejected', code: 'TIMEOUT', detail: result.cause } : result
      },
    }),
  },
  {
    name: 'an answer that did not come is taken for an acceptance',
    caughtBy: ['E89', 'E90', 'E92', 'E94', 'E95', 'E96', 'E98', 'E102'],
    mistake: (exchange) => ({
      submit: async (request, signal, sentBefore) => {
        const result = await exchange.submit(request, signal, sentBefore)
        return result.outcome === 'unknown' ? { outcome: 'accepted', venueOrderId: 'assumed' } : result
      },
    }),
  },
  {
    name: 'an order without an answer is sent again under a new id',
    caughtBy: ['E89', 'E91', 'E93', 'E94', 'E96'],
    mistake: (exchange) => ({
      submit: async (request, signal) => {
        const result = await exchange.submit(request, signal)
        return result.outcome === 'unknown' ? exchange.submit({ ...request, clientOrderId: `${request.clientOrderId}-retry` }, signal) : result
      },
    }),
  },
  {
    name: 'every sending gets an id of its own',
    caughtBy: ['E50', 'E51', 'E52', 'E56', 'E66'],
    mistake: (exchange) => {
      let sent = 0
      return onRequests(exchange, (request) => ({ ...request, clientOrderId: `${request.clientOrderId}-${sent++}` }))
    },
  },
  {
    name: 'every order gets the venue id of the first',
    caughtBy: ['E53', 'E73'],
    mistake: (exchange) => {
      let first: string | undefined
      return {
        submit: async (request, signal, sentBefore) => {
          const result = await exchange.submit(request, signal, sentBefore)
          return result.outcome === 'accepted' ? { ...result, venueOrderId: (first ??= result.venueOrderId) } : result
        },
      }
    },
  },
  {
    name: 'a submit is sent although it was called off',
    caughtBy: ['E54'],
    mistake: (exchange) => ({ submit: (request, _signal, sentBefore) => exchange.submit(request, never, sentBefore) }),
  },
  {
    name: 'a submit that is called off on the way is told as rejected',
    caughtBy: ['E55'],
    mistake: (exchange) => ({
      submit: async (request, signal, sentBefore) => {
        const result = await exchange.submit(request, signal, sentBefore)
        return signal.aborted && result.outcome === 'accepted' ? { outcome: 'rejected', code: 'ABORTED', detail: 'called off' } : result
      },
    }),
  },
  {
    name: 'a refusal is told as unknown',
    caughtBy: ['E19', 'E22', 'E34', 'E35', 'E36', 'E37', 'E38', 'E42', 'E43', 'E45', 'E46', 'E47', 'E48'],
    mistake: (exchange) => ({
      submit: async (request, signal, sentBefore) => {
        const result = await exchange.submit(request, signal, sentBefore)
        return result.outcome === 'rejected' ? { outcome: 'unknown', cause: result.detail } : result
      },
    }),
  },
  {
    name: 'sizes and prices are rounded up',
    caughtBy: ['E39', 'E40', 'E41'],
    mistake: (exchange) => ({
      submit: async (request, signal) => {
        const instrument = (await exchange.instruments()).find(({ id }) => id === request.instrument)
        return exchange.submit(instrument ? roundedUp(request, instrument) : request, signal)
      },
    }),
  },
  {
    name: 'post-only is not passed on',
    caughtBy: ['E19', 'E48'],
    mistake: (exchange) => onRequests(exchange, ({ postOnly: _, ...request }) => request),
  },
  {
    name: 'the end of an order is not passed on',
    caughtBy: ['E21', 'E22'],
    mistake: (exchange) => onRequests(exchange, ({ expireAtMs: _, ...request }) => request),
  },
  {
    name: 'a limit order is sent as a market order',
    caughtBy: ['E15', 'E16', 'E17', 'E20', 'E23', 'E24', 'E63', 'E69', 'E104'],
    mistake: (exchange) => onRequests(exchange, ({ limitPrice: _, postOnly: __, ...request }) => ({ ...request, type: 'market' })),
  },
  {
    name: 'the limit of a limit order is a hundredth too generous',
    caughtBy: ['E16'],
    mistake: (exchange) =>
      onRequests(exchange, (request) =>
        request.limitPrice && request.side === 'buy'
          ? { ...request, limitPrice: ceilTo(multiply(request.limitPrice, money('1.005')), money('0.01')) }
          : request,
      ),
  },
  {
    name: 'a size in quote is sent as a size in base',
    caughtBy: ['E08'],
    mistake: (exchange) =>
      onRequests(exchange, (request) => ('quote' in request.size ? { ...request, size: { base: divide(request.size.quote, money(50)) } } : request)),
  },
  {
    name: 'a size of nothing or less is made the smallest order',
    caughtBy: ['E37', 'E42'],
    mistake: (exchange) =>
      onRequests(exchange, (request) => {
        const amount = 'base' in request.size ? request.size.base : request.size.quote
        const least = 'base' in request.size ? money('0.1') : money(1)
        return subtract(amount, money('0.9')).isNegative() && amount.lessThan(least)
          ? { ...request, size: 'base' in request.size ? { base: least } : { quote: least } }
          : request
      }),
  },
  {
    name: 'a sale is sent as a purchase',
    caughtBy: ['E10', 'E17', 'E26', 'E36', 'E43'],
    mistake: (exchange) => onRequests(exchange, (request) => ({ ...request, side: 'buy' })),
  },
]

/** What goes wrong with fills and reports. */
const records: readonly Mutant[] = [
  {
    name: 'fills come twice under new ids',
    caughtBy: ['E09', 'E11', 'E23', 'E43', 'E72', 'E73', 'E74', 'E75', 'E76', 'E78', 'E79', 'E82', 'E83', 'E87', 'E96', 'E105'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.flatMap(doubled)),
  },
  {
    name: 'fills come twice under one id',
    caughtBy: ['E73'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.flatMap((fill) => [fill, fill])),
  },
  {
    name: 'a fill is lost',
    caughtBy: ['E11', 'E12', 'E16', 'E18', 'E24', 'E59', 'E77', 'E79', 'E85'],
    mistake: (exchange) => onFills(exchange, () => []),
  },
  {
    name: 'fills come newest first',
    caughtBy: ['E73', 'E74'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.toReversed()),
  },
  {
    name: 'the cursor skips the fill after it',
    caughtBy: ['E74', 'E105'],
    mistake: (exchange) => ({
      fills: async (after) => {
        const answer = await exchange.fills(after === undefined || after === '0' ? after : String(Number(after) + 1))
        return answer
      },
    }),
  },
  {
    name: 'the cursor goes past fills that the venue lists late',
    caughtBy: ['E76'],
    mistake: (exchange) => {
      // A fill is counted when the order tells of it, not when it is listed.
      let filled = 0
      exchange.events().subscribe((event) => {
        if (event.type === 'fill') filled++
      })
      return {
        fills: async (after) => {
          const answer = await exchange.fills(after)
          return answer.complete && answer.items.length > 0 ? { ...answer, next: String(Math.max(filled, Number(answer.next))) } : answer
        },
      }
    },
  },
  {
    name: 'only the first page of the fills is read, and called complete',
    caughtBy: ['E77'],
    mistake: (exchange) => ({ fills: async (after) => ({ ...(await exchange.fills(after)), complete: true, next: after }) }),
  },
  {
    name: 'a reader of fills can use a cursor once',
    caughtBy: ['E75'],
    mistake: (exchange) => {
      const used = new Map<string, number>()
      return {
        fills: async (after) => {
          const answer = await exchange.fills(after)
          const count = (used.get(after ?? '') ?? 0) + (answer.items.length > 0 ? 1 : 0)
          used.set(after ?? '', count)
          return after !== undefined && after !== '0' && count > 1 ? { ...answer, items: [] } : answer
        },
      }
    },
  },
  {
    name: 'a maker’s rate is charged where one took',
    caughtBy: ['E12'],
    mistake: (exchange) =>
      onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, fee: { ...fill.fee, amount: divide(fill.fee.amount, money('1.8')) } }))),
  },
  {
    name: 'fees are left out of the fills',
    caughtBy: ['E11', 'E12', 'E23', 'E78', 'E79'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, fee: { ...fill.fee, amount: ZERO } }))),
  },
  {
    name: 'a fee is in a currency that nobody has',
    caughtBy: ['E72', 'E78'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, fee: { ...fill.fee, currency: 'POINTS' } }))),
  },
  {
    name: 'prices of fills are in base per quote',
    caughtBy: ['E11', 'E13', 'E17'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, price: divide(money(1), fill.price) }))),
  },
  {
    name: 'every fill is a taker’s',
    caughtBy: ['E16', 'E17', 'E20'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, liquidity: 'taker' }))),
  },
  {
    name: 'every fill is a maker’s',
    caughtBy: ['E11', 'E18'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, liquidity: 'maker' }))),
  },
  {
    name: 'times of fills are in seconds',
    caughtBy: ['E72'],
    mistake: (exchange) => onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, atMs: (fill.atMs / 1000) as VenueFill['atMs'] }))),
  },
  {
    name: 'fills of other people’s orders get the id of the last order of ours',
    caughtBy: ['E79'],
    mistake: (exchange) => {
      let last = ''
      return {
        ...onFills(exchange, (fills) => fills.map((fill) => ({ ...fill, clientOrderId: last }))),
        submit: (request, signal, sentBefore) => {
          last = request.clientOrderId
          return exchange.submit(request, signal, sentBefore)
        },
      }
    },
  },
  {
    name: 'a report tells the last fill, not the sum',
    caughtBy: ['E23'],
    mistake: (exchange) => {
      const sums = new Map<string, OrderReport['filledQuantity']>()
      return onReports(exchange, (report) => {
        const before = sums.get(report.ref.clientOrderId)
        if (before === undefined && report.state === 'partiallyFilled') sums.set(report.ref.clientOrderId, report.filledQuantity)
        return before && report.state === 'filled' ? { ...report, filledQuantity: subtract(report.filledQuantity, before) } : report
      })
    },
  },
  {
    name: 'the average price is the value',
    caughtBy: ['E11', 'E24'],
    mistake: (exchange) =>
      onReports(exchange, (report) => (report.averagePrice ? { ...report, averagePrice: multiply(report.averagePrice, report.filledQuantity) } : report)),
  },
  {
    name: 'a report without fees says what the fees of another order were',
    caughtBy: ['E11', 'E85'],
    mistake: (exchange) => onReports(exchange, (report) => (report.feesTotal ? { ...report, feesTotal: add(report.feesTotal, money('0.5')) } : report)),
  },
  {
    name: 'a partly filled order is told as open',
    caughtBy: ['E23', 'E24'],
    mistake: (exchange) => onReports(exchange, (report) => (report.state === 'partiallyFilled' ? { ...report, state: 'open' } : report)),
  },
  {
    name: 'what a cancelled order had filled is forgotten',
    caughtBy: ['E14', 'E24'],
    mistake: (exchange) => onReports(exchange, (report) => (report.state === 'cancelled' ? { ...report, filledQuantity: ZERO } : report)),
  },
  {
    name: 'an order that has ended is told as open once more',
    caughtBy: ['E09', 'E24', 'E57', 'E64', 'E82'],
    mistake: (exchange) =>
      onEvents(exchange, (events) =>
        events.pipe(
          mergeMap((event) =>
            event.type === 'report' && ['filled', 'cancelled'].includes(event.report.state)
              ? of(event, { ...event, report: { ...event.report, state: 'open' as const, filledQuantity: ZERO } })
              : of(event),
          ),
        ),
      ),
  },
  {
    name: 'times of reports are in seconds',
    caughtBy: ['E56'],
    mistake: (exchange) => onReports(exchange, (report) => ({ ...report, atMs: (report.atMs / 1000) as OrderReport['atMs'] })),
  },
]

/** What goes wrong with lookups, cancels and the account. */
const questions: readonly Mutant[] = [
  {
    name: 'an accepted order is not among the live ones',
    caughtBy: ['E15', 'E23', 'E50', 'E51', 'E62', 'E63', 'E69', 'E70', 'E80', 'E100', 'E104'],
    mistake: () => ({ liveOrders: async () => ({ items: [], complete: true }) }),
  },
  {
    name: 'orders that have ended stay among the live ones',
    caughtBy: ['E16', 'E17', 'E21', 'E57', 'E69'],
    mistake: (exchange) => {
      const known = new Map<string, OrderReport>()
      return {
        liveOrders: async () => {
          const live = await exchange.liveOrders()
          for (const report of live.items) known.set(report.ref.clientOrderId, report)
          return { ...live, items: [...known.values()] }
        },
        submit: async (request, signal, sentBefore) => {
          const result = await exchange.submit(request, signal, sentBefore)
          for (const report of (await exchange.liveOrders()).items) known.set(report.ref.clientOrderId, report)
          return result
        },
      }
    },
  },
  {
    name: 'a cancel says cancelled whatever the venue says',
    caughtBy: ['E59', 'E61', 'E63', 'E65', 'E100'],
    mistake: (exchange) => ({
      cancel: async (ref, signal) => {
        await exchange.cancel(ref, signal)
        return { outcome: 'cancelled' }
      },
    }),
  },
  {
    name: 'a cancel says tooLate whatever the venue says',
    caughtBy: ['E57', 'E58', 'E99', 'E106'],
    mistake: (exchange) => ({
      cancel: async (ref, signal) => {
        await exchange.cancel(ref, signal)
        return { outcome: 'tooLate' }
      },
    }),
  },
  {
    name: 'a cancel takes every order of the instrument',
    caughtBy: ['E62'],
    mistake: (exchange) => ({
      cancel: async (ref, signal) => {
        for (const report of (await exchange.liveOrders()).items) await exchange.cancel(report.ref, signal)
        return exchange.cancel(ref, signal)
      },
    }),
  },
  {
    name: 'a cancel is sent although it was called off',
    caughtBy: ['E63'],
    mistake: (exchange) => ({ cancel: (ref) => exchange.cancel(ref, never) }),
  },
  {
    name: 'a cancel is not sent',
    caughtBy: ['E24', 'E25', 'E26', 'E46', 'E57', 'E60', 'E62', 'E67', 'E82', 'E99', 'E100', 'E106'],
    mistake: () => ({ cancel: async () => ({ outcome: 'unknown' }) }),
  },
  {
    name: 'a second cancel opens the order again',
    caughtBy: ['E60'],
    mistake: (exchange) => {
      let cancels = 0
      return {
        ...onReports(exchange, (report) => (cancels > 1 && report.state === 'cancelled' ? { ...report, state: 'open' } : report)),
        cancel: (ref, signal) => {
          cancels++
          return exchange.cancel(ref, signal)
        },
      }
    },
  },
  {
    name: 'what cannot be asked is not found',
    caughtBy: ['E70'],
    mistake: (exchange) => ({
      order: async (ref, sentBefore) => {
        const found = await exchange.order(ref, sentBefore)
        return found === 'unknown' ? 'notFound' : found
      },
    }),
  },
  {
    name: 'an order that the venue does not show yet is not found',
    caughtBy: ['E71'],
    mistake: (exchange) => ({
      order: async (ref, sentBefore) => {
        const found = await exchange.order(ref, sentBefore)
        return found === 'unknown' ? 'notFound' : found
      },
    }),
  },
  {
    name: 'an order that was not found is unknown for ever',
    caughtBy: ['E68', 'E90', 'E92'],
    mistake: (exchange) => ({
      order: async (ref, sentBefore) => {
        const found = await exchange.order(ref, sentBefore)
        return found === 'notFound' ? 'unknown' : found
      },
    }),
  },
  {
    name: 'an order is found with the venue’s id only',
    caughtBy: ['E66', 'E89', 'E91', 'E93', 'E94'],
    mistake: (exchange) => ({ order: async (ref, sentBefore) => (ref.venueOrderId === undefined ? 'notFound' : exchange.order(ref, sentBefore)) }),
  },
  {
    name: 'an order that has ended is forgotten',
    caughtBy: ['E09', 'E67', 'E104'],
    mistake: (exchange) => ({
      order: async (ref, sentBefore) => {
        const found = await exchange.order(ref, sentBefore)
        return typeof found !== 'string' && ['filled', 'cancelled'].includes(found.state) ? 'notFound' : found
      },
    }),
  },
  {
    name: 'an empty list is complete although nobody could be asked',
    caughtBy: ['E70'],
    mistake: (exchange) => ({
      liveOrders: async () => ({ ...(await exchange.liveOrders()), complete: true }),
      fills: async (after) => ({ ...(await exchange.fills(after)), complete: true }),
    }),
  },
  {
    name: 'other people’s orders are left out',
    caughtBy: ['E79', 'E80'],
    mistake: (exchange) => ({
      ...onFills(exchange, (fills) => fills.filter(({ clientOrderId }) => clientOrderId !== 'somebody-else')),
      liveOrders: async () => {
        const live = await exchange.liveOrders()
        return { ...live, items: live.items.filter(({ ref }) => ref.clientOrderId !== 'somebody-else') }
      },
    }),
  },
  {
    name: 'a hold is not given back',
    caughtBy: ['E25', 'E26'],
    mistake: (exchange) => {
      const most = new Map<string, OrderReport['filledQuantity']>()
      return {
        balances: async () =>
          (await exchange.balances()).map((balance) => {
            const before = most.get(balance.currency) ?? ZERO
            const held = before.greaterThan(balance.held) ? before : balance.held
            most.set(balance.currency, held)
            return { ...balance, held, available: subtract(add(balance.available, balance.held), held) }
          }),
      }
    },
  },
  {
    name: 'what is held is left out of the balances',
    caughtBy: ['E25', 'E26'],
    mistake: (exchange) => ({ balances: async () => (await exchange.balances()).map((balance) => ({ ...balance, held: ZERO })) }),
  },
  {
    name: 'what is held is told as free as well',
    caughtBy: ['E25', 'E50', 'E53'],
    mistake: (exchange) => ({
      balances: async () => (await exchange.balances()).map((balance) => ({ ...balance, available: add(balance.available, balance.held) })),
    }),
  },
  {
    name: 'balances are those of the start',
    caughtBy: ['E07', 'E24', 'E78', 'E79'],
    mistake: (exchange) => {
      let first: ReturnType<Exchange['balances']> | undefined
      return { balances: () => (first ??= exchange.balances()) }
    },
  },
  {
    name: 'each wallet is a row of its own',
    caughtBy: ['E05'],
    mistake: (exchange) => ({
      balances: async () => (await exchange.balances()).flatMap((balance) => [balance, { ...balance, available: ZERO, held: ZERO }]),
    }),
  },
  {
    name: 'fee rates are in percent',
    caughtBy: ['E04', 'E12'],
    mistake: (exchange) => ({
      feeRates: async () => {
        const { makerRate, takerRate } = await exchange.feeRates()
        return { makerRate: multiply(makerRate, money(100)), takerRate: multiply(takerRate, money(100)) }
      },
    }),
  },
]

/** What goes wrong with instruments, the link and the end. */
const surroundings: readonly Mutant[] = [
  {
    name: 'a capability is left undefined',
    caughtBy: ['E01'],
    mistake: (exchange) => ({ capabilities: { ...exchange.capabilities, quoteSizedBuys: undefined as unknown as boolean } }),
  },
  {
    name: 'an increment is a number of decimals',
    caughtBy: ['E02'],
    mistake: (exchange) => onInstruments(exchange, (instrument) => ({ ...instrument, baseIncrement: ZERO })),
  },
  {
    name: 'an instrument is listed under each of its names',
    caughtBy: ['E03'],
    mistake: (exchange) => ({ instruments: async () => (await exchange.instruments()).flatMap((instrument) => [instrument, instrument]) }),
  },
  {
    name: 'base and quote are the wrong way round',
    caughtBy: ['E03'],
    mistake: (exchange) => onInstruments(exchange, (instrument) => ({ ...instrument, base: instrument.quote, quote: instrument.base })),
  },
  {
    name: 'instruments are read once',
    caughtBy: ['E06', 'E44'],
    mistake: (exchange) => {
      let first: ReturnType<Exchange['instruments']> | undefined
      return { instruments: () => (first ??= exchange.instruments()) }
    },
  },
  {
    name: 'the events fail when the link breaks',
    caughtBy: ['E84', 'E85', 'E86', 'E88'],
    mistake: (exchange) =>
      onEvents(exchange, (events) => events.pipe(concatMap((event) => (event.type === 'down' ? throwError(() => new Error('closed')) : of(event))))),
  },
  {
    name: 'a link that breaks says nothing',
    caughtBy: ['E84', 'E85', 'E86', 'E88'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'down'))),
  },
  {
    name: 'a missed message is not noticed',
    caughtBy: ['E87'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'gap'))),
  },
  {
    name: 'a subscription that is refused is told as ready',
    caughtBy: ['E88'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(map((event) => (event.type === 'error' ? { ...event, type: 'ready' } : event)))),
  },
  {
    name: 'too many requests are kept quiet',
    caughtBy: ['E95'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'rateLimited'))),
  },
  {
    name: 'only one subscriber is told',
    caughtBy: ['E81'],
    mistake: (exchange) => {
      let taken = false
      return {
        events: () => {
          if (taken) return EMPTY
          taken = true
          return exchange.events()
        },
      }
    },
  },
  {
    name: 'the past told once more is passed on',
    caughtBy: ['E83'],
    mistake: (exchange) => {
      const past: Told[] = []
      const whole = exchange.events().pipe(
        concatMap((event) => {
          const again = past.length >= 6 ? [...past] : []
          past.push(event)
          return from([...again, event])
        }),
        share(),
      )
      return { events: () => whole }
    },
  },
  {
    name: 'orders are not told at all',
    caughtBy: ['E09', 'E15', 'E50', 'E81', 'E82', 'E83'],
    mistake: (exchange) => onEvents(exchange, (events) => events.pipe(filter(({ type }) => type !== 'report'))),
  },
  {
    name: 'a closed exchange goes on telling',
    caughtBy: ['E101', 'E102'],
    mistake: () => ({ close: async () => undefined }),
  },
  {
    name: 'closing cancels what works',
    caughtBy: ['E104', 'E106'],
    mistake: (exchange) => ({
      close: async () => {
        for (const { ref } of (await exchange.liveOrders()).items) await exchange.cancel(ref, never)
        await exchange.close()
      },
    }),
  },
  {
    name: 'a question after closing never gets an answer',
    caughtBy: ['E102', 'E103'],
    mistake: (exchange) => {
      let closed = false
      return {
        close: async () => {
          closed = true
          await exchange.close()
        },
        submit: async (request, signal) => {
          const result = await exchange.submit(request, signal)
          return closed ? new Promise(() => undefined) : result
        },
      }
    },
  },
]

export const mutants: readonly Mutant[] = [...outcomes, ...records, ...questions, ...surroundings]

/** The exchange of a subject with a mistake in it; other exchanges for the account make the same one. */
export function mutated(subject: ExchangeSubject, { mistake }: Mutant): ExchangeSubject {
  const broken = (exchange: Exchange): Exchange => ({ ...exchange, ...mistake(exchange, subject) })
  const { reopen } = subject.controls ?? {}
  return { ...subject, exchange: broken(subject.exchange), controls: { ...subject.controls, ...(reopen && { reopen: async () => broken(await reopen()) }) } }
}
