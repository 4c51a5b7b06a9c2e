import { expect, test } from 'vitest'
import { ZERO } from '../../model/money.ts'
import type { OrderReport } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { OrderRegistry } from './order-registry.ts'

const reportOf = (id: number, atMs = 0): OrderReport => ({
  ref: { clientOrderId: `order-${id}`, instrument: 'BTC-USD' },
  state: 'filled',
  filledQuantity: ZERO,
  atMs: atMs as EpochMs,
})

test('the last thousand finished orders are known, and no other, however many there were', () => {
  const registry = new OrderRegistry()
  for (let id = 1; id <= 3_100; id++) {
    registry.remember(reportOf(id))
    expect(registry.final(`order-${id}`)?.ref.clientOrderId).toBe(`order-${id}`)
    expect(registry.final(`order-${id - 999}`)?.ref.clientOrderId).toBe(id < 1_000 ? undefined : `order-${id - 999}`)
    expect(registry.final(`order-${id - 1_000}`)).toBeUndefined()
  }
  expect(registry.finals().map(({ ref }) => ref.clientOrderId)).toEqual(Array.from({ length: 1_000 }, (_, i) => `order-${2_101 + i}`))
})

test('a second last word takes the place of the first; a forgotten order is new again', () => {
  const registry = new OrderRegistry()
  for (let id = 1; id <= 1_001; id++) registry.remember(reportOf(id))
  registry.remember(reportOf(500, 7))
  expect(registry.final('order-500')?.atMs).toBe(7)
  expect(registry.finals()).toHaveLength(1_000)
  expect(registry.finals()[498]?.atMs).toBe(7)
  registry.remember(reportOf(1, 8))
  expect(registry.final('order-1')?.atMs).toBe(8)
  expect(registry.final('order-2')).toBeUndefined()
  registry.clear()
  expect(registry.final('order-1')).toBeUndefined()
  expect(registry.finals()).toEqual([])
})
