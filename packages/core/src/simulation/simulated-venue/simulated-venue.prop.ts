import type { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CandleEvent, Effect, KernelEvent, OrderEvent } from '../../contracts/events.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { Json } from '../../model/json.ts'
import { ONE, ZERO, decimalText, money, multiply } from '../../model/money.ts'
import type { OrderReport, OrderRequest } from '../../model/order.ts'
import { timeOf } from './venue-order.ts'
import { at, btc, MINUTE, requestOf, START, texts, venueOf } from './venue.fixture.ts'

const LATENCY = 250
const SLIPPAGE = money('0.0005')
const SHARE = money('0.1')
/** Of the quotes below, each side, with a cent of rounding at a price of 1. */
const SPREAD = money('0.0006')
const INCREMENT = btc.priceIncrement

interface Wish {
  readonly kind: 'quote' | 'base' | 'limit' | 'postOnly' | 'timed' | 'trigger'
  readonly side: 'buy' | 'sell'
  /** Hundredths of a coin, or of a dollar. */
  readonly size: number
  /** Of the limit price or trigger from the last price. */
  readonly offsetBps: number
  readonly mid: boolean
}

interface Minute {
  readonly movesBps: readonly number[]
  /** Hundredths of a coin in each move. */
  readonly volumes: readonly number[]
  /** The candle is seen while it forms. */
  readonly updates: boolean
  readonly quoted: boolean
  readonly missing: boolean
  readonly wishes: readonly Wish[]
  readonly cancel: boolean
}

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom('quote', 'quote', 'base', 'limit', 'limit', 'postOnly', 'timed', 'trigger'),
  side: fc.constantFrom('buy', 'sell'),
  size: fc.integer({ min: 1, max: 3000 }),
  offsetBps: fc.integer({ min: -120, max: 120 }),
  mid: fc.boolean(),
})

const minute: fc.Arbitrary<Minute> = fc.record({
  movesBps: fc.array(fc.integer({ min: -150, max: 150 }), { minLength: 1, maxLength: 4 }),
  volumes: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4000 })), { minLength: 4, maxLength: 4 }),
  updates: fc.boolean(),
  quoted: fc.boolean(),
  missing: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  wishes: fc.array(wish, { maxLength: 3 }),
  cancel: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
})

interface Input {
  readonly event: KernelEvent | Effect
  readonly nowMs: number
}

const cents = (price: number): number => Math.round(price * 100) / 100

function requestFor(want: Wish, id: string, price: number, nowMs: number): Input {
  const limit = cents(price * (1 + want.offsetBps / 10_000))
  const size = want.size / 100
  const sketch = {
    quote: { id, ...(want.side === 'buy' ? { side: 'buy' as const, quote: cents(size + 1) } : { side: 'sell' as const, base: size }) },
    base: { id, side: want.side, base: size },
    limit: { id, side: want.side, base: size, limit },
    postOnly: { id, side: want.side, base: size, limit, postOnly: true },
    timed: { id, side: want.side, base: size, limit, expireAtMs: nowMs + 90_000 },
    trigger: { id, side: 'sell' as const, base: size },
  }[want.kind]
  const request = requestOf(sketch)
  return { event: { type: 'submit', request, ...(want.kind === 'trigger' ? { trigger: limit } : {}) }, nowMs }
}

