import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EpochMs } from '../model/time.ts'
import { TotalOrder } from './total-order.ts'

const item = fc.record({ timeMs: fc.integer({ min: 0, max: 20 }), rank: fc.constantFrom(0 as const, 1 as const) })

test('gives out by time, then answers before timers, then arrival, whatever the order of pushes and shifts', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(item, fc.constant('shift' as const)), { maxLength: 200 }), (steps) => {
      const order = new TotalOrder()
      const model: { timeMs: number; rank: number; at: number }[] = []
      steps.forEach((step, at) => {
        if (step !== 'shift') {
          order.push(step.timeMs, step.rank, { type: 'timer', atMs: at as EpochMs })
          model.push({ ...step, at })
        } else if (model.length > 0) {
          model.sort((a, b) => a.timeMs - b.timeMs || a.rank - b.rank || a.at - b.at)
          expect(order.shift()).toEqual({ type: 'timer', atMs: model.shift()!.at })
        }
        expect(order.nextMs).toBe(model.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...model.map(({ timeMs }) => timeMs)))
      })
    }),
  )
})
