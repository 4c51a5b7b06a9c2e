import { z } from 'zod'
import { durationSchema, periodSchema } from '../model/value-schemas.ts'
import { defineStrategy } from './define-strategy.ts'

/** Parameters of {@link dollarCostAverage}. */
export const dollarCostAverageParams = z
  .strictObject({
    /** Length of a slot; one purchase each. */
    every: periodSchema.prefault('1d'),
    /** Start of the slots after 1970-01-01T00:00Z; less than `every`. Slots of `7d` begin on Thursdays, with `4d` on Mondays. */
    offset: durationSchema.prefault(0),
  })
  .refine((p) => p.offset < p.every, { path: ['offset'], error: 'a duration shorter than every' })

const stateSchema = z.strictObject({
  /** Filled entries of the bot that are accounted for. */
  entries: z.int().min(0),
  /** Start of the last slot that was served, epoch ms; null before the first evaluation. */
  served: z.int().nullable(),
  /** Start of the slot that a purchase was asked for, epoch ms. */
  wanted: z.int().nullable(),
})

/**
 * Buys once in each slot of a schedule, whatever the price: a slot is due from its first closed candle until an entry of the bot has filled, so a purchase that was denied
 * is asked for again. Slots that passed meanwhile are not made up for. It never sells. The schedule begins with the first slot after the start, and runs in event time.
 *
 * Formula: score = 1 while the slot of the candle's openTime, floor((openTime - offset) / every), is not served, else 0
 * Source: dollar-cost averaging as in Graham, The Intelligent Investor (1949), chapter 5
 *
 * @param params - each has a default; `docs/concepts/strategies.md` says what they do
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * dollarCostAverage({ every: '7d', offset: '4d' }).params // => { every: 604800000, offset: 345600000 }
 * ```
 */
export const dollarCostAverage = defineStrategy({
  id: 'dollar-cost-average',
  params: dollarCostAverageParams,
  indicators: () => ({}),
  state: { schema: stateSchema, initial: () => ({ entries: 0, served: null, wanted: null }) },
  components: {
    schedule: ({ reading }) => (reading > 0 ? `a purchase is due${reading > 1 ? `, ${reading} slots after the last one` : ''}` : 'no purchase is due'),
  },
  evaluate({ candle, orders, state }, p, signal) {
    const slot = Math.floor((candle.openTime - p.offset) / p.every) * p.every + p.offset
    const before = state.served ?? slot
    // A manual purchase while none was wanted serves nothing.
    const served = state.served !== null && orders.entries > state.entries ? Math.max(before, state.wanted ?? before) : before
    const due = slot > served
    const wanted = due ? slot : null
    if (served !== state.served || wanted !== state.wanted || orders.entries !== state.entries) signal.next({ entries: orders.entries, served, wanted })
    signal.add('schedule', due ? 1 : 0, 1, due ? Math.ceil((slot - served) / p.every) : 0)
  },
})
