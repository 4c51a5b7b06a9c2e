import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../model/json.ts'
import { decimalText, money } from '../../model/money.ts'
import { at, balancesOf, btc, candle, instrumentOf, MINUTE, quote, requestOf, show, START, submit, texts, toshi, venueOf } from './venue.fixture.ts'

const flat = [100, 100, 100, 100] as const

describe('a market order in a run of whole candles', () => {
  it('is acknowledged after the latency and fills at the open of the next candle, never on the one that led to it', () => {
    const venue = venueOf()
    expect(show(venue, candle(0, [90, 120, 80, 100], 50))).toEqual([])
    expect(texts(submit(venue, { quote: 25 }, START + MINUTE))).toEqual(['open 0 +60250'])
    expect(texts(show(venue, candle(1, [101, 130, 70, 90], 50)))).toEqual(['fill 0.2453169 @ 101 fee 0.2229930621 taker +60250', 'filled 0.2453169 +60250'])
  })

  it('waits for a candle that opens after it was sent, and for one with trades', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { quote: 25 }, START + MINUTE + 30_000)
    expect(show(venue, candle(1, flat, 50))).toEqual([])
    expect(show(venue, candle(2, flat, 0))).toEqual([])
    expect(texts(show(venue, candle(3, flat, 50)))).toEqual(['fill 0.24777006 @ 100 fee 0.222993054 taker +180000', 'filled 0.24777006 +180000'])
  })

  it('is not there yet when the latency is longer than the candle', () => {
    const venue = venueOf({ latencyMs: MINUTE })
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1, side: 'sell' }, START + MINUTE)
    expect(show(venue, candle(1, flat, 50))).toEqual([])
    expect(texts(show(venue, candle(2, flat, 50)))).toEqual(['fill 1 @ 100 fee 0.9 taker +120000', 'filled 1 +120000'])
  })

  it('fills worse by the slippage, rounded against us to the price increment', () => {
    const venue = venueOf({ slippageBps: 2 })
    show(venue, candle(0, flat, 50))
    submit(venue, { id: 'b', base: '0.01' }, START + MINUTE)
    submit(venue, { id: 's', side: 'sell', base: '0.01' }, START + MINUTE)
    expect(texts(show(venue, candle(1, [100.01, 101, 99, 100], 50))).filter((text) => text.startsWith('fill '))).toEqual([
      'fill 0.01 @ 100.04 fee 0.0090036 taker +60250',
      'fill 0.01 @ 99.98 fee 0.0089982 taker +60250',
    ])
  })

  it('takes at most its share of the volume, shared with the other orders, and cancels the rest', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { id: 'a', side: 'sell', base: '0.7' }, START + MINUTE)
    submit(venue, { id: 'b', side: 'sell', base: '0.7' }, START + MINUTE)
    submit(venue, { id: 'c', side: 'sell', base: '0.7' }, START + MINUTE)
    expect(texts(show(venue, candle(1, flat, 10)))).toEqual([
      'fill 0.7 @ 100 fee 0.63 taker +60250',
      'filled 0.7 +60250',
      'fill 0.3 @ 100 fee 0.27 taker +60250',
      'cancelled VOLUME_SHARE 0.3 +60250',
    ])
    expect(balancesOf(venue)['BTC']).toBe('8.3 + 0.7')
    expect(texts(show(venue, candle(2, flat, 10)))).toEqual(['fill 0.7 @ 100 fee 0.63 taker +120000', 'filled 0.7 +120000'])
  })

  it('fills nothing when the share is less than one increment', () => {
    const venue = venueOf()
    show(venue, candle(0, [0.0007, 0.0007, 0.0007, 0.0007], 1e6, { instrument: toshi.id }))
    submit(venue, { side: 'sell', base: 5000, instrument: toshi.id }, START + MINUTE)
    expect(show(venue, candle(1, [0.0007, 0.0007, 0.0007, 0.0007], 9, { instrument: toshi.id }))).toEqual([])
    expect(texts(show(venue, candle(2, [0.0007, 0.0007, 0.0007, 0.0007], 10, { instrument: toshi.id })))).toEqual([
      'fill 1 @ 0.0007 fee 0.0000063 taker +120000',
      'cancelled VOLUME_SHARE 1 +120000',
    ])
  })

  it('never spends more than its quote amount, fee included, and leaves less than one increment of it', () => {
    const venue = venueOf()
    const still = [93_456.78, 93_456.78, 93_456.78, 93_456.78] as const
    show(venue, candle(0, still, 50))
    submit(venue, { quote: '9.87' }, START + MINUTE)
    expect(texts(show(venue, candle(1, still, 50)))).toEqual(['fill 0.00010466 @ 93456.78 fee 0.0880306793532 taker +60250', 'filled 0.00010466 +60250'])
    const spent = money(1000).minus(venue.balances().find(({ currency }) => currency === 'USD')!.available)
    expect(spent.lessThanOrEqualTo('9.87')).toBe(true)
    expect(spent.plus(money('0.00000001').times('93456.78').times('1.009')).greaterThan('9.87')).toBe(true)
  })

  it('ends without a fill when the market has moved past the price protection, 2 % for BTC and 3 % for the others', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { id: 'a', quote: 25 }, START + MINUTE)
    expect(texts(show(venue, candle(1, [102.01, 103, 102, 102], 50)))).toEqual(['cancelled PRICE_PROTECTION 0 +60250'])
    submit(venue, { id: 'b', quote: 25 }, START + 2 * MINUTE)
    expect(texts(show(venue, candle(2, [104.04, 105, 104, 104], 50)))[0]).toMatch(/^fill .* @ 104.04 /)
    submit(venue, { id: 'c', side: 'sell', base: 1 }, START + 3 * MINUTE)
    expect(texts(show(venue, candle(3, [101.91, 102, 101, 101], 50)))).toEqual(['cancelled PRICE_PROTECTION 0 +180250'])
    const own = venueOf({ priceProtection: { 'BTC-USD': 0.1 } })
    show(own, candle(0, flat, 50))
    submit(own, { quote: 25 }, START + MINUTE)
    expect(texts(show(own, candle(1, [109, 110, 108, 108], 50)))[0]).toMatch(/^fill .* @ 109 /)
  })

  it('buys by base as much as the balance covers, and says so', () => {
    const venue = venueOf({ cash: { USD: '102.99' } })
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1 }, START + MINUTE)
    expect(texts(show(venue, candle(1, [102, 102, 102, 102], 50)))).toEqual(['fill 1 @ 102 fee 0.918 taker +60250', 'filled 1 +60250'])
    const poor = venueOf({ cash: { USD: '102.95' }, priceProtection: { 'BTC-USD': 0.02 } })
    show(poor, candle(0, flat, 50))
    submit(poor, { base: 1 }, START + MINUTE)
    show(poor, candle(1, [102, 102, 102, 102], 0))
    expect(texts(show(poor, candle(2, [104, 104, 104, 104], 50)))).toEqual([
      'fill 0.98107417 @ 104 fee 0.91828542312 taker +120000',
      'cancelled FUNDS_EXHAUSTED 0.98107417 +120000',
    ])
    expect(balancesOf(poor)).toEqual({ BTC: '0.98107417 + 0', USD: '0.00000089688 + 0' })
  })
})

