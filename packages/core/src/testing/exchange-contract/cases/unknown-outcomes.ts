import type { OrderRef, OrderReport, OrderRequest } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must, prerequisite } from '../must.ts'
import { gone, isLive, purses, resolve, unchanged } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { needsLimits } from './limit-orders.ts'

type Fault = () => void | Promise<void>

const resting = (trial: Trial): OrderRequest => {
  needsLimits(trial)
  return trial.request({ base: trial.quantity(2), limit: trial.priceTimes('0.99') })
}

async function staysUnknown(trial: Trial, request: OrderRequest, why: string): Promise<void> {
  const result = await trial.submit(request)
  must(result.outcome !== 'rejected', () => `${why}: expected unknown, received rejected: nobody knows whether the venue has the order`)
  must(result.outcome === 'unknown', () => `${why}: expected unknown, received accepted: the venue's answer did not arrive`)
  must(result.cause !== '', () => `${why}: expected a cause, received none`)
}

/** What the venue says in the end of an order whose outcome was unknown. */
async function resolved(trial: Trial, request: OrderRequest): Promise<OrderReport | 'notFound'> {
  const found = await resolve(trial, request)
  must(found !== undefined, () => 'order(): expected a report or notFound in the end, received unknown time after time')
  return found
}

/** The venue has the order although its answer did not come: it is found, and sending it again makes no second one. */
async function isFoundLater(trial: Trial, why: string): Promise<void> {
  const request = resting(trial)
  await staysUnknown(trial, request, why)
  const found = await resolved(trial, request)
  must(found !== 'notFound', () => `order(): ${why}: expected the order, which the venue has, received notFound`)
  must(found.state === 'open', () => `order(): expected it open, received ${found.state}`)
  must(found.ref.venueOrderId !== undefined, () => "order(): expected the venue's id of an order that was found, received none")
  await sentAgain(trial, request, found.ref.venueOrderId)
}

/** The same request once more: the first order, where the exchange promises so. */
async function sentAgain(trial: Trial, request: OrderRequest, venueOrderId: string): Promise<void> {
  if (!trial.exchange.capabilities.idempotentClientOrderId) return
  const again = await trial.again(request)
  must(
    again.outcome === 'accepted' && again.venueOrderId === venueOrderId,
    () => `sent again: expected the order ${venueOrderId}, received ${JSON.stringify(again)}`,
  )
  const { items } = await trial.exchange.liveOrders()
  const count = items.filter(({ ref }) => ref.clientOrderId === request.clientOrderId).length
  must(count === 1, () => `liveOrders(): expected one order for one client order id, received ${count}`)
}

/** The venue never had the order: it is not found, nothing is held, and it can be sent. */
async function isNeverThere(trial: Trial, why: string): Promise<void> {
  const before = await purses(trial)
  const request = resting(trial)
  await staysUnknown(trial, request, why)
  const found = await resolved(trial, request)
  must(found === 'notFound', () => `order(): ${why}: expected notFound, received ${typeof found === 'string' ? found : found.state}`)
  await unchanged(trial, before, why)
  const ref = await trial.accepted(request)
  await trial.reaches(ref, 'open')
}

async function isTurnedAway(trial: Trial): Promise<void> {
  const before = await purses(trial)
  const request = resting(trial)
  const result = await trial.submit(request)
  must(result.outcome !== 'accepted', () => 'expected unknown or rejected for a request that was turned away, received accepted')
  await trial.until(
    async () => (trial.seen.links.some(({ type }) => type === 'rateLimited') ? true : undefined),
    () => 'events(): expected rateLimited when the venue asks for fewer requests, received no such word',
  )
  await gone(trial, request)
  await unchanged(trial, before, 'after a request that was turned away')
  const ref = await trial.accepted(request)
  await trial.reaches(ref, 'open')
}

async function marketBuyWithoutAnswer(trial: Trial, loseReply: Fault): Promise<void> {
  const request = trial.request({ base: trial.quantity() })
  await loseReply()
  await staysUnknown(trial, request, 'a lost reply')
  const found = await trial.until(
    async () => {
      const answer = await resolved(trial, request)
      return answer !== 'notFound' && answer.state === 'filled' ? answer : undefined
    },
    () => 'order(): expected the order, which the venue has filled, received nothing of the kind',
  )
  const ref: OrderRef = { ...request, venueOrderId: found.ref.venueOrderId! }
  const fills = await trial.settled(ref)
  await sentAgainAfterFill(trial, request, fills.length, ref)
}

async function sentAgainAfterFill(trial: Trial, request: OrderRequest, count: number, ref: OrderRef): Promise<void> {
  if (!trial.exchange.capabilities.idempotentClientOrderId) return
  await trial.again(request)
  await trial.steps(3)
  const now = (await trial.settled(ref)).length
  must(now === count, () => `sent again after a lost reply: expected the ${count} fills of the first time, received ${now}`)
}

async function refusalProvesNothing(trial: Trial, loseReply: Fault, halt: Fault, goOn: Fault): Promise<void> {
  prerequisite(trial.exchange.capabilities.idempotentClientOrderId, 'the exchange does not promise that one client order id makes one order')
  const request = resting(trial)
  await loseReply()
  await staysUnknown(trial, request, 'a lost reply')
  await halt()
  const again = await trial.again(request)
  must(again.outcome !== 'rejected', () => 'expected accepted or unknown, received rejected: the first sending may have been taken, and it was')
  await goOn()
  const found = await resolved(trial, request)
  must(
    found !== 'notFound' && found.state === 'open',
    () => `order(): expected the order of the first sending, received ${found === 'notFound' ? found : found.state}`,
  )
}

