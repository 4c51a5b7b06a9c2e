import { decimalText } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { requestOf, scriptedVenue } from '../orders/scripted-venue.fixture.ts'
import type { Reply } from '../orders/scripted-venue.fixture.ts'
import { CoinbaseError } from '../rest/coinbase-error.ts'
import { UnsafeKeyError, refuseUnsafeKey } from './key-permissions.ts'
import type { KeyPermissions } from './key-permissions.ts'

const wallet = (currency: string, value: string, hold: string, changes: object = {}): object => ({
  ...{
    uuid: `${currency}-wallet`,
    currency,
    available_balance: { value, currency },
    hold: { value: hold, currency },
    type: 'ACCOUNT_TYPE_CRYPTO',
    ready: false,
  },
  ...{ platform: 'ACCOUNT_PLATFORM_CONSUMER', deleted_at: null, ...changes },
})

describe('balances', () => {
  it('are summed by currency over all pages, to the last of 16 decimals', async () => {
    const venue = await scriptedVenue()
    venue.on('GET /accounts', ({ query }) =>
      query.get('cursor') === null
        ? { json: { accounts: [wallet('BTC', '0.2430140900000001', '0.1'), wallet('USD', '10.5', '0')], has_next: true, cursor: 'c' } }
        : { json: { accounts: [wallet('BTC', '1', '0.0000000000000001'), wallet('USDC', '3', '', { hold: null })], has_next: false, cursor: '' } },
    )
    const balances = await venue.exchange.balances()
    expect(balances.map(({ currency, available, held }) => [currency, decimalText(available), decimalText(held)])).toEqual([
      ['BTC', '1.2430140900000001', '0.1000000000000001'],
      ['USD', '10.5', '0'],
      ['USDC', '3', '0'],
    ])
  })

  it('leave out vaults, futures and other portfolios', async () => {
    const venue = await scriptedVenue({ portfolio: 'mine' })
    const rows = [
      wallet('USD', '5', '0', { retail_portfolio_id: 'mine' }),
      wallet('USD', '7', '0', { retail_portfolio_id: 'other' }),
      wallet('USD', '11', '0', { type: 'ACCOUNT_TYPE_VAULT' }),
      wallet('USD', '13', '0', { platform: 'ACCOUNT_PLATFORM_CFM_CONSUMER' }),
    ]
    venue.on('GET /accounts', { json: { accounts: rows, has_next: false, cursor: '' } })
    expect((await venue.exchange.balances()).map(({ available }) => decimalText(available))).toEqual(['5'])
  })

  it.each<readonly [string, Reply]>([
    ['a page that fails', { status: 400, text: '' }],
    ['a wallet that cannot be read', { json: { accounts: [wallet('USD', 'much', '0')], has_next: false } }],
    ['more without a cursor', { json: { accounts: [], has_next: true, cursor: '' } }],
    ['no list', { json: { accounts: {} } }],
  ])('are not told after %s: money that is partly known is not known', async (_, second) => {
    const venue = await scriptedVenue()
    venue.on('GET /accounts', { json: { accounts: [wallet('USD', '1', '0')], has_next: true, cursor: 'c' } }, second)
    await expect(venue.exchange.balances()).rejects.toThrow(CoinbaseError)
  })
})

describe('fees', () => {
  it.each([
    ['as text', '{"fee_tier":{"maker_fee_rate":"0.005","taker_fee_rate":"0.009"},"total_volume":16.711822509765625}', '0.005', '0.009'],
    ['as numbers', '{"fee_tier":{"maker_fee_rate":0.00123456789012345678901,"taker_fee_rate":1e-7}}', '0.00123456789012345678901', '0.0000001'],
    ['of nothing [fault 62]', '{"fee_tier":{"maker_fee_rate":"0","taker_fee_rate":0}}', '0', '0'],
    ['that are paid to the maker', '{"fee_tier":{"maker_fee_rate":"-0.0001","taker_fee_rate":"0.01"}}', '-0.0001', '0.01'],
  ])('are exact %s [pitfall 25]', async (_, text, maker, taker) => {
    const venue = await scriptedVenue()
    venue.on('GET /transaction_summary', { text })
    const { makerRate, takerRate } = await venue.exchange.feeRates()
    expect([decimalText(makerRate), decimalText(takerRate)]).toEqual([maker, taker])
  })

  it('are asked for once in five minutes, and again when their tier may have changed [fault 62]', async () => {
    const clock = { offset: 0 }
    const { systemClock } = await import('@millrace/core')
    const system = systemClock()
    const venue = await scriptedVenue({ clock: { nowMs: () => (system.nowMs() + clock.offset) as ReturnType<typeof system.nowMs>, at: system.at } })
    await Promise.all([venue.exchange.feeRates(), venue.exchange.feeRates()])
    clock.offset = 290_000
    await venue.exchange.feeRates()
    expect(venue.count('GET /transaction_summary')).toBe(1)
    clock.offset = 300_001
    venue.on('GET /transaction_summary', { json: { fee_tier: { maker_fee_rate: '0.002', taker_fee_rate: '0.004' } } })
    expect(decimalText((await venue.exchange.feeRates()).takerRate)).toBe('0.004')
  })

  it.each([
    '{"fee_tier":{"maker_fee_rate":"0.5"}}',
    '{"fee_tier":{"maker_fee_rate":"0","taker_fee_rate":""}}',
    '{"fee_tier":{"maker_fee_rate":"60","taker_fee_rate":"90"}}',
    '{}',
  ])('are not made up from %s', async (text) => {
    const venue = await scriptedVenue()
    venue.on('GET /transaction_summary', { text })
    await expect(venue.exchange.feeRates()).rejects.toThrow('fees: ')
  })
})

