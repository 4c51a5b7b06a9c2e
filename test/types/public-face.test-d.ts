import { defineStrategy } from '@millrace/core'
import type { ApprovedIntent, ExecutionStyle, Intent, Strategy } from '@millrace/core'
import { ema, rsi } from '@millrace/indicators'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

describe('a strategy that is defined in code', () => {
  const dip = defineStrategy({
    id: 'dip',
    params: z.strictObject({ period: z.int().min(2).default(14) }),
    indicators: (p) => ({ rsi: rsi(p.period), trend: ema(200) }),
    components: { dip: ({ reading }) => `RSI ${reading.toFixed(1)}` },
    evaluate({ readings, candle }, p, signal) {
      expectTypeOf(p).toEqualTypeOf<{ period: number }>()
      expectTypeOf(readings.rsi.value).toBeNumber()
      expectTypeOf(candle.close).toBeNumber()
      // @ts-expect-error a reading that was not asked for
      void readings.macd
      // @ts-expect-error a component that was not declared
      signal.add('rise', 0, 1, 0)
      // @ts-expect-error readings are looked at, not advanced
      void readings.rsi.update
    },
  })

  test('is a factory whose parameters are those of its schema, defaults left out', () => {
    expectTypeOf(dip).parameter(0).toEqualTypeOf<{ period?: number | undefined } | undefined>()
    expectTypeOf(dip).returns.toExtend<Strategy>()
    // @ts-expect-error a parameter of the wrong type
    dip({ period: '14' })
  })
})

describe('a strategy with memory', () => {
  test('sees its state read-only and hands over the next one', () => {
    const ladder = defineStrategy({
      id: 'ladder',
      params: z.strictObject({ rungs: z.int().default(3) }),
      indicators: () => ({}),
      state: { schema: z.strictObject({ anchor: z.number(), rungs: z.array(z.number()).default([]) }), initial: (p) => ({ anchor: p.rungs }) },
      components: { rung: () => '' },
      evaluate({ state, orders }, _p, signal) {
        expectTypeOf(state).toEqualTypeOf<{ readonly anchor: number; readonly rungs: readonly number[] }>()
        expectTypeOf(orders.entries).toBeNumber()
        signal.next({ ...state, anchor: 2 })
        signal.next({ anchor: 2 })
        // @ts-expect-error the state is replaced, never changed
        state.anchor = 1
        // @ts-expect-error to the last member
        state.rungs[0] = 1
        // @ts-expect-error another shape
        signal.next({ anchor: '2' })
      },
    })
    expectTypeOf(ladder).returns.toExtend<Strategy>()
  })

  test('and one without has nothing to hand over', () => {
    const plain = defineStrategy({
      id: 'plain',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { rung: () => '' },
      evaluate({ state }, _p, signal) {
        expectTypeOf(state).toBeNever()
        // @ts-expect-error no state was declared
        signal.next({})
      },
    })
    expectTypeOf(plain).returns.toExtend<Strategy>()
  })
})

describe('an intent', () => {
  test('is no order until safety has approved it', () => {
    expectTypeOf<ApprovedIntent>().toExtend<Intent>()
    expectTypeOf<Intent>().not.toExtend<ApprovedIntent>()
    expectTypeOf<ExecutionStyle['order']>().parameter(0).toEqualTypeOf<ApprovedIntent>()
  })
})
