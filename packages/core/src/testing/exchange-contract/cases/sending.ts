import { isZero } from '../../../model/money.ts'
import type { OrderRef } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { gone, isLive, purses, resolve, text, unchanged } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

function needsIdempotence({ exchange }: Trial): void {
  prerequisite(exchange.capabilities.idempotentClientOrderId, 'the exchange does not promise that one client order id makes one order')
}

/** How many live orders have this client order id. */
async function liveCount(trial: Trial, { clientOrderId }: Pick<OrderRef, 'clientOrderId'>): Promise<number> {
  return (await trial.exchange.liveOrders()).items.filter(({ ref }) => ref.clientOrderId === clientOrderId).length
}

/** The same request twice, one after the other or at once. */
async function staysOne(trial: Trial, together: boolean): Promise<void> {
  needsIdempotence(trial)
  const request = trial.request({ base: trial.quantity(2), limit: trial.priceTimes('0.99') })
  const first = trial.accepted(request)
  if (!together) await first
  const second = together ? trial.submit(request) : trial.again(request)
  const [one, two] = await Promise.all([first, second])
  // One that is on its way already may be left alone.
  must(
    (two.outcome === 'accepted' && two.venueOrderId === one.venueOrderId) || (together && two.outcome === 'unknown'),
    () => `one client order id: expected the order ${one.venueOrderId} both times, received ${JSON.stringify(two)}`,
  )
  await trial.until(
    async () => ((await isLive(trial, one)) ? true : undefined),
    () => 'liveOrders(): expected the order, received a list without it',
  )
  const count = await liveCount(trial, one)
  must(count === 1, () => `liveOrders(): expected one order for one client order id, received ${count}`)
}

async function repeatsAfterTheEnd(trial: Trial): Promise<void> {
  needsIdempotence(trial)
  const request = trial.request({ base: trial.quantity() })
  const ref = await trial.accepted(request)
  await trial.reaches(ref, 'filled')
  const fills = await trial.settled(ref)
  const before = await purses(trial)
  const again = await trial.again(request)
  must(
    again.outcome === 'accepted' && again.venueOrderId === ref.venueOrderId,
    () => `expected the first order ${ref.venueOrderId} again, received ${JSON.stringify(again)}`,
  )
  await trial.steps(3)
  await unchanged(trial, before, 'after the same order was sent again')
  const now = await trial.settled(ref)
  must(now.length === fills.length, () => `fills(): expected the ${fills.length} fills of the first time, received ${now.length}`)
}

async function givesEachItsOwn(trial: Trial): Promise<void> {
  const refs = await Promise.all(Array.from({ length: 5 }, () => restingBuy(trial)))
  const ids = new Set(refs.map(({ venueOrderId }) => venueOrderId))
  must(ids.size === refs.length, () => `expected five ids of the venue for five orders, received ${[...ids].join(', ')}`)
  for (const ref of refs) {
    const { ref: named } = await trial.report(ref)
    must(named.clientOrderId === ref.clientOrderId, () => `order(): expected the order that was asked for, received ${named.clientOrderId}`)
  }
}

async function sendsNothingAborted(trial: Trial): Promise<void> {
  const before = await purses(trial)
  const request = trial.request({ base: trial.quantity() })
  const result = await trial.submit(request, AbortSignal.abort())
  must(result.outcome !== 'accepted', () => 'expected rejected or unknown for an order that was called off before it was sent, received accepted')
  await trial.steps(3)
  await gone(trial, request)
  await unchanged(trial, before, 'after a submit that was called off before it was sent')
}

