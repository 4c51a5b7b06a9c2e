import { decimalText, money } from '@millrace/core'
import type { EpochMs, LinkEvent, OrderEvent, OrderRequest, SubmitResult } from '@millrace/core'
import { afterEach, describe, expect, test } from 'vitest'
import type { CoinbaseOptions } from '../src/coinbase.ts'
import type { VenueOptions } from '../src/simulator/index.ts'
import { venueSubject } from './venue-subject.ts'
import type { VenueSubject } from './venue-subject.ts'
import { booksAgree, market, never, resolved, resting, submit } from './venue-checks.ts'

const open: VenueSubject[] = []
afterEach(async () => {
  for (const subject of open.splice(0)) await subject.close()
})

async function venueOf(options: Partial<VenueOptions> = {}, changes: CoinbaseOptions = {}): Promise<VenueSubject> {
  const subject = await venueSubject(options, changes)
  open.push(subject)
  return subject
}

/** Orders that the venue booked for each id that it was sent. */
const bookedOf = ({ venue }: VenueSubject): readonly number[] => Object.values(venue.report().createOrders).map(({ booked }) => booked)

interface Heard {
  readonly events: (OrderEvent | LinkEvent)[]
  readonly links: () => readonly string[]
}

/** Listens, and waits until the user channel is there. */
async function listening(subject: VenueSubject): Promise<Heard> {
  const events: (OrderEvent | LinkEvent)[] = []
  const subscription = subject.exchange.events().subscribe((event) => events.push(event))
  open.push({ ...subject, close: async () => subscription.unsubscribe() })
  const links = (): readonly string[] =>
    events.flatMap((event) =>
      event.type === 'report' || event.type === 'fill' ? [] : [`${event.type}${'code' in event && event.code ? ` ${event.code}` : ''}`],
    )
  await until(subject, () => links().includes('ready'))
  return { events, links }
}

async function until(subject: VenueSubject, condition: () => boolean, stepMs = 250): Promise<void> {
  for (let step = 0; step < 2_000 && !condition(); step++) await subject.pass(stepMs, stepMs)
  if (!condition()) throw new Error('it did not come about')
}

