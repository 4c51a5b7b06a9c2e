import { totalOf, utcDayStart } from '@millrace/core'
import type { BotState, Engine, EngineState, EquityPoint } from '@millrace/core'
import { z } from 'zod'
import { route } from './route.ts'
import { botId, count, decimal, ms } from './schema-parts.ts'

const since = z
  .strictObject({
    from_ms: ms.meta({ description: 'The valuation it is counted from: the last one before the span, or the first there is.' }),
    from_equity: decimal,
    gain: decimal.meta({ description: 'What trading and prices made of it after all fees; deposits and withdrawals are left out.' }),
    return_percent: z.number().nullable(),
  })
  .meta({ id: 'GainSince' })

const portfolio = z
  .strictObject({
    quote_currency: z.string(),
    at_ms: ms,
    equity: decimal,
    gain: decimal,
    return_percent: z.number(),
    today: since.nullable(),
    last_day: since.nullable(),
  })
  .meta({ id: 'Portfolio' })

const DAY_MS = 86_400_000
const minus = (amount: string): string => (amount.startsWith('-') ? amount.slice(1) : `-${amount}`)

/** Money that is paid in or out is valued before and after, so since the last valuation only prices and trades have moved. */
function growthNow(curve: readonly EquityPoint[], { equity }: EngineState): number {
  const last = curve.at(-1)
  if (last === undefined) return 1
  return Number(last.equity) > 0 ? (last.growth * Number(equity)) / Number(last.equity) : last.growth
}

/** What was gained from a valuation of the ledger up to now: nothing is interpolated, and it is the change of the figures beside it. */
function gainSince(curve: readonly EquityPoint[], fromMs: number, state: EngineState): unknown {
  const from = curve.findLast(({ atMs }) => atMs <= fromMs) ?? curve[0]
  if (from === undefined) return undefined
  return {
    fromMs: from.atMs,
    fromEquity: from.equity,
    gain: totalOf([state.realizedPnl, state.unrealizedPnl, minus(from.gain)]),
    returnPercent: from.growth > 0 ? 100 * (growthNow(curve, state) / from.growth - 1) : undefined,
  }
}

/** How often a bot could enter: by cash at the size it would take now, and by each rule that counts. */
function capacityOf(engine: Engine, bot: BotState, availableCash: string): unknown {
  const plan = engine.planTrade({ botId: bot.id, side: 'buy' })
  const wanted = plan.wantedQuote ?? 0
  const byCash = wanted > 0 ? Math.floor(Number(availableCash) / wanted) : 0
  // A margin says what would be left after this entry, so one more than that can be made.
  const byRules = plan.verdicts
    .filter(({ ruleId }) => countingRules.test(ruleId))
    .map(({ ruleId, kind, margin }) => ({ rule: ruleId, left: kind === 'deny' ? 0 : Math.floor(margin) + 1 }))
  return { botId: bot.id, wantedQuote: wanted, byCash, byRules, left: Math.min(byCash, ...byRules.map(({ left }) => left)) }
}

const countingRules = /^(max-tranches|daily-trades-(account|bot))$/

const capacity = z
  .strictObject({
    bot_id: botId,
    wanted_quote: z.number().meta({ description: 'The size of the next entry as the bot would make it now.' }),
    by_cash: count,
    by_rules: z.array(z.strictObject({ rule: z.string(), left: count })),
    left: count.meta({ description: 'Entries that cash and counting rules leave room for; other reasons may stand in the way now.' }),
  })
  .meta({ id: 'Capacity' })

export const portfolioRoutes = [
  route({
    method: 'get',
    path: '/portfolio',
    tag: 'state',
    summary: 'What the account is worth, and what today and the last 24 hours made of it.',
    guard: 'read',
    answer: portfolio,
    example: { path: '/portfolio' },
    // Asked often, by every page: what it takes longest to add up moves with the journal only.
    handle: ({ services: { engine, history } }) => {
      const state = engine.state()
      const { curve, paidIn } = history.valuations(state.lastSeq)
      return {
        quoteCurrency: state.quoteCurrency,
        atMs: state.nowMs,
        equity: state.equity,
        gain: totalOf([state.equity, minus(paidIn)]),
        returnPercent: 100 * (growthNow(curve, state) - 1),
        today: gainSince(curve, utcDayStart(state.nowMs), state),
        last_day: gainSince(curve, state.nowMs - DAY_MS, state),
      }
    },
  }),
  route({
    method: 'get',
    path: '/bots/capacity',
    tag: 'bots',
    summary: 'How many more times each bot can buy.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(capacity) }),
    example: { path: '/bots/capacity' },
    handle: ({ services: { engine } }) => {
      const { bots, cash } = engine.state()
      return { items: bots.map((bot) => capacityOf(engine, bot, cash.available)) }
    },
  }),
  route({
    method: 'get',
    path: '/bots/prices',
    tag: 'bots',
    summary: 'The last prices of every bot as the engine had them, one a candle, since the page is served.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(z.strictObject({ bot_id: botId, points: z.array(z.strictObject({ at_ms: ms, price: z.number() })) })) }),
    example: { path: '/bots/prices' },
    handle: ({ services: { engine, prices } }) => ({ items: engine.state().bots.map(({ id }) => ({ botId: id, points: prices.of(id) })) }),
  }),
]