describe('an exit that fired inside a candle', () => {
  const closing = candle(1, [100, 101, 90, 95], 50)

  it('fills at the trigger, less slippage, at the time of its answer and within the share of that candle', () => {
    const venue = venueOf({ slippageBps: 10 })
    show(venue, candle(0, flat, 50))
    show(venue, closing)
    expect(texts(submit(venue, { side: 'sell', base: 1 }, START + 2 * MINUTE, 95.5))).toEqual([
      'open 0 +120250',
      'fill 1 @ 95.4 fee 0.8586 taker +120250',
      'filled 1 +120250',
    ])
    expect(texts(submit(venue, { id: 'second', side: 'sell', base: 6 }, START + 2 * MINUTE, 95.5))[1]).toMatch(/^fill 4 @ 95.4 /)
  })

  it('fills at the open when the engine says so, because the candle opened beyond the rule', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    show(venue, candle(1, [92, 93, 90, 92.5], 50))
    expect(texts(submit(venue, { side: 'sell', base: 1 }, START + 2 * MINUTE, 92))[1]).toBe('fill 1 @ 92 fee 0.828 taker +120250')
  })

  it('has the whole share of its candle, whatever was filled on the one before', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { id: 'before', side: 'sell', base: 5 }, START + MINUTE)
    show(venue, candle(1, flat, 50))
    show(venue, candle(2, [100, 101, 90, 95], 50))
    expect(texts(submit(venue, { side: 'sell', base: 5 }, START + 3 * MINUTE, 95.5))[1]).toMatch(/^fill 5 @ 95.5 /)
  })

  it('is an ordinary market order when the candle did not reach it, is not the last, had no volume, or was seen in parts', () => {
    const missed = venueOf()
    show(missed, closing)
    expect(texts(submit(missed, { side: 'sell', base: 1 }, START + 2 * MINUTE, 89))).toEqual(['open 0 +120250'])
    expect(texts(show(missed, candle(2, flat, 50)))[0]).toMatch(/^fill 1 @ 100 /)
    const late = venueOf()
    show(late, closing)
    expect(texts(submit(late, { side: 'sell', base: 1 }, START + 3 * MINUTE, 95))).toEqual(['open 0 +180250'])
    const quiet = venueOf()
    show(quiet, candle(1, [100, 101, 90, 95], 0))
    expect(texts(submit(quiet, { side: 'sell', base: 1 }, START + 2 * MINUTE, 95))).toEqual(['open 0 +120250'])
    const forming = venueOf()
    show(forming, candle(1, [100, 101, 90, 95], 20, { atMs: START + MINUTE + 5000 }))
    show(forming, closing)
    expect(texts(submit(forming, { side: 'sell', base: 1 }, START + 2 * MINUTE, 95))).toEqual(['open 0 +120250'])
    const quoted = venueOf()
    show(quoted, quote(95, 95.1, START + MINUTE + 5000))
    show(quoted, closing)
    expect(texts(submit(quoted, { side: 'sell', base: 1 }, START + 2 * MINUTE, 95))).toEqual(['open 0 +120250'])
  })
})