async function tellsWhatBecameOfIt(trial: Trial): Promise<void> {
  const abort = new AbortController()
  const request = trial.request({ base: trial.quantity(2), limit: trial.priceTimes('0.99') })
  const answer = trial.submit(request, abort.signal)
  abort.abort()
  const result = await answer
  await trial.steps(3)
  if (result.outcome === 'rejected') {
    const { items } = await trial.exchange.liveOrders()
    const there = items.some(({ ref }) => ref.clientOrderId === request.clientOrderId)
    must(!there, () => 'expected rejected only of an order that never left, received rejected, and the venue has it')
    return
  }
  if (result.outcome === 'accepted') {
    await trial.reaches({ ...request, venueOrderId: result.venueOrderId }, 'open')
    return
  }
  const found = await resolve(trial, request)
  must(found !== undefined, () => 'order(): expected a report or notFound in the end, received unknown time after time')
  const live = await isLive(trial, request)
  must(
    live === (found !== 'notFound'),
    () => `order() says ${found === 'notFound' ? 'notFound' : found.state}, liveOrders() ${live ? 'lists it' : 'does not list it'}`,
  )
}

async function carriesTheRequest(trial: Trial): Promise<void> {
  const ref = await restingBuy(trial)
  const { ref: told, atMs, filledQuantity } = await trial.report(ref)
  must(told.venueOrderId === ref.venueOrderId, () => `order(): expected the venue's id ${ref.venueOrderId}, received ${String(told.venueOrderId)}`)
  must(told.instrument === ref.instrument, () => `order(): expected the instrument ${ref.instrument}, received ${told.instrument}`)
  must(isZero(filledQuantity), () => `order(): expected 0 filled, received ${text(filledQuantity)}`)
  const apart = Math.abs(atMs - trial.subject.nowMs())
  must(apart < 86_400_000, () => `order(): expected a time in ms near the venue's ${trial.subject.nowMs()}, received ${atMs}`)
}

export const sendingCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E50',
    name: 'the same order sent twice is one order',
    prerequisite: 'capability idempotentClientOrderId; order type limit',
    action: 'submit a resting limit buy; submit the same request again',
    expected: 'accepted both times with one venue id; one live order',
    events: ['open'],
    check: (trial) => staysOne(trial, false),
  }),
  exchangeCase({
    id: 'E51',
    name: 'the same order sent twice at once is one order',
    prerequisite: 'capability idempotentClientOrderId; order type limit',
    action: 'submit a resting limit buy twice without waiting between',
    expected: 'accepted both times with one venue id, or the second unknown; one live order',
    events: ['open'],
    check: (trial) => staysOne(trial, true),
  }),
  exchangeCase({
    id: 'E52',
    name: 'an order sent again after it has filled does not trade again',
    prerequisite: 'capability idempotentClientOrderId',
    action: 'submit a market buy; once it is filled submit the same request again',
    expected: 'accepted with the first venue id; no further fill; the balances are what they were',
    events: ['open? partiallyFilled? filled'],
    check: repeatsAfterTheEnd,
  }),
  exchangeCase({
    id: 'E53',
    name: 'five orders at once are five orders',
    prerequisite: 'order type limit',
    action: 'submit five resting limit buys without waiting between; order(ref) of each',
    expected: 'five venue ids; each is found as what it is',
    events: ['open', 'open', 'open', 'open', 'open'],
    check: givesEachItsOwn,
  }),
  exchangeCase({
    id: 'E54',
    name: 'a submit that is called off before it is sent sends nothing',
    prerequisite: 'none',
    action: 'submit a market buy with a signal that has been aborted',
    expected: 'unknown, or rejected as not sent; no such order; the balances are what they were',
    events: ['rejected?'],
    check: sendsNothingAborted,
  }),
  exchangeCase({
    id: 'E55',
    name: 'a submit that is called off on the way is rejected only if it never left',
    prerequisite: 'order type limit',
    action: 'submit a resting limit buy and abort at once; then ask',
    expected: 'accepted, and the order is found; or unknown, and order() and liveOrders() agree on whether there is one; or rejected, and there is none',
    events: ['open?'],
    check: tellsWhatBecameOfIt,
  }),
  exchangeCase({
    id: 'E56',
    name: 'a report names the order as it was sent, at the venue’s time',
    prerequisite: 'order type limit',
    action: 'submit a resting limit buy; order(ref)',
    expected: 'both ids and the instrument; nothing filled; a time in ms within a day of the venue’s',
    events: ['open'],
    check: carriesTheRequest,
  }),
]
