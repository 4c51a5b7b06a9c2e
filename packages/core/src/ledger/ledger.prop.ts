import type { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../model/json.ts'
import { ZERO, decimalText, feeOf, floorTo, money, valueOf } from '../model/money.ts'
import { fillOf, type FillSketch } from './fills.fixture.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { Booking } from './lots.ts'
import { averageEntry, unrealizedPnl } from './position.ts'

const INCREMENT = money('0.00000001')
const bots = [
  { bot: 'btc', base: 'BTC' },
  { bot: 'btc-2', base: 'BTC' },
  { bot: 'toshi', base: 'TOSHI' },
] as const

/** A step of a random history; what it means depends on what is held when it comes. */
interface Step {
  readonly kind: 'buy' | 'sell' | 'again' | 'reserve' | 'release' | 'adjust'
  readonly who: number
  /** Sales: this share of what is held; 100 = all. */
  readonly percent: number
  readonly units: number
  readonly ticks: number
  readonly fee: 'quote' | 'base' | 'valued' | 'unvalued' | 'rebate'
  readonly sameOrder: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('buy', 'buy', 'buy', 'sell', 'sell', 'again', 'reserve', 'release', 'adjust'),
  who: fc.nat(bots.length - 1),
  percent: fc.constantFrom(1, 10, 33, 50, 99, 100, 100),
  units: fc.integer({ min: 1, max: 5_000_000_000 }),
  ticks: fc.integer({ min: 1, max: 9_500_000 }),
  fee: fc.constantFrom('quote', 'quote', 'quote', 'base', 'valued', 'unvalued', 'rebate'),
  sameOrder: fc.boolean(),
})
const steps = fc.array(step, { minLength: 1, maxLength: 40 })
const booking = fc.constantFrom<Booking>('fifo', 'average')

interface Run {
  readonly ledger: Ledger
  /** Fills booked, as given. */
  readonly sketches: readonly FillSketch[]
}

function started(rule: Booking): Ledger {
  const ledger = createLedger({ booking: rule })
  ledger.deposit('USD', money('1000000000000'))
  ledger.deposit('BNB', money('1000000'))
  return ledger
}

function feeFor(one: Step, value: Decimal, quantity: Decimal, base: string): Pick<FillSketch, 'fee' | 'feeCurrency' | 'feePrice'> {
  const rate = money('0.009')
  switch (one.fee) {
    case 'quote':
      return { fee: feeOf(value, rate) }
    case 'rebate':
      return { fee: feeOf(value, money('-0.0001')) }
    case 'base':
      return { fee: feeOf(quantity, rate), feeCurrency: base }
    case 'valued':
      return { fee: '0.0123', feeCurrency: 'BNB', feePrice: '613.37' }
    case 'unvalued':
      return { fee: '0.0123', feeCurrency: 'BNB' }
  }
}

