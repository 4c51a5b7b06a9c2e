import { simulatedClock } from '@millrace/core/testing'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createState } from '../create-state.ts'
import { createGate } from '../faults/gate.ts'
import { ledgerView } from '../ledger-view.ts'
import { applyAction } from '../control/apply.ts'
import { advanceMarket, cancel, place } from '../matching/orders.ts'
import { restLiquidity } from '../matching/hand-liquidity.ts'
import { amount } from '../amount.ts'
import type { VenueState } from '../venue-state.ts'
import { START_MS } from '../venue.fixture.ts'

Decimal.set({ precision: 100 })
const products = ['BTC-USD', 'ETH-USD', 'DOGE-USD', 'ETH-USDC'] as const
/** Prices as shares of the middle, in thousandths; sizes by value. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('order' as const),
      product: fc.constantFrom(...products),
      buy: fc.boolean(),
      kind: fc.nat(5),
      value: fc.integer({ min: 1, max: 400 }),
      price: fc.integer({ min: 960, max: 1040 }),
      who: fc.nat(1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), index: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('trade' as const),
      product: fc.constantFrom('BTC-USD', 'ETH-USD', 'DOGE-USD'),
      buy: fc.boolean(),
      price: fc.integer({ min: 950, max: 1050 }),
      value: fc.integer({ min: 1, max: 200 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('rest' as const),
      product: fc.constantFrom('BTC-USD', 'ETH-USD', 'DOGE-USD'),
      buy: fc.boolean(),
      price: fc.integer({ min: 950, max: 1050 }),
      value: fc.integer({ min: 1, max: 200 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fees' as const), maker: fc.constantFrom('0', '0.0025', '0.006'), taker: fc.constantFrom('0', '0.005', '0.012') }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** A product's step size for a share of the middle. */
function numbers(venue: VenueState, id: string, thousandths: number, value: number): { price: string; size: string } {
  const product = venue.products.get(id)!
  const { mid } = venue.books.get(product.book)!
  const price = new Decimal(mid).times(thousandths).div(1000).toNearest(product.priceIncrement)
  return { price: price.toFixed(), size: new Decimal(value).div(price).toNearest(product.baseIncrement, Decimal.ROUND_UP).toFixed() }
}

function configuration(kind: number, buy: boolean, value: number, { price, size }: { price: string; size: string }): Record<string, unknown> {
  if (kind === 0) return { market_market_ioc: buy ? { quote_size: String(value) } : { base_size: size } }
  if (kind === 1) return { market_market_ioc: { base_size: size } }
  if (kind === 2) return { sor_limit_ioc: { base_size: size, limit_price: price } }
  if (kind === 3) return { limit_limit_fok: { base_size: size, limit_price: price } }
  if (kind === 4) return { limit_limit_gtd: { base_size: size, limit_price: price, end_time: new Date(START_MS + 100_000).toISOString() } }
  return { limit_limit_gtc: { base_size: size, limit_price: price, post_only: false } }
}

function run(seed: number, steps: readonly Step[], check: (venue: VenueState) => void): VenueState {
  const clock = simulatedClock(START_MS)
  const gate = createGate({}, { seed, chances: { holdFailure: 0.05, cancelRace: 0.2, slowCancel: 0.2, slowOpen: 0.2 } })
  const { venue, defaultPortfolio } = createState(
    { seed, clock, accounts: { USD: '1000', USDC: '500', BTC: '0.02', ETH: '0.3', DOGE: '5000' }, depth: { valuePerLevel: 60 } },
    gate,
  )
  const portfolios = [defaultPortfolio, 'second']
  for (const [currency, value] of [
    ['USD', '700'],
    ['ETH', '0.1'],
  ] as const)
    venue.ledger.transfer('second', currency, amount(value))
  for (const [index, each] of steps.entries()) {
    if (each.do === 'pass') {
      clock.advance(each.ms)
      advanceMarket(venue)
    } else if (each.do === 'cancel') {
      const order = [...venue.orders.values()][each.index]
      if (order) cancel(venue, order.portfolio, order.id)
    } else if (each.do === 'fees') {
      Object.assign(venue.rates, { maker: amount(each.maker), taker: amount(each.taker) })
    } else if (each.do === 'order') {
      const side = each.buy ? 'BUY' : 'SELL'
      const terms = configuration(each.kind, each.buy, each.value, numbers(venue, each.product, each.price, each.value))
      place(venue, { clientOrderId: `o${index}`, portfolio: portfolios[each.who]!, productId: each.product, side, configuration: terms }, 'test')
    } else {
      const { price, size } = numbers(venue, each.product, each.price, each.value)
      const book = venue.books.get(each.product)!
      if (each.do === 'rest') restLiquidity(venue, book, { side: each.buy ? 'BUY' : 'SELL', price: amount(price), size: amount(size) })
      else applyAction({ service: { venue } } as never, { do: 'trade', product: each.product, price, size, makerSide: each.buy ? 'BUY' : 'SELL' })
    }
    check(venue)
  }
  return venue
}

const sum = (values: readonly (string | Decimal)[]): Decimal => values.reduce((total: Decimal, value) => total.plus(value), new Decimal(0))

test('money is neither made nor lost, nothing falls below zero, and what is set aside is what open orders need', () => {
  let fills = 0
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
      const venue = run(seed, steps, (state) => {
        const { balances, counters, orders } = ledgerView(state)
        for (const { currency, market, fees, outside } of counters) {
          const own = balances.filter((each) => each.currency === currency).map(({ total }) => total)
          expect(sum([...own, market, fees, outside]).toFixed()).toBe('0')
        }
        for (const { available, hold } of balances) expect(Number(available) >= 0 && Number(hold) >= 0).toBe(true)
        for (const { portfolio, currency, hold } of balances) {
          const held = orders.filter((order) => order.portfolio === portfolio && currencyOf(order) === currency).map((order) => order.hold)
          expect(sum(held).toFixed()).toBe(hold)
        }
      })
      fills += venue.fills.length
    }),
    { numRuns: 60 },
  )
  expect(fills).toBeGreaterThan(50)
})

const currencyOf = ({ side, product }: { readonly side: string; readonly product: string }): string => product.split('-')[side === 'BUY' ? 1 : 0]!

test('orders are the sum of their fills, never more than was asked for, and never at a worse price', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 40 }), (seed, steps) => {
      const venue = run(seed, steps, () => undefined)
      for (const order of venue.orders.values()) {
        const own = venue.fills.filter(({ orderId }) => orderId === order.id)
        expect(sum(own.map(({ quantity }) => quantity)).toFixed()).toBe(order.filledBase.toFixed())
        expect(sum(own.map(({ value }) => value)).toFixed()).toBe(order.filledValue.toFixed())
        expect(sum(own.map(({ fee }) => fee)).toFixed()).toBe(order.fees.toFixed())
        if (order.baseSize) expect(order.filledBase.plus(order.leaves).toFixed()).toBe(order.baseSize.toFixed())
        if (order.quoteSize) expect(sum([order.filledValue, order.fees, order.quoteLeft]).toFixed()).toBe(order.quoteSize.toFixed())
        for (const { price } of own) expect(order.side === 'BUY' ? price.lte(order.boundPrice) : price.gte(order.boundPrice)).toBe(true)
        if (order.status === 'FILLED' && order.baseSize) expect(order.leaves.toFixed()).toBe('0')
      }
    }),
    { numRuns: 60 },
  )
})
