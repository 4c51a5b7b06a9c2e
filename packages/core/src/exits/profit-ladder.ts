import { z } from 'zod'
import type { ExitRule } from '../contracts/exit-rule.ts'
import type { Json } from '../model/json.ts'
import { parseParams } from '../model/params.ts'
import type { PositionView } from '../model/position.ts'
import { percentText } from '../safety/texts.ts'
import { priceText, touches } from './touches.ts'

const rungSchema = z.strictObject({ at: z.number().gt(0).lte(100), sell: z.number().gt(0).lte(1) })

/** Shares are sums of decimals. */
const ROUNDING = 1e-9
/** A rung is done when all but this share of what was bought, or half of the rung, is sold: sizes are rounded down to the venue's increments. */
const INCREMENTS = 0.01

export const profitLadderParams = z.strictObject({
  rungs: z
    .array(rungSchema)
    .min(1)
    .max(100)
    .refine((rungs) => rungs.every((rung, i) => i === 0 || rung.at > rungs[i - 1]!.at), { error: 'rungs whose gains rise' })
    .refine((rungs) => rungs.reduce((sum, rung) => sum + rung.sell, 0) <= 1 + ROUNDING, { error: 'shares that sum to at most 1' })
    .default([
      { at: 0.1, sell: 0.25 },
      { at: 0.2, sell: 0.5 },
      { at: 0.3, sell: 0.25 },
    ]),
})

/**
 * Sells the position in parts as the price rises above its average entry: by default 25 % at +10 %, 50 % at +20 % and the last 25 % at +30 %.
 *
 * A share is one of all that this round trip bought, and a rung is done once so much is sold, whoever sold it. So each is sold once, a part that was filled only
 * in part is completed, and a restart needs no memory but the position itself.
 *
 * @param options - `rungs`: 1 to 100 of `{ at, sell }`; `at` is the gain, rising, at most 100; `sell` the share, above 0, summing to at most 1
 * @throws ConfigError when the rungs do not rise or sell more than there is
 * @example
 * ```ts
 * profitLadder({ rungs: [{ at: 0.05, sell: 0.5 }, { at: 0.1, sell: 0.5 }] }).id // => 'profit-ladder'
 * ```
 */
export function profitLadder(options: z.input<typeof profitLadderParams> = {}): ExitRule & { readonly params: Json } {
  const params = parseParams(profitLadderParams, options, 'profitLadder')
  const { rungs } = params
  let sum = 0
  const targets = rungs.map((rung) => Math.min(1, (sum += rung.sell)))
  if (1 - targets[targets.length - 1]! < ROUNDING) targets[targets.length - 1] = 1
  const sold = (position: PositionView): number => (position.bought > 0 ? 1 - position.quantity / position.bought : 0)
  const slack = Math.min(INCREMENTS, ...rungs.map((rung) => rung.sell / 2))
  /** The first rung that is not done; the number of rungs when all are. */
  const next = (position: PositionView): number => {
    const done = sold(position) + slack
    let rung = 0
    while (rung < targets.length && targets[rung]! <= done) rung++
    return rung
  }
  /** What of the rest is to be sold, so that a rung is done; 1 for the last one of a ladder that sells all. */
  const share = (position: PositionView, rung: number): number => {
    const target = targets[rung]!
    if (target >= 1) return 1
    const already = sold(position)
    return (target - already) / (1 - already)
  }
  const priceOf = (position: PositionView, rung: number): number => position.averageEntry * (1 + rungs[rung]!.at)
  return {
    apiVersion: 1,
    id: 'profit-ladder',
    params,
    triggerKind: 'profit',
    check(position, view) {
      if (!position.open) return 0
      const first = next(position)
      let reached = first - 1
      while (reached + 1 < rungs.length && touches(view.market.price - priceOf(position, reached + 1), position.averageEntry)) reached++
      return reached < first ? 0 : share(position, reached)
    },
    trigger(position) {
      const rung = next(position)
      return rung < rungs.length ? priceOf(position, rung) : Number.NaN
    },
    triggerFraction: (position) => share(position, next(position)),
    describe(position) {
      const rung = next(position)
      if (rung >= rungs.length) return 'profit ladder: all rungs are sold'
      return `profit ladder: ${percentText(share(position, rung))} of the rest at ${priceText(priceOf(position, rung))}, rung ${rung + 1} of ${rungs.length}`
    },
  }
}