describe('a market order in a run of updates', () => {
  const update = (close: number, volume: number, seconds: number): ReturnType<typeof candle> =>
    candle(1, [100, Math.max(100, close), Math.min(100, close), close], volume, { atMs: START + MINUTE + seconds * 1000 })

  it('fills at the first update at or after its acceptance that shows new volume, within the share of that volume', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    show(venue, update(101, 3, 5))
    submit(venue, { side: 'sell', base: '0.5' }, START + MINUTE + 9750)
    expect(show(venue, update(101, 3, 10))).toEqual([])
    expect(texts(show(venue, update(99, 7, 15)))).toEqual(['fill 0.4 @ 99 fee 0.3564 taker +75000', 'cancelled VOLUME_SHARE 0.4 +75000'])
  })

  it('does not fill from an update that is older than its acceptance', () => {
    const venue = venueOf()
    show(venue, update(101, 3, 5))
    submit(venue, { side: 'sell', base: '0.5' }, START + MINUTE + 9751)
    expect(show(venue, update(101, 30, 10))).toEqual([])
    expect(texts(show(venue, candle(1, [100, 101, 99, 99.5], 40)))).toEqual(['fill 0.5 @ 99.5 fee 0.44775 taker +120000', 'filled 0.5 +120000'])
  })

  it('pays the ask and gets the bid while the quote is fresh, never better than the candle has shown', () => {
    const venue = venueOf()
    show(venue, update(100, 3, 5))
    show(venue, quote(99.9, 100.2, START + MINUTE + 6000))
    submit(venue, { id: 'b', base: '0.1' }, START + MINUTE + 6000)
    submit(venue, { id: 's', side: 'sell', base: '0.1' }, START + MINUTE + 6000)
    expect(
      texts(show(venue, update(100, 30, 10)))
        .filter((text) => text.startsWith('fill '))
        .map((text) => text.slice(0, 16)),
    ).toEqual(['fill 0.1 @ 100.2', 'fill 0.1 @ 99.9 '])
    show(venue, quote(103, 97, START + MINUTE + 11_000))
    submit(venue, { id: 'b2', base: '0.1' }, START + MINUTE + 11_000)
    submit(venue, { id: 's2', side: 'sell', base: '0.1' }, START + MINUTE + 11_000)
    expect(
      texts(show(venue, update(100, 60, 15)))
        .filter((text) => text.startsWith('fill '))
        .map((text) => text.slice(0, 15)),
    ).toEqual(['fill 0.1 @ 100 ', 'fill 0.1 @ 100 '])
    submit(venue, { id: 'b3', base: '0.1' }, START + MINUTE + 20_000)
    expect(texts(show(venue, candle(1, [100, 100.5, 99, 100.1], 99, { atMs: START + 2 * MINUTE + 12_000 })))[0]).toMatch(/^fill 0.1 @ 100.1 /)
  })

  it('goes by whole candles again after a candle without updates', () => {
    const venue = venueOf()
    show(venue, update(101, 3, 5))
    show(venue, candle(1, [100, 101, 100, 101], 10))
    submit(venue, { side: 'sell', base: 1 }, START + 2 * MINUTE)
    expect(texts(show(venue, candle(2, [101, 102, 99, 99.5], 50)))[0]).toBe('fill 1 @ 101 fee 0.909 taker +120250')
  })

  it('takes no candle twice and none that is older, whatever they say', () => {
    const venue = venueOf()
    show(venue, candle(3, flat, 50))
    submit(venue, { base: 1, limit: 98 }, START)
    expect(show(venue, candle(3, [100, 100, 90, 90], 90))).toEqual([])
    expect(show(venue, candle(2, [100, 100, 90, 90], 90))).toEqual([])
    expect(texts(show(venue, candle(4, [100, 100, 90, 90], 90)))[0]).toMatch(/^fill 1 @ 98 .* maker/)
  })

  it('uses the finest timeframe and counts no trade twice', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 500, { timeframeMs: 5 * MINUTE }))
    show(venue, candle(4, flat, 50))
    submit(venue, { side: 'sell', base: 8 }, START + 5 * MINUTE)
    expect(show(venue, candle(1, flat, 500, { timeframeMs: 5 * MINUTE }))).toEqual([])
    expect(texts(show(venue, candle(5, flat, 50)))[0]).toMatch(/^fill 5 @ 100 /)
    submit(venue, { id: 'next', side: 'sell', base: 2 }, START + 6 * MINUTE)
    expect(show(venue, candle(5, flat, 50))).toEqual([])
    expect(show(venue, candle(4, flat, 50))).toEqual([])
    expect(texts(show(venue, candle(6, flat, 50)))[0]).toMatch(/^fill 2 /)
  })
})

