import { z } from 'zod'
import type { BotView } from '../contracts/bot-view.ts'
import { parseParams } from '../model/params.ts'
import { DAY_MS, utcDayStart } from '../model/time.ts'
import { limitPolicy } from './configured-rule.ts'
import type { ConfiguredRule } from './configured-rule.ts'

const count = z.int().min(0).max(1_000_000)
export const dailyTradesParams = z
  .strictObject({ account: count.optional(), bot: count.optional() })
  .refine((p) => p.account !== undefined || p.bot !== undefined, { error: 'a limit for account, bot or both' })

const oneParams = z.strictObject({ limit: count })

/**
 * Limits the entry orders of a UTC day: those with at least one fill plus the working ones, of the whole account and of one bot. One rule each, codes
 * `DAILY_TRADES_ACCOUNT` and `DAILY_TRADES_BOT`, margin in trades that would be left after this one.
 *
 * @throws ConfigError when a limit is no whole number >= 0 or both are missing
 * @example
 * ```ts
 * dailyTrades({ account: 10, bot: 5 }).map((rule) => rule.code) // => ['DAILY_TRADES_ACCOUNT', 'DAILY_TRADES_BOT']
 * ```
 */
export function dailyTrades(limits: z.input<typeof dailyTradesParams>): readonly ConfiguredRule[] {
  const { account, bot } = parseParams(dailyTradesParams, limits, 'dailyTrades')
  const rules: ConfiguredRule[] = []
  if (account !== undefined) rules.push(limitOf('account', account, (view) => view.portfolio.todayTrades))
  if (bot !== undefined) rules.push(limitOf('bot', bot, (view) => view.today.trades))
  return rules
}

function limitOf(scope: 'account' | 'bot', limit: number, made: (view: BotView) => number): ConfiguredRule {
  return {
    apiVersion: 1,
    id: `daily-trades-${scope}`,
    code: scope === 'account' ? 'DAILY_TRADES_ACCOUNT' : 'DAILY_TRADES_BOT',
    unit: 'trades',
    params: { limit },
    limits: limitPolicy<{ limit: number }>({ limit: 'lower' }, (p) => limitOf(scope, parseParams(oneParams, p, 'dailyTrades').limit, made)),
    check(intent, view, verdict) {
      if (intent.rest === true) return
      verdict.require(limit - made(view) - 1, utcDayStart(view.nowMs) + DAY_MS)
    },
    describe: (verdict) => `${limit - verdict.margin - 1} of ${limit} entries of this UTC day are made`,
  }
}
