import { atLeast, divide, equal, floorTo, greater, isZero, less, money, multiply, subtract, valueOf } from '../../../model/money.ts'
import type { OrderRef, Side } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition, type Needed } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { isLive, purses, refused, reportAddsUp, text, turnoverOf, unchanged } from '../checks.ts'
import type { Trial } from '../trial.ts'

export function needsLimits({ exchange }: Trial): void {
  prerequisite(exchange.capabilities.orderTypes.includes('limit'), 'the exchange takes no limit orders')
}

/** A purchase a percent below the market, which rests. */
export async function restingBuy(trial: Trial, times = 2): Promise<OrderRef> {
  needsLimits(trial)
  const ref = await trial.accepted({ base: trial.quantity(times), limit: trial.priceTimes('0.99') })
  await trial.reaches(ref, 'open')
  return ref
}

async function rests(trial: Trial): Promise<void> {
  const ref = await restingBuy(trial)
  await trial.steps(3)
  const report = await trial.report(ref)
  must(report.state === 'open' && isZero(report.filledQuantity), () => `expected an order below the market to rest, received ${report.state}`)
  must(await isLive(trial, ref), () => 'liveOrders(): expected the resting order, received a list without it')
  must((await trial.fills()).items.length === 0, () => 'fills(): expected none of an order that rests')
}

async function fillsWhenPassed(trial: Trial, side: Side, setPrice: (factor: string) => Promise<void>): Promise<void> {
  needsLimits(trial)
  const base = trial.quantity()
  if (side === 'sell') await trial.stock(base)
  const limit = trial.priceTimes(side === 'buy' ? '0.99' : '1.01')
  const ref = await trial.accepted({ side, base, limit })
  await trial.reaches(ref, 'open')
  await setPrice(side === 'buy' ? '0.98' : '1.02')
  const report = await trial.reaches(ref, 'filled')
  const fills = await trial.settled(ref)
  reportAddsUp(trial, report, fills)
  for (const { price, liquidity } of fills) {
    const kept = side === 'buy' ? !greater(price, limit) : !less(price, limit)
    must(kept, () => `expected a ${side} at ${text(limit)} or better, received ${text(price)}`)
    must(liquidity !== 'taker', () => 'expected the fill of an order that rested as maker, received taker')
  }
  must(!(await isLive(trial, ref)), () => 'liveOrders(): expected a filled order to be gone, received it')
}

async function takesAtOnce(trial: Trial): Promise<void> {
  needsLimits(trial)
  const limit = trial.priceTimes('1.01')
  const ref = await trial.accepted({ base: trial.quantity(), limit })
  await trial.reaches(ref, 'filled')
  for (const { price, liquidity } of await trial.settled(ref)) {
    must(!greater(price, limit), () => `expected at most ${text(limit)}, received ${text(price)}`)
    must(liquidity !== 'maker', () => 'expected an order above the market to take, received a fill as maker')
  }
}

async function refusesCrossing(trial: Trial): Promise<void> {
  needsLimits(trial)
  await refused(trial, { base: trial.quantity(), limit: trial.priceTimes('1.01'), postOnly: true }, 'a post-only order that would trade at once')
  await trial.steps(2)
  must((await trial.fills()).items.length === 0, () => 'fills(): expected none of a post-only order that crosses')
}

async function restsPostOnly(trial: Trial, setPrice: (factor: string) => Promise<void>): Promise<void> {
  needsLimits(trial)
  const ref = await trial.accepted({ base: trial.quantity(), limit: trial.priceTimes('0.99'), postOnly: true })
  await trial.reaches(ref, 'open')
  await setPrice('0.98')
  await trial.reaches(ref, 'filled')
  const taken = (await trial.settled(ref)).find(({ liquidity }) => liquidity === 'taker')
  must(taken === undefined, () => 'expected a post-only order as maker, received a fill as taker')
}

async function partFills(trial: Trial, tradeAgainst: Needed<'tradeAgainst'>['tradeAgainst']): Promise<OrderRef> {
  const ref = await restingBuy(trial)
  const part = trial.quantity()
  await tradeAgainst(part, trial.priceTimes('0.99'))
  const report = await trial.reaches(ref, 'partiallyFilled')
  must(equal(report.filledQuantity, part), () => `expected ${text(part)} filled, which was traded with it, received ${text(report.filledQuantity)}`)
  reportAddsUp(trial, report, await trial.settled(ref))
  must(await isLive(trial, ref), () => 'liveOrders(): expected a partly filled order to be among them')
  return ref
}

