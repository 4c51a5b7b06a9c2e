import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OrderState } from '../model/order.ts'
import { isFinal, mayTransition } from './order-machine.ts'

const states: readonly OrderState[] = ['intent', 'sent', 'open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown']

/** Every legal step, written out by hand from the life of an order; all others are illegal. */
const legal: Readonly<Record<OrderState, readonly OrderState[]>> = {
  intent: ['sent', 'open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected'],
  sent: ['open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'],
  open: ['partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'],
  partiallyFilled: ['partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'],
  unknown: ['open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected'],
  filled: [],
  cancelled: [],
  expired: [],
  rejected: [],
}

test('only the legal steps are allowed', () => {
  for (const from of states)
    for (const to of states) expect(`${from} -> ${to}: ${mayTransition(from, to)}`).toBe(`${from} -> ${to}: ${legal[from].includes(to)}`)
})

test('whatever is reported in whatever order, an order ends at most once and never leaves its end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...states), { maxLength: 30 }), (reports) => {
      let state: OrderState = 'intent'
      let ends = 0
      for (const report of reports) {
        if (!mayTransition(state, report)) continue
        expect(isFinal(state)).toBe(false)
        state = report
        if (isFinal(state)) ends++
      }
      expect(ends).toBeLessThanOrEqual(1)
    }),
  )
})
