import { z } from 'zod'
import type { Strategy } from '../../contracts/strategy.ts'
import { defineStrategy } from '../define-strategy.ts'
import { bar } from '../bars.fixture.ts'

// Shared by the tests of this folder; nothing in the library imports it.

const fields = ['open', 'high', 'low', 'close'] as const

/** Says as its score what the candle says in a field: the tests choose every opinion. */
const says = defineStrategy({
  id: 'says',
  params: z.strictObject({ field: z.enum(fields), sign: z.union([z.literal(1), z.literal(-1)]).default(1) }),
  indicators: () => ({}),
  components: { it: ({ reading }) => `says ${reading}` },
  evaluate: ({ candle }, p, signal) => signal.add('it', p.sign * candle[p.field], 1, candle[p.field]),
})

export const sayers = (count: number, sign: 1 | -1 = 1): Strategy[] => fields.slice(0, count).map((field) => says({ field, sign }))

/** A candle in which four strategies say these scores. */
export const opinions = ([open = 0, high = 0, low = 0, close = 0]: readonly number[]) => bar(close, { open, high, low })

/** Adds nothing to its signal. */
export const mute = defineStrategy({
  id: 'mute',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { never: () => 'never said' },
  evaluate: () => undefined,
})

/** Weighs two components, 3 to 1. */
export const twoSided = defineStrategy({
  id: 'two-sided',
  params: z.strictObject({}),
  indicators: () => ({}),
  components: { one: ({ reading }) => `one ${reading}`, other: ({ reading }) => `other ${reading}` },
  evaluate({ candle }, _params, signal) {
    signal.add('one', candle.open, 3, candle.open)
    signal.add('other', candle.high, 1, candle.high)
  },
})