async function burst(trial: Trial, loseReply: Fault): Promise<void> {
  needsLimits(trial)
  const requests = Array.from({ length: 5 }, () => trial.request({ base: trial.quantity(), limit: trial.priceTimes('0.99') }))
  await loseReply()
  const results = await Promise.all(requests.map((request) => trial.submit(request)))
  const lost = results.filter(({ outcome }) => outcome !== 'accepted')
  must(
    lost.length === 1 && lost[0]!.outcome === 'unknown',
    () => `expected four accepted and one unknown, received ${results.map(({ outcome }) => outcome).join(', ')}`,
  )
  for (const request of requests) {
    await trial.until(
      async () => ((await isLive(trial, request)) ? true : undefined),
      () => `liveOrders(): expected all five orders, received a list without ${request.clientOrderId}`,
    )
  }
}

const arrives = 'unknown; order(ref) finds it open; the same request again is the same order'
const neverArrives =
  'unknown; order(ref) says notFound, once the venue has had time to show it; the balances are what they were; the same request again is accepted'
const limits = 'order type limit'

export const unknownOutcomeCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E89',
    name: 'a submit whose reply is lost is unknown, and found later',
    prerequisite: limits,
    action: 'the reply to the next request is lost; submit a resting limit buy; order(ref); submit it again',
    expected: arrives,
    events: ['open'],
    needs: ['loseReply'],
    check: async (trial, { loseReply }) => {
      await loseReply()
      await isFoundLater(trial, 'a lost reply')
    },
  }),
  exchangeCase({
    id: 'E90',
    name: 'a submit that is lost is unknown, and not found later',
    prerequisite: limits,
    action: 'the next request is lost; submit a resting limit buy; order(ref); submit it again',
    expected: neverArrives,
    events: ['open'],
    needs: ['loseRequest'],
    check: async (trial, { loseRequest }) => {
      await loseRequest()
      await isNeverThere(trial, 'a lost request')
    },
  }),
  exchangeCase({
    id: 'E91',
    name: 'a failure of the venue after it took the order is unknown, and found later',
    prerequisite: limits,
    action: 'the next request is carried out and answered with 5xx; submit a resting limit buy; order(ref); submit it again',
    expected: arrives,
    events: ['open'],
    needs: ['failAfter'],
    check: async (trial, { failAfter }) => {
      await failAfter()
      await isFoundLater(trial, 'a failure after the order was taken')
    },
  }),
  exchangeCase({
    id: 'E92',
    name: 'a failure of the venue before it took the order is unknown, and not found later',
    prerequisite: limits,
    action: 'the next request is answered with 5xx and not carried out; submit a resting limit buy; order(ref); submit it again',
    expected: neverArrives,
    events: ['open'],
    needs: ['failBefore'],
    check: async (trial, { failBefore }) => {
      await failBefore()
      await isNeverThere(trial, 'a failure before the order was taken')
    },
  }),
  exchangeCase({
    id: 'E93',
    name: 'an answer that nobody can read is unknown, and the order found later',
    prerequisite: limits,
    action: 'the next request is carried out, its answer spoilt; submit a resting limit buy; order(ref); submit it again',
    expected: arrives,
    events: ['open'],
    needs: ['garbleReply'],
    check: async (trial, { garbleReply }) => {
      await garbleReply()
      await isFoundLater(trial, 'an unreadable answer')
    },
  }),
  exchangeCase({
    id: 'E94',
    name: 'an answer that comes too late is unknown, and the order found later',
    prerequisite: limits,
    action: 'the next answer is held back for ten minutes; submit a resting limit buy; order(ref); submit it again',
    expected: arrives,
    events: ['open'],
    needs: ['delayReply'],
    check: async (trial, { delayReply }) => {
      await delayReply(600_000)
      await isFoundLater(trial, 'an answer that comes too late')
    },
  }),
  exchangeCase({
    id: 'E95',
    name: 'a request that is turned away because there were too many is said so, and never accepted',
    prerequisite: 'order type limit',
    action: 'the next request is answered with 429; submit a resting limit buy; submit it again',
    expected: 'unknown or rejected; rateLimited among the events; no such order; then accepted and open',
    events: ['rejected? open'],
    needs: ['limitRate'],
    check: async (trial, { limitRate }) => {
      await limitRate()
      await isTurnedAway(trial)
    },
  }),
  exchangeCase({
    id: 'E96',
    name: 'a market buy whose reply is lost trades once',
    prerequisite: 'none',
    action: 'the reply to the next request is lost; submit a market buy; once it is found filled submit it again',
    expected: 'unknown; order(ref) finds it filled; no further fill',
    events: ['open? partiallyFilled? filled'],
    needs: ['loseReply'],
    check: (trial, { loseReply }) => marketBuyWithoutAnswer(trial, loseReply),
  }),
  exchangeCase({
    id: 'E97',
    name: 'a refusal of the second sending proves nothing of the first',
    prerequisite: 'capability idempotentClientOrderId; order type limit',
    action: 'the reply to the next request is lost; submit a resting limit buy; the instrument is halted; submit it again, saying that it was sent before',
    expected: 'unknown; then accepted as the first order, or unknown, never rejected; order(ref) finds it open',
    events: ['open'],
    needs: ['loseReply', 'setState'],
    check: (trial, { loseReply, setState }) =>
      refusalProvesNothing(
        trial,
        loseReply,
        () => setState('halted'),
        () => setState('online'),
      ),
  }),
  exchangeCase({
    id: 'E98',
    name: 'one lost reply among five orders at once',
    prerequisite: limits,
    action: 'the reply to the next request is lost; submit five resting limit buys without waiting between',
    expected: 'four accepted, one unknown; all five are live',
    events: ['open', 'open', 'open', 'open', 'open'],
    needs: ['loseReply'],
    check: (trial, { loseReply }) => burst(trial, loseReply),
  }),
]
