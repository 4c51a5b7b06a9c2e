import { describe, expect, it } from 'vitest'
import { decimalText, money } from '../model/money.ts'
import { DAY_MS } from '../model/time.ts'
import { createDayCounters } from './day.ts'
import { fillOf } from './fills.fixture.ts'
import { createLedger } from './ledger.ts'

const bought = () => {
  const ledger = createLedger({ booking: 'fifo' })
  ledger.deposit('USD', money(1_000))
  ledger.applyFill(fillOf({ id: '1', side: 'buy', quantity: 1, price: 100 }))
  ledger.applyFill(fillOf({ id: '2', side: 'buy', quantity: 2, price: 90 }))
  return ledger
}

describe('a bot that goes on for another', () => {
  it('has its lots under its own name, its promises and its profit; the other has nothing', () => {
    const ledger = bought()
    ledger.applyFill(fillOf({ id: '3', side: 'sell', quantity: '0.5', price: 110 }))
    ledger.reserve('sale', 'btc', 'BTC', money('0.5'))
    ledger.reserve('other', 'eth', 'USD', money('7'))
    const before = ledger.position('btc')
    ledger.adopt('btc', 'new')
    const after = ledger.position('new')
    expect({ ...after, botId: 'btc', lots: [] }).toEqual({ ...before, lots: [] })
    expect(after.lots.map(({ lotId, quantity, cost }) => [lotId, decimalText(quantity), decimalText(cost)])).toEqual(
      before.lots.map(({ lotId, quantity, cost }) => [lotId.replace('btc', 'new'), decimalText(quantity), decimalText(cost)]),
    )
    expect(new Set(after.lots.map(({ lotId }) => lotId)).size).toBe(2)
    expect([decimalText(ledger.sellable('new')), decimalText(ledger.sellable('btc'))]).toEqual(['2', '0'])
    expect(ledger.botIds()).toEqual(['new'])
    // What others have promised stays theirs.
    ledger.release('other')
    ledger.assertBalanced()
    ledger.applyFill(fillOf({ id: '4', order: 'sale', bot: 'new', side: 'sell', quantity: '0.5', price: 110 }))
    expect(decimalText(ledger.position('new').quantity)).toBe('2')
    ledger.assertBalanced()
  })

  it('may take over a bot without a past, and must have none itself', () => {
    const ledger = bought()
    ledger.adopt('nobody', 'new')
    expect(ledger.botIds()).toEqual(['btc'])
    expect(() => ledger.adopt('nobody', 'btc')).toThrow('expected a bot without a past to adopt nobody, received btc')
  })
})

describe('promises', () => {
  it('are written down by order, whoever promised first', () => {
    const texts = [
      ['a', 'b', 'c'],
      ['c', 'a', 'b'],
    ].map((orders) => {
      const ledger = bought()
      for (const order of orders) ledger.reserve(order, 'btc', 'USD', money(order === 'b' ? 5 : 3))
      return JSON.stringify(ledger.snapshot())
    })
    expect(texts[0]).toBe(texts[1])
  })

  it('of money leave the coins of a bot to be sold', () => {
    const ledger = bought()
    ledger.reserve('entry', 'btc', 'USD', money('2'))
    ledger.reserve('sale', 'btc', 'BTC', money('1'))
    expect([decimalText(ledger.sellable('btc')), decimalText(ledger.available('USD')), decimalText(ledger.available('BTC'))]).toEqual(['2', '718', '2'])
  })
})

it('a day is remembered for seven days, and not for an eighth', () => {
  const today = Date.UTC(2026, 0, 10)
  const ledger = bought()
  const counters = createDayCounters(today)
  const sell = (id: string, atMs: number): void => counters.book(ledger.applyFill(fillOf({ id, side: 'sell', quantity: '0.1', price: 200, atMs }))!)
  sell('oldest', today - 7 * DAY_MS)
  sell('too-old', today - 7 * DAY_MS - 1)
  expect([7, 8].map((days) => decimalText(counters.realizedPnl('btc', today - days * DAY_MS)))).toEqual(['10', '0'])
})
