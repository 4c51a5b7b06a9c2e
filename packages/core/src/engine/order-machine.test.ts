import { expect, test } from 'vitest'
import type { Json } from '../model/json.ts'
import { money } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import { decodeFacts, encodeFacts } from './journal/facts.ts'
import { entryData } from './journal/entry-data.ts'
import type { Facts } from './journal/facts.ts'
import { isSettled, newOrder } from './order-machine.ts'

const intent: Facts['intent'] = {
  clientOrderId: 'order-1',
  intentNo: 1,
  instrument: 'BTC-USD',
  side: 'buy',
  kind: 'open',
  origin: 'strategy',
  source: 'test',
  orderType: 'limit',
  baseSize: money('1'),
  limitPrice: money('100'),
  timeInForce: 'ioc',
  reserveCurrency: 'USD',
  reserveAmount: money('102'),
  expectedPrice: 100,
  score: 0.5,
  temperature: 'warm',
  configHash: 'c',
}

test('an order is settled when its fills add up, but for the rounding of quotients; a missing fill is never rounding [fault 16]', () => {
  const order = newOrder('btc', intent, 0 as EpochMs)
  const settled = (state: typeof order.state, filled: string, booked: string): boolean => {
    Object.assign(order, { state, filledQuantity: money(filled), bookedQuantity: money(booked) })
    return isSettled(order)
  }
  expect(settled('filled', '0.5770494951509377', '0.5770494951509376')).toBe(true)
  expect(settled('cancelled', '0.5770494951509377', '0.5770494951509377')).toBe(true)
  expect(settled('open', '0.5', '0.5')).toBe(false)
  expect(settled('filled', '0.00000002', '0.00000001')).toBe(false)
  expect(settled('filled', '0.000000000001', '0')).toBe(true)
  expect(settled('filled', '0.0000000000010001', '0')).toBe(false)
})

test('the journal keeps how long an order works', () => {
  const read = decodeFacts('intent', entryData.intent.parse(encodeFacts('intent', intent)) as Json)
  expect(newOrder('btc', read, 0 as EpochMs).timeInForce).toBe('ioc')
  expect(() => entryData.intent.parse({ ...(encodeFacts('intent', intent) as object), timeInForce: 'day' })).toThrow(/timeInForce/)
})
