import { greater, isZero } from '../../../model/money.ts'
import type { OrderRef } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { isLive, purses, reportAddsUp, text, unchanged } from '../checks.ts'
import type { Trial } from '../trial.ts'

function needsStops({ exchange }: Trial): void {
  prerequisite(exchange.capabilities.orderTypes.includes('stopLimit'), 'the exchange takes no stop-limit orders')
}

/** A sale that begins 2 % under the market and goes down to 3 % under it. */
async function waitingStop(trial: Trial): Promise<OrderRef> {
  needsStops(trial)
  const base = trial.quantity()
  await trial.stock(base)
  const ref = await trial.accepted({ side: 'sell', base, stop: trial.priceTimes('0.98'), limit: trial.priceTimes('0.97') })
  await trial.reaches(ref, 'open')
  return ref
}

export const stopOrderCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E31',
    name: 'a stop-limit sale waits until the market reaches its stop',
    prerequisite: 'order type stopLimit; the account holds the size',
    action: 'submit a sale with its stop 2 % below the price; the price falls by 1 %',
    expected: 'open, live, nothing filled',
    events: ['open'],
    needs: ['setPrice'],
    check: async (trial, { setPrice }) => {
      const ref = await waitingStop(trial)
      await setPrice(trial.priceTimes('0.99'))
      await trial.steps(3)
      const { state, filledQuantity } = await trial.report(ref)
      must(
        state === 'open' && isZero(filledQuantity),
        () => `expected a stop that was not reached to wait, received ${state} with ${text(filledQuantity)} filled`,
      )
      must(await isLive(trial, ref), () => 'liveOrders(): expected a stop that waits to be among them')
    },
  }),
  exchangeCase({
    id: 'E32',
    name: 'a stop-limit sale fills once its stop is reached, within its limit',
    prerequisite: 'order type stopLimit; the account holds the size',
    action: 'submit a sale with its stop 2 % and its limit 3 % below the price; the price falls by 2.5 %',
    expected: 'filled; no price below the limit; the fills add up',
    events: ['open partiallyFilled? filled'],
    needs: ['setPrice'],
    check: async (trial, { setPrice }) => {
      const ref = await waitingStop(trial)
      await setPrice(trial.priceTimes('0.975'))
      const report = await trial.reaches(ref, 'filled')
      const fills = await trial.settled(ref)
      reportAddsUp(trial, report, fills)
      const limit = trial.priceTimes('0.97')
      const low = fills.find(({ price }) => greater(limit, price))
      must(low === undefined, () => `expected ${text(limit)} or more, received ${low ? text(low.price) : ''}`)
    },
  }),
  exchangeCase({
    id: 'E33',
    name: 'a stop-limit order that waits can be cancelled',
    prerequisite: 'order type stopLimit; the account holds the size',
    action: 'submit a sale with its stop 2 % below the price; cancel; the price falls by 2.5 %',
    expected: 'cancelled; the balances are what they were; nothing is filled afterwards',
    events: ['open cancelled'],
    needs: ['setPrice'],
    check: async (trial, { setPrice }) => {
      needsStops(trial)
      await trial.stock(trial.quantity())
      const before = await purses(trial)
      const ref = await waitingStop(trial)
      await trial.exchange.cancel(ref, new AbortController().signal)
      await trial.reaches(ref, 'cancelled')
      await unchanged(trial, before, 'after the cancel of a stop that waited')
      await setPrice(trial.priceTimes('0.975'))
      await trial.steps(2)
      const { filledQuantity } = await trial.report(ref)
      must(isZero(filledQuantity), () => `expected a cancelled stop to stay so, received ${text(filledQuantity)} filled`)
    },
  }),
]
