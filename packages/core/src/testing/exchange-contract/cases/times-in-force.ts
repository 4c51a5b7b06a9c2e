import { equal, greater, isZero } from '../../../model/money.ts'
import type { TimeInForce } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { isLive, purses, reportAddsUp, text, unchanged } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { needsLimits } from './limit-orders.ts'

function needsForce(trial: Trial, force: TimeInForce): void {
  needsLimits(trial)
  const { timesInForce = ['gtc', 'gtd'] } = trial.exchange.capabilities
  prerequisite(timesInForce.includes(force), `the exchange takes no limit order that works ${force}`)
}

async function endsAtOnce(trial: Trial): Promise<void> {
  needsForce(trial, 'ioc')
  const before = await purses(trial)
  const ref = await trial.accepted({ base: trial.quantity(), limit: trial.priceTimes('0.99'), timeInForce: 'ioc' })
  const { filledQuantity } = await trial.reaches(ref, 'cancelled', 'expired')
  must(isZero(filledQuantity), () => `expected nothing filled below the market, received ${text(filledQuantity)}`)
  must(!(await isLive(trial, ref)), () => 'liveOrders(): expected no order that works at once or not at all, received it')
  await unchanged(trial, before, 'after an order that found nobody')
}

async function fillsAll(trial: Trial): Promise<void> {
  needsForce(trial, 'fok')
  const ref = await trial.accepted({ base: trial.quantity(), limit: trial.priceTimes('1.01'), timeInForce: 'fok' })
  const { filledQuantity } = await trial.reaches(ref, 'filled')
  must(equal(filledQuantity, trial.quantity()), () => `expected ${text(trial.quantity())} filled, received ${text(filledQuantity)}`)
}

export const timeInForceCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E27',
    name: 'a limit order at once takes what is there and ends',
    prerequisite: 'time in force ioc',
    action: 'depth of half an order; submit a limit buy 1 % above the price, at once',
    expected: 'ends cancelled (or filled, where the venue calls it so) with at most the depth; the fills add up; it is never live afterwards',
    events: ['open? partiallyFilled? cancelled? expired? filled?'],
    needs: ['setDepth'],
    check: async (trial, { setDepth }) => {
      needsForce(trial, 'ioc')
      const half = trial.quantity()
      await setDepth(half)
      const ref = await trial.accepted({ base: trial.quantity(2), limit: trial.priceTimes('1.01'), timeInForce: 'ioc' })
      const report = await trial.reaches(ref, 'cancelled', 'expired', 'filled')
      const some = !isZero(report.filledQuantity) && !greater(report.filledQuantity, half)
      must(some, () => `expected something up to ${text(half)} filled, received ${text(report.filledQuantity)}`)
      reportAddsUp(trial, report, await trial.settled(ref))
      must(!(await isLive(trial, ref)), () => 'liveOrders(): expected the rest to be gone, received it')
    },
  }),
  exchangeCase({
    id: 'E28',
    name: 'a limit order at once that finds nobody ends with nothing',
    prerequisite: 'time in force ioc',
    action: 'submit a limit buy 1 % below the price, at once',
    expected: 'cancelled with nothing filled; not live; the balances are what they were',
    events: ['open? cancelled? expired?'],
    check: endsAtOnce,
  }),
  exchangeCase({
    id: 'E29',
    name: 'a limit order at once and whole fills whole',
    prerequisite: 'time in force fok',
    action: 'submit a limit buy 1 % above the price, at once and whole',
    expected: 'filled with exactly its size',
    events: ['open? partiallyFilled? filled'],
    check: fillsAll,
  }),
  exchangeCase({
    id: 'E30',
    name: 'a limit order at once and whole that cannot be filled whole is not filled at all',
    prerequisite: 'time in force fok',
    action: 'depth of half an order; submit a limit buy 1 % above the price, at once and whole',
    expected: 'rejected, or cancelled with nothing filled; the balances are what they were',
    events: ['open? rejected? cancelled? expired?'],
    needs: ['setDepth'],
    check: async (trial, { setDepth }) => {
      needsForce(trial, 'fok')
      const before = await purses(trial)
      await setDepth(trial.quantity())
      const request = trial.request({ base: trial.quantity(2), limit: trial.priceTimes('1.01'), timeInForce: 'fok' })
      const result = await trial.submit(request)
      must(result.outcome !== 'unknown', () => 'expected accepted or rejected, received unknown')
      if (result.outcome === 'accepted') {
        const { filledQuantity } = await trial.reaches({ ...request, venueOrderId: result.venueOrderId }, 'cancelled', 'expired', 'rejected')
        must(isZero(filledQuantity), () => `expected nothing filled, received ${text(filledQuantity)}`)
      }
      await unchanged(trial, before, 'after an order that could not be filled whole')
    },
  }),
]
