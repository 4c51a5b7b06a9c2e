import type { Decimal } from 'decimal.js'
import { add, divide, fits, floorTo, greater, isPositive, money, multiply, negate, subtract } from '../../../model/money.ts'
import type { OrderRequest } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { answerOrError, must, prerequisite } from '../must.ts'
import { gone, purses, refused, tenth, text, unchanged } from '../checks.ts'
import { needsLimits } from './limit-orders.ts'
import type { Trial } from '../trial.ts'

/** Refused, or thrown as a mistake of the caller: either way nothing came of it. */
async function neverSent(trial: Trial, request: OrderRequest, why: string): Promise<void> {
  const before = await purses(trial)
  // A size that no order can have is a mistake of the program: throwing is allowed.
  const result = await answerOrError(() => trial.submit(request))
  must(result === undefined || result.outcome === 'rejected', () => `${why}: expected rejected or an error, received ${result?.outcome}`)
  await gone(trial, request)
  await unchanged(trial, before, why)
}

/** A size or price with a digit too many: refused, or cut to the side that costs less; never made larger. */
async function neverRaised(trial: Trial, request: OrderRequest, base: Decimal, fill: () => void | Promise<void> = () => undefined): Promise<void> {
  const { baseIncrement, priceIncrement } = trial.instrument
  const result = await trial.submit(request)
  if (result.outcome === 'rejected') {
    await gone(trial, request)
    return
  }
  must(result.outcome === 'accepted', () => `expected rejected, or accepted with whole increments, received ${result.outcome}`)
  const ref = { clientOrderId: request.clientOrderId, venueOrderId: result.venueOrderId, instrument: request.instrument }
  await fill()
  const report = await trial.reaches(ref, 'filled', 'cancelled', 'rejected')
  must(!greater(report.filledQuantity, base), () => `expected at most ${text(base)}, received ${text(report.filledQuantity)}`)
  must(fits(report.filledQuantity, baseIncrement), () => `expected whole increments of ${text(baseIncrement)}, received ${text(report.filledQuantity)}`)
  for (const { price } of await trial.settled(ref)) {
    must(fits(price, priceIncrement), () => `expected a price in increments of ${text(priceIncrement)}, received ${text(price)}`)
    if (request.limitPrice) must(!greater(price, request.limitPrice), () => `expected at most ${text(request.limitPrice!)}, received ${text(price)}`)
  }
}

const spendable = async (trial: Trial): Promise<Decimal> => (await purses(trial)).quote.available

