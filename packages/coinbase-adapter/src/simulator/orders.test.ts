import { afterEach, describe, expect, test } from 'vitest'
import { arrived, at, closeVenues, listAt, textAt, venueForTests } from './venue.fixture.ts'

afterEach(closeVenues)

const market = (size: object): object => ({ market_market_ioc: size })
const limit = (base_size: string, limit_price: string, more: object = {}): object => ({
  limit_limit_gtc: { base_size, limit_price, post_only: false, ...more },
})

describe('orders', () => {
  test('[pitfall 6] a purchase by quote spends exactly its quote, the fee inside, and is reported in quote', async () => {
    const { venue, order, get } = await venueForTests()
    const created = await order('one', 'BTC-USD', 'BUY', market({ quote_size: '25' }))
    expect(created.body).toMatchObject({ success: true, success_response: { product_id: 'BTC-USD', side: 'BUY', client_order_id: 'one' } })
    const id = textAt(created.body, 'success_response.order_id')
    const found = at((await get(`/orders/historical/${id}`)).body, 'order')
    expect(found).toMatchObject({
      status: 'FILLED',
      size_in_quote: true,
      completion_percentage: '100',
      total_value_after_fees: '25',
      outstanding_hold_amount: '0',
    })
    const fills = listAt((await get('/orders/historical/fills')).body, 'fills')
    expect(fills).toHaveLength(1)
    const [fill] = fills!
    expect(fill).toMatchObject({ order_id: id, size_in_quote: true, liquidity_indicator: 'TAKER', side: 'BUY' })
    expect((Number(at(fill, 'size')) + Number(at(fill, 'commission'))).toFixed(10)).toBe('25.0000000000')
    const { balances, fills: own } = venue.ledger()
    expect(balances).toEqual([
      expect.objectContaining({ currency: 'USD', total: '975', available: '975', hold: '0' }),
      expect.objectContaining({ currency: 'BTC', total: own[0]!.quantity, hold: '0' }),
    ])
  })

  test('a limit order sets money aside, fills in parts at its own price, and gives back what a cancel leaves', async () => {
    const { venue, order, get, post } = await venueForTests()
    const { body } = await order('one', 'ETH-USD', 'BUY', limit('0.2', '3400'))
    const id = textAt(body, 'success_response.order_id')
    expect(venue.ledger().balances[0]).toMatchObject({ total: '1000', available: '313.88', hold: '686.12' })
    venue.control({ do: 'trade', product: 'ETH-USD', price: '3399', size: '0.05', makerSide: 'BUY' })
    expect(at((await get(`/orders/historical/${id}`)).body, 'order')).toMatchObject({
      status: 'OPEN',
      filled_size: '0.05',
      average_filled_price: '3400',
      total_fees: '0.85',
    })
    const cancelled = await post('/orders/batch_cancel', { order_ids: [id, 'nobody'] })
    expect(at(cancelled.body, 'results')).toEqual([
      { success: false, failure_reason: 'UNKNOWN_CANCEL_ORDER', order_id: 'nobody' },
      { success: true, failure_reason: 'UNKNOWN_CANCEL_FAILURE_REASON', order_id: id },
    ])
    expect(at((await get(`/orders/historical/${id}`)).body, 'order')).toMatchObject({ status: 'CANCELLED', filled_size: '0.05' })
    expect(venue.ledger().balances).toEqual([
      expect.objectContaining({ currency: 'USD', total: '829.15', available: '829.15', hold: '0' }),
      expect.objectContaining({ currency: 'ETH', total: '0.05' }),
    ])
  })

  test('[pitfall 2] the same client order id answers the first order', async () => {
    const { venue, order } = await venueForTests()
    const first = await order('one', 'BTC-USD', 'BUY', market({ quote_size: '5' }))
    const again = await order('one', 'BTC-USD', 'BUY', market({ quote_size: '500' }))
    expect(again.body).toEqual(first.body)
    expect(venue.ledger().orders).toHaveLength(1)
    expect(venue.report().createOrders).toEqual({ one: { received: 2, booked: 1 } })
  })
})

describe('the user channel', () => {
  test('tells the open orders first, then every state; a complete fill twice', async () => {
    const { order, listen, venue } = await venueForTests()
    await order('resting', 'SOL-USD', 'BUY', limit('1', '140'))
    const user = await listen('user', { channel: 'user' })
    const [snapshot] = user.of('user')
    expect(snapshot!.events![0]).toMatchObject({ type: 'snapshot', orders: [{ client_order_id: 'resting', status: 'OPEN', leaves_quantity: '1' }] })
    venue.control({ do: 'trade', product: 'SOL-USD', price: '139', size: '5', makerSide: 'BUY' })
    await arrived(() => user.of('user').length >= 3)
    const updates = user
      .of('user')
      .slice(1)
      .map(({ events }) => at(events, '0.orders.0') as Record<string, string>)
    expect(updates.map(({ status, cumulative_quantity, leaves_quantity }) => [status, cumulative_quantity, leaves_quantity])).toEqual([
      ['FILLED', '1', '0'],
      ['FILLED', '1', '0'],
    ])
    expect(updates.map(({ outstanding_hold_amount }) => outstanding_hold_amount)).toEqual(['141.26', '0'])
    expect(user.frames.map(({ sequence_num }) => sequence_num)).toEqual([0, 1, 2, 3])
  })
})
