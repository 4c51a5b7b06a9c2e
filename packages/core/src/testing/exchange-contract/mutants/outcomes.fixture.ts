import type { Exchange } from '../../../contracts/exchange.ts'
import type { Instrument } from '../../../model/instrument.ts'
import { ceilTo, divide, money, multiply, subtract } from '../../../model/money.ts'
import type { OrderRequest } from '../../../model/order.ts'
import { never } from './mutant.fixture.ts'
import type { Mutant } from './mutant.fixture.ts'

const onRequests = (exchange: Exchange, change: (request: OrderRequest) => OrderRequest): Partial<Exchange> => ({
  submit: (request, signal, sentBefore) => exchange.submit(change(request), signal, sentBefore),
})

/** Whole increments, the wrong way. */
const roundedUp = (request: OrderRequest, { baseIncrement, quoteIncrement, priceIncrement }: Instrument): OrderRequest => ({
  ...request,
  size: 'base' in request.size ? { base: ceilTo(request.size.base, baseIncrement) } : { quote: ceilTo(request.size.quote, quoteIncrement) },
  ...(request.limitPrice && { limitPrice: ceilTo(request.limitPrice, priceIncrement) }),
})

/** What an author gets wrong about an order's fate. */
export const outcomes: readonly Mutant[] = [
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
