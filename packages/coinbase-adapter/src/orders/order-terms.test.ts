import { money } from '@millrace/core'
import type { EpochMs, Instrument, OrderRequest } from '@millrace/core'
import { Decimal } from 'decimal.js'
import { describe, expect, it } from 'vitest'
import { needsFeeRate, termsOf } from './order-terms.ts'
import { requestOf } from './scripted-venue.fixture.ts'

const NOW = Date.UTC(2026, 0, 2)
const instrument: Instrument = {
  ...{ id: 'SUI-USD', base: 'SUI', quote: 'USD', state: 'online', asOfMs: NOW as EpochMs },
  priceIncrement: money('0.0001'),
  baseIncrement: money('0.1'),
  quoteIncrement: money('0.01'),
  minBase: money('0.1'),
  minQuote: money('1'),
  maxBase: money('1000'),
}

const terms = (changes: Partial<OrderRequest>, rules: Partial<Instrument> = {}): ReturnType<typeof termsOf> =>
  termsOf(requestOf({ instrument: 'SUI-USD', ...changes }), { instrument: { ...instrument, ...rules }, takerRate: money('0.009'), venueMs: NOW })

const code = (changes: Partial<OrderRequest>, rules: Partial<Instrument> = {}): string => {
  const result = terms(changes, rules)
  return 'outcome' in result ? result.code : 'fine'
}

const configuration = (changes: Partial<OrderRequest>, rules: Partial<Instrument> = {}): object => {
  const result = terms(changes, rules)
  return 'outcome' in result ? result : result.order_configuration
}

const base = (amount: string): OrderRequest['size'] => ({ base: money(amount) })
const quote = (amount: string): OrderRequest['size'] => ({ quote: money(amount) })
const limit = { type: 'limit', size: base('10'), limitPrice: money('3.5') } as const
const stop = { type: 'stopLimit', size: base('10'), limitPrice: money('3.5'), stopPrice: money('3.4') } as const
const later = (NOW + 60_000) as EpochMs

describe('forms of orders', () => {
  it.each<readonly [string, Partial<OrderRequest>, object]>([
    ['market by quote', { size: quote('25') }, { market_market_ioc: { quote_size: '25' } }],
    ['market by base', { size: base('2') }, { market_market_ioc: { base_size: '2' } }],
    ['market sale', { side: 'sell', size: base('2') }, { market_market_ioc: { base_size: '2' } }],
    ['limit', limit, { limit_limit_gtc: { base_size: '10', limit_price: '3.5' } }],
    ['limit gtc', { ...limit, timeInForce: 'gtc' }, { limit_limit_gtc: { base_size: '10', limit_price: '3.5' } }],
    ['post-only', { ...limit, postOnly: true }, { limit_limit_gtc: { base_size: '10', limit_price: '3.5', post_only: true } }],
    ['limit gtd', { ...limit, expireAtMs: later }, { limit_limit_gtd: { base_size: '10', limit_price: '3.5', end_time: '2026-01-02T00:01:00.000Z' } }],
    ['limit ioc', { ...limit, timeInForce: 'ioc' }, { sor_limit_ioc: { base_size: '10', limit_price: '3.5' } }],
    ['limit fok', { ...limit, timeInForce: 'fok' }, { limit_limit_fok: { base_size: '10', limit_price: '3.5' } }],
    [
      'stop purchase',
      stop,
      { stop_limit_stop_limit_gtc: { base_size: '10', limit_price: '3.5', stop_price: '3.4', stop_direction: 'STOP_DIRECTION_STOP_UP' } },
    ],
    [
      'stop sale gtd',
      { ...stop, side: 'sell', expireAtMs: later },
      {
        stop_limit_stop_limit_gtd: {
          base_size: '10',
          limit_price: '3.5',
          stop_price: '3.4',
          stop_direction: 'STOP_DIRECTION_STOP_DOWN',
          end_time: '2026-01-02T00:01:00.000Z',
        },
      },
    ],
  ])('%s', (_, changes, expected) => {
    expect(configuration(changes)).toEqual(expected)
    expect(terms(changes)).toMatchObject({ product_id: 'SUI-USD', side: changes.side === 'sell' ? 'SELL' : 'BUY' })
  })

  it.each<readonly [string, Partial<OrderRequest>]>([
    ['a sale of a quote amount', { side: 'sell', size: quote('25') }],
    ['a market order with a limit price', { limitPrice: money('1') }],
    ['a limit order without', { type: 'limit', size: base('10') }],
    ['a limit order with a stop', { ...limit, stopPrice: money('1') }],
    ['a stop without a stop price', { type: 'stopLimit', size: base('10'), limitPrice: money('1') }],
    ['gtd without an end', { ...limit, timeInForce: 'gtd' }],
    ['gtc with an end', { ...limit, timeInForce: 'gtc', expireAtMs: later }],
    ['ioc with an end', { ...limit, timeInForce: 'ioc', expireAtMs: later }],
    ['a market order that stays', { timeInForce: 'gtc' }],
    ['a market order that fills or is killed: the venue has none on spot', { timeInForce: 'fok' }],
    ['a stop at once', { ...stop, timeInForce: 'ioc' }],
    ['a post-only order at once', { ...limit, timeInForce: 'ioc', postOnly: true }],
    ['a post-only order, whole or not', { ...limit, timeInForce: 'fok', postOnly: true }],
    ['a post-only stop', { ...stop, postOnly: true }],
    ['a post-only market order', { postOnly: true }],
  ])('refuses %s', (_, changes) => expect(code(changes)).toBe('UNSUPPORTED_ORDER'))

  it('ends in the future, by the clock of the venue', () => {
    expect(code({ ...limit, expireAtMs: NOW as EpochMs })).toBe('END_TIME_IN_THE_PAST')
    expect(code({ ...limit, expireAtMs: (NOW + 1) as EpochMs })).toBe('fine')
  })
})

