import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Instrument } from '../../model/instrument.ts'
import { fits, fromEstimate, money } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { Judge } from '../../safety/judge.ts'
import { entryOf, exitOf, testView } from '../../safety/view.fixture.ts'
import { marketOrders } from './market-orders.ts'

const increment = fc.integer({ min: 0, max: 8 }).map((places) => money(places === 0 ? '1' : `0.${'0'.repeat(places - 1)}1`))
const price = fc.tuple(fc.integer({ min: 1, max: 9_999_999 }), fc.integer({ min: 0, max: 10 })).map(([digits, places]) => digits / 10 ** places)
const decimal = (most: number) => fc.tuple(fc.nat(most), fc.nat(99_999_999)).map(([whole, fraction]) => money(`${whole}.${String(fraction).padStart(8, '0')}`))

const product: fc.Arbitrary<Instrument> = fc
  .record({
    baseIncrement: increment,
    quoteIncrement: increment,
    minBase: increment,
    minQuote: fc.constantFrom('0', '1', '2').map(money),
    maxBase: decimal(1_000_000),
  })
  .map((rules) => ({
    id: 'X-USD',
    base: 'X',
    quote: 'USD',
    state: 'online',
    asOfMs: 0 as EpochMs,
    priceIncrement: money('0.01'),
    ...rules,
  }))

it('an order exceeds neither the approved amount nor what is available or held, and fits the increments and minima', () => {
  let bought = 0
  let sold = 0
  const wanted = fc.oneof(
    fc.integer({ min: 1, max: 10_000_000 }).map((n) => entryOf(n / 99_991)),
    fc.integer({ min: 1, max: 1_000 }).map((n) => exitOf(n / 1_000)),
  )
  fc.assert(
    fc.property(wanted, product, price, decimal(120), decimal(5_000), fc.boolean(), (intent, instrument, last, availableQuote, sellable, exact) => {
      const judge = new Judge([])
      judge.judge(intent, testView())
      const available = exact && intent.kind === 'open' ? fromEstimate(intent.quoteAmount) : availableQuote
      const order = marketOrders().order(judge.approved!, { bid: last, ask: last, last }, instrument, {
        nowMs: 0 as EpochMs,
        availableQuote: available,
        sellable,
      })
      if ('denied' in order) return
      if ('quote' in order.size) {
        bought++
        expect(order.side).toBe('buy')
        expect(order.size.quote.lessThanOrEqualTo(fromEstimate(intent.quoteAmount))).toBe(true)
        expect(order.size.quote.lessThanOrEqualTo(available)).toBe(true)
        expect(fits(order.size.quote, instrument.quoteIncrement)).toBe(true)
        expect(order.size.quote.greaterThanOrEqualTo(instrument.minQuote) && order.size.quote.greaterThan(0)).toBe(true)
        return
      }
      sold++
      const { base } = order.size
      expect(order.side).toBe('sell')
      expect(base.lessThanOrEqualTo(sellable) && base.lessThanOrEqualTo(instrument.maxBase)).toBe(true)
      expect(fits(base, instrument.baseIncrement)).toBe(true)
      expect(base.greaterThanOrEqualTo(instrument.minBase) && base.times(fromEstimate(last)).greaterThanOrEqualTo(instrument.minQuote)).toBe(true)
      // More than the approved share leaves only to take an unsellable remainder along.
      const share = sellable.times(fromEstimate(intent.baseFraction))
      const rest = sellable.minus(share.dividedToIntegerBy(instrument.baseIncrement).times(instrument.baseIncrement))
      const restIsDust = rest.lessThan(instrument.minBase) || rest.times(fromEstimate(last)).lessThan(instrument.minQuote)
      expect(base.lessThanOrEqualTo(share) || restIsDust).toBe(true)
    }),
    { numRuns: 2_000 },
  )
  expect(Math.min(bought, sold)).toBeGreaterThan(100)
})