describe('one order, one order at the venue', () => {
  test('a request that is lost on the way, sent again [fault 1]', async () => {
    const subject = await venueOf()
    const request = resting()
    subject.inject('requestLost', { matching: 'POST /orders' })
    expect((await submit(subject, request)).outcome).toBe('unknown')
    expect(subject.venue.ledger().orders).toEqual([])
    expect((await submit(subject, request)).outcome).toBe('accepted')
    expect(bookedOf(subject)).toEqual([1])
    await booksAgree(subject)
  })

  test('an order that was booked and whose reply was lost: found, and the same when it is sent again [fault 2]', async () => {
    const subject = await venueOf()
    const request = market()
    subject.inject('replyLost', { matching: 'POST /orders' })
    expect((await submit(subject, request)).outcome).toBe('unknown')
    const found = await resolved(subject, request)
    expect(found).toMatchObject({ state: 'filled' })
    expect(await submit(subject, request)).toEqual({ outcome: 'accepted', venueOrderId: subject.venue.ledger().orders[0]!.id })
    expect(bookedOf(subject)).toEqual([1])
    await booksAgree(subject)
  })

  test('a reply that comes after the time-out [fault 3]', async () => {
    const subject = await venueOf()
    subject.inject('replyDelayed', { matching: 'POST /orders', delayMs: 60_000 })
    const before = subject.nowMs()
    expect((await submit(subject, resting())).outcome).toBe('unknown')
    expect(subject.nowMs() - before).toBeLessThan(12_000)
    await subject.pass(60_000, 1_000)
    expect(await resolved(subject, resting())).toMatchObject({ state: 'open' })
    await booksAgree(subject)
  })

  test('an order that arrives long after it was given up is found all the same [fault 3]', async () => {
    const subject = await venueOf()
    subject.inject('requestDelayed', { matching: 'POST /orders', delayMs: 20_000 })
    subject.inject('replyDelayed', { matching: 'POST /orders', delayMs: 20_000 })
    const sentMs = subject.nowMs()
    expect((await submit(subject, resting())).outcome).toBe('unknown')
    expect(await subject.answer(subject.exchange.order(resting(), { firstSentAtMs: sentMs }))).toBe('unknown')
    await subject.pass(30_000, 1_000)
    expect(await resolved(subject, resting(), sentMs)).toMatchObject({ state: 'open' })
    await booksAgree(subject)
  })

  test('an order that hangs somewhere for two minutes is refused when it arrives: its token is old, so "not found" is a proof by then [fault 3]', async () => {
    const subject = await venueOf()
    subject.inject('requestDelayed', { matching: 'POST /orders', delayMs: 116_000 })
    const sentMs = subject.nowMs()
    expect((await submit(subject, resting())).outcome).toBe('unknown')
    await subject.pass(150_000, 1_000)
    expect(subject.venue.report().createOrders[resting().clientOrderId]).toEqual({ received: 1, booked: 0 })
    expect(await resolved(subject, resting(), sentMs)).toBe('notFound')
  })

  test.each([500, 502, 503, 504])('a %d after the order was booked, and one before [fault 4] [fault 5]', async (status) => {
    const subject = await venueOf()
    subject.inject('errorAfter', { matching: 'POST /orders', status })
    expect((await submit(subject, resting(1))).outcome).toBe('unknown')
    subject.inject('errorBefore', { matching: 'POST /orders', status })
    expect((await submit(subject, resting(2))).outcome).toBe('unknown')
    expect(await resolved(subject, resting(1))).toMatchObject({ state: 'open' })
    expect(await resolved(subject, resting(2))).toBe('notFound')
    expect(bookedOf(subject)).toEqual([1, 0])
    await booksAgree(subject)
  })

  test.each(['truncatedBody', 'htmlBody', 'replyLost'] as const)('an answer that is spoilt: %s [fault 9]', async (kind) => {
    const subject = await venueOf()
    subject.inject(kind, { matching: 'POST /orders' })
    expect((await submit(subject, resting())).outcome).toBe('unknown')
    expect(await resolved(subject, resting())).toMatchObject({ state: 'open' })
  })

  test('an answer of 2023, with a reason for a failure beside its success [fault 8] [pitfall 1]', async () => {
    const subject = await venueOf()
    subject.inject('legacyBody', { matching: 'POST /orders' })
    expect((await submit(subject, resting())).outcome).toBe('accepted')
  })

  test('eleven orders at once, while connections are reset at random [fault 11]', async () => {
    const subject = await venueOf()
    subject.inject('connectionReset', { matching: 'POST /orders', times: 3 })
    subject.inject('replyLost', { matching: 'POST /orders', times: 3 })
    const requests = Array.from({ length: 11 }, (_, i) => resting(i + 1))
    const results = await subject.answer(Promise.all(requests.map((request) => subject.exchange.submit(request, never))))
    expect(results.filter(({ outcome }) => outcome === 'unknown')).toHaveLength(6)
    expect(results.some(({ outcome }) => outcome === 'rejected')).toBe(false)
    for (const request of requests) await submit(subject, request)
    expect(bookedOf(subject)).toEqual(Array.from({ length: 11 }, () => 1))
    await booksAgree(subject)
  })

  test('an order that lists show late is not called missing [fault 13] [pitfall 3]', async () => {
    const subject = await venueOf()
    subject.control({ do: 'lag', ordersMs: 20_000 })
    subject.inject('replyLost', { matching: 'POST /orders' })
    const sentMs = subject.nowMs()
    await submit(subject, resting())
    expect(await resolved(subject, resting(), sentMs)).toMatchObject({ state: 'open' })
  })

  test('lists that are empty without an error are no proof that an order is not there [fault 14]', async () => {
    const subject = await venueOf()
    const known = resting(1)
    await submit(subject, known)
    await subject.pass(40_000, 1_000)
    subject.inject('replyLost', { matching: 'POST /orders' })
    const sentMs = subject.nowMs()
    await submit(subject, resting(2))
    await subject.pass(40_000, 1_000)
    subject.inject('emptyList', { matching: 'GET /orders/historical/batch', times: 7 })
    // The order before stands in no list either, and that one is there.
    expect(await subject.answer(subject.exchange.order(resting(2), { firstSentAtMs: (sentMs - 300_000) as EpochMs }))).toBe('unknown')
    expect(await resolved(subject, resting(2), sentMs)).toMatchObject({ state: 'open' })
  })

  test('an order that is not open yet is found, although the list of open ones hides it [fault 15] [pitfall 23]', async () => {
    const subject = await venueOf({ lag: { openMs: 30_000, fillsMs: 0 } })
    subject.inject('replyLost', { matching: 'POST /orders' })
    await submit(subject, resting())
    expect(subject.venue.ledger().orders[0]!.status).toBe('PENDING')
    expect(await resolved(subject, resting())).toMatchObject({ state: 'open' })
    expect((await subject.answer(subject.exchange.liveOrders())).items).toHaveLength(1)
  })

  test('a repetition that is called a duplicate is the first order [fault 21] [pitfall 2]', async () => {
    const subject = await venueOf()
    const first = await submit(subject, resting())
    subject.inject('duplicateClientOrderId')
    expect(await submit(subject, resting())).toEqual(first)
    expect(bookedOf(subject)).toEqual([1])
  })
})

