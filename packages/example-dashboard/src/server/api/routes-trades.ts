import type { TradeReport, TradeWish } from '@millrace/core'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { limits, safetyStatus, trade, tradeStats } from './answers.ts'
import { botOf } from './routes-bots.ts'
import { pageOfList } from './paging.ts'
import { route } from './route.ts'
import type { Services } from './services.ts'
import { botId, decimal, pageOf, pageQuery, side } from './schema-parts.ts'
import { order, tradePlan } from './schemas.ts'

const wishBody = z
  .strictObject({
    bot_id: botId,
    action: side,
    amount: decimal.optional().meta({ description: 'Of a buy: quote amount that leaves, fee included. Left out: the size is the one of the bot.' }),
    share: z.number().gt(0).max(1).optional().meta({ description: 'Of a sale: share of the position; all of it when left out.' }),
  })
  .meta({ id: 'TradeWish' })

const wishOf = (body: z.output<typeof wishBody>): TradeWish => ({
  botId: body.bot_id,
  side: body.action,
  ...(body.amount === undefined ? {} : { quoteAmount: body.amount }),
  ...(body.share === undefined ? {} : { share: body.share }),
})

const tradeReport = z
  .strictObject({ executed: z.boolean(), simulated: z.literal(false), trade_id: z.string().nullable(), plan: tradePlan.nullable(), order: order.nullable() })
  .meta({ id: 'TradeReport' })

const report = ({ plan, order: made }: Partial<TradeReport>) => ({
  executed: made !== undefined,
  simulated: false,
  tradeId: made?.clientOrderId,
  plan,
  order: made,
})

/** The order of a wish that was carried out under this key before, perhaps in an earlier run. */
function earlier({ engine }: Services, key: string, wish: TradeWish): ReturnType<typeof report> | undefined {
  const command = engine
    .read({ types: ['command'], limit: 100_000 })
    .findLast(({ data }) => (data as { payload?: { requestId?: string } }).payload?.requestId === key)
  if (command === undefined) return undefined
  const { kind: _, requestId: __, ...made } = (command.data as unknown as { payload: TradeWish & { kind: string } }).payload
  if (JSON.stringify(sorted(made)) !== JSON.stringify(sorted(wish))) throw new Refusal('key-reused', 'this idempotency key belongs to another trade')
  const intent = engine.read({ types: ['intent'], botId: wish.botId, afterSeq: command.seq, limit: 1 })[0]
  const { clientOrderId, origin } = (intent?.data ?? {}) as { readonly clientOrderId?: string; readonly origin?: string }
  if (intent === undefined || intent.atMs !== command.atMs || origin !== 'manual' || clientOrderId === undefined) return report({})
  const row = engine.rows('orders').find((each) => each['client_order_id'] === clientOrderId)
  const { intent_no: _no, ...shown } = row ?? {}
  return { ...report({}), executed: true, tradeId: clientOrderId, order: shown as never }
}

const sorted = (value: object): [string, unknown][] => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))

const wrong = (error: unknown): never => {
  if (error instanceof RangeError)
    throw new Refusal('body-invalid', error.message, { errors: [{ path: error.message.split(':')[0]!, message: error.message }] })
  throw error
}