export const refusalCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E34',
    name: 'an instrument that the venue does not list is refused',
    prerequisite: 'none',
    action: 'submit a market buy of NOSUCHCOIN against the quote currency',
    expected: 'rejected, with code and detail; no such order; the balances are what they were',
    events: ['rejected?'],
    check: (trial) => refused(trial, { instrument: `NOSUCHCOIN-${trial.instrument.quote}`, base: money(1) }, 'an unknown instrument'),
  }),
  exchangeCase({
    id: 'E35',
    name: 'a purchase without the money is refused',
    prerequisite: 'none',
    action: 'submit a buy for more than the account holds',
    expected: 'rejected, with code and detail; no such order; the balances are what they were',
    events: ['rejected?'],
    check: async (trial) => {
      const { quoteSizedBuys } = trial.exchange.capabilities
      const { quoteIncrement, baseIncrement } = trial.instrument
      const much = multiply(await spendable(trial), money(2))
      const order = quoteSizedBuys ? { quote: floorTo(much, quoteIncrement) } : { base: floorTo(divide(much, trial.price), baseIncrement) }
      await refused(trial, order, 'a purchase for twice the balance')
    },
  }),
  exchangeCase({
    id: 'E36',
    name: 'a sale without the coins is refused',
    prerequisite: 'none',
    action: 'submit a market sale of more than the account holds',
    expected: 'rejected, with code and detail; no such order; the balances are what they were',
    events: ['rejected?'],
    check: async (trial) => {
      const { base } = await purses(trial)
      const much = add(trial.quantity(2), base.available)
      await refused(trial, { side: 'sell', base: floorTo(much, trial.instrument.baseIncrement) }, 'a sale of more than there is')
    },
  }),
  exchangeCase({
    id: 'E37',
    name: 'an order below the venue’s minimum is refused',
    prerequisite: 'a smallest quote amount above one increment',
    action: 'submit a buy for half the smallest amount, in quote where the exchange takes that, else in base',
    expected: 'rejected, with code and detail; no such order; the balances are what they were',
    events: ['rejected?'],
    check: async (trial) => {
      const { minQuote, minBase, baseIncrement, quoteIncrement } = trial.instrument
      const half = multiply(minQuote, money('0.5'))
      const small = trial.exchange.capabilities.quoteSizedBuys ? floorTo(half, quoteIncrement) : money(0)
      if (isPositive(small)) return refused(trial, { quote: small }, 'a purchase below the smallest amount')
      const base = subtract(minBase, baseIncrement)
      prerequisite(isPositive(base), 'the smallest order is one increment: nothing is smaller')
      return refused(trial, { base }, 'a purchase below the smallest size')
    },
  }),
  exchangeCase({
    id: 'E38',
    name: 'an order above the venue’s maximum is refused',
    prerequisite: 'none',
    action: 'submit a market sale of one increment more than maxBase',
    expected: 'rejected, with code and detail; no such order; the balances are what they were',
    events: ['rejected?'],
    check: (trial) => refused(trial, { side: 'sell', base: add(trial.instrument.maxBase, trial.instrument.baseIncrement) }, 'an order above the largest size'),
  }),
  exchangeCase({
    id: 'E39',
    name: 'a base size with too many decimals is never made larger',
    prerequisite: 'none',
    action: 'submit a market buy of a size and a tenth of an increment',
    expected: 'rejected; or accepted and filled with whole increments, not above the size asked for',
    check: (trial) => {
      const base = add(trial.quantity(), multiply(trial.instrument.baseIncrement, tenth))
      return neverRaised(trial, trial.request({ base }), base)
    },
  }),
  exchangeCase({
    id: 'E40',
    name: 'a quote size with too many decimals is never made larger',
    prerequisite: 'capability quoteSizedBuys',
    action: 'submit a market buy for an amount and a tenth of an increment',
    expected: 'rejected; or accepted and filled for at most the amount asked for',
    check: async (trial) => {
      prerequisite(trial.exchange.capabilities.quoteSizedBuys, 'the exchange takes no purchases sized in quote')
      const { minQuote, quoteIncrement, quote } = trial.instrument
      const amount = add(multiply(minQuote, money(10)), multiply(quoteIncrement, tenth))
      const before = await trial.purse(quote)
      const request = trial.request({ quote: amount })
      const result = await trial.submit(request)
      if (result.outcome === 'rejected') return gone(trial, request)
      must(result.outcome === 'accepted', () => `expected rejected or accepted, received ${result.outcome}`)
      const ref = { clientOrderId: request.clientOrderId, venueOrderId: result.venueOrderId, instrument: request.instrument }
      await trial.reaches(ref, 'filled', 'cancelled')
      await trial.settled(ref)
      const spent = subtract(before.total, (await trial.purse(quote)).total)
      must(!greater(spent, amount), () => `expected at most ${text(amount)} spent, received ${text(spent)}`)
    },
  }),
  exchangeCase({
    id: 'E41',
    name: 'a limit price with too many decimals is never made worse',
    prerequisite: 'order type limit',
    action: 'submit a limit buy below the market, at a price and a tenth of an increment; the price falls below it',
    expected: 'rejected; or accepted and filled at whole increments, not above the price asked for',
    needs: ['setPrice'],
    check: (trial, { setPrice }) => {
      needsLimits(trial)
      const limit = add(trial.priceTimes('0.99'), multiply(trial.instrument.priceIncrement, tenth))
      return neverRaised(trial, trial.request({ base: trial.quantity(), limit }), trial.quantity(), () => setPrice(trial.priceTimes('0.98')))
    },
  }),
  exchangeCase({
    id: 'E42',
    name: 'a size of nothing, or less, is never sent',
    prerequisite: 'none',
    action: 'submit a market buy of 0, then one of a size below 0',
    expected: 'rejected or thrown, each time; no such order; the balances are what they were',
    events: ['rejected?', 'rejected?'],
    check: async (trial) => {
      for (const base of [money(0), negate(trial.quantity())]) await neverSent(trial, trial.request({ base }), `a size of ${text(base)}`)
    },
  }),
  exchangeCase({
    id: 'E43',
    name: 'after a refusal the next order is taken',
    prerequisite: 'none',
    action: 'submit a sale of more than there is; then a market buy',
    expected: 'rejected; then accepted and filled',
    events: ['rejected?', 'open? partiallyFilled? filled'],
    check: async (trial) => {
      const { base } = await purses(trial)
      await refused(
        trial,
        { side: 'sell', base: floorTo(add(base.available, trial.quantity(2)), trial.instrument.baseIncrement) },
        'a sale of more than there is',
      )
      const ref = await trial.accepted({ base: trial.quantity() })
      await trial.reaches(ref, 'filled')
      await trial.settled(ref)
    },
  }),
]