describe('requests that are turned away', () => {
  test.each([
    ['tooManyRequests', undefined],
    ['tooManyRequestsRetryAfter', 3],
  ] as const)('%s: refused, said, and nothing leaves while the venue asks so [fault 6]', async (kind, retryAfterS) => {
    const subject = await venueOf()
    const heard = await listening(subject)
    subject.inject(kind, { matching: 'POST /orders', ...(retryAfterS !== undefined && { retryAfterS }) })
    expect(await submit(subject, resting())).toMatchObject({ outcome: 'rejected', code: 'RATE_LIMITED' })
    expect(heard.links()).toContain('rateLimited')
    const beforeMs = subject.nowMs()
    expect((await submit(subject, resting(2))).outcome).toBe('accepted')
    expect(subject.nowMs() - beforeMs).toBeGreaterThanOrEqual((retryAfterS ?? 1) * 1_000 - 250)
    expect(bookedOf(subject)).toEqual([0, 1])
  })

  test('a day of questions stays below the limit of the venue, counted there [fault 6]', async () => {
    const subject = await venueOf(
      { limits: { privatePerSecond: 10, publicPerSecond: 5, connectionsPerSecond: 8, messagesPerSecond: 8 } },
      { privateBudget: { capacity: 5, perSecond: 5 } },
    )
    await subject.answer(Promise.all(Array.from({ length: 60 }, () => subject.exchange.liveOrders())))
    const { limits, statuses } = subject.venue.report()
    expect([limits.privateBreaches, limits.publicBreaches, statuses['429'] ?? 0]).toEqual([0, 0, 0])
    expect(limits.mostPrivateInASecond).toBeLessThanOrEqual(10)
  })

  test.each<readonly [string, OrderRequest]>([
    ['INSUFFICIENT_FUND', market(1, { size: { quote: money('1000.01') } })],
    ['INSUFFICIENT_FUND', market(1, { side: 'sell', size: { base: money('1') } })],
    ['LIMIT_PRICE_POST_ONLY', resting(1, { limitPrice: money('69000'), postOnly: true })],
  ])('%s frees everything [fault 7] [pitfall 10] [pitfall 12]', async (code, request) => {
    const subject = await venueOf()
    expect(await submit(subject, request)).toMatchObject({ outcome: 'rejected', code })
    await booksAgree(subject)
  })

  test('a purchase of all the money at a limit leaves room for its fee [pitfall 12]', async () => {
    const subject = await venueOf()
    expect((await submit(subject, resting(1, { size: { quote: money('1000') } }))).outcome).toBe('accepted')
    await booksAgree(subject)
  })

  test('an order that is taken and fails afterwards is rejected with its reason', async () => {
    const subject = await venueOf()
    subject.inject('holdFailure')
    await submit(subject, resting())
    const report = await resolved(subject, resting())
    expect(report).toMatchObject({ state: 'rejected' })
    expect(typeof report === 'object' && report.reason).toMatch(/HOLD_FAILURE/)
  })
})

