import { z } from 'zod'
import { fractionSchema } from '../model/value-schemas.ts'
import { defineStrategy } from './define-strategy.ts'

/** Parameters of {@link gridLadder}. */
export const gridLadderParams = z.strictObject({
  /** How far each rung lies under the one above it: 0.02 is 2 %. */
  step: fractionSchema.default(0.02),
  /** Rungs under the anchor; one entry each. */
  rungs: z.int().min(1).max(50).default(3),
  /** How far over the average entry the ladder is sold: 0.03 is 3 %. */
  profit: z.number().gt(0).max(10).default(0.03),
})

const stateSchema = z.strictObject({
  /** Filled entries of the bot that are accounted for. */
  entries: z.int().min(0),
  /** Price that the rungs are counted from; null before the first evaluation. */
  anchor: z.number().gt(0).nullable(),
  /** Rungs bought. */
  bought: z.int().min(0),
})

/** Returns the price of a rung: anchor * (1 - step) ^ rung, multiplied out, because powers may differ in the last bit between machines. */
export function rungPrice(anchor: number, step: number, rung: number): number {
  let price = anchor
  for (let i = 0; i < rung; i++) price *= 1 - step
  return price
}

/**
 * Buys one rung after the other as the price falls from an anchor, and sells above the average entry. A rung counts as bought when an entry of the bot has filled: one that
 * was denied is asked for again. While nothing is held the anchor follows the price up, a step at a time; once all is sold, by whomever, a new ladder begins at
 * the price of that moment. It has no stop: give the bot one.
 *
 * Formula: score = -1 at or over average entry * (1 + profit); +1 at or under anchor * (1 - step) ^ (bought + 1) while bought < rungs; else 0
 * Source: grid trading, a martingale-free ladder of equal wishes; the sizes are the sizer's
 *
 * @param params - each has a default; `docs/concepts/strategies.md` says what they do
 * @throws z.ZodError when the parameters do not fit
 * @example
 * ```ts
 * gridLadder({ step: 0.01 }).params // => { step: 0.01, rungs: 3, profit: 0.03 }
 * ```
 */
export const gridLadder = defineStrategy({
  id: 'grid-ladder',
  params: gridLadderParams,
  indicators: () => ({}),
  state: { schema: stateSchema, initial: () => ({ entries: 0, anchor: null, bought: 0 }) },
  components: { ladder: ({ reading }) => `${Math.abs(reading).toFixed(2)} % ${reading < 0 ? 'below' : 'above'} the anchor` },
  evaluate({ candle: { close }, orders, position, state }, p, signal) {
    let anchor = state.anchor ?? close
    let bought = state.anchor === null ? 0 : Math.min(p.rungs, state.bought + orders.entries - state.entries)
    if (!position.open && (bought > 0 || close >= anchor * (1 + p.step))) {
      anchor = close
      bought = 0
    }
    if (anchor !== state.anchor || bought !== state.bought || orders.entries !== state.entries) signal.next({ entries: orders.entries, anchor, bought })
    const sell = position.open && close >= position.averageEntry * (1 + p.profit)
    const buy = bought < p.rungs && close <= rungPrice(anchor, p.step, bought + 1)
    signal.add('ladder', sell ? -1 : buy ? 1 : 0, 1, 100 * (close / anchor - 1))
  },
})