/** Plays random steps; `after` sees the ledger after each one. */
function play(ledger: Ledger, history: readonly Step[], after: (ledger: Ledger) => void = () => undefined): Run {
  const sketches: FillSketch[] = []
  history.forEach((one, index) => {
    const { bot, base } = bots[one.who]!
    const held = ledger.position(bot).quantity
    const price = valueOf(money(one.ticks), money(base === 'TOSHI' ? '0.0000001' : '0.01'))
    if (one.kind === 'adjust') ledger.adjust('USD', money(one.units).minus(2_000_000_000), 'random')
    if (one.kind === 'release') ledger.release(`reserved-${one.who}`)
    if (one.kind === 'reserve' && ledger.reservedBy(`reserved-${one.who}`).isZero()) {
      const coins = one.sameOrder && ledger.sellable(bot).greaterThan(0)
      const free = coins ? ledger.sellable(bot) : ledger.available('USD')
      if (free.greaterThan(0)) ledger.reserve(`reserved-${one.who}`, bot, coins ? base : 'USD', coins ? free : money(10))
    }
    if (one.kind === 'again' && sketches.length > 0) ledger.applyFill(fillOf(sketches[one.units % sketches.length]!))
    if (one.kind === 'buy' || one.kind === 'sell') {
      const quantity =
        one.kind === 'buy' ? valueOf(money(one.units), INCREMENT) : one.percent === 100 ? held : floorTo(held.times(one.percent).dividedBy(100), INCREMENT)
      // A sale whose fee takes coins as well needs coins beyond its quantity.
      const paysInBase = one.kind === 'sell' && one.fee === 'base'
      if (quantity.greaterThan(0) && !(paysInBase && one.percent > 98)) {
        const order = one.sameOrder ? `reserved-${one.who}` : `order-${index}`
        const sketch: FillSketch = {
          id: `${index}`,
          order,
          bot,
          base,
          side: one.kind,
          quantity,
          price,
          ...feeFor(one, valueOf(quantity, price), quantity, base),
          atMs: index,
        }
        ledger.applyFill(fillOf(sketch))
        sketches.push(sketch)
      }
    }
    after(ledger)
  })
  return { ledger, sketches }
}

const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((total, amount) => total.plus(amount), ZERO)