describe('rounding', () => {
  it.each([
    ['buy', '3.50019', '3.5001'],
    ['buy', '3.5001', '3.5001'],
    ['sell', '3.50011', '3.5002'],
    ['sell', '3.5002', '3.5002'],
  ] as const)('takes the price of a %s at %s to %s, the safe way [pitfall 5]', (side, given, price) => {
    expect(configuration({ ...limit, side, limitPrice: money(given) })).toMatchObject({ limit_limit_gtc: { limit_price: price } })
    const stopped = { ...stop, side, limitPrice: money(given), stopPrice: money(given) }
    expect(configuration(stopped)).toMatchObject({ stop_limit_stop_limit_gtc: { limit_price: price, stop_price: price } })
  })

  it('takes sizes down and never up [pitfall 4] [pitfall 5] [pitfall 7]', () => {
    expect(configuration({ size: quote('23.016000000000002') })).toEqual({ market_market_ioc: { quote_size: '23.01' } })
    expect(configuration({ side: 'sell', size: base('10.19999999') })).toEqual({ market_market_ioc: { base_size: '10.1' } })
    expect(code({ size: quote('1.009') })).toBe('fine')
    expect(code({ size: quote('0.999') })).toBe('SIZE_TOO_SMALL')
    expect(code({ size: base('0.1') })).toBe('fine')
    expect(code({ size: base('0.0999') })).toBe('SIZE_TOO_SMALL')
  })

  it('works out what an amount with the fee inside buys at a limit', () => {
    expect(needsFeeRate(requestOf({ ...limit, size: quote('25') }))).toBe(true)
    expect(needsFeeRate(requestOf(limit))).toBe(false)
    expect(needsFeeRate(requestOf())).toBe(false)
    // 25 / (3.5 * 1.009) = 7.079..
    expect(configuration({ ...limit, size: quote('25') })).toEqual({ limit_limit_gtc: { base_size: '7', limit_price: '3.5' } })
  })

  it('takes amounts of any Decimal', () => {
    const Other = Decimal.clone({ precision: 10 })
    expect(configuration({ ...limit, size: { base: new Other('10.25') }, limitPrice: new Other('3.50019') })).toEqual({
      limit_limit_gtc: { base_size: '10.2', limit_price: '3.5001' },
    })
    expect(() => configuration({ size: { base: new Other(Number.NaN) } })).toThrow(RangeError)
  })
})

describe('limits of the venue', () => {
  it.each<readonly [string, string, Partial<OrderRequest>]>([
    ['SIZE_TOO_SMALL', 'nothing', { size: base('0') }],
    ['SIZE_TOO_SMALL', 'less than nothing', { size: quote('-25') }],
    ['SIZE_TOO_SMALL', 'a value under the minimum', { ...limit, size: base('0.2') }],
    ['fine', 'a value just over the minimum', { ...limit, size: base('0.3') }],
    ['SIZE_TOO_SMALL', 'an amount that buys no increment', { ...limit, size: quote('0.3') }],
    ['SIZE_TOO_LARGE', 'more than the maximum', { ...limit, size: base('1000.1') }],
    ['fine', 'the maximum', { ...limit, size: base('1000') }],
    ['SIZE_TOO_LARGE', 'more than the maximum at market', { size: base('1000.1') }],
    ['INVALID_PRICE', 'a price of zero', { ...limit, limitPrice: money('0') }],
    ['INVALID_PRICE', 'a price below the increment', { ...limit, limitPrice: money('0.00009') }],
    ['INVALID_PRICE', 'a negative stop', { ...stop, stopPrice: money('-1') }],
  ])('%s: %s [pitfall 8]', (expected, _, changes) => expect(code(changes)).toBe(expected))

  it.each<readonly [Instrument['state'], readonly [market: string, limit: string, postOnly: string, stop: string]]>([
    ['online', ['fine', 'fine', 'fine', 'fine']],
    ['limitOnly', ['PRODUCT_NOT_TRADABLE', 'fine', 'fine', 'PRODUCT_NOT_TRADABLE']],
    ['postOnly', ['PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE', 'fine', 'PRODUCT_NOT_TRADABLE']],
    ['cancelOnly', ['PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE']],
    ['halted', ['PRODUCT_HALTED', 'PRODUCT_HALTED', 'PRODUCT_HALTED', 'PRODUCT_HALTED']],
    ['delisted', ['PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE', 'PRODUCT_NOT_TRADABLE']],
  ])('of an instrument that is %s [fault 49]', (state, expected) => {
    expect([{}, limit, { ...limit, postOnly: true }, stop].map((changes) => code(changes, { state }))).toEqual(expected)
  })
})
