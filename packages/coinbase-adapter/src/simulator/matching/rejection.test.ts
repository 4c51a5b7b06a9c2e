import { afterEach, describe, expect, test } from 'vitest'
import { closeVenues, textAt, venueForTests, START_MS } from '../venue.fixture.ts'
import type { VenueForTests } from '../venue.fixture.ts'

afterEach(closeVenues)

const limit = (more: object): object => ({ limit_limit_gtc: { base_size: '0.01', limit_price: '60000', post_only: false, ...more } })
const market = (more: object): object => ({ market_market_ioc: more })
const stop = (more: object): object => ({
  stop_limit_stop_limit_gtc: { base_size: '0.001', limit_price: '70000', stop_price: '69000', stop_direction: 'STOP_DIRECTION_STOP_UP', ...more },
})
const later = new Date(START_MS + 60_000).toISOString()

interface Row {
  readonly why: string
  readonly product?: string
  readonly side?: string
  readonly configuration: object
  readonly before?: Parameters<VenueForTests['venue']['control']>[0]
  readonly codes: readonly [string, string]
}

const rows: readonly Row[] = [
  { why: 'an unknown product', product: 'NOPE-USD', configuration: limit({}), codes: ['INVALID_PRODUCT_ID', 'PREVIEW_INVALID_PRODUCT_ID'] },
  {
    why: '[fault 50] a product that was taken from the list',
    before: { do: 'productState', product: 'BTC-USD', state: 'removed' },
    configuration: limit({}),
    codes: ['INVALID_PRODUCT_ID', 'PREVIEW_INVALID_PRODUCT_ID'],
  },
  {
    why: '[fault 49] a halted product',
    before: { do: 'productState', product: 'BTC-USD', state: 'halted' },
    configuration: limit({}),
    codes: ['PRODUCT_TRADING_HALTED', 'PREVIEW_PRODUCT_TRADING_HALTED'],
  },
  {
    why: 'a product whose trading is disabled',
    before: { do: 'productState', product: 'BTC-USD', state: 'tradingDisabled' },
    configuration: limit({}),
    codes: ['TRADING_DISABLED', 'PREVIEW_TRADING_DISABLED'],
  },
  {
    why: 'a delisted product',
    before: { do: 'productState', product: 'BTC-USD', state: 'delisted' },
    configuration: limit({}),
    codes: ['UNTRADABLE_PRODUCT', 'PREVIEW_UNTRADABLE_PRODUCT'],
  },
  {
    why: '[fault 49] cancel-only',
    before: { do: 'productState', product: 'BTC-USD', state: 'cancelOnly' },
    configuration: limit({}),
    codes: ['ORDER_ENTRY_DISABLED', 'PREVIEW_NOT_ALLOWED_BY_MARKET_STATE'],
  },
  {
    why: '[fault 49] a market order in limit-only',
    before: { do: 'productState', product: 'BTC-USD', state: 'limitOnly' },
    configuration: market({ quote_size: '5' }),
    codes: ['ORDER_ENTRY_DISABLED', 'PREVIEW_NOT_ALLOWED_BY_MARKET_STATE'],
  },
  {
    why: 'a limit order that may take in post-only',
    before: { do: 'productState', product: 'BTC-USD', state: 'postOnly' },
    configuration: limit({}),
    codes: ['ORDER_ENTRY_DISABLED', 'PREVIEW_NOT_ALLOWED_BY_MARKET_STATE'],
  },
  { why: 'a side that is none', side: 'HOLD', configuration: limit({}), codes: ['INVALID_SIDE', 'PREVIEW_INVALID_SIDE'] },
  {
    why: 'a configuration that is not traded here',
    configuration: { twap_limit_gtd: {} },
    codes: ['UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG'],
  },
  {
    why: 'fill or kill at the market',
    configuration: { market_market_fok: { quote_size: '5' } },
    codes: ['UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG'],
  },
  {
    why: 'a sale by quote',
    side: 'SELL',
    configuration: market({ quote_size: '5' }),
    codes: ['UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG'],
  },
  {
    why: 'both sizes',
    configuration: market({ quote_size: '5', base_size: '0.1' }),
    codes: ['UNSUPPORTED_ORDER_CONFIGURATION', 'PREVIEW_INVALID_ORDER_CONFIG'],
  },
  { why: 'a size in words', configuration: market({ quote_size: 'five' }), codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_NON_NUMERIC_ORDER_SIZE'] },
  { why: 'a size with an exponent', configuration: limit({ base_size: '1e-2' }), codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_NON_NUMERIC_ORDER_SIZE'] },
  { why: 'a negative size', configuration: limit({ base_size: '-1' }), codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_NON_NUMERIC_ORDER_SIZE'] },
  { why: 'a price of zero', configuration: limit({ limit_price: '0' }), codes: ['INVALID_LIMIT_PRICE', 'PREVIEW_INVALID_LIMIT_PRICE'] },
  {
    why: '[pitfall 5] a size between two steps',
    configuration: limit({ base_size: '0.010000001' }),
    codes: ['INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_SIZE_PRECISION'],
  },
  {
    why: '[pitfall 4] a quote between two steps',
    configuration: market({ quote_size: '23.016000000000002' }),
    codes: ['INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_QUOTE_SIZE_PRECISION'],
  },
  {
    why: '[pitfall 5] a price between two ticks',
    configuration: limit({ limit_price: '60000.001' }),
    codes: ['INVALID_PRICE_PRECISION', 'PREVIEW_INVALID_LIMIT_PRICE_PRECISION'],
  },
  {
    why: 'a stop between two ticks',
    configuration: stop({ stop_price: '69000.001' }),
    codes: ['INVALID_PRICE_PRECISION', 'PREVIEW_INVALID_STOP_PRICE_PRECISION'],
  },
  {
    why: '[fault 51] a size that a coarser step no longer takes',
    before: { do: 'increments', product: 'BTC-USD', base: '0.1', baseMin: '0.1' },
    configuration: limit({}),
    codes: ['INVALID_SIZE_PRECISION', 'PREVIEW_INVALID_SIZE_PRECISION'],
  },
  { why: 'a size of zero', configuration: limit({ base_size: '0' }), codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_SMALL'] },
  { why: 'a size over the largest', configuration: limit({ base_size: '3401' }), codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_BASE_SIZE_TOO_LARGE'] },
  {
    why: '[pitfall 8] less than a dollar',
    configuration: market({ quote_size: '0.99' }),
    codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL'],
  },
  {
    why: '[pitfall 8] a sale worth less than a dollar',
    side: 'SELL',
    configuration: market({ base_size: '0.00001' }),
    codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_SMALL'],
  },
  {
    why: 'more quote than allowed',
    configuration: market({ quote_size: '150000001' }),
    codes: ['UNKNOWN_FAILURE_REASON', 'PREVIEW_INVALID_QUOTE_SIZE_TOO_LARGE'],
  },
  {
    why: 'no end',
    configuration: { limit_limit_gtd: { base_size: '0.001', limit_price: '60000', post_only: false } },
    codes: ['GTD_ORDERS_MUST_HAVE_END_TIME', 'PREVIEW_INVALID_END_TIME'],
  },
  {
    why: 'an end in the past',
    configuration: { limit_limit_gtd: { base_size: '0.001', limit_price: '60000', post_only: false, end_time: '2020-01-01T00:00:00Z' } },
    codes: ['END_TIME_IS_IN_THE_PAST', 'PREVIEW_INVALID_END_TIME'],
  },
  { why: 'a stop that was passed', configuration: stop({ stop_price: '67000' }), codes: ['STOP_ALREADY_TRIGGERED', 'PREVIEW_INVALID_STOP_PRICE'] },
  {
    why: 'a purchase whose stop lies over its limit',
    configuration: stop({ limit_price: '68500' }),
    codes: ['INVALID_LIMIT_PRICE', 'PREVIEW_STOP_PRICE_ABOVE_LIMIT_PRICE'],
  },
  {
    why: 'a sale whose stop lies under its limit',
    side: 'SELL',
    configuration: stop({ stop_price: '60000', stop_direction: 'STOP_DIRECTION_STOP_DOWN' }),
    codes: ['INVALID_LIMIT_PRICE', 'PREVIEW_STOP_PRICE_BELOW_LIMIT_PRICE'],
  },
  {
    why: '[pitfall 10] post-only that would take',
    configuration: limit({ limit_price: '69000', post_only: true }),
    codes: ['INVALID_LIMIT_PRICE_POST_ONLY', 'PREVIEW_INVALID_LIMIT_PRICE_POST_ONLY'],
  },
  { why: '[fault 7] more than there is', configuration: limit({ base_size: '0.1' }), codes: ['INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND'] },
  {
    why: '[pitfall 12] no room for the fee',
    configuration: limit({ base_size: '0.02', limit_price: '50000' }),
    codes: ['INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND'],
  },
  {
    why: '[fault 54] money that was withdrawn',
    before: { do: 'withdraw', currency: 'USD', amount: '999' },
    configuration: limit({}),
    codes: ['INSUFFICIENT_FUND', 'PREVIEW_INSUFFICIENT_FUND'],
  },
]

describe('an order is refused for', () => {
  test.each(rows)('$why', async ({ product = 'BTC-USD', side = 'BUY', configuration, before, codes }) => {
    const { venue, order } = await venueForTests({ accounts: { USD: '1000', BTC: '1' } })
    if (before) venue.control(before)
    const { status, body } = await order('one', product, side, configuration)
    expect(status).toBe(200)
    expect([textAt(body, 'error_response.new_order_failure_reason'), textAt(body, 'error_response.preview_failure_reason')]).toEqual(codes)
    expect(body).toMatchObject({ success: false, error_response: { error: codes[0] }, order_configuration: configuration })
    expect(venue.ledger().orders).toEqual([])
    expect(venue.ledger().balances.every(({ hold }) => hold === '0')).toBe(true)
  })

  test('[pitfall 11] a wallet that does not exist', async () => {
    const { order } = await venueForTests()
    const { body } = await order('one', 'BTC-USDC', 'BUY', market({ quote_size: '5' }))
    expect(body).toMatchObject({ success: false, error_response: { message: 'account is not available' } })
  })

  test('no liquidity at all', async () => {
    const { order } = await venueForTests({ depth: { levels: 0 } })
    const { body } = await order('one', 'BTC-USD', 'BUY', market({ quote_size: '5' }))
    expect(textAt(body, 'error_response.new_order_failure_reason')).toBe('INVALID_NO_LIQUIDITY')
  })

  test('a body that is no order is a bad request', async () => {
    const { post, venue } = await venueForTests()
    const good = { client_order_id: 'one', product_id: 'BTC-USD', side: 'BUY', order_configuration: market({ quote_size: '5' }) }
    for (const body of ['{', { ...good, client_order_id: '' }, { ...good, order_configuration: {} }, { ...good, retail_portfolio_id: 'another' }]) {
      expect(await post('/orders', body)).toMatchObject({ status: 400, body: { error: 'INVALID_ARGUMENT' } })
    }
    expect(venue.ledger().orders).toEqual([])
  })
})

test('every state of a product is left again with online', async () => {
  const { venue, order } = await venueForTests()
  for (const state of ['halted', 'cancelOnly', 'limitOnly', 'postOnly', 'tradingDisabled', 'delisted', 'removed', 'auction'] as const) {
    venue.control({ do: 'productState', product: 'BTC-USD', state })
    expect((await order(`in ${state}`, 'BTC-USD', 'BUY', market({ quote_size: '5' }))).body).toMatchObject({ success: false })
    venue.control({ do: 'productState', product: 'BTC-USD', state: 'online' })
    expect((await order(`after ${state}`, 'BTC-USD', 'BUY', market({ quote_size: '5' }))).body).toMatchObject({ success: true })
  }
})

test('a good order until its end', async () => {
  const { order } = await venueForTests()
  const terms = { limit_limit_gtd: { base_size: '0.001', limit_price: '60000', post_only: false, end_time: later } }
  expect((await order('one', 'BTC-USD', 'BUY', terms)).body).toMatchObject({ success: true })
})