describe('fills', () => {
  test('of an order by amount are exact in coins and cash, fee inside [row 27] [pitfall 6]', async () => {
    const subject = await venueOf({ depth: { levels: 40, valuePerLevel: 3 } })
    expect((await submit(subject, market(1, { size: { quote: money('33.37') } }))).outcome).toBe('accepted')
    const report = await resolved(subject, market(1))
    const { items } = await subject.answer(subject.exchange.fills(undefined))
    expect(items.length).toBeGreaterThan(3)
    const filled = items.reduce((sum, { quantity }) => sum.plus(quantity), money('0'))
    expect(typeof report === 'object' && decimalText(report.filledQuantity)).toBe(decimalText(filled))
    await booksAgree(subject)
  })

  test('stop at the price protection; the rest is cancelled and what filled is ours [pitfall 9]', async () => {
    const subject = await venueOf({ depth: { levels: 40, stepBps: 30, valuePerLevel: 10 } })
    await submit(subject, market(1, { size: { quote: money('900') } }))
    const report = await resolved(subject, market(1))
    expect(report).toMatchObject({ state: 'cancelled' })
    expect(typeof report === 'object' && report.filledQuantity.toNumber()).toBeGreaterThan(0)
    await booksAgree(subject)
  })

  test('that come between two pages are neither lost nor told wrongly [fault 17]', async () => {
    const subject = await venueOf()
    await submit(subject, resting(100))
    for (let i = 1; i <= 6; i++) await submit(subject, market(i, { size: { quote: money('2') } }))
    await subject.controls.limitPages!(2)
    subject.inject('fillsBetweenPages', { times: 2 })
    const seen = new Set<string>()
    let cursor: string | undefined
    for (let look = 0; look < 2; look++) {
      const { items, next, complete } = await subject.answer(subject.exchange.fills(cursor))
      expect(complete).toBe(true)
      for (const { fillId } of items) seen.add(fillId)
      cursor = next
    }
    expect([...seen].toSorted()).toEqual(
      subject.venue
        .ledger()
        .fills.map(({ entryId }) => entryId)
        .toSorted(),
    )
    expect(seen.size).toBe(8)
  })

  test('that lag behind their order are found by the next look from the same place [fault 16] [pitfall 3]', async () => {
    const subject = await venueOf()
    await subject.controls.hideFills!(600_000)
    await submit(subject, market(1))
    expect(await resolved(subject, market(1))).toMatchObject({ state: 'filled' })
    const first = await subject.answer(subject.exchange.fills(undefined))
    expect(first.items).toEqual([])
    await subject.controls.hideFills!(0)
    await submit(subject, market(2))
    const second = await subject.answer(subject.exchange.fills(first.next))
    expect(second.items).toHaveLength(1)
    await subject.pass(600_000, 2_000)
    expect((await subject.answer(subject.exchange.fills(second.next))).items).toHaveLength(2)
  })

  test('of somebody else are told as they are, without an order of ours [fault 27]', async () => {
    const subject = await venueOf()
    await subject.controls.externalOrder!({ side: 'buy', base: money('0.001') })
    const { items } = await subject.answer(subject.exchange.fills(undefined))
    expect(items).toHaveLength(1)
    expect(items[0]!.clientOrderId).toBeUndefined()
    await booksAgree(subject)
  })

  test.each([
    ['0.001', '0.002'],
    ['0', '0'],
  ])('follow the fee tier of their time: maker %s, taker %s [fault 62]', async (maker, taker) => {
    const subject = await venueOf()
    await submit(subject, market(1))
    subject.control({ do: 'fees', maker, taker })
    await submit(subject, market(2))
    await booksAgree(subject)
    await subject.pass(300_000, 2_000)
    expect(decimalText((await subject.answer(subject.exchange.feeRates())).takerRate)).toBe(taker)
  })
})

test('an order that would trade with one of ours: the one that rests gives way, and is told as cancelled [pitfall 21]', async () => {
  const subject = await venueOf()
  await submit(subject, market(1, { size: { quote: money('100') } }))
  const sale = resting(2, { side: 'sell', limitPrice: money('68001') })
  await submit(subject, sale)
  await submit(subject, market(3))
  expect(await resolved(subject, sale)).toMatchObject({ state: 'cancelled', reason: expect.stringMatching(/self trade/i) as string })
  await booksAgree(subject)
})

describe('cancels', () => {
  test('whose reply is lost, that race a fill, that are slow: the order itself decides [fault 18] [fault 19] [fault 20] [pitfall 20]', async () => {
    for (const kind of ['replyLost', 'cancelRace', 'slowCancel', 'errorBefore'] as const) {
      const subject = await venueOf()
      await submit(subject, resting())
      await subject.controls.tradeAgainst!(money('0.0004'), money('60000'))
      subject.inject(kind, kind === 'replyLost' || kind === 'errorBefore' ? { matching: 'POST /orders/batch_cancel' } : {})
      const result = await subject.answer(subject.exchange.cancel(resting(), never))
      const report = await resolved(subject, resting())
      const state = typeof report === 'object' ? report.state : report
      if (result.outcome === 'cancelled') expect(state).toBe('cancelled')
      if (result.outcome === 'tooLate') expect(state).toBe('filled')
      expect([kind, result.outcome]).toEqual([
        kind,
        { replyLost: 'cancelled', cancelRace: 'tooLate', slowCancel: result.outcome, errorBefore: 'unknown' }[kind],
      ])
      await booksAgree(subject)
    }
  })
})