export const limitOrderCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E15',
    name: 'a limit buy below the market rests',
    prerequisite: 'order type limit',
    action: 'submit a limit buy 1 % below the price; let the market go on',
    expected: 'accepted; open, with nothing filled; among the live orders; no fills',
    events: ['open'],
    check: rests,
  }),
  exchangeCase({
    id: 'E16',
    name: 'a resting limit buy fills at its price or better when the market passes it',
    prerequisite: 'order type limit',
    action: 'rest a limit buy 1 % below; the price falls by 2 %',
    expected: 'filled; no price above the limit; as maker; no longer live',
    events: ['open partiallyFilled? filled'],
    needs: ['setPrice'],
    check: (trial, { setPrice }) => fillsWhenPassed(trial, 'buy', async (factor) => setPrice(trial.priceTimes(factor))),
  }),
  exchangeCase({
    id: 'E17',
    name: 'a resting limit sale fills at its price or better when the market passes it',
    prerequisite: 'order type limit; the account holds the size',
    action: 'rest a limit sale 1 % above; the price rises by 2 %',
    expected: 'filled; no price below the limit; as maker; no longer live',
    events: ['open partiallyFilled? filled'],
    needs: ['setPrice'],
    check: (trial, { setPrice }) => fillsWhenPassed(trial, 'sell', async (factor) => setPrice(trial.priceTimes(factor))),
  }),
  exchangeCase({
    id: 'E18',
    name: 'a limit buy above the market takes',
    prerequisite: 'order type limit',
    action: 'submit a limit buy 1 % above the price',
    expected: 'filled; no price above the limit; not as maker',
    events: ['open? partiallyFilled? filled'],
    check: takesAtOnce,
  }),
  exchangeCase({
    id: 'E19',
    name: 'a post-only order that would trade at once is refused whole',
    prerequisite: 'order type limit',
    action: 'submit a post-only limit buy 1 % above the price',
    expected: 'rejected, with code and detail; no fills; the balances are what they were',
    events: ['rejected?'],
    check: refusesCrossing,
  }),
  exchangeCase({
    id: 'E20',
    name: 'a post-only order that rests is a maker',
    prerequisite: 'order type limit',
    action: 'rest a post-only limit buy 1 % below; the price falls by 2 %',
    expected: 'filled; as maker',
    events: ['open partiallyFilled? filled'],
    needs: ['setPrice'],
    check: (trial, { setPrice }) => restsPostOnly(trial, async (factor) => setPrice(trial.priceTimes(factor))),
  }),
  exchangeCase({
    id: 'E21',
    name: 'an order with an end expires at its end',
    prerequisite: 'order type limit',
    action: 'rest a limit buy that ends in ten minutes; eleven minutes pass',
    expected: 'expired; no longer live; nothing is held any more',
    events: ['open expired'],
    needs: ['advance'],
    check: async (trial, { advance }) => {
      needsLimits(trial)
      const before = await purses(trial)
      const ref = await trial.accepted({ base: trial.quantity(), limit: trial.priceTimes('0.99'), expireAtMs: trial.subject.nowMs() + 600_000 })
      await trial.reaches(ref, 'open')
      await advance(660_000)
      await trial.reaches(ref, 'expired')
      must(!(await isLive(trial, ref)), () => 'liveOrders(): expected an expired order to be gone, received it')
      await unchanged(trial, before, 'after the end of an order that did not fill')
    },
  }),
  exchangeCase({
    id: 'E22',
    name: 'an order whose end is past is refused',
    prerequisite: 'order type limit',
    action: 'submit a limit buy that ended a minute ago',
    expected: 'rejected; the balances are what they were',
    events: ['rejected?'],
    check: async (trial) => {
      needsLimits(trial)
      const order = { base: trial.quantity(), limit: trial.priceTimes('0.99'), expireAtMs: trial.subject.nowMs() - 60_000 }
      await refused(trial, order, 'an order that ends in the past')
    },
  }),
  exchangeCase({
    id: 'E23',
    name: 'a part fills, then the rest',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; half of it is traded; the price falls below it',
    expected: 'partiallyFilled with exactly the half, live; then filled with the whole; the fills add up at both times',
    events: ['open partiallyFilled filled'],
    needs: ['tradeAgainst', 'setPrice'],
    check: async (trial, { tradeAgainst, setPrice }) => {
      const ref = await partFills(trial, tradeAgainst)
      await setPrice(trial.priceTimes('0.98'))
      const report = await trial.reaches(ref, 'filled')
      must(equal(report.filledQuantity, trial.quantity(2)), () => `expected ${text(trial.quantity(2))} filled, received ${text(report.filledQuantity)}`)
      reportAddsUp(trial, report, await trial.settled(ref))
    },
  }),
  exchangeCase({
    id: 'E24',
    name: 'a part fills, then the rest is cancelled',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; half of it is traded; cancel',
    expected: 'partiallyFilled; cancelled with the half still counted; the coins are there; nothing is held any more',
    events: ['open partiallyFilled cancelled'],
    needs: ['tradeAgainst'],
    check: async (trial, { tradeAgainst }) => {
      const before = await purses(trial)
      const ref = await partFills(trial, tradeAgainst)
      await trial.exchange.cancel(ref, new AbortController().signal)
      const report = await trial.reaches(ref, 'cancelled')
      const fills = await trial.settled(ref)
      reportAddsUp(trial, report, fills)
      const { quantity, baseFees } = turnoverOf(trial, fills)
      const { base, quote } = await purses(trial)
      const got = subtract(base.total, before.base.total)
      must(equal(got, subtract(quantity, baseFees)), () => `balances(): expected ${text(quantity)} more, as filled, received ${text(got)}`)
      must(isZero(quote.held), () => `balances(): expected nothing held after the cancel, received ${text(quote.held)}`)
    },
  }),
  exchangeCase({
    id: 'E25',
    name: 'a limit buy holds what it may cost, and gives it back',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel',
    expected:
      'while it rests the hold is at least price times size and at most a tenth more, taken from what is free; afterwards the balances are what they were',
    events: ['open cancelled'],
    check: async (trial) => {
      const before = await purses(trial)
      const ref = await restingBuy(trial)
      const value = valueOf(trial.quantity(2), trial.priceTimes('0.99'))
      let held = money(0)
      await trial.until(
        async () => {
          const { quote } = await purses(trial)
          held = quote.held
          return atLeast(held, value) && equal(quote.total, before.quote.total) ? true : undefined
        },
        () => `balances(): expected ${text(value)} or a little more of the same total held for a limit buy, received ${text(held)}`,
      )
      must(!greater(divide(held, value), money('1.1')), () => `balances(): expected a hold of ${text(value)} and its fee, received ${text(held)}`)
      await trial.exchange.cancel(ref, new AbortController().signal)
      await trial.reaches(ref, 'cancelled')
      await unchanged(trial, before, 'after the cancel of an order that did not fill')
    },
  }),
  exchangeCase({
    id: 'E26',
    name: 'a limit sale holds its coins, and gives them back',
    prerequisite: 'order type limit; the account holds the size',
    action: 'rest a limit sale; cancel',
    expected: 'while it rests exactly its size is held; afterwards the balances are what they were',
    events: ['open cancelled'],
    check: async (trial) => {
      needsLimits(trial)
      const base = floorTo(multiply(trial.quantity(2), money('0.5')), trial.instrument.baseIncrement)
      await trial.stock(trial.quantity(2))
      const before = await purses(trial)
      const ref = await trial.accepted({ side: 'sell', base, limit: trial.priceTimes('1.01') })
      await trial.reaches(ref, 'open')
      let held = money(0)
      await trial.until(
        async () => {
          held = (await purses(trial)).base.held
          return equal(held, base) ? true : undefined
        },
        () => `balances(): expected ${text(base)} held, the size of the sale, received ${text(held)}`,
      )
      await trial.exchange.cancel(ref, new AbortController().signal)
      await trial.reaches(ref, 'cancelled')
      await unchanged(trial, before, 'after the cancel of an order that did not fill')
    },
  }),
]
