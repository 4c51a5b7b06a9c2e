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

describe('an intent', () => {
  test('is no order until safety has approved it', () => {
    expectTypeOf<ApprovedIntent>().toExtend<Intent>()
    expectTypeOf<Intent>().not.toExtend<ApprovedIntent>()
    expectTypeOf<ExecutionStyle['order']>().parameter(0).toEqualTypeOf<ApprovedIntent>()
  })
})
