import { describe, expect, it } from 'vitest'
import type { Json } from '../model/json.ts'
import { decimalText, money } from '../model/money.ts'
import { DAY_MS } from '../model/time.ts'
import { createDayCounters, type DayCounters } from './day.ts'
import { fillOf, type FillSketch } from './fills.fixture.ts'
import { createLedger } from './ledger.ts'

const day1 = Date.UTC(2025, 9, 10)
const day2 = day1 + DAY_MS

function setUp(): { counters: DayCounters; book: (sketch: FillSketch) => void } {
  const ledger = createLedger({ booking: 'fifo' })
  ledger.deposit('USD', money(10_000))
  const counters = createDayCounters(day1 + 5)
  return {
    counters,
    book: (sketch) => {
      const result = ledger.applyFill(fillOf(sketch))
      if (result) counters.book(result)
    },
  }
}

describe('day counters', () => {
  it('counts realised P&L net of entry and exit fees, by bot and account', () => {
    const { counters, book } = setUp()
    book({ id: '1', side: 'buy', quantity: 1, price: 100, fee: '0.9', atMs: day1 })
    expect(decimalText(counters.realizedPnl())).toBe('0')
    book({ id: '2', side: 'sell', quantity: 1, price: 90, fee: '0.81', atMs: day1 + 1 })
    book({ id: '3', bot: 'eth', base: 'ETH', side: 'buy', quantity: 1, price: 10, atMs: day1 + 2 })
    book({ id: '4', bot: 'eth', base: 'ETH', side: 'sell', quantity: 1, price: 14, atMs: day1 + 3 })
    expect([counters.realizedPnl('btc'), counters.realizedPnl('eth'), counters.realizedPnl(), counters.realizedPnl('none')].map(decimalText)).toEqual([
      '-11.71',
      '4',
      '-7.71',
      '0',
    ])
  })

  it('counts an entry order once, however many fills it has, and exits never', () => {
    const { counters, book } = setUp()
    book({ id: '1', order: 'a', side: 'buy', quantity: 1, price: 100, atMs: day1 })
    book({ id: '2', order: 'a', side: 'buy', quantity: 1, price: 100, atMs: day1 + 1 })
    book({ id: '3', order: 'b', side: 'buy', quantity: 1, price: 100, atMs: day1 + 2 })
    book({ id: '4', bot: 'eth', base: 'ETH', side: 'buy', quantity: 1, price: 10, atMs: day1 + 2 })
    book({ id: '5', order: 'c', side: 'sell', quantity: 2, price: 100, atMs: day1 + 3 })
    expect([counters.entryTrades('btc'), counters.entryTrades('eth'), counters.entryTrades()]).toEqual([2, 1, 3])
  })

  it('rolls at 00:00:00.000Z and not a millisecond before, and never back', () => {
    const { counters, book } = setUp()
    book({ id: '1', side: 'buy', quantity: 1, price: 100, atMs: day1 })
    expect([counters.roll(day2 - 1), counters.entryTrades()]).toEqual([false, 1])
    expect([counters.roll(day2), counters.entryTrades(), counters.dayMs]).toEqual([true, 0, day2])
    expect([counters.roll(day1), counters.dayMs]).toEqual([false, day2])
  })

  it('counts a late fill for its own day', () => {
    const { counters, book } = setUp()
    counters.roll(day2)
    book({ id: '1', side: 'buy', quantity: 2, price: 100, atMs: day2 - 1 })
    book({ id: '2', side: 'sell', quantity: 1, price: 90, atMs: day2 - 1 })
    book({ id: '3', side: 'sell', quantity: 1, price: 80, atMs: day2 })
    expect([counters.realizedPnl(), counters.realizedPnl(undefined, day1), counters.realizedPnl('btc', day1)].map(decimalText)).toEqual(['-20', '-10', '-10'])
    expect([counters.entryTrades(), counters.entryTrades('btc', day1)]).toEqual([0, 1])
  })

  it('keeps seven days behind today and forgets older ones', () => {
    const { counters, book } = setUp()
    book({ id: '1', side: 'buy', quantity: 1, price: 100, atMs: day1 })
    counters.roll(day1 + 7 * DAY_MS)
    expect(counters.entryTrades(undefined, day1)).toBe(1)
    counters.roll(day1 + 8 * DAY_MS)
    expect(counters.entryTrades(undefined, day1)).toBe(0)
    book({ id: '2', side: 'buy', quantity: 1, price: 100, atMs: day1 })
    expect(counters.entryTrades(undefined, day1)).toBe(0)
  })

  it('restores what it snapshots and refuses what it did not write', () => {
    const { counters, book } = setUp()
    book({ id: '1', order: 'a', side: 'buy', quantity: 2, price: 100, atMs: day1 })
    counters.roll(day2)
    book({ id: '2', side: 'sell', quantity: 1, price: '99.5', fee: '0.1', atMs: day2 })
    const copy = createDayCounters(0)
    copy.restore(JSON.parse(JSON.stringify(counters.snapshot())) as Json)
    expect(copy.snapshot()).toEqual(counters.snapshot())
    expect([copy.dayMs, decimalText(copy.realizedPnl('btc')), copy.entryTrades('btc', day1)]).toEqual([day2, '-0.6', 1])
    expect(() =>
      copy.restore({ kind: 'dayCounters', version: 1, dayMs: 0, days: [{ dayMs: 0, bots: { btc: { realizedPnl: 'NaN', entryOrders: [] } } }] }),
    ).toThrow(/days\.0\.bots\.btc\.realizedPnl/)
    expect(() => copy.restore({ version: 2 })).toThrow(expect.objectContaining({ code: 'STORE_MISMATCH' }))
  })
})
