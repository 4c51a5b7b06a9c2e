import { decimalText } from '@millrace/core'
import { Decimal } from 'decimal.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseJson } from '../rest/parse-json.ts'
import { accountSchema, keyPermissionsSchema } from './account.ts'
import { fillSchema } from './fill.ts'
import { cancelAnswerSchema, createAnswerSchema, previewSchema } from './order-answers.ts'
import { orderSchema, userEventSchema, userOrderSchema } from './order.ts'
import { decimalField } from './values.ts'

const Exact = Decimal.clone({ precision: 100 })

test('a number in JSON is read to its last digit, however it is written [pitfall 25]', () => {
  const digits = fc.tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.nat(18), fc.option(fc.integer({ min: -12, max: 9 })))
  fc.assert(
    fc.property(digits, fc.boolean(), ([minus, number, point, exponent], quoted) => {
      const padded = String(number).padStart(point + 1, '0')
      const text = `${minus ? '-' : ''}${padded.slice(0, padded.length - point)}${point > 0 ? `.${padded.slice(-point)}` : ''}${exponent === null ? '' : `e${exponent}`}`
      const { value } = parseJson(`{"value":${quoted ? JSON.stringify(text) : text}}`) as { value: unknown }
      const read = decimalText(decimalField.parse(value))
      expect(new Exact(read).equals(new Exact(text))).toBe(true)
    }),
  )
})

test('no message brings the boundary down: it is read, or refused with a reason [fault 9] [fault 52]', () => {
  const odd = fc.constantFrom<unknown>('NaN', 'Infinity', '-1', '1e30', '0', '', 'x', null, true, {}, [], -5, 1e30, '99999999999999999999999999999999')
  const value = fc.oneof(odd, fc.jsonValue())
  const schemas = {
    order: [
      orderSchema,
      ['order_id', 'client_order_id', 'product_id', 'side', 'status', 'filled_size', 'average_filled_price', 'created_time', 'reject_reason'],
    ],
    user: [userOrderSchema, ['order_id', 'client_order_id', 'product_id', 'status', 'cumulative_quantity', 'avg_price', 'total_fees', 'cancel_reason']],
    userEvent: [userEventSchema, ['type', 'orders']],
    fill: [
      fillSchema,
      ['entry_id', 'order_id', 'trade_time', 'trade_type', 'price', 'size', 'commission', 'product_id', 'side', 'size_in_quote', 'sequence_timestamp'],
    ],
    account: [accountSchema, ['currency', 'available_balance', 'hold', 'type', 'platform']],
    key: [keyPermissionsSchema, ['can_view', 'can_trade', 'can_transfer', 'portfolio_uuid']],
    create: [createAnswerSchema, ['success', 'success_response', 'error_response', 'failure_reason']],
    cancel: [cancelAnswerSchema, ['results']],
    preview: [previewSchema, ['errs', 'warning', 'order_total']],
  } as const
  const message = fc
    .constantFrom(...Object.values(schemas))
    .chain(([schema, keys]) =>
      fc
        .record(Object.fromEntries(keys.map((key) => [key, value])) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] })
        .map((row) => ({ schema, row })),
    )
  fc.assert(
    fc.property(message, ({ schema, row }) => {
      const read = schema.safeParse(row)
      if (!read.success) expect(read.error.issues.length).toBeGreaterThan(0)
    }),
  )
})

test('a fill is whole or refused: amounts above zero, and its value is what the venue counted [fault 52] [pitfall 6]', () => {
  const positive = fc.tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.nat(16)).map(([number, point]) => {
    const padded = String(number).padStart(point + 1, '0')
    return `${padded.slice(0, padded.length - point)}${point > 0 ? `.${padded.slice(-point)}` : ''}`
  })
  fc.assert(
    fc.property(positive, positive, fc.boolean(), (price, size, inQuote) => {
      const row = {
        entry_id: 'e',
        order_id: 'o',
        trade_time: '2026-01-02T03:04:05Z',
        price,
        size,
        commission: '0',
        product_id: 'BTC-USD',
        side: 'BUY',
        size_in_quote: inQuote,
      }
      const read = fillSchema.parse(row)
      if (!inQuote) {
        expect([decimalText(read.quantity), 'value' in read]).toEqual([decimalText(decimalField.parse(size)), false])
        return
      }
      const exact = new Exact(size).div(price)
      expect(exact.minus(decimalText(read.quantity)).abs().lte('0.00000000000000005')).toBe(true)
      expect('value' in read && decimalText(read.value)).toBe(decimalText(decimalField.parse(size)))
    }),
  )
})
