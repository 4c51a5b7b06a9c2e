import { describe, expect, it } from 'vitest'
import { ZERO, money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { DurableState } from './durable-state.ts'
import type { Facts } from './journal/facts.ts'

const intent = (no: number, side: 'buy' | 'sell'): Facts['intent'] => ({
  clientOrderId: `order-${no}`,
  intentNo: no,
  instrument: 'BTC-USD',
  side,
  kind: side === 'buy' ? 'open' : 'close',
  origin: 'strategy',
  source: 'test',
  orderType: 'market',
  quoteSize: side === 'buy' ? money('20') : undefined,
  baseSize: side === 'buy' ? undefined : money('0.1'),
  reserveCurrency: side === 'buy' ? 'USD' : 'BTC',
  reserveAmount: side === 'buy' ? money('20') : money('0.1'),
  expectedPrice: 100,
  score: 1,
  temperature: 'hot',
  configHash: '',
})

const fill = (no: number, fillId: string, atMs: number, price: string, side: 'buy' | 'sell' = 'buy'): Facts['fill'] => ({
  fillId,
  clientOrderId: `order-${no}`,
  venueOrderId: `venue-${no}`,
  instrument: 'BTC-USD',
  side,
  price: money(price),
  quantity: money('0.1'),
  feeAmount: money('0'),
  feeCurrency: 'USD',
  liquidity: 'taker',
  filledAtMs: atMs,
})

function traded() {
  const durable = new DurableState()
  const at = (ms: number): EpochMs => ms as EpochMs
  durable.apply('adjustment', at(0), undefined, { kind: 'deposit', currency: 'USD', amount: money('100'), reason: 'start' })
  return {
    durable,
    intent: (no: number, side: 'buy' | 'sell' = 'buy') => durable.apply('intent', at(no), 'btc', intent(no, side)),
    report: (no: number, state: 'open' | 'filled' | 'cancelled', filled: string) =>
      durable.apply('orderEvent', at(no), 'btc', { clientOrderId: `order-${no}`, state, filledQuantity: money(filled) }),
    fill: (...args: Parameters<typeof fill>) => durable.apply('fill', at(args[2]), 'btc', fill(...args)),
  }
}

describe('filled orders of a bot', () => {
  it('count when they are finished, once each, however many fills they had', () => {
    const { durable, ...run } = traded()
    run.intent(1)
    run.report(1, 'open', '0')
    run.fill(1, 'a', 10, '100')
    expect(durable.bot('btc')).toMatchObject({ entries: 0, lastEntryMs: Number.NEGATIVE_INFINITY })
    run.fill(1, 'b', 20, '98')
    run.report(1, 'filled', '0.2')
    expect(durable.bot('btc')).toMatchObject({ entries: 1, exits: 0, lastEntryMs: 20, lastEntryPrice: 98 })
    run.intent(2, 'sell')
    run.fill(2, 'c', 30, '110', 'sell')
    run.report(2, 'filled', '0.1')
    expect(durable.bot('btc')).toMatchObject({ entries: 1, exits: 1, lastEntryMs: 20 })
  })

  it('do not count while nothing was filled, and count once when fills come late', () => {
    const { durable, ...run } = traded()
    run.intent(1)
    run.report(1, 'cancelled', '0')
    expect(durable.bot('btc')).toMatchObject({ entries: 0 })
    run.fill(1, 'late', 10, '100')
    expect(durable.bot('btc')).toMatchObject({ entries: 1, lastEntryMs: 10, lastEntryPrice: 100 })
    run.fill(1, 'later', 20, '101')
    expect(durable.bot('btc')).toMatchObject({ entries: 1, lastEntryMs: 20, lastEntryPrice: 101 })
    expect(durable.ledger.reserved('USD').equals(ZERO)).toBe(true)
  })
})