describe('a limit order', () => {
  it('rests, and fills at its price as maker only when the market trades through it by one increment', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1, limit: 98 }, START + MINUTE)
    expect(balancesOf(venue)['USD']).toBe('901.118 + 98.882')
    expect(show(venue, candle(1, [100, 101, 98, 99], 50))).toEqual([])
    expect(texts(show(venue, candle(2, [99, 99, 97.99, 98.5], 50)))).toEqual(['fill 1 @ 98 fee 0.49 maker +180000', 'filled 1 +180000'])
    expect(balancesOf(venue)['USD']).toBe('901.51 + 0')
  })

  it('keeps working with what the volume did not give, with cumulative reports', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { side: 'sell', base: 3, limit: 102 }, START + MINUTE)
    expect(texts(show(venue, candle(1, [100, 102.01, 100, 101], 10)))).toEqual(['fill 1 @ 102 fee 0.51 maker +120000', 'partiallyFilled 1 +120000'])
    expect(texts(show(venue, candle(2, [101, 103, 100, 101], 15)))).toEqual(['fill 1.5 @ 102 fee 0.765 maker +180000', 'partiallyFilled 2.5 +180000'])
    const [, report] = show(venue, candle(3, [101, 103, 100, 101], 15))
    expect(report).toMatchObject({ type: 'report', report: { state: 'filled' } })
    expect(report?.type === 'report' && [report.report.averagePrice, report.report.feesTotal].map((amount) => decimalText(amount!))).toEqual(['102', '1.53'])
  })

  it('reports a mean price whose text can be read back, whatever its parts were', () => {
    const venue = venueOf({ cash: { TOSHI: 100_000_000 } })
    const half = [0.0000005, 0.0000005, 0.0000005, 0.0000005] as const
    submit(venue, { instrument: toshi.id, side: 'sell', base: 30_000_000, limit: '0.0000001' }, START)
    show(venue, candle(0, half, 100_000_000, { instrument: toshi.id }))
    const [, report] = show(venue, candle(1, half, 200_000_000, { instrument: toshi.id }))
    expect(report?.type === 'report' && decimalText(money(decimalText(report.report.averagePrice!)))).toBe('0.000000233333333333333333')
  })

  it('takes once when it is marketable, at the taker fee and not beyond its price, then rests', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 2, limit: 101 }, START + MINUTE)
    expect(texts(show(venue, candle(1, [100.5, 101, 90, 100], 10)))).toEqual(['fill 1 @ 100.5 fee 0.9045 taker +60250', 'partiallyFilled 1 +60250'])
    expect(show(venue, candle(2, [101.5, 102, 101, 102], 10))).toEqual([])
    expect(texts(show(venue, candle(3, [100.2, 102, 100.2, 102], 10)))).toEqual(['fill 1 @ 101 fee 0.505 maker +240000', 'filled 2 +240000'])
  })

  it('may take when it came before any price was known', () => {
    const venue = venueOf()
    submit(venue, { base: 1, limit: 101 }, START)
    expect(texts(show(venue, candle(0, [100.5, 101, 100, 101], 50)))).toEqual(['fill 1 @ 100.5 fee 0.9045 taker +250', 'filled 1 +250'])
  })

  it('sells at its price only when the market trades through it, not at a touch', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { side: 'sell', base: 1, limit: 102 }, START + MINUTE)
    expect(show(venue, candle(1, [100, 102, 100, 101], 50))).toEqual([])
    expect(texts(show(venue, candle(2, [100, 102.01, 100, 101], 50)))).toEqual(['fill 1 @ 102 fee 0.51 maker +180000', 'filled 1 +180000'])
  })

  it('rests when the market has left before it arrived', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1, limit: 100 }, START + MINUTE)
    expect(show(venue, candle(1, [100.5, 101, 100, 101], 50))).toEqual([])
    expect(texts(show(venue, candle(2, [100.5, 101, 99.99, 101], 50)))).toEqual(['fill 1 @ 100 fee 0.5 maker +180000', 'filled 1 +180000'])
  })

  it('is not filled by lows that are older than itself', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    show(venue, candle(1, [100, 100, 95, 99], 10, { atMs: START + MINUTE + 5000 }))
    submit(venue, { base: 1, limit: 97 }, START + MINUTE + 6000)
    expect(show(venue, candle(1, [100, 100, 94, 99], 30, { atMs: START + MINUTE + 10_000 }))).toEqual([])
    expect(show(venue, candle(1, [100, 100, 94, 99], 60, { atMs: START + MINUTE + 15_000 }))).toEqual([])
    expect(texts(show(venue, candle(1, [100, 100, 93, 99], 90, { atMs: START + MINUTE + 20_000 })))).toEqual([
      'fill 1 @ 97 fee 0.485 maker +80000',
      'filled 1 +80000',
    ])
  })

  it('is not filled by highs that are older than itself either', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    show(venue, candle(1, [100, 105, 100, 101], 10, { atMs: START + MINUTE + 5000 }))
    submit(venue, { side: 'sell', base: 1, limit: 103 }, START + MINUTE + 5000)
    expect(show(venue, candle(1, [100, 105, 100, 101], 30, { atMs: START + MINUTE + 10_000 }))).toEqual([])
    expect(show(venue, candle(1, [100, 105, 100, 101], 60, { atMs: START + MINUTE + 15_000 }))).toEqual([])
    expect(texts(show(venue, candle(1, [100, 105.01, 100, 101], 90, { atMs: START + MINUTE + 20_000 })))).toEqual([
      'fill 1 @ 103 fee 0.515 maker +80000',
      'filled 1 +80000',
    ])
  })

  it('is rejected when it is post-only and would trade at once, and rests as maker when not', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    expect(texts(submit(venue, { id: 'a', base: 1, limit: 100, postOnly: true }, START + MINUTE))).toEqual(['rejected LIMIT_PRICE_POST_ONLY 0 +60250'])
    expect(texts(submit(venue, { id: 'b', base: 1, limit: '99.99', postOnly: true }, START + MINUTE))).toEqual(['open 0 +60250'])
    expect(texts(show(venue, candle(1, [90, 90, 90, 90], 50)))).toEqual(['fill 1 @ 99.99 fee 0.49995 maker +120000', 'filled 1 +120000'])
    show(venue, quote(89, 91, START + 2 * MINUTE))
    expect(texts(submit(venue, { id: 'c', base: 1, limit: '90.5', postOnly: true }, START + 2 * MINUTE))).toEqual(['open 0 +120250'])
    expect(texts(submit(venue, { id: 'd', side: 'sell', base: 1, limit: 89, postOnly: true }, START + 2 * MINUTE))).toEqual([
      'rejected LIMIT_PRICE_POST_ONLY 0 +120250',
    ])
  })

  it('expires by event time, and not a millisecond before', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1, limit: 90, expireAtMs: START + 3 * MINUTE }, START + MINUTE)
    expect(venue.apply({ type: 'timer', atMs: at(START + 3 * MINUTE - 1) }, at(START + 3 * MINUTE - 1))).toEqual([])
    expect(texts(venue.apply({ type: 'timer', atMs: at(START + 3 * MINUTE) }, at(START + 3 * MINUTE)))).toEqual(['expired 0 +180000'])
    expect(balancesOf(venue)['USD']).toBe('1000 + 0')
    submit(venue, { id: 'second', base: 1, limit: 90, expireAtMs: START + 5 * MINUTE }, START + 3 * MINUTE)
    expect(texts(show(venue, candle(4, [80, 80, 80, 80], 50)))).toEqual(['expired 0 +300000'])
  })

  it('sized in quote wants what the amount buys at its price, fee included', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { quote: 25, limit: 98 }, START + MINUTE)
    expect(texts(show(venue, candle(1, [97, 97, 97, 97], 50)))[0]).toMatch(/^fill 0.2528266 @ 98 fee 0.123885034 maker/)
  })
})