/** Makes the events of a random market with random orders, in time order. */
function inputsOf(minutes: readonly Minute[]): readonly Input[] {
  const inputs: Input[] = []
  let price = 100
  let orders = 0
  minutes.forEach((each, index) => {
    const openTime = START + index * MINUTE
    const candle = { openTime: at(openTime), open: price, high: price, low: price, close: price, volume: 0 }
    const show = (closed: boolean, atMs: number): void => {
      inputs.push({ event: { type: 'candle', instrument: btc.id, timeframeMs: MINUTE, candle: { ...candle }, closed, atMs: at(atMs) }, nowMs: atMs })
    }
    each.movesBps.forEach((bps, move) => {
      price = Math.max(1, cents(price * (1 + bps / 10_000)))
      candle.close = price
      candle.high = Math.max(candle.high, price)
      candle.low = Math.min(candle.low, price)
      candle.volume += each.volumes[move]! / 100
      const nowMs = openTime + (move + 1) * 12_000
      if (each.missing) return
      if (each.quoted)
        inputs.push({ event: { type: 'quote', instrument: btc.id, bid: cents(price * 0.9995), ask: cents(price * 1.0005), atMs: at(nowMs) }, nowMs })
      if (each.updates) show(false, nowMs)
      if (move === 0) for (const want of each.wishes) if (want.mid) inputs.push(requestFor(want, `order-${++orders}`, price, nowMs))
    })
    const endMs = openTime + MINUTE
    if (!each.missing) show(true, endMs)
    if (each.cancel) inputs.push({ event: { type: 'cancel', order: { clientOrderId: `order-${orders}`, instrument: btc.id } }, nowMs: endMs })
    for (const want of each.wishes) if (!want.mid) inputs.push(requestFor(want, `order-${++orders}`, price, endMs))
    inputs.push({ event: { type: 'timer', atMs: at(endMs) }, nowMs: endMs })
  })
  return inputs
}

const newVenue = (): ReturnType<typeof venueOf> => venueOf({ cash: { USD: 5000, BTC: 60 }, slippageBps: 5 })

interface Sent {
  readonly request: OrderRequest
  readonly sentMs: number
  readonly trigger: boolean
}

interface Onlooker {
  see(input: Input, answers: readonly OrderEvent[]): void
  readonly fills: readonly VenueFill[]
}

const buys = (request: OrderRequest): boolean => request.side === 'buy'
/** True when a price is as good as another or worse, for whoever sent the request. */
const noBetter = (request: OrderRequest, price: Decimal, than: Decimal): boolean =>
  buys(request) ? price.greaterThanOrEqualTo(than) : price.lessThanOrEqualTo(than)

/** Checks every answer. It knows the events and the rules, and nothing of the venue's insides. */
function onlookerOf(): Onlooker {
  const sent = new Map<string, Sent>()
  const fills: VenueFill[] = []
  const finished = new Set<string>()
  const taken = new Map<number, Decimal>()
  let candle: CandleEvent['candle'] | undefined

  function checkFill(fill: VenueFill, onSubmit: boolean): void {
    const { request, sentMs, trigger } = sent.get(fill.clientOrderId!)!
    const [low, high] = [money(candle!.low), money(candle!.high)]
    expect(finished.has(fill.clientOrderId!), 'no fill after the last word').toBe(false)
    expect(fill.atMs, 'not before the venue had the order').toBeGreaterThanOrEqual(sentMs + LATENCY)
    if (onSubmit) expect(trigger, 'only a trigger fills in a candle that is over').toBe(true)
    if (fill.liquidity === 'taker') {
      const worst = buys(request)
        ? multiply(high, ONE.plus(SLIPPAGE).plus(SPREAD)).plus(INCREMENT)
        : multiply(low, ONE.minus(SLIPPAGE).minus(SPREAD)).minus(INCREMENT)
      expect(noBetter(request, worst, fill.price), 'within the range, but for slippage and spread').toBe(true)
      expect(noBetter(request, fill.price, buys(request) ? low : high), 'never better than the range').toBe(true)
      expect(request.postOnly, 'post-only never takes').not.toBe(true)
    } else {
      // A resting order fills at its own price, even when the market jumps over it.
      const through = buys(request) ? low.plus(INCREMENT).lessThanOrEqualTo(fill.price) : high.minus(INCREMENT).greaterThanOrEqualTo(fill.price)
      expect(through, 'no maker fill without a trade through the price').toBe(true)
      expect(decimalText(fill.price)).toBe(decimalText(request.limitPrice!))
    }
    if (request.limitPrice) expect(noBetter(request, request.limitPrice, fill.price), 'never worse than the limit').toBe(true)
    const sum = fill.quantity.plus(taken.get(candle!.openTime) ?? ZERO)
    taken.set(candle!.openTime, sum)
    expect(sum.lessThanOrEqualTo(money(candle!.volume.toFixed(2)).times(SHARE)), 'at most the share of the volume').toBe(true)
    fills.push(fill)
  }

  function checkReport(report: OrderReport): void {
    const id = report.ref.clientOrderId
    const own = fills.filter((fill) => fill.clientOrderId === id)
    expect(decimalText(report.filledQuantity), 'reports are cumulative').toBe(decimalText(own.reduce((sum, fill) => sum.plus(fill.quantity), ZERO)))
    expect(decimalText(report.feesTotal ?? ZERO)).toBe(decimalText(own.reduce((sum, fill) => sum.plus(fill.fee.amount), ZERO)))
    if (report.state !== 'open' && report.state !== 'partiallyFilled') finished.add(id)
    const { size } = sent.get(id)!.request
    if (!('quote' in size)) return
    const paid = own.reduce((sum, fill) => sum.plus(fill.quantity.times(fill.price)).plus(fill.fee.amount), ZERO)
    expect(paid.lessThanOrEqualTo(size.quote), 'never more than the quote amount').toBe(true)
  }

  return {
    fills,
    see({ event, nowMs }, answers) {
      if (event.type === 'candle') candle = event.candle
      if (event.type === 'submit') sent.set(event.request.clientOrderId, { request: event.request, sentMs: nowMs, trigger: event.trigger !== undefined })
      const times = answers.map(timeOf)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      for (const answer of answers) {
        if (answer.type === 'fill') checkFill(answer.fill, event.type === 'submit')
        else checkReport(answer.report)
      }
    },
  }
}

