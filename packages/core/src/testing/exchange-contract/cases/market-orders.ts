import { add, divide, equal, greater, isZero, less, money, multiply, subtract, valueOf } from '../../../model/money.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { feesFit, reportAddsUp, text, turnoverOf } from '../checks.ts'
import type { Trial } from '../trial.ts'

async function buysByQuote(trial: Trial): Promise<void> {
  const { quoteSizedBuys, feeInsideQuoteSize } = trial.exchange.capabilities
  prerequisite(quoteSizedBuys, 'the exchange takes no purchases sized in quote')
  const { minQuote, baseIncrement, quoteIncrement } = trial.instrument
  const amount = multiply(minQuote, money(10))
  const ref = await trial.accepted({ quote: amount })
  await trial.reaches(ref, 'filled')
  const fills = await trial.settled(ref)
  const { value, quoteFees } = turnoverOf(trial, fills)
  const cost = feeInsideQuoteSize ? add(value, quoteFees) : value
  const kind = feeInsideQuoteSize ? 'value and fee' : 'value'
  must(!greater(cost, amount), () => `expected ${kind} of at most ${text(amount)}, the amount of the order, received ${text(cost)}`)
  // What one increment more would have cost, twice over, may be left.
  const rest = add(multiply(valueOf(baseIncrement, trial.price), money('2.1')), quoteIncrement)
  must(!less(add(cost, rest), amount), () => `expected ${kind} of ${text(amount)} but for less than an increment, received ${text(cost)}`)
}

async function fillsWhole(trial: Trial, side: 'buy' | 'sell'): Promise<void> {
  const base = trial.quantity()
  if (side === 'sell') await trial.stock(base)
  const ref = await trial.accepted({ side, base })
  const { filledQuantity } = await trial.reaches(ref, 'filled')
  must(equal(filledQuantity, base), () => `expected ${text(base)} filled, the size of the order, received ${text(filledQuantity)}`)
  const fills = await trial.settled(ref)
  const other = fills.find((fill) => fill.side !== side || fill.instrument !== trial.instrument.id)
  must(other === undefined, () => `expected fills of a ${side} of ${trial.instrument.id}, received a ${other?.side} of ${other?.instrument}`)
}

async function addsUp(trial: Trial): Promise<void> {
  const ref = await trial.accepted({ base: trial.quantity(2) })
  const report = await trial.reaches(ref, 'filled')
  const fills = await trial.settled(ref)
  reportAddsUp(trial, report, fills)
  const taken = fills.filter(({ liquidity }) => liquidity === 'maker')
  must(taken.length === 0, () => 'expected a market order to take, received a fill as maker')
}

async function paysTheRate(trial: Trial): Promise<void> {
  await trial.stock(trial.quantity())
  const bought = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(bought, 'filled')
  const sold = await trial.accepted({ side: 'sell', base: trial.quantity() })
  await trial.reaches(sold, 'filled')
  await feesFit(trial, [...(await trial.settled(bought)), ...(await trial.settled(sold))])
}

async function takesAtItsPrice(trial: Trial): Promise<void> {
  const ref = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(ref, 'filled')
  for (const { price } of await trial.settled(ref)) {
    const apart = divide(subtract(price, trial.price), trial.price)
    must(!greater(apart, money('0.05')) && !less(apart, money('-0.05')), () => `expected a price within 5 % of ${text(trial.price)}, received ${text(price)}`)
  }
}

const filled = ['open? partiallyFilled? filled']

export const marketOrderCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E08',
    name: 'a market buy sized in quote spends its amount and no more',
    prerequisite: 'capability quoteSizedBuys',
    action: 'submit a market buy for ten times the smallest amount',
    expected: 'accepted; filled; value (with the fee, where feeInsideQuoteSize says so) at most the amount, and short of it by less than an increment is worth',
    events: filled,
    check: buysByQuote,
  }),
  exchangeCase({
    id: 'E09',
    name: 'a market buy sized in base fills that size',
    prerequisite: 'none',
    action: 'submit a market buy of a base size',
    expected: 'accepted; filled with exactly the size; its fills are buys of the instrument',
    events: filled,
    check: (trial) => fillsWhole(trial, 'buy'),
  }),
  exchangeCase({
    id: 'E10',
    name: 'a market sale fills its size',
    prerequisite: 'the account holds the size',
    action: 'submit a market sale of a base size',
    expected: 'accepted; filled with exactly the size; its fills are sales of the instrument',
    events: filled,
    check: (trial) => fillsWhole(trial, 'sell'),
  }),
  exchangeCase({
    id: 'E11',
    name: 'quantity, average price and fees of an order are the sums of its fills',
    prerequisite: 'none',
    action: 'submit a market buy; fills(); order(ref)',
    expected: 'filledQuantity is the sum of the fills to the last unit; averagePrice and feesTotal are theirs; no fill is a maker’s',
    events: filled,
    check: addsUp,
  }),
  exchangeCase({
    id: 'E12',
    name: 'a fee is the rate of feeRates() on the value',
    prerequisite: 'the account holds the size',
    action: 'submit a market buy and a market sale; fills(); feeRates()',
    expected: 'each fee is the rate for its liquidity on its value, in quote or in base',
    events: [...filled, ...filled],
    check: paysTheRate,
  }),
  exchangeCase({
    id: 'E13',
    name: 'a price is in quote per base',
    prerequisite: 'none',
    action: 'submit a market buy; fills()',
    expected: 'every price within 5 % of the market’s: neither inverted nor a value',
    events: filled,
    check: takesAtItsPrice,
  }),
  exchangeCase({
    id: 'E14',
    name: 'a market order that finds too little ends with what it got',
    prerequisite: 'a market of known depth',
    action: 'depth of half an order; submit a market buy of the whole',
    expected: 'accepted; ends cancelled (or filled, where the venue calls it so) with at most the depth; the fills add up; nothing is held any more',
    events: ['open? partiallyFilled? cancelled? filled?'],
    needs: ['setDepth'],
    check: async (trial, { setDepth }) => {
      const half = trial.quantity()
      await setDepth(half)
      const ref = await trial.accepted({ base: trial.quantity(2) })
      const report = await trial.reaches(ref, 'cancelled', 'filled')
      must(
        !isZero(report.filledQuantity) && !greater(report.filledQuantity, half),
        () => `expected ${text(half)} filled at most, received ${text(report.filledQuantity)}`,
      )
      reportAddsUp(trial, report, await trial.settled(ref))
      await trial.until(
        async () => (isZero((await trial.purse(trial.instrument.quote)).held) ? true : undefined),
        () => 'balances(): expected nothing held for an order that has ended',
      )
    },
  }),
]