describe('refusals', () => {
  const refused = (sketch: Parameters<typeof requestOf>[0], options: Parameters<typeof venueOf>[0] = {}): string => {
    const venue = venueOf(options)
    show(venue, candle(0, flat, 50))
    return texts(submit(venue, sketch, START + MINUTE))[0]!.split(' 0 ')[0]!
  }
  const state = (name: (typeof btc)['state']): Parameters<typeof venueOf>[0] => ({ instruments: [{ ...btc, state: name }, toshi] })

  it.each([
    ['rejected UNKNOWN_PRODUCT', { quote: 25, instrument: 'ETH-USD' }, {}],
    ['rejected UNSUPPORTED_ORDER', { side: 'sell', quote: 25 }, {}],
    ['rejected UNSUPPORTED_ORDER', { quote: 25, postOnly: true }, {}],
    ['rejected INVALID_SIZE_PRECISION', { quote: '25.001' }, {}],
    ['rejected INVALID_SIZE_PRECISION', { side: 'sell', base: '0.123456789' }, {}],
    ['rejected INVALID_PRICE_PRECISION', { base: 1, limit: '99.001' }, {}],
    ['rejected INVALID_PRICE_PRECISION', { base: 1, limit: 0 }, {}],
    ['rejected SIZE_TOO_SMALL', { quote: '0.99' }, {}],
    ['open', { quote: '1.00' }, {}],
    ['rejected SIZE_TOO_SMALL', { side: 'sell', base: '0.00999999' }, {}],
    ['open', { side: 'sell', base: '0.01' }, {}],
    ['rejected SIZE_TOO_SMALL', { base: '0.01', limit: '99.99' }, {}],
    ['rejected SIZE_TOO_SMALL', { side: 'sell', base: 0 }, {}],
    ['rejected SIZE_TOO_LARGE', { side: 'sell', base: '3400.00000001' }, { cash: { BTC: 5000 } }],
    ['open', { side: 'sell', base: 3400 }, { cash: { BTC: 5000 } }],
    ['rejected SIZE_TOO_LARGE', { quote: '340000.01' }, { cash: { USD: 1_000_000 } }],
    ['open', { quote: 340_000 }, { cash: { USD: 1_000_000 } }],
    ['rejected END_TIME_IN_THE_PAST', { base: 1, limit: 99, expireAtMs: START + MINUTE + 250 }, {}],
    ['open', { base: 1, limit: 99, expireAtMs: START + MINUTE + 251 }, {}],
    ['open', { base: 1, limit: 99, timeInForce: 'gtc' }, {}],
    ['open', { base: 1, limit: 99, expireAtMs: START + 2 * MINUTE, timeInForce: 'gtd' }, {}],
    ['open', { quote: 25, timeInForce: 'ioc' }, {}],
    ['rejected UNSUPPORTED_ORDER', { base: 1, limit: 99, timeInForce: 'gtd' }, {}],
    ['rejected UNSUPPORTED_ORDER', { base: 1, limit: 99, timeInForce: 'ioc' }, {}],
    ['rejected UNSUPPORTED_ORDER', { base: 1, limit: 99, timeInForce: 'fok' }, {}],
    ['rejected UNSUPPORTED_ORDER', { quote: 25, timeInForce: 'gtc' }, {}],
    ['rejected INSUFFICIENT_FUND', { quote: '1000.01' }, {}],
    ['open', { quote: 1000 }, {}],
    ['rejected INSUFFICIENT_FUND', { side: 'sell', base: '10.00000001' }, {}],
    ['open', { side: 'sell', base: 10 }, {}],
    ['rejected INSUFFICIENT_FUND', { base: 10, limit: '99.11' }, {}],
    ['open', { base: 10, limit: '99.1' }, {}],
    ['rejected PRODUCT_NOT_TRADABLE', { quote: 25 }, state('limitOnly')],
    ['open', { base: 1, limit: 99 }, state('limitOnly')],
    ['rejected PRODUCT_NOT_TRADABLE', { base: 1, limit: 99 }, state('postOnly')],
    ['open', { base: 1, limit: 99, postOnly: true }, state('postOnly')],
    ['rejected PRODUCT_NOT_TRADABLE', { quote: 25 }, state('cancelOnly')],
    ['rejected PRODUCT_NOT_TRADABLE', { quote: 25 }, state('halted')],
    ['rejected PRODUCT_NOT_TRADABLE', { quote: 25 }, state('delisted')],
  ] as const)('%s: %o', (answer, sketch, options) => {
    expect(refused(sketch, options)).toBe(answer)
  })

  it('needs a price to buy by base at the market and to know that a post-only order rests, and takes a stop order never', () => {
    expect(texts(submit(venueOf(), { base: 1 }, START))).toEqual(['rejected NO_MARKET_PRICE 0 +250'])
    expect(texts(submit(venueOf(), { base: 1, limit: 99, postOnly: true }, START))).toEqual(['rejected NO_MARKET_PRICE 0 +250'])
    expect(texts(submit(venueOf(), { base: 1, limit: 99 }, START))).toEqual(['open 0 +250'])
    const stop = { ...requestOf({ base: 1, limit: 99 }), type: 'stopLimit' as const, stopPrice: money(98) }
    expect(texts(venueOf().apply({ type: 'submit', request: stop }, at(START)))).toEqual(['rejected UNSUPPORTED_ORDER 0 +250'])
  })
})

