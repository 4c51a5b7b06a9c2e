import type { Exchange } from '../../../contracts/exchange.ts'
import { ZERO, add, money, multiply, subtract } from '../../../model/money.ts'
import type { OrderReport } from '../../../model/order.ts'
import { never, onReports, onFills } from './mutant.fixture.ts'
import type { Mutant } from './mutant.fixture.ts'

/** What goes wrong with lookups, cancels and the account. */
export const questions: readonly Mutant[] = [
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
