import type { LinkEvent } from '../../../contracts/events.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { reportAddsUp } from '../checks.ts'
import { fitsPattern, sequenceOf } from '../event-sequence.ts'
import { record } from '../recorder.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

/** Waits for a word of the link after so many others. */
async function said(trial: Trial, types: readonly LinkEvent['type'][], after: number): Promise<void> {
  await trial.until(
    async () => (trial.seen.links.slice(after).some(({ type }) => types.includes(type)) ? true : undefined),
    () =>
      `events(): expected ${types.join(' or ')}, received ${
        trial.seen.links
          .slice(after)
          .map(({ type }) => type)
          .join(', ') || 'no word of the link'
      }`,
  )
}

/** A market buy, filled and told so. */
async function bought(trial: Trial): Promise<void> {
  const ref = await trial.accepted({ base: trial.quantity() })
  const report = await trial.reaches(ref, 'filled')
  reportAddsUp(trial, report, await trial.settled(ref))
}

async function tellsEverySubscriber(trial: Trial): Promise<void> {
  const [stays, leaves] = [record(trial.exchange.events()), record(trial.exchange.events())]
  leaves.stop()
  await bought(trial)
  await trial.until(
    async () => (fitsPattern(sequenceOf(stays.reportsOf(trial.ids[0]!)), 'open? partiallyFilled? filled') ? true : undefined),
    () => 'events(): expected every subscriber to be told, received nothing for the second after a third left',
  )
  must(leaves.reports.length === 0, () => `events(): expected nothing after unsubscribing, received ${leaves.reports.length} reports`)
  stays.stop()
}

/** Breaks the link and waits until that was said; gives how many words of the link there were by then. */
async function broken(trial: Trial, dropConnection: () => void | Promise<void>): Promise<number> {
  const before = trial.seen.links.length
  await dropConnection()
  await said(trial, ['down', 'gap'], before)
  return trial.seen.links.length
}

const filled = ['open? partiallyFilled? filled']

export const eventCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E81',
    name: 'every subscriber is told, and one that leaves takes nothing along',
    prerequisite: 'none',
    action: 'subscribe three times, leave with one; a market buy fills',
    expected: 'the two that stayed are told of the order; the one that left is told nothing',
    events: filled,
    check: tellsEverySubscriber,
  }),
  exchangeCase({
    id: 'E82',
    name: 'a message that comes twice changes nothing',
    prerequisite: 'none',
    action: 'every message comes twice; a market buy fills; a limit buy is cancelled',
    expected: 'sound reports: cumulative, never back, none after the end; each fill once under its id; balances and sums as ever',
    events: [...filled, 'open cancelled'],
    needs: ['duplicateEvents'],
    check: async (trial, { duplicateEvents }) => {
      await duplicateEvents()
      await bought(trial)
      const ref = await restingBuy(trial)
      await trial.exchange.cancel(ref, new AbortController().signal)
      await trial.reaches(ref, 'cancelled')
    },
  }),
  exchangeCase({
    id: 'E83',
    name: 'the whole past told once more changes nothing',
    prerequisite: 'none',
    action: 'two market buys fill; every message of the account comes again; another fills',
    expected: 'sound reports: none that is older than one already told, none after the end',
    events: [...filled, ...filled, ...filled],
    needs: ['replayEvents'],
    check: async (trial, { replayEvents }) => {
      await bought(trial)
      await bought(trial)
      await replayEvents()
      await trial.steps(3)
      await bought(trial)
    },
  }),
  exchangeCase({
    id: 'E84',
    name: 'a link that breaks says so, and says when it is back',
    prerequisite: 'none',
    action: 'the connection breaks; it is restored',
    expected: 'down (or gap), then ready; the stream goes on',
    events: filled,
    needs: ['dropConnection', 'restoreConnection'],
    check: async (trial, { dropConnection, restoreConnection }) => {
      const down = await broken(trial, dropConnection)
      await restoreConnection()
      await said(trial, ['ready'], down)
      await bought(trial)
    },
  }),
  exchangeCase({
    id: 'E85',
    name: 'what fills while the link is down is found afterwards',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; the connection breaks; the price falls below it; the connection is restored; order(ref); fills()',
    expected: 'after ready the order is filled and its fills add up; none is lost',
    events: ['open partiallyFilled? filled?'],
    needs: ['dropConnection', 'restoreConnection', 'setPrice'],
    check: async (trial, { dropConnection, restoreConnection, setPrice }) => {
      const ref = await restingBuy(trial)
      const down = await broken(trial, dropConnection)
      await setPrice(trial.priceTimes('0.98'))
      await restoreConnection()
      await said(trial, ['ready'], down)
      const report = await trial.reaches(ref, 'filled')
      reportAddsUp(trial, report, await trial.settled(ref))
    },
  }),
  exchangeCase({
    id: 'E86',
    name: 'an order can be sent while the link is down',
    prerequisite: 'none',
    action: 'the connection of the events breaks; submit a market buy; order(ref); the connection is restored',
    expected: 'accepted and filled, or unknown; never rejected for the link; found after ready',
    needs: ['dropConnection', 'restoreConnection'],
    check: async (trial, { dropConnection, restoreConnection }) => {
      const down = await broken(trial, dropConnection)
      const request = trial.request({ base: trial.quantity() })
      const result = await trial.submit(request)
      must(result.outcome !== 'rejected', () => 'expected accepted or unknown, received rejected: the venue did not say so')
      await restoreConnection()
      await said(trial, ['ready'], down)
      if (result.outcome === 'accepted') await trial.reaches({ ...request, venueOrderId: result.venueOrderId }, 'filled')
    },
  }),
  exchangeCase({
    id: 'E87',
    name: 'a message that was missed is noticed',
    prerequisite: 'none',
    action: 'the next message is lost; a market buy fills; order(ref); fills()',
    expected: 'gap (or down), then ready; the order is found filled and its fills add up',
    events: ['open? partiallyFilled? filled?'],
    needs: ['skipEvent'],
    check: async (trial, { skipEvent }) => {
      const before = trial.seen.links.length
      await skipEvent()
      await bought(trial)
      await said(trial, ['gap', 'down'], before)
      await said(trial, ['ready'], before)
    },
  }),
  exchangeCase({
    id: 'E88',
    name: 'a subscription that is refused is not ready',
    prerequisite: 'none',
    action: 'the next subscription is refused; the connection breaks and is restored',
    expected: 'an error (or down) is told after the refusal, before any ready',
    events: filled,
    needs: ['refuseSubscription', 'dropConnection', 'restoreConnection'],
    check: async (trial, { refuseSubscription, dropConnection, restoreConnection }) => {
      const before = trial.seen.links.length
      await refuseSubscription()
      await dropConnection()
      await said(trial, ['down', 'gap'], before)
      const down = trial.seen.links.length
      await restoreConnection()
      await said(trial, ['error', 'down'], down)
      const words = trial.seen.links.slice(down).map(({ type }) => type)
      const refusal = words.findIndex((type) => type === 'error' || type === 'down')
      must(!words.slice(0, refusal).includes('ready'), () => `events(): expected no ready before the refusal, received ${words.join(', ')}`)
      await said(trial, ['ready'], down + refusal + 1)
      await bought(trial)
    },
  }),
]
