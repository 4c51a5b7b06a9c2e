import { z } from 'zod'
import type { BotView } from '../contracts/bot-view.ts'
import { parseParams } from '../model/params.ts'
import { fractionSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { roundedMargin } from './rounding.ts'
import { percentText } from './texts.ts'

export const drawdownParams = z.strictObject({ fraction: fractionSchema })

/** The id of the rule, and of the breaker that it trips. */
export const DRAWDOWN = 'drawdown'

const fallOf = ({ portfolio: { equity, peakEquity } }: BotView): number => (peakEquity > 0 ? 1 - equity / peakEquity : 0)

/**
 * Denies entries of all bots from the moment the account's equity has fallen by a fraction of its highest value until a person resets the breaker `drawdown`,
 * which measures from the equity of that moment on. Deposits are no gain: the highest value moves with them. Code `DRAWDOWN`, margin as a fraction.
 *
 * @throws ConfigError when the fraction is not between 0 and 1
 * @example
 * ```ts
 * drawdownLimit(0.1).code // => 'DRAWDOWN'
 * ```
 */
export function drawdownLimit(fraction: number): ConfiguredRule {
  const params = parseParams(drawdownParams, { fraction }, 'drawdownLimit')
  const marginOf = (view: BotView): number => roundedMargin(params.fraction - fallOf(view))
  return {
    apiVersion: 1,
    id: DRAWDOWN,
    code: 'DRAWDOWN',
    unit: 'fraction',
    params,
    limits: limitPolicy<typeof params>({ fraction: 'lower' }, (p) => drawdownLimit(p.fraction)),
    stops: 'untilReset',
    check(_intent, view, verdict) {
      const margin = marginOf(view)
      // At the limit it is reached, so a margin of exactly zero is a denial here.
      if (margin > 0) verdict.allow(margin)
      else verdict.deny(margin)
    },
    trips: (view) => !(marginOf(view) > 0),
    describe: (verdict) =>
      `equity is ${percentText(params.fraction - verdict.margin)} under its highest value, ${percentText(params.fraction)} is the limit; a person resets it`,
  }
}