describe('the ledger, under random histories', () => {
  it('balances per currency after every event, with one position a bot that is the sum of its lots [row 32] [row 35]', () => {
    fc.assert(
      fc.property(booking, steps, (rule, history) => {
        play(started(rule), history, (ledger) => {
          ledger.assertBalanced()
          for (const balances of Object.values(ledger.accounts())) expect(decimalText(sum(Object.values(balances)))).toBe('0')
          for (const { bot } of bots) {
            const position = ledger.position(bot)
            expect(position.quantity.isNegative()).toBe(false)
            expect(decimalText(sum(position.lots.map((lot) => lot.cost)))).toBe(decimalText(position.cost))
            expect(position.lots.every((lot) => lot.quantity.greaterThan(0))).toBe(true)
            expect(new Set(position.lots.map((lot) => lot.tranche)).size).toBe(position.lots.length)
          }
        })
      }),
    )
  })

  it('keeps the identities of money: cash + cost = deposits + adjustments + gross - fees, equity = deposits + realised + unrealised', () => {
    fc.assert(
      fc.property(booking, steps, fc.integer({ min: 1, max: 10_000_000 }), (rule, history, ticks) => {
        const { ledger, sketches } = play(started(rule), history)
        const usd = ledger.accounts()['USD']!
        const positions = bots.map(({ bot }) => ledger.position(bot))
        const cost = sum(positions.map((position) => position.cost))
        const paidIn = usd['deposits']!.plus(usd['adjustments']!).negated()
        const gross = sum(positions.map((position) => position.realizedPnl.plus(position.realizedFees)))
        expect(decimalText(gross)).toBe(decimalText(usd['realizedPnl']!.negated()))
        expect(decimalText(ledger.balance('USD').plus(cost))).toBe(decimalText(paidIn.plus(gross).minus(usd['fees']!)))
        const marks = { BTC: valueOf(money(ticks), money('0.01')), TOSHI: valueOf(money(ticks), money('0.0000001')) }
        const coins = sum(bots.map(({ bot, base }) => ledger.position(bot).quantity.times(marks[base])))
        const unrealized = sum(bots.map(({ bot, base }) => unrealizedPnl(ledger.position(bot), marks[base])))
        const realized = sum(positions.map((position) => position.realizedPnl))
        // Fees in a third currency are inside P&L where valued, but left another purse.
        const valued = sum(sketches.filter((one) => one.feePrice !== undefined).map((one) => valueOf(money(one.fee!), money(one.feePrice!))))
        expect(decimalText(ledger.balance('USD').plus(coins))).toBe(decimalText(paidIn.plus(realized).plus(unrealized).plus(valued)))
      }),
    )
  })

  it('splits every sale so that the P&L of its tranches is the P&L of the position, to the last digit [row 41] [row 42]', () => {
    fc.assert(
      fc.property(booking, steps, (rule, history) => {
        const ledger = started(rule)
        const { sketches } = play(started(rule), history)
        for (const sketch of sketches) {
          const before = ledger.position(sketch.bot!)
          const result = ledger.applyFill(fillOf(sketch))!
          expect(decimalText(result.position.realizedPnl.minus(before.realizedPnl))).toBe(decimalText(result.realizedPnl))
          if (result.closes.length === 0) continue
          expect(result.closes.every((close) => close.quantity.greaterThan(0))).toBe(true)
          if (rule === 'fifo') expect(result.closes.map((close) => close.lotId)).toEqual(before.lots.slice(0, result.closes.length).map((lot) => lot.lotId))
          expect(decimalText(sum(result.closes.map((close) => close.pnl)))).toBe(decimalText(result.realizedPnl))
          expect(decimalText(sum(result.closes.map((close) => close.proceeds)))).toBe(decimalText(result.value))
          expect(decimalText(sum(result.closes.map((close) => close.exitFee)))).toBe(decimalText(result.feeValue))
          expect(decimalText(sum(result.closes.map((close) => close.cost)))).toBe(decimalText(before.cost.minus(result.position.cost)))
          expect(decimalText(sum(result.closes.map((close) => close.quantity)))).toBe(decimalText(before.quantity.minus(result.position.quantity)))
          if (rule === 'average' && !result.closed) {
            // Unchanged but for the 20th decimal of the cost that stays.
            const drift = averageEntry(result.position)!.minus(averageEntry(before)!).times(result.position.quantity).abs()
            expect(drift.lessThanOrEqualTo('0.0000000000000000001')).toBe(true)
          }
        }
      }),
    )
  })

  it('continues from a snapshot at any point as if nothing had happened', () => {
    fc.assert(
      fc.property(booking, steps, fc.nat(40), (rule, history, at) => {
        const { sketches, ledger } = play(started(rule), history)
        const first = started(rule)
        const copy = createLedger({ booking: rule })
        const whole = started(rule)
        sketches.forEach((sketch, index) => {
          whole.applyFill(fillOf(sketch))
          if (index < at) first.applyFill(fillOf(sketch))
        })
        copy.restore(JSON.parse(JSON.stringify(first.snapshot())) as Json)
        expect(JSON.stringify(copy.snapshot())).toBe(JSON.stringify(first.snapshot()))
        for (const sketch of sketches.slice(at)) copy.applyFill(fillOf(sketch))
        expect(JSON.stringify(copy.snapshot())).toBe(JSON.stringify(whole.snapshot()))
        const everything = createLedger({ booking: rule })
        everything.restore(ledger.snapshot())
        expect(JSON.stringify(everything.snapshot())).toBe(JSON.stringify(ledger.snapshot()))
      }),
    )
  })

  it('changes nothing when a fill comes twice', () => {
    fc.assert(
      fc.property(booking, steps, (rule, history) => {
        const { ledger, sketches } = play(started(rule), history)
        const before = JSON.stringify(ledger.snapshot())
        for (const sketch of sketches) expect(ledger.applyFill(fillOf(sketch))).toBeUndefined()
        expect(JSON.stringify(ledger.snapshot())).toBe(before)
      }),
    )
  })

  it('does not depend on how the fills of independent bots interleave', () => {
    fc.assert(
      fc.property(booking, steps, (rule, history) => {
        const { sketches } = play(started(rule), history)
        const mixed = started(rule)
        const sorted = started(rule)
        for (const sketch of sketches) mixed.applyFill(fillOf(sketch))
        for (const { bot } of [...bots].reverse()) for (const sketch of sketches) if (sketch.bot === bot) sorted.applyFill(fillOf(sketch))
        expect(JSON.stringify(sorted.snapshot())).toBe(JSON.stringify(mixed.snapshot()))
      }),
    )
  })
})