describe('the user channel', () => {
  test('repeats, changes order, replays: reports only ever grow [fault 22] [fault 23] [fault 25] [fault 26] [pitfall 17]', async () => {
    const subject = await venueOf()
    const heard = await listening(subject)
    subject.inject('duplicateMessage', { times: 20, matching: 'user' })
    subject.inject('replyDelayed', { matching: 'POST /orders', delayMs: 2_000 })
    await submit(subject, market(1))
    for (let i = 2; i <= 5; i++) await submit(subject, market(i))
    subject.control({ do: 'replayUser', messages: 12_000 })
    await until(subject, () => heard.events.some((event) => event.type === 'report' && event.report.state === 'filled'))
    await subject.pass(3_000)
    for (let i = 1; i <= 5; i++) {
      const reports = heard.events.flatMap((event) =>
        event.type === 'report' && event.report.ref.clientOrderId === market(i).clientOrderId ? [event.report] : [],
      )
      const filled = reports.map(({ filledQuantity }) => filledQuantity.toNumber())
      expect(filled).toEqual(filled.toSorted((a, b) => a - b))
      expect(reports.filter(({ state }) => state === 'filled')).toHaveLength(1)
      expect(reports.at(-1)!.state).toBe('filled')
    }
  })

  test('that loses a message says so and begins anew [fault 24]', async () => {
    const subject = await venueOf()
    const heard = await listening(subject)
    subject.inject('sequenceGap', { matching: 'user' })
    await submit(subject, market(1))
    await until(subject, () => heard.links().filter((text) => text === 'ready').length === 2)
    expect(heard.links()).toEqual(['ready', 'gap', 'down', 'ready'])
  })

  test.each(['silence', 'halfOpen', 'socketDropped'] as const)(
    'that falls silent (%s) is noticed within ten seconds and comes back [fault 10] [fault 28]',
    async (kind) => {
      const subject = await venueOf({}, { silenceMs: 5_000 })
      const heard = await listening(subject)
      subject.inject(kind, { matching: 'heartbeats' })
      const before = subject.nowMs()
      await until(subject, () => heard.links().includes('down'))
      expect(subject.nowMs() - before).toBeLessThan(10_000)
      await until(subject, () => heard.links().at(-1) === 'ready')
    },
  )

  test('that is refused is never ready, and pauses between tries [fault 29] [fault 30]', async () => {
    const subject = await venueOf()
    subject.inject('subscribeRefused', { times: 10_000, matching: ' user' })
    const links: string[] = []
    const subscription = subject.exchange.events().subscribe((event) => links.push(event.type))
    await subject.pass(120_000)
    subscription.unsubscribe()
    expect(new Set(links)).toEqual(new Set(['down']))
    // Half of 0.5, 1, 2, … 30 s: far fewer than one a second.
    expect(subject.venue.report().connections.opened).toBeLessThan(20)
    expect(subject.venue.report().limits.socketBreaches).toBe(0)
  })
})