describe('identity', () => {
  it('gives ids by count and answers a repeated submit with what it says of the first', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    const [first] = submit(venue, { id: 'a', quote: 25 }, START + MINUTE)
    const [again] = submit(venue, { id: 'a', quote: 25 }, START + MINUTE + 500)
    expect(first).toMatchObject({ report: { ref: { clientOrderId: 'a', venueOrderId: 'sim-000001', instrument: 'BTC-USD' } } })
    expect(again).toMatchObject({ report: { ref: { venueOrderId: 'sim-000001' }, state: 'open', atMs: START + MINUTE + 750 } })
    expect(balancesOf(venue)['USD']).toBe('975 + 25')
    const [fill] = show(venue, candle(2, flat, 50))
    expect(fill).toMatchObject({ fill: { fillId: 'sim-fill-000002', clientOrderId: 'a', venueOrderId: 'sim-000001' } })
    expect(texts(submit(venue, { id: 'a', quote: 25 }, START + 3 * MINUTE))).toEqual(['filled 0.24777006 +180250'])
    submit(venue, { id: 'bad', quote: 5000 }, START + 3 * MINUTE)
    expect(texts(submit(venue, { id: 'bad', quote: 5 }, START + 4 * MINUTE))).toEqual(['rejected INSUFFICIENT_FUND 0 +240250'])
  })

  it('remembers a hundred finished orders', () => {
    const venue = venueOf()
    for (let i = 0; i < 101; i++) submit(venue, { id: `o${i}`, quote: 5000 }, START)
    expect(venue.report('o0')).toBeUndefined()
    expect(venue.report('o1')?.state).toBe('rejected')
  })

  it('calculates in its own precision, whatever Decimal an amount was made with', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    const Coarse = Decimal.clone({ precision: 3 })
    venue.apply(
      { type: 'submit', request: { ...requestOf({ limit: 100 }), size: { base: new Coarse('0.12345678') }, limitPrice: new Coarse('98.76') } },
      at(START + MINUTE),
    )
    expect(balancesOf(venue)['USD']).toBe('987.6976750828648 + 12.3023249171352')
  })
})

