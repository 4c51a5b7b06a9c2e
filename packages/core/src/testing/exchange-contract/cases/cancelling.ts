import { equal } from '../../../model/money.ts'
import type { CancelResult } from '../../../contracts/exchange.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { isLive, purses, reportAddsUp, text, unchanged } from '../checks.ts'
import { isFinal } from '../event-sequence.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

const never = new AbortController().signal

async function cancels(trial: Trial): Promise<void> {
  const before = await purses(trial)
  const ref = await restingBuy(trial)
  const { outcome } = await trial.exchange.cancel(ref, never)
  must(outcome !== 'tooLate', () => 'expected cancelled, received tooLate: the order was open')
  await trial.reaches(ref, 'cancelled')
  must(!(await isLive(trial, ref)), () => 'liveOrders(): expected a cancelled order to be gone, received it')
  await unchanged(trial, before, 'after the cancel of an order that did not fill')
}

async function cancelsByOwnId(trial: Trial): Promise<void> {
  const { clientOrderId, instrument } = await restingBuy(trial)
  const ref = { clientOrderId, instrument }
  const { outcome } = await trial.exchange.cancel(ref, never)
  must(outcome !== 'tooLate', () => 'expected cancelled, received tooLate: the order was open')
  if (outcome === 'cancelled') await trial.reaches(ref, 'cancelled')
}

/** A cancel that comes after the end changes nothing. */
async function comesTooLate(trial: Trial): Promise<void> {
  const ref = await trial.accepted({ base: trial.quantity() })
  const filled = await trial.reaches(ref, 'filled')
  const before = await trial.settled(ref)
  notCancelled(await trial.exchange.cancel(ref, never), 'filled')
  const after = await trial.reaches(ref, 'filled')
  must(
    equal(after.filledQuantity, filled.filledQuantity),
    () => `expected ${text(filled.filledQuantity)} filled as before, received ${text(after.filledQuantity)}`,
  )
  must((await trial.settled(ref)).length === before.length, () => 'fills(): expected those of before the cancel, received others')
}

function notCancelled({ outcome }: CancelResult, state: string): void {
  must(outcome !== 'cancelled', () => `expected tooLate, received cancelled: the order was ${state}`)
}

async function cancelsOnce(trial: Trial): Promise<void> {
  const ref = await restingBuy(trial)
  await trial.exchange.cancel(ref, never)
  await trial.reaches(ref, 'cancelled')
  const before = await purses(trial)
  await trial.exchange.cancel(ref, never)
  await trial.steps(2)
  await trial.reaches(ref, 'cancelled')
  await unchanged(trial, before, 'after a second cancel')
}

async function knowsNoSuchOrder(trial: Trial): Promise<void> {
  const ref = { clientOrderId: trial.orderId(777), instrument: trial.instrument.id }
  const result = await trial.exchange.cancel(ref, never)
  notCancelled(result, 'never sent')
  const named = await trial.exchange.cancel({ ...ref, venueOrderId: trial.orderId(778) }, never)
  notCancelled(named, 'never sent')
}

async function leavesOthersAlone(trial: Trial): Promise<void> {
  const refs = [await restingBuy(trial, 1), await restingBuy(trial, 1), await restingBuy(trial, 1)] as const
  await trial.exchange.cancel(refs[1], never)
  await trial.reaches(refs[1], 'cancelled')
  for (const ref of [refs[0], refs[2]]) must(await isLive(trial, ref), () => 'liveOrders(): expected the orders that nobody cancelled, received fewer')
}

async function sendsNothingAborted(trial: Trial): Promise<void> {
  const ref = await restingBuy(trial)
  const { outcome } = await trial.exchange.cancel(ref, AbortSignal.abort())
  must(outcome === 'unknown', () => `expected unknown, received ${outcome}: the venue was not asked`)
  await trial.steps(3)
  must(await isLive(trial, ref), () => 'liveOrders(): expected the order, whose cancel was not sent, received a list without it')
}

async function races(trial: Trial, trade: () => void | Promise<void>, tradeFirst: boolean): Promise<void> {
  const ref = await restingBuy(trial)
  if (tradeFirst) await trade()
  const answer = trial.exchange.cancel(ref, never)
  if (!tradeFirst) await trade()
  const { outcome } = await answer
  const report = await trial.reaches(ref, 'filled', 'cancelled')
  must(
    outcome !== 'cancelled' || report.state === 'cancelled',
    () => `expected tooLate or unknown, received cancelled: the order was ${report.state} in the end`,
  )
  must(outcome !== 'tooLate' || isFinal(report.state), () => 'expected an order that has ended after tooLate')
  reportAddsUp(trial, report, await trial.settled(ref))
}

export const cancellingCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E57',
    name: 'a resting order is cancelled',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel',
    expected: 'cancelled, or unknown and then found cancelled; no longer live; the balances are what they were',
    events: ['open cancelled'],
    check: cancels,
  }),
  exchangeCase({
    id: 'E58',
    name: 'an order is cancelled by its client order id alone',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel without the venue’s id',
    expected: 'cancelled, and found so; or unknown',
    events: ['open cancelled?'],
    check: cancelsByOwnId,
  }),
  exchangeCase({
    id: 'E59',
    name: 'a cancel after the fill is too late',
    prerequisite: 'none',
    action: 'a market buy fills; cancel',
    expected: 'tooLate or unknown; still filled, with the same fills',
    events: ['open? partiallyFilled? filled'],
    check: comesTooLate,
  }),
  exchangeCase({
    id: 'E60',
    name: 'a second cancel changes nothing',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel; cancel again',
    expected: 'still cancelled; the balances are what they were after the first',
    events: ['open cancelled'],
    check: cancelsOnce,
  }),
  exchangeCase({
    id: 'E61',
    name: 'a cancel of an order that nobody sent cancels nothing',
    prerequisite: 'none',
    action: 'cancel an order of an id never used, without and with a venue id',
    expected: 'never cancelled',
    check: knowsNoSuchOrder,
  }),
  exchangeCase({
    id: 'E62',
    name: 'a cancel is of one order',
    prerequisite: 'order type limit',
    action: 'rest three limit buys; cancel the second',
    expected: 'the second is cancelled; the others are live',
    events: ['open', 'open cancelled', 'open'],
    check: leavesOthersAlone,
  }),
  exchangeCase({
    id: 'E63',
    name: 'a cancel that is called off before it is sent sends nothing',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel with a signal that has been aborted',
    expected: 'unknown; the order is live',
    events: ['open'],
    check: sendsNothingAborted,
  }),
  exchangeCase({
    id: 'E64',
    name: 'a cancel that races a fill tells the truth: the cancel leaves first',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; cancel and, without waiting, the price falls below it',
    expected: 'cancelled only if the order ends so; filled or cancelled; the fills add up',
    events: ['open partiallyFilled? filled? cancelled?'],
    needs: ['setPrice'],
    check: (trial, { setPrice }) => races(trial, () => setPrice(trial.priceTimes('0.98')), false),
  }),
  exchangeCase({
    id: 'E65',
    name: 'a cancel that races a fill tells the truth: the fill comes first',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; the price falls below it; cancel without looking',
    expected: 'not cancelled, since it was filled; the fills add up',
    events: ['open partiallyFilled? filled? cancelled?'],
    needs: ['setPrice'],
    check: (trial, { setPrice }) => races(trial, () => setPrice(trial.priceTimes('0.98')), true),
  }),
]