describe('the key and the clock', () => {
  test('a clock that differs by an hour is no trouble: tokens carry the time of the venue [fault 31] [fault 33]', async () => {
    const subject = await venueOf()
    subject.control({ do: 'clockOffset', ms: 3_600_000 })
    expect((await submit(subject, resting())).outcome).toBe('accepted')
    expect(subject.venue.report().statuses['401']).toBeUndefined()
  })

  test('a clock that jumps costs one refusal: it is compared again, and a read tried once more [fault 31] [pitfall 14]', async () => {
    const subject = await venueOf()
    await listening(subject)
    await submit(subject, resting())
    subject.control({ do: 'clockOffset', ms: -3_600_000 })
    expect((await subject.answer(subject.exchange.liveOrders())).complete).toBe(true)
    expect(subject.venue.report().statuses['401']).toBe(1)
    expect((await submit(subject, resting(2))).outcome).toBe('accepted')
  })

  test('a 401 by chance does not stop anything; an order is refused and not sent again [fault 31] [pitfall 14]', async () => {
    const subject = await venueOf()
    const heard = await listening(subject)
    subject.inject('unauthorized', { matching: 'POST /orders' })
    expect(await submit(subject, resting())).toMatchObject({ outcome: 'rejected', code: 'UNAUTHORIZED' })
    await subject.answer(subject.exchange.liveOrders())
    subject.inject('unauthorized', { matching: 'GET /accounts' })
    await booksAgree(subject)
    expect(heard.links()).toEqual(['ready'])
    expect(Object.values(subject.venue.report().createOrders)).toEqual([{ received: 1, booked: 0 }])
  })

  test('a key that is revoked is told once, with a word a program can act on, and not asked with in a loop [fault 32]', async () => {
    const subject = await venueOf()
    const heard = await listening(subject)
    await subject.answer(subject.exchange.instruments())
    subject.control({ do: 'revokeKey', key: subject.keyName })
    const before = subject.venue.report().statuses['401'] ?? 0
    expect((await subject.answer(subject.exchange.liveOrders())).complete).toBe(false)
    expect(await submit(subject, resting())).toMatchObject({ outcome: 'rejected', code: 'UNAUTHORIZED' })
    expect(heard.links().filter((text) => text === 'error keyRefused')).toHaveLength(1)
    expect((subject.venue.report().statuses['401'] ?? 0) - before).toBeLessThanOrEqual(11)
    await expect(subject.answer(subject.exchange.checkKey())).rejects.toThrow('401')
  })

  test('a permission that is taken away is told at the first refusal; the check of the key finds it [fault 32]', async () => {
    const subject = await venueOf()
    const heard = await listening(subject)
    expect(await subject.answer(subject.exchange.checkKey())).toMatchObject({ canTrade: true, canTransfer: false, portfolioUuid: subject.venue.portfolio })
    subject.control({ do: 'permissions', key: subject.keyName, canTrade: false })
    expect(await submit(subject, resting())).toMatchObject({ outcome: 'rejected', code: 'FORBIDDEN' })
    expect(heard.links()).toEqual(['ready', 'error keyForbidden'])
    await expect(subject.answer(subject.exchange.checkKey())).rejects.toThrow('it may not trade')
    subject.control({ do: 'permissions', key: subject.keyName, canTrade: true, canTransfer: true })
    await expect(subject.answer(subject.exchange.checkKey())).rejects.toThrow('may move money out')
  })
})

describe('products', () => {
  test.each(['halted', 'tradingDisabled', 'auction', 'cancelOnly', 'delisted', 'removed'] as const)(
    'that are %s take no order, whether we know it or not [fault 49] [fault 50]',
    async (state) => {
      const subject = await venueOf()
      await subject.answer(subject.exchange.instruments())
      subject.control({ do: 'productState', product: 'BTC-USD', state })
      const unaware = await submit(subject, market(1))
      expect(unaware).toMatchObject({ outcome: 'rejected' })
      const aware = await submit(subject, market(2))
      expect(aware).toMatchObject({ outcome: 'rejected' })
      expect(Object.keys(subject.venue.report().createOrders)).toHaveLength(1)
      expect(subject.venue.ledger().orders).toEqual([])
    },
  )

  test('whose increments change: refused by the venue once, right afterwards [fault 51] [pitfall 5]', async () => {
    const subject = await venueOf()
    await subject.answer(subject.exchange.instruments())
    subject.control({ do: 'increments', product: 'BTC-USD', price: '1', base: '0.001', baseMin: '0.001' })
    const order = resting(1, { size: { base: money('0.0015') }, limitPrice: money('60000.5') })
    expect(await submit(subject, order)).toMatchObject({ outcome: 'rejected', code: expect.stringMatching(/PRECISION/) as string })
    expect((await submit(subject, { ...order, clientOrderId: resting(2).clientOrderId })).outcome).toBe('accepted')
    expect(subject.venue.ledger().orders.map(({ hold }) => hold)).toEqual(['60.54'])
  })

  test('take no more than so many orders, and say why [pitfall 22]', async () => {
    const subject = await venueOf({ accounts: { USD: '100000000' } }, { privateBudget: { capacity: 100_000, perSecond: 100_000 } })
    let last: SubmitResult | undefined
    for (let i = 1; i <= 501; i++) last = await submit(subject, resting(i))
    const report = await resolved(subject, resting(501))
    const outcome = last?.outcome === 'rejected' ? last.code : typeof report === 'object' ? `${report.state} ${report.reason}` : report
    expect(outcome).toMatch(/TOO_MANY_OPEN_ORDERS/)
    expect((await subject.answer(subject.exchange.liveOrders())).items).toHaveLength(500)
  })
})
