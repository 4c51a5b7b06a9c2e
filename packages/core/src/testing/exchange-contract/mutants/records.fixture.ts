import { mergeMap, of } from 'rxjs'
import type { VenueFill } from '../../../model/fill.ts'
import { ZERO, add, divide, money, multiply, subtract } from '../../../model/money.ts'
import type { OrderReport } from '../../../model/order.ts'
import { onReports, onFills, onEvents } from './mutant.fixture.ts'
import type { Mutant } from './mutant.fixture.ts'

const doubled = (fill: VenueFill): readonly VenueFill[] => [fill, { ...fill, fillId: `${fill.fillId}-again` }]

/** What goes wrong with fills and reports. */
export const records: readonly Mutant[] = [
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