describe('cancels', () => {
  it('gives back what is held, after the latency', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { base: 1, limit: 90 }, START + MINUTE)
    expect(texts(venue.apply({ type: 'cancel', order: { clientOrderId: 'order-1', instrument: btc.id } }, at(START + 2 * MINUTE)))).toEqual([
      'cancelled CANCEL_REQUESTED 0 +120250',
    ])
    expect(balancesOf(venue)['USD']).toBe('1000 + 0')
    expect(show(venue, candle(2, [80, 80, 80, 80], 50))).toEqual([])
  })

  it('comes too late for an order that is done, whose last report stands, and means nothing for an unknown one', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { quote: 25 }, START + MINUTE)
    show(venue, candle(1, flat, 50))
    expect(texts(venue.apply({ type: 'cancel', order: { clientOrderId: 'order-1', instrument: btc.id } }, at(START + 2 * MINUTE)))).toEqual([
      'filled 0.24777006 +120250',
    ])
    expect(venue.apply({ type: 'cancel', order: { clientOrderId: 'none', instrument: btc.id } }, at(START + 2 * MINUTE))).toEqual([])
  })
})

describe('events that are not its own', () => {
  it('answers nothing, with one frozen list, while nothing works', () => {
    const venue = venueOf()
    const nothing = show(venue, candle(0, flat, 50))
    expect(Object.isFrozen(nothing)).toBe(true)
    expect(show(venue, candle(1, flat, 50))).toBe(nothing)
    expect(show(venue, candle(1, flat, 50, { instrument: 'ETH-USD' }))).toBe(nothing)
    expect(venue.apply({ type: 'wakeAt', atMs: at(START) }, at(START))).toBe(nothing)
    expect(venue.apply({ type: 'command', command: { kind: 'rearm' } }, at(START))).toBe(nothing)
    expect(venue.apply({ type: 'link', event: { type: 'gap', detail: '' }, atMs: at(START) }, at(START))).toBe(nothing)
  })
})

