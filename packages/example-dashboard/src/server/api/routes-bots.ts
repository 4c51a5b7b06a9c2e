import type { BotState } from '@millrace/core'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { botEnhanced, botSummary, chart, journalEntry, lifeCycle, temperatures, trade } from './answers.ts'
import { pageOfList } from './paging.ts'
import { route } from './route.ts'
import type { Services } from './services.ts'
import { botId, msText, pageOf, pageQuery } from './schema-parts.ts'
import { botState, decision } from './schemas.ts'

const idParams = z.strictObject({ id: botId })
/** Questions about the past that may be worked on at the same time: each runs a piece of the market again. */
const maxExplains = 2
const DAY_MS = 86_400_000

/** @throws Refusal when there is no such bot */
export function botOf({ engine }: Services, id: string): BotState {
  const bots = engine.state().bots
  const bot = bots.find((each) => each.id === id)
  if (bot === undefined) throw new Refusal('not-found', `there is no bot ${JSON.stringify(id)}: there are ${bots.map((each) => each.id).join(', ')}`)
  return bot
}

const summaryOf = (bot: BotState) => ({
  id: bot.id,
  pair: bot.instrument,
  status: bot.paused ? 'paused' : 'running',
  currentCombinedScore: bot.score,
  temperature: bot.temperature,
  action: bot.action,
  price: bot.price,
  canTrade: bot.readiness.canTrade,
  blockingReason: bot.readiness.blockers[0]?.code,
})

const enhancedOf = (bot: BotState) => ({
  ...summaryOf(bot),
  confirmation: bot.confirmation,
  tradeReadiness: bot.readiness,
  blocker: bot.blocker,
  position: bot.position,
  lastDecision: { outcome: bot.outcome, atMs: bot.readiness.atMs },
  lastTrade: bot.lastFill,
  tradesToday: bot.tradesToday,
})

const lifeCycleRoute = (verb: 'start' | 'stop') =>
  route({
    method: 'post',
    path: `/bots/{id}/${verb}`,
    tag: 'bots',
    summary: verb === 'start' ? 'Lets a bot make entries again. Idempotent.' : 'Entries of a bot off; its exits stay on. Idempotent.',
    guard: 'write',
    params: idParams,
    answer: lifeCycle,
    refuses: ['not-found'],
    example: { path: `/bots/btc/${verb}` },
    handle: ({ params: { id }, services }) => {
      const wanted = verb === 'stop'
      const changed = botOf(services, id).paused !== wanted
      if (changed && wanted) services.engine.pause(id)
      else if (changed) services.engine.resume(id)
      return { botId: id, status: wanted ? 'paused' : 'running', changed }
    },
  })

const allRoute = (verb: 'start' | 'stop') =>
  route({
    method: 'post',
    path: `/bots/${verb}-all`,
    tag: 'bots',
    summary: verb === 'start' ? 'Lets every bot make entries again.' : 'Entries of every bot off; exits stay on.',
    guard: 'write',
    answer: z.strictObject({ items: z.array(lifeCycle) }),
    example: { path: `/bots/${verb}-all` },
    handle: ({ services: { engine } }) => {
      const wanted = verb === 'stop'
      const items = engine.state().bots.map(({ id, paused }) => {
        const changed = paused !== wanted
        if (changed && wanted) engine.pause(id)
        else if (changed) engine.resume(id)
        return { botId: id, status: wanted ? 'paused' : 'running', changed }
      })
      return { items }
    },
  })