export const tradeRoutes = [
  route({
    method: 'post',
    path: '/trades/execute',
    tag: 'trades',
    summary: 'Trades because a person asks for it: through every gate and rule, without confirmation. A refusal is an answer: executed is false.',
    guard: 'write',
    body: wishBody,
    idempotency: 'required',
    answer: tradeReport,
    refuses: ['not-found', 'body-invalid', 'idempotency-key', 'key-reused'],
    example: { path: '/trades/execute', body: { bot_id: 'btc', action: 'buy', amount: '10.00' } },
    handle: async ({ body, services, c }) => {
      const wish = wishOf(body)
      botOf(services, wish.botId)
      const requestId = c.req.header('idempotency-key')!
      const before = earlier(services, requestId, wish)
      return before ?? report(await services.engine.trade({ ...wish, requestId }).catch(wrong))
    },
  }),
  route({
    method: 'post',
    path: '/trades/validate-trade',
    tag: 'trades',
    summary: 'What would come of a trade: the verdict of every rule, and the order. Changes nothing.',
    guard: 'read',
    body: wishBody,
    answer: tradePlan,
    refuses: ['not-found', 'body-invalid'],
    example: { path: '/trades/validate-trade', body: { bot_id: 'btc', action: 'buy' } },
    handle: ({ body, services }) => {
      botOf(services, body.bot_id)
      try {
        return services.engine.planTrade(wishOf(body))
      } catch (error) {
        return wrong(error)
      }
    },
  }),
  route({
    method: 'post',
    path: '/bot-evaluation/{id}/simulate-automatic-trade',
    tag: 'trades',
    summary: 'The trade a bot would make now, looked at and not made.',
    guard: 'read',
    params: z.strictObject({ id: botId }),
    query: z.strictObject({ action: side }),
    answer: z.strictObject({ simulated: z.literal(true), plan: tradePlan }),
    refuses: ['not-found', 'query-invalid'],
    example: { path: '/bot-evaluation/btc/simulate-automatic-trade?action=buy' },
    handle: ({ params: { id }, query: { action }, services }) => {
      botOf(services, id)
      return { simulated: true, plan: services.engine.planTrade({ botId: id, side: action }) }
    },
  }),
  route({
    method: 'get',
    path: '/trades',
    tag: 'trades',
    summary: 'Every order as a trade.',
    guard: 'read',
    query: pageQuery,
    answer: pageOf(trade),
    example: { path: '/trades?limit=20' },
    handle: ({ query, services }) => pageOfList(services.history.trades(), ({ tradeId }) => tradeId, query),
  }),
  route({
    method: 'get',
    path: '/trades/stats',
    tag: 'trades',
    summary: 'Counts per status, and the success rate with both its numbers.',
    guard: 'read',
    answer: tradeStats,
    example: { path: '/trades/stats' },
    handle: ({ services }) => statsOf(services),
  }),
  route({
    method: 'get',
    path: '/trades/safety-status',
    tag: 'trades',
    summary: 'Limits in force, what is used and what is left, breakers, unknown orders.',
    guard: 'read',
    answer: safetyStatus,
    example: { path: '/trades/safety-status' },
    handle: ({ services }) => safetyOf(services),
  }),
  route({
    method: 'get',
    path: '/trades/status/{trade_id}',
    tag: 'trades',
    summary: 'One trade, as it is now.',
    guard: 'read',
    params: z.strictObject({ trade_id: z.string().regex(/^[A-Za-z0-9-]{1,64}$/) }),
    answer: trade,
    refuses: ['not-found'],
    example: { path: '/trades/status/5f3c0b8e-0000-4000-8000-000000000001' },
    handle: ({ params, services }) => {
      const found = services.history.trade(params.trade_id)
      if (found === undefined) throw new Refusal('not-found', `there is no trade ${params.trade_id}`)
      return found
    },
  }),
  route({
    method: 'get',
    path: '/trades/recent/{bot_id}',
    tag: 'trades',
    summary: 'The last trades of a bot, newest first.',
    guard: 'read',
    params: z.strictObject({ bot_id: botId }),
    query: pageQuery,
    answer: pageOf(trade),
    refuses: ['not-found'],
    example: { path: '/trades/recent/btc' },
    handle: ({ params, query, services }) => {
      botOf(services, params.bot_id)
      const own = services.history.trades().filter((each) => each.botId === params.bot_id)
      return pageOfList(own, ({ tradeId }) => tradeId, query)
    },
  }),
  route({
    method: 'get',
    path: '/limits',
    tag: 'control',
    summary: 'Every limit in force, with its hash.',
    guard: 'read',
    answer: limits,
    example: { path: '/limits' },
    handle: ({ services }) => services.engine.limits(),
  }),
]

function statsOf({ engine, history }: Services): unknown {
  const trades = history.trades()
  const byStatus = [...Map.groupBy(trades, ({ status }) => status)].map(([status, list]) => ({ status, count: list.length }))
  const { successRate, statistics } = engine.analytics()
  const totals = engine.state()
  return {
    total: trades.length,
    byStatus,
    byAction: { buy: trades.filter(({ action }) => action === 'buy').length, sell: trades.filter(({ action }) => action === 'sell').length },
    submitted: successRate.submitted,
    filled: successRate.filled,
    successRate: successRate.rate,
    realizedPnl: totals.realizedPnl,
    fees: totals.fees,
    turnover: history.turnover(),
    roundTrips: { count: statistics.count, wins: statistics.wins, losses: statistics.losses, winRate: statistics.winRate },
  }
}

function safetyOf({ engine }: Services): unknown {
  const { tradingState, tradingStateReason, today, breakers, bots } = engine.state()
  return {
    tradingState,
    tradingStateReason,
    today,
    breakers,
    unknownOrders: bots.flatMap(({ workingOrder }) => (workingOrder?.state === 'unknown' ? [workingOrder.clientOrderId] : [])),
    limits: engine.limits(),
    bots: bots.map(({ id, readiness, tradesToday }) => ({
      botId: id,
      canTrade: readiness.canTrade,
      blockingReason: readiness.blockers[0]?.code,
      tradesToday,
      remaining: engine.explain(id).verdicts.map((verdict) => ({
        rule: verdict.ruleId,
        kind: verdict.kind,
        margin: verdict.margin,
        detail: verdict.kind === 'allow' ? undefined : verdict.detail,
      })),
    })),
  }
}
