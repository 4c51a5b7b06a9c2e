import { expect, test } from 'vitest'
import { ZERO } from '../../model/money.ts'
import type { OrderReport } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { FINISHED_KEPT, OrderRegistry } from './order-registry.ts'

const reportOf = (id: number, atMs = 0): OrderReport => ({
  ref: { clientOrderId: `order-${id}`, instrument: 'BTC-USD' },
  state: 'filled',
  filledQuantity: ZERO,
  atMs: atMs as EpochMs,
})

test('the last finished orders are known, and no other, however many there were', () => {
  const registry = new OrderRegistry()
  for (let id = 1; id <= 310; id++) {
    registry.remember(reportOf(id))
    expect(registry.final(`order-${id}`)?.ref.clientOrderId).toBe(`order-${id}`)
    expect(registry.final(`order-${id - 99}`)?.ref.clientOrderId).toBe(id < FINISHED_KEPT ? undefined : `order-${id - 99}`)
    expect(registry.final(`order-${id - FINISHED_KEPT}`)).toBeUndefined()
  }
  expect(registry.finals().map(({ ref }) => ref.clientOrderId)).toEqual(Array.from({ length: 100 }, (_, i) => `order-${211 + i}`))
})

test('a second last word takes the place of the first; a forgotten order is new again', () => {
  const registry = new OrderRegistry()
  for (let id = 1; id <= 101; id++) registry.remember(reportOf(id))
  registry.remember(reportOf(50, 7))
  expect(registry.final('order-50')?.atMs).toBe(7)
  expect(registry.finals()).toHaveLength(100)
  expect(registry.finals()[48]?.atMs).toBe(7)
  registry.remember(reportOf(1, 8))
  expect(registry.final('order-1')?.atMs).toBe(8)
  expect(registry.final('order-2')).toBeUndefined()
  registry.clear()
  expect(registry.final('order-1')).toBeUndefined()
  expect(registry.finals()).toEqual([])
})