describe('restart', () => {
  it('goes on from the state folded from a journal: holds, partial fills, ids', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { id: 'limit', side: 'sell', base: 3, limit: 102 }, START + MINUTE)
    show(venue, candle(1, [100, 103, 100, 101], 10))
    submit(venue, { id: 'market', quote: 25 }, START + 2 * MINUTE)
    const copy = venueOf({ cash: {} })
    copy.resume(venue.state())
    expect(copy.balances()).toEqual(venue.balances())
    expect(copy.liveOrders().map(({ ref, state, filledQuantity }) => [ref.clientOrderId, state, decimalText(filledQuantity)])).toEqual([
      ['limit', 'partiallyFilled', '1'],
      ['market', 'open', '0'],
    ])
    const next = candle(2, [101, 103, 100, 101], 100)
    expect(texts(show(copy, next))).toEqual(texts(show(venue, next)))
    expect(copy.balances()).toEqual(venue.balances())
    expect(submit(copy, { id: 'new', quote: 25 }, START + 3 * MINUTE)).toEqual(submit(venue, { id: 'new', quote: 25 }, START + 3 * MINUTE))
  })

  it('says no fee total of an order whose earlier fees it does not know', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    submit(venue, { side: 'sell', base: 3, limit: 102 }, START + MINUTE)
    show(venue, candle(1, [100, 103, 100, 101], 10))
    const copy = venueOf()
    copy.resume(venue.state())
    expect(copy.report('order-1')).not.toHaveProperty('feesTotal')
    expect(venue.report('order-1')).toHaveProperty('feesTotal')
  })

  it('refuses an order on an instrument it does not have', () => {
    const eth = instrumentOf('ETH', '0.01', '0.00000001')
    const venue = venueOf({ instruments: [btc, toshi, eth] })
    submit(venue, { quote: 25, instrument: eth.id }, START)
    expect(() => venueOf().resume(venue.state())).toThrow(/expected an instrument of this venue \(BTC-USD, TOSHI-USD\), received ETH-USD/)
    expect(() => venueOf().restore(venue.snapshot())).toThrow(/received ETH-USD/)
  })

  it('restores a snapshot exactly, and refuses other parameters, versions and malformed data', () => {
    const venue = venueOf()
    show(venue, candle(0, flat, 50))
    show(venue, quote(99, 101, START + MINUTE))
    submit(venue, { id: 'limit', side: 'sell', base: 3, limit: 102, postOnly: true, expireAtMs: START + 9 * MINUTE, timeInForce: 'gtd' }, START + MINUTE)
    submit(venue, { id: 'bad', quote: 5000 }, START + MINUTE)
    const state = JSON.parse(JSON.stringify(venue.snapshot())) as Record<string, Json>
    const copy = venueOf({ cash: {} })
    copy.restore(state)
    expect(copy.snapshot()).toEqual(venue.snapshot())
    expect(copy.report('bad')).toEqual(venue.report('bad'))
    expect(texts(copy.apply({ type: 'timer', atMs: at(START + 9 * MINUTE) }, at(START + 9 * MINUTE)))).toEqual(['expired 0 +540000'])
    expect(() => venueOf({ latencyMs: 100 }).restore(state)).toThrow(expect.objectContaining({ code: 'STORE_MISMATCH' }))
    expect(() => copy.restore({ ...state, version: 2 })).toThrow(/version/)
    expect(() => copy.restore({ ...state, balances: [{ currency: 'USD', available: 'much', held: '0' }] })).toThrow(/balances\.0\.available/)
  })
})
