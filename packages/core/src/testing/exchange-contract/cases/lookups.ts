import { exchangeCase, type CaseDefinition } from '../case.ts'
import { answerOrError, must } from '../must.ts'
import { isLive, resolve } from '../checks.ts'
import { textOf } from '../event-sequence.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

async function findsByOwnId(trial: Trial): Promise<void> {
  const { clientOrderId, instrument, venueOrderId } = await restingBuy(trial)
  const report = await trial.report({ clientOrderId, instrument })
  must(report.ref.venueOrderId === venueOrderId, () => `order(): expected the venue's id ${venueOrderId}, received ${String(report.ref.venueOrderId)}`)
}

async function findsFinished(trial: Trial): Promise<void> {
  const filled = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(filled, 'filled')
  const cancelled = await restingBuy(trial)
  await trial.exchange.cancel(cancelled, new AbortController().signal)
  await trial.reaches(cancelled, 'cancelled')
  await trial.steps(3)
  for (const [ref, state] of [
    [filled, 'filled'],
    [cancelled, 'cancelled'],
  ] as const) {
    const report = await trial.report(ref)
    must(report.state === state, () => `order(): expected an order that has ended as ${state}, received ${report.state}`)
  }
}

async function knowsNoSuchOrder(trial: Trial): Promise<void> {
  const found = await resolve(trial, trial.request({ id: trial.orderId(777), base: trial.quantity() }))
  const received = found === undefined ? 'unknown time after time' : typeof found === 'string' ? found : textOf(found)
  must(found === 'notFound', () => `order(): expected notFound in the end for an id never used, received ${received}`)
}

async function listsThoseThatWork(trial: Trial): Promise<void> {
  const refs = [await restingBuy(trial, 1), await restingBuy(trial, 1)] as const
  const done = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(done, 'filled')
  for (const ref of refs) must(await isLive(trial, ref), () => `liveOrders(): expected ${ref.clientOrderId}, received a list without it`)
  must(!(await isLive(trial, done)), () => 'liveOrders(): expected no order that is filled, received it')
  const { items } = await trial.exchange.liveOrders()
  for (const report of items) {
    const asked = await trial.report(report.ref)
    must(textOf(asked) === textOf(report), () => `expected liveOrders() and order() to say the same, received ${textOf(report)} and ${textOf(asked)}`)
  }
}

async function saysWhenItCannotTell(trial: Trial, failReads: (failing: boolean) => void | Promise<void>): Promise<void> {
  const ref = await restingBuy(trial)
  await failReads(true)
  const found = await trial.exchange.order(ref)
  must(found === 'unknown', () => `order(): expected unknown while the venue cannot be asked, received ${typeof found === 'string' ? found : textOf(found)}`)
  const live = await answerOrError(() => trial.exchange.liveOrders())
  must(
    live === undefined || !live.complete,
    () => 'liveOrders(): expected a failure or complete: false while the venue cannot be asked, received a complete list',
  )
  const fills = await answerOrError(() => trial.exchange.fills(trial.cursor))
  must(fills === undefined || !fills.complete, () => 'fills(): expected a failure or complete: false while the venue cannot be asked, received a complete list')
  must(
    fills === undefined || fills.next === trial.cursor,
    () => `fills(): expected the cursor to stay at ${String(trial.cursor)}, received ${String(fills?.next)}`,
  )
  const balances = await answerOrError(() => trial.exchange.balances())
  must(balances === undefined, () => `balances(): expected a failure while the venue cannot be asked, received ${balances?.length} currencies`)
  await failReads(false)
  must(await isLive(trial, ref), () => 'liveOrders(): expected the order once the venue answers again')
}

export const lookupCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E66',
    name: 'an order is found by its client order id alone',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; order(ref) without the venue’s id',
    expected: 'a report with the venue’s id',
    events: ['open'],
    check: findsByOwnId,
  }),
  exchangeCase({
    id: 'E67',
    name: 'an order that has ended is still found',
    prerequisite: 'order type limit',
    action: 'a market buy fills; a limit buy is cancelled; order(ref) of each',
    expected: 'filled and cancelled',
    events: ['open? partiallyFilled? filled', 'open cancelled'],
    check: findsFinished,
  }),
  exchangeCase({
    id: 'E68',
    name: 'an order that nobody sent is not found',
    prerequisite: 'none',
    action: 'order(ref) of an id never used, with a time before which it cannot have been sent; time passes',
    expected: 'unknown until the venue has had time to show it, then notFound; never a report',
    check: knowsNoSuchOrder,
  }),
  exchangeCase({
    id: 'E69',
    name: 'the live orders are those that work, all of them, as order() tells them',
    prerequisite: 'order type limit',
    action: 'rest two limit buys; a market buy fills; liveOrders(); order(ref) of each',
    expected: 'complete; the two and not the third; the same as order() says',
    events: ['open', 'open', 'open? partiallyFilled? filled'],
    check: listsThoseThatWork,
  }),
  exchangeCase({
    id: 'E70',
    name: 'what cannot be asked is unknown, not "none"',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; reads fail; order(ref), liveOrders(), fills(), balances(); reads work again',
    expected: 'unknown; a failure or complete: false; the cursor stays; balances fail; afterwards the order is live',
    events: ['open'],
    needs: ['failReads'],
    check: (trial, { failReads }) => saysWhenItCannotTell(trial, failReads),
  }),
  exchangeCase({
    id: 'E71',
    name: 'an accepted order that the venue does not show yet is not "not found"',
    prerequisite: 'order type limit',
    action: 'new orders show after 5 s; submit a resting limit buy; order(ref) at once; the time passes',
    expected: 'accepted; until it shows unknown or a report, never notFound; then open',
    events: ['open'],
    needs: ['hideOrders', 'advance'],
    check: async (trial, { hideOrders, advance }) => {
      await hideOrders(5_000)
      const ref = await trial.accepted({ base: trial.quantity(2), limit: trial.priceTimes('0.99') })
      const early = await trial.exchange.order(ref)
      must(early !== 'notFound', () => 'order(): expected unknown or a report for an order just accepted, received notFound')
      await advance(6_000)
      await trial.reaches(ref, 'open')
    },
  }),
]
