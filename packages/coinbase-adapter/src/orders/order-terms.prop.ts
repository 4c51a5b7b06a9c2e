import { add, greater, isPositive, less, money, multiply } from '@millrace/core'
import type { EpochMs, Instrument, OrderRequest } from '@millrace/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { termsOf } from './order-terms.ts'

const places = fc.integer({ min: 0, max: 10 })
const increment = places.map((digits) => money(`0.${'0'.repeat(digits)}1`))
const amount = fc.tuple(fc.nat(1_000_000), fc.nat(999_999_999), fc.nat(9)).map(([whole, part, zeros]) => money(`${whole}.${'0'.repeat(zeros)}${part}`))

const instrument: fc.Arbitrary<Instrument> = fc
  .record({ priceIncrement: increment, baseIncrement: increment, quoteIncrement: increment })
  .map((increments) => ({
    ...{ id: 'X-USD', base: 'X', quote: 'USD', state: 'online', asOfMs: 0 as EpochMs, ...increments },
    minBase: increments.baseIncrement,
    minQuote: money('1'),
    maxBase: money('500000'),
  }))

const request: fc.Arbitrary<OrderRequest> = fc
  .record({
    side: fc.constantFrom('buy', 'sell'),
    type: fc.constantFrom('market', 'limit', 'stopLimit'),
    quote: fc.boolean(),
    size: amount,
    limit: amount,
    stop: amount,
  })
  .map(({ side, type, quote, size, limit, stop }) => ({
    ...{ clientOrderId: 'c', botId: 'b', instrument: 'X-USD', side, type },
    size: quote && side === 'buy' ? { quote: size } : { base: size },
    ...(type !== 'market' && { limitPrice: limit }),
    ...(type === 'stopLimit' && { stopPrice: stop }),
  }))

const rate = money('0.009')
const whole = (text: unknown, step: ReturnType<typeof money>): boolean => money(String(text)).modulo(step).isZero()

test('what leaves fits the increments, is never more than was asked for, and its price never worse for us [pitfall 4] [pitfall 5] [fault 51] [fault 52]', () => {
  let sent = 0
  fc.assert(
    fc.property(request, instrument, (given, rules) => {
      const terms = termsOf(given, { instrument: rules, takerRate: rate, venueMs: 0 })
      if ('outcome' in terms) {
        expect(terms.detail.length).toBeGreaterThan(0)
        return
      }
      sent++
      const [fields] = Object.values(terms.order_configuration)
      const { quote_size: quote, base_size: base, limit_price: limit, stop_price: stop } = fields!
      expect(quote === undefined).not.toBe(base === undefined)
      if (quote !== undefined) {
        expect(whole(quote, rules.quoteIncrement)).toBe(true)
        expect(greater(money(String(quote)), (given.size as { quote: ReturnType<typeof money> }).quote)).toBe(false)
      } else {
        const size = money(String(base))
        expect(whole(base, rules.baseIncrement) && isPositive(size) && !greater(size, rules.maxBase)).toBe(true)
        if ('base' in given.size) expect(greater(size, given.size.base)).toBe(false)
        // With its fee it costs no more than the amount.
        else expect(greater(multiply(multiply(size, money(String(limit))), add(money(1), rate)), given.size.quote)).toBe(false)
      }
      for (const [price, wanted] of [
        [limit, given.limitPrice],
        [stop, given.stopPrice],
      ] as const) {
        expect(price === undefined).toBe(wanted === undefined)
        if (price === undefined || wanted === undefined) continue
        expect(whole(price, rules.priceIncrement)).toBe(true)
        const sentPrice = money(String(price))
        expect(given.side === 'buy' ? greater(sentPrice, wanted) : less(sentPrice, wanted)).toBe(false)
      }
    }),
  )
  expect(sent).toBeGreaterThan(0)
})