const good: KeyPermissions = { canView: true, canTrade: true, canTransfer: false, portfolioUuid: 'p' }

describe('the check of the key', () => {
  it.each<readonly [string, Partial<KeyPermissions>]>([
    ['may move money out', { canTransfer: true }],
    ['does not say whether it may move money out', { canTransfer: undefined }],
    ['may not trade', { canTrade: false }],
    ['may not trade', { canTrade: undefined }],
    ['may not view', { canView: undefined }],
    ['which portfolio', { portfolioUuid: undefined }],
    ['belongs to portfolio q, not to p', { portfolioUuid: 'q' }],
  ])('refuses a key that %s', (reason, changes) => {
    expect(() => refuseUnsafeKey({ ...good, ...changes }, 'p')).toThrow(reason)
    expect(() => refuseUnsafeKey({ ...good, ...changes }, 'p')).toThrow(UnsafeKeyError)
  })

  it('lets a key through that can view and trade, and no more', () => {
    expect(() => refuseUnsafeKey(good, 'p')).not.toThrow()
    expect(() => refuseUnsafeKey(good)).not.toThrow()
  })

  it('takes only a plain yes or no for an answer', async () => {
    const venue = await scriptedVenue()
    venue.on('GET /key_permissions', { json: { can_view: 'true', can_trade: 1, can_transfer: null, portfolio_uuid: '' } })
    expect(await venue.exchange.keyPermissions()).toEqual({ canView: undefined, canTrade: undefined, canTransfer: undefined, portfolioUuid: undefined })
    await expect(venue.exchange.checkKey()).rejects.toThrow(UnsafeKeyError)
  })

  it('holds a key to the portfolio of the first check, and sees a permission that was taken away [fault 32]', async () => {
    const venue = await scriptedVenue()
    const permissions = (changes: object = {}): Reply => ({
      json: { can_view: true, can_trade: true, can_transfer: false, portfolio_uuid: 'p', portfolio_type: 'DEFAULT', ...changes },
    })
    venue.on('GET /key_permissions', permissions(), permissions(), permissions({ portfolio_uuid: 'q' }), permissions({ can_trade: false }))
    expect(await venue.exchange.checkKey()).toEqual(good)
    expect(await venue.exchange.checkKey()).toEqual(good)
    await expect(venue.exchange.checkKey()).rejects.toThrow('belongs to portfolio q, not to p')
    await expect(venue.exchange.checkKey()).rejects.toThrow('may not trade')
  })
})

describe('a preview', () => {
  it('places nothing and says what would come of the order', async () => {
    const venue = await scriptedVenue()
    const said = {
      order_total: '25',
      commission_total: '0.22',
      errs: [],
      warning: ['SMALL_ORDER'],
      quote_size: 24.78,
      base_size: '0.00036',
      best_bid: '67999',
      best_ask: '',
      slippage: '0',
      preview_id: 'x',
    }
    venue.on('POST /orders/preview', { json: said })
    const preview = await venue.exchange.preview(requestOf())
    expect(venue.seen.at(-1)!.body).toEqual({ product_id: 'BTC-USD', side: 'BUY', order_configuration: { market_market_ioc: { quote_size: '25' } } })
    expect([preview.total, preview.fee, preview.quoteSize].map((amount) => amount && decimalText(amount))).toEqual(['25', '0.22', '24.78'])
    expect([preview.refusals, preview.warnings, preview.previewId]).toEqual([[], ['SMALL_ORDER'], 'x'])
  })

  it('says in our words what is wrong, also without asking', async () => {
    const venue = await scriptedVenue()
    venue.on('POST /orders/preview', { json: { errs: ['PREVIEW_INSUFFICIENT_FUND'] } })
    expect((await venue.exchange.preview(requestOf())).refusals).toEqual([
      { outcome: 'rejected', code: 'INSUFFICIENT_FUND', detail: 'PREVIEW_INSUFFICIENT_FUND' },
    ])
    expect((await venue.exchange.preview(requestOf({ instrument: 'NOPE-USD' }))).refusals[0]!.code).toBe('UNKNOWN_PRODUCT')
    expect(venue.count('POST /orders/preview')).toBe(1)
    venue.on('POST /orders/preview', { json: { errs: 'none' } })
    await expect(venue.exchange.preview(requestOf())).rejects.toThrow('preview: errs')
  })
})
