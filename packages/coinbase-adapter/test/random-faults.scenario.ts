import { money } from '@millrace/core'
import type { EpochMs, OrderRequest, OrderState, SubmitResult } from '@millrace/core'
import { expect, test } from 'vitest'
import type { FaultKind } from '../src/simulator/index.ts'
import { booksAgree, market, never, resolved, resting } from './venue-checks.ts'
import { venueSubject } from './venue-subject.ts'
import type { VenueSubject } from './venue-subject.ts'

/** Chances of each fault for everything that it can happen to. */
const chances: Readonly<Partial<Record<FaultKind, number>>> = {
  ...{ requestLost: 0.04, replyLost: 0.06, requestDelayed: 0.03, replyDelayed: 0.03, errorBefore: 0.04, errorAfter: 0.05, unauthorized: 0.02 },
  ...{ tooManyRequests: 0.02, tooManyRequestsRetryAfter: 0.02, truncatedBody: 0.04, htmlBody: 0.03, connectionReset: 0.03, emptyList: 0.03 },
  ...{ fillsBetweenPages: 0.2, duplicateClientOrderId: 0.3, legacyBody: 0.2, holdFailure: 0.05, ordersLag: 0.1, fillsLag: 0.1, slowOpen: 0.1 },
  ...{ cancelRace: 0.2, slowCancel: 0.2, socketDropped: 0.01, sequenceGap: 0.01, duplicateMessage: 0.05, reorderedMessages: 0.02, userReplay: 0.2 },
}

/** A small generator: what a seed does must not depend on anything else. */
function chanceOf(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

interface Sent {
  readonly request: OrderRequest
  readonly firstSentAtMs: EpochMs
  outcome: SubmitResult['outcome']
}

/** Twelve orders and a few cancels and repetitions while everything goes wrong. */
async function badDay(subject: VenueSubject, chance: () => number): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  for (let number = 1; number <= 12; number++) {
    const limit = { limitPrice: money(chance() < 0.5 ? '60000' : '68500') }
    const request = chance() < 0.4 ? market(number, { size: { quote: money('7.31') } }) : resting(number, { size: { base: money('0.00013') }, ...limit })
    const order: Sent = { request, firstSentAtMs: subject.nowMs(), outcome: 'unknown' }
    sent.push(order)
    order.outcome = (await subject.answer(subject.exchange.submit(request, never))).outcome
    const other = sent[Math.floor(chance() * sent.length)]!
    if (chance() < 0.5 && other.outcome === 'unknown') {
      const again = await subject.answer(subject.exchange.submit(other.request, never, { firstSentAtMs: other.firstSentAtMs }))
      other.outcome = again.outcome
    } else if (chance() < 0.3) await subject.answer(subject.exchange.cancel(other.request, never))
    await subject.pass(Math.floor(chance() * 4_000))
  }
  return sent
}

/** Cancels an order until it no longer works: one cancel may stay without an answer, like every request. */
async function ended(subject: VenueSubject, request: OrderRequest, firstSentAtMs: EpochMs, state: OrderState): Promise<void> {
  for (let now = state, tries = 0; (now === 'open' || now === 'partiallyFilled') && tries < 5; tries++) {
    await subject.answer(subject.exchange.cancel(request, never))
    const found = await resolved(subject, request, firstSentAtMs)
    if (typeof found === 'object') now = found.state
  }
}

const seeds = process.env['MILLRACE_WIDE'] === '1' ? 100 : 6

test.each(Array.from({ length: seeds }, (_, seed) => seed))(
  'a bad day with seed %d: what was accepted is there once, what was refused is not, and the books agree to the last digit [fault 1] [fault 2] [fault 9] [fault 11]',
  async (seed) => {
    const subject = await venueSubject({ faults: { seed, chances } })
    const subscription = subject.exchange.events().subscribe()
    try {
      const sent = await badDay(subject, chanceOf(seed))
      subject.control({ do: 'faults' })
      await subject.pass(150_000, 2_000)
      const { createOrders } = subject.venue.report()
      for (const { request, outcome, firstSentAtMs } of sent) {
        const booked = createOrders[request.clientOrderId]?.booked ?? 0
        expect(booked).toBeLessThanOrEqual(1)
        if (outcome !== 'unknown')
          expect(`${request.clientOrderId} ${outcome} ${booked}`).toBe(`${request.clientOrderId} ${outcome} ${outcome === 'accepted' ? 1 : 0}`)
        const found = await resolved(subject, request, firstSentAtMs)
        expect(found === 'notFound').toBe(booked === 0)
        if (typeof found === 'object') await ended(subject, request, firstSentAtMs, found.state)
      }
      // What was cancelled last may be shown late as well.
      await subject.pass(150_000, 2_000)
      await booksAgree(subject)
      expect((await subject.answer(subject.exchange.liveOrders())).items).toEqual([])
    } finally {
      subscription.unsubscribe()
      await subject.close()
    }
  },
)