const scenario = fc.array(minute, { minLength: 2, maxLength: 25 }).map(inputsOf)

describe('the simulated venue, in random markets', () => {
  it('never fills early, better than the market, or beyond its share, and reports what it filled [row 26]', () => {
    let fills = 0
    let makers = 0
    fc.assert(
      fc.property(scenario, (inputs) => {
        const venue = newVenue()
        const onlooker = onlookerOf()
        for (const input of inputs) onlooker.see(input, venue.apply(input.event, at(input.nowMs)))
        fills += onlooker.fills.length
        makers += onlooker.fills.filter((fill) => fill.liquidity === 'maker').length
      }),
    )
    expect(fills, 'the markets led to fills').toBeGreaterThan(300)
    expect(makers, 'some of them makers').toBeGreaterThan(30)
  })

  it('neither makes nor loses money: balances are the start plus the fills, held is never negative, nothing is held when nothing works', () => {
    fc.assert(
      fc.property(scenario, (inputs) => {
        const venue = newVenue()
        let usd = money(5000)
        let coins = money(60)
        for (const { event, nowMs } of inputs) {
          for (const answer of venue.apply(event, at(nowMs))) {
            if (answer.type !== 'fill') continue
            const { fill } = answer
            const value = fill.quantity.times(fill.price)
            usd = fill.side === 'buy' ? usd.minus(value).minus(fill.fee.amount) : usd.plus(value).minus(fill.fee.amount)
            coins = fill.side === 'buy' ? coins.plus(fill.quantity) : coins.minus(fill.quantity)
          }
          const balances = new Map(venue.balances().map((balance) => [balance.currency, balance]))
          expect(decimalText(balances.get('USD')!.available.plus(balances.get('USD')!.held))).toBe(decimalText(usd))
          expect(decimalText(balances.get('BTC')!.available.plus(balances.get('BTC')!.held))).toBe(decimalText(coins))
          for (const { available, held } of balances.values()) expect(available.isNegative() || held.isNegative()).toBe(false)
          if (venue.liveOrders().length === 0) for (const { held } of balances.values()) expect(decimalText(held)).toBe('0')
        }
      }),
    )
  })

  it('gives the same answers to the same events, also from a snapshot at any point', () => {
    fc.assert(
      fc.property(scenario, fc.double({ min: 0, max: 1, noNaN: true }), (inputs, share) => {
        const cut = Math.floor(inputs.length * share)
        const one = newVenue()
        const first = newVenue()
        const second = newVenue()
        inputs.forEach(({ event, nowMs }, index) => {
          if (index === cut) second.restore(JSON.parse(JSON.stringify(first.snapshot())) as Json)
          const expected = one.apply(event, at(nowMs))
          const answers = (index < cut ? first : second).apply(event, at(nowMs))
          expect(texts(answers)).toEqual(texts(expected))
          expect(answers).toEqual(expected)
        })
        if (cut < inputs.length) expect(JSON.stringify(second.snapshot())).toBe(JSON.stringify(one.snapshot()))
      }),
    )
  })
})