export const botRoutes = [
  route({
    method: 'get',
    path: '/bots',
    tag: 'bots',
    summary: 'All bots with everything that is known of them.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(botState) }),
    example: { path: '/bots' },
    handle: ({ services }) => ({ items: services.engine.state().bots }),
  }),
  route({
    method: 'get',
    path: '/bots/status/summary',
    tag: 'bots',
    summary: 'Temperature, score and readiness of every bot.',
    guard: 'read',
    answer: z.strictObject({ bots: z.array(botSummary), temperatures }),
    example: { path: '/bots/status/summary' },
    handle: ({ services }) => {
      const { bots } = services.engine.state()
      const counts = { hot: 0, warm: 0, cool: 0, frozen: 0 }
      for (const { temperature } of bots) counts[temperature]++
      return { bots: bots.map(summaryOf), temperatures: counts }
    },
  }),
  route({
    method: 'get',
    path: '/bots/status/enhanced',
    tag: 'bots',
    summary: 'The same with readiness, position, confirmation and last trade.',
    guard: 'read',
    answer: z.strictObject({ bots: z.array(botEnhanced) }),
    example: { path: '/bots/status/enhanced' },
    handle: ({ services }) => ({ bots: services.engine.state().bots.map(enhancedOf) }),
  }),
  allRoute('start'),
  allRoute('stop'),
  route({
    method: 'get',
    path: '/bots/{id}',
    tag: 'bots',
    summary: 'One bot.',
    guard: 'read',
    params: idParams,
    answer: botState,
    refuses: ['not-found'],
    example: { path: '/bots/btc' },
    handle: ({ params: { id }, services }) => botOf(services, id),
  }),
  lifeCycleRoute('start'),
  lifeCycleRoute('stop'),
  route({
    method: 'get',
    path: '/bots/{id}/explain',
    tag: 'bots',
    summary: 'The decision in place, or the one at a moment: readings, every verdict with its margin, and the nearest change that would have made it trade.',
    guard: 'read',
    params: idParams,
    query: z.strictObject({ at: msText.optional() }),
    answer: decision,
    refuses: ['not-found', 'engine-refused', 'too-many-explains'],
    example: { path: '/bots/btc/explain' },
    handle: ({ params: { id }, query: { at }, services }) => (at === undefined ? services.engine.explain(id) : explainPast(services, id, at)),
  }),
  route({
    method: 'get',
    path: '/bots/{id}/decisions',
    tag: 'bots',
    summary: 'What the journal keeps of the bot: decisions that led to orders, and every change of its level.',
    guard: 'read',
    params: idParams,
    query: pageQuery,
    answer: pageOf(journalEntry),
    refuses: ['not-found'],
    example: { path: '/bots/btc/decisions?limit=20' },
    handle: ({ params: { id }, query, services }) => {
      botOf(services, id)
      const page = services.history.entries({ types: ['decision', 'blockerChanged'], botId: id }, query)
      return { ...page, items: page.items.map(({ seq, atMs, type, botId: bot, data }) => ({ seq, atMs, type, botId: bot, data })) }
    },
  }),
  route({
    method: 'get',
    path: '/bots/{id}/candles',
    tag: 'bots',
    summary: "Closed candles with the readings of the strategy's own indicators; the last day when no times are given, at most 1,500 candles.",
    guard: 'read',
    params: idParams,
    query: z.strictObject({ from: msText.optional(), to: msText.optional() }),
    answer: chart,
    refuses: ['not-found'],
    example: { path: '/bots/btc/candles' },
    handle: ({ params: { id }, query, services: { engine } }) => {
      const toMs = query.to ?? engine.state().nowMs
      const fromMs = query.from ?? toMs - DAY_MS
      if (fromMs >= toMs) throw new Refusal('query-invalid', `from: expected a moment before to (${toMs}), received ${fromMs}`)
      return engine.chart(id, { fromMs: fromMs as never, toMs: toMs as never })
    },
  }),
  route({
    method: 'get',
    path: '/bots/{id}/trades',
    tag: 'bots',
    summary: 'Orders of the bot as trades.',
    guard: 'read',
    params: idParams,
    query: pageQuery,
    answer: pageOf(trade),
    refuses: ['not-found'],
    example: { path: '/bots/btc/trades' },
    handle: ({ params: { id }, query, services }) => {
      botOf(services, id)
      return pageOfList(
        services.history.trades().filter((trade) => trade.botId === id),
        ({ tradeId }) => tradeId,
        query,
      )
    },
  }),
]

async function explainPast({ engine, counter }: Services, id: string, at: number): Promise<unknown> {
  if (counter.explains >= maxExplains) throw new Refusal('too-many-explains', `at most ${maxExplains} at a time`)
  counter.explains += 1
  try {
    return await engine.explain(id, { at: at as never })
  } finally {
    counter.explains -= 1
  }
}
