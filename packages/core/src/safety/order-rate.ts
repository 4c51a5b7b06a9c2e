import { z } from 'zod'
import type { BotView, OrderTimes } from '../contracts/bot-view.ts'
import { parseParams } from '../model/params.ts'
import { TIME_RING_SIZE } from '../model/time-ring.ts'
import { periodSchema } from '../model/value-schemas.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { remainingText } from './texts.ts'

const count = z.int().min(1).max(TIME_RING_SIZE)
export const orderRateParams = z
  .strictObject({ account: count.optional(), bot: count.optional(), window: periodSchema })
  .refine((p) => p.account !== undefined || p.bot !== undefined, { error: 'a limit for account, bot or both' })
const oneParams = z.strictObject({ limit: count, window: periodSchema })

/**
 * Denies entries while that many orders of any kind were sent within a window, of the whole account and of one bot. One rule each, codes
 * `ORDER_RATE_ACCOUNT` and `ORDER_RATE_BOT`, margin in ms until the oldest of them leaves the window.
 *
 * @throws ConfigError when a limit is no whole number from 1 to 1000, both are missing, or the window is none
 * @example
 * ```ts
 * orderRate({ account: 30, bot: 3, window: '1m' }).map((rule) => rule.code) // => ['ORDER_RATE_ACCOUNT', 'ORDER_RATE_BOT']
 * ```
 */
export function orderRate(limits: z.input<typeof orderRateParams>): readonly ConfiguredRule[] {
  const { account, bot, window } = parseParams(orderRateParams, limits, 'orderRate')
  const rules: ConfiguredRule[] = []
  if (account !== undefined) rules.push(rateOf('account', { limit: account, window }))
  if (bot !== undefined) rules.push(rateOf('bot', { limit: bot, window }))
  return rules
}

function rateOf(scope: 'account' | 'bot', limits: z.input<typeof oneParams>): ConfiguredRule {
  const params = parseParams(oneParams, limits, 'orderRate')
  const ordersOf = (view: BotView): OrderTimes => (scope === 'account' ? view.portfolio.orders : view.orders)
  return {
    apiVersion: 1,
    id: `order-rate-${scope}`,
    code: scope === 'account' ? 'ORDER_RATE_ACCOUNT' : 'ORDER_RATE_BOT',
    unit: 'ms',
    params,
    limits: limitPolicy<typeof params>({ limit: 'lower', window: 'higher' }, (p) => rateOf(scope, p)),
    check(_intent, view, verdict) {
      const oldestMs = ordersOf(view).nthNewest(params.limit)
      verdict.require(view.nowMs - oldestMs - params.window, oldestMs + params.window)
    },
    describe: (verdict) =>
      `${params.limit} orders were sent within ${remainingText(params.window)}; the next entry may leave in ${remainingText(-verdict.margin)}`,
  }
}
