import { expect, it } from 'vitest'
import { decimalText, money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { createLedger } from './ledger.ts'
import { refusedPayment } from './refused-payment.ts'

const ledger = createLedger({ booking: 'fifo' })
ledger.deposit('USD', money(100))
ledger.reserve('entry', 'btc', 'USD', money(40))

it.each([
  ['deposit', 'USD', '0.01'],
  ['deposit', 'EUR', '250'],
  ['deposit', '00', '0.00000000000000000001'],
  ['deposit', 'ABCDEFGHIJKLMNOPQRST', '1'],
  ['deposit', 'USD', '999999999999999999'],
  ['withdraw', 'USD', '60'],
] as const)('a %s of %s %s can be booked', (kind, currency, amount) => expect(refusedPayment(ledger, { kind, currency, amount })).toBeUndefined())

it.each([
  ['deposit', '', '1', 'currency: expected one such as "USD", received ""'],
  ['deposit', 'usd', '1', 'received "usd"'],
  ['deposit', ' USD', '1', 'received " USD"'],
  ['deposit', 'USD ', '1', 'received "USD "'],
  ['deposit', 'ABCDEFGHIJKLMNOPQRSTU', '1', 'currency: expected one such as'],
  ['deposit', 'USD', '0', 'amount: expected one above 0 with at most 20 decimals, received 0'],
  ['withdraw', 'USD', '-1', 'received -1'],
  ['deposit', 'USD', '10000000000000000000', 'amount: expected one above 0'],
  ['deposit', 'USD', '0.000000000000000000001', 'at most 20 decimals'],
  ['deposit', 'USD', 'much', 'amount: '],
  ['withdraw', 'USD', '60.01', 'amount: expected at most 60 USD, which no order has promised and no bot holds; received 60.01'],
  ['withdraw', 'EUR', '1', 'expected at most 0 EUR'],
] as const)('a %s of %s %s is refused, and says why', (kind, currency, amount, why) => {
  const refused = refusedPayment(ledger, { kind, currency, amount })
  expect(refused).toBeInstanceOf(RangeError)
  expect(refused!.message).toContain(why)
})

it('keeps the cause of an amount that cannot be read', () => {
  expect(refusedPayment(ledger, { kind: 'deposit', currency: 'USD', amount: 'much' })!.cause).toBeInstanceOf(Error)
})

it('coins that a bot holds cannot be taken out: what nobody holds can', () => {
  const books = createLedger({ booking: 'fifo' })
  books.deposit('USD', money('100'))
  books.deposit('BTC', money('1'))
  books.applyFill({
    fillId: 'f',
    venueOrderId: 'v',
    clientOrderId: 'c',
    botId: 'btc',
    orderKind: 'entry',
    instrument: 'BTC-USD',
    base: 'BTC',
    quote: 'USD',
    side: 'buy',
    price: money('10'),
    quantity: money('2'),
    fee: { amount: money('0'), currency: 'USD' },
    liquidity: 'taker',
    atMs: 1 as EpochMs,
  })
  expect(decimalText(books.free('BTC'))).toBe('1')
  expect(refusedPayment(books, { kind: 'withdraw', currency: 'BTC', amount: '1.5' })!.message).toContain('at most 1 BTC')
  expect(refusedPayment(books, { kind: 'withdraw', currency: 'BTC', amount: '1' })).toBeUndefined()
})
