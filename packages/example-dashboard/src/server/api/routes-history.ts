import type { Analytics, FillRecord, JournalEntry, RoundTripRecord } from '@millrace/core'
import { grades } from '@millrace/core'
import type { Context } from 'hono'
import { z } from 'zod'
import { toWire } from '../wire.ts'
import type { Wire } from '../wire.ts'
import { equityCurve, journalEntry } from './answers.ts'
import { csv } from './csv.ts'
import { pageOfList } from './paging.ts'
import { route } from './route.ts'
import { botId, botPageQuery, count, decimal, ms, pageOf, pageQuery } from './schema-parts.ts'
import { alert, fill, order, position } from './schemas.ts'

/** What happened, as far as people care: no valuations, marks and checkpoints. */
const activityTypes = ['runStarted', 'intent', 'orderEvent', 'fill', 'adjustment', 'command', 'latch', 'alert', 'reconciled', 'adopted'] as const

const entryOf = ({ seq, atMs, type, botId: bot, data }: JournalEntry) => ({ seq, atMs, type, botId: bot, data })

const trip = z
  .strictObject({
    id: z.string(),
    bot_id: botId,
    instrument: z.string(),
    strategy: z.string(),
    closed_by: z.string(),
    opened_at_ms: ms,
    closed_at_ms: ms,
    holding_ms: count,
    entries: z.array(
      z.strictObject({ tranche_id: z.string(), client_order_id: z.string(), number: count, quantity: decimal, value: decimal, fees: decimal, at_ms: ms }),
    ),
    exits: count,
    quantity: decimal,
    average_entry: decimal,
    average_exit: decimal,
    entry_value: decimal,
    exit_value: decimal,
    fees: decimal,
    gross_pnl: decimal,
    pnl: decimal,
    return_percent: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    entry_efficiency: z.number(),
    exit_efficiency: z.number(),
    total_efficiency: z.number(),
    adverse_excursion_percent: z.number(),
    favourable_excursion_percent: z.number(),
    drawdown_percent: z.number(),
    score: z.number(),
    grade: z.enum(grades),
  })
  .meta({ id: 'RoundTrip' }) satisfies z.ZodType<Wire<RoundTripRecord>>

const pnl = { realized_pnl: decimal, fees: decimal, turnover: decimal, fills: count, unrealized_pnl: decimal }
const performance = z
  .strictObject({
    as_of_ms: ms,
    quote_currency: z.string(),
    equity: decimal,
    paid_in: decimal,
    gain: decimal,
    return_percent: z.number(),
    peak: z.number(),
    max_drawdown: z.number(),
    foreign: z.array(z.strictObject({ currency: z.string(), amount: decimal })),
    by_bot: z.array(z.strictObject({ bot_id: botId, ...pnl })),
    by_day: z.array(z.strictObject({ day: z.string(), end_equity: decimal, ...pnl })),
    by_strategy: z.array(z.strictObject({ strategy: z.string(), ...pnl })),
    advice: z.array(
      z.strictObject({ bot_id: botId, code: z.string(), value: z.number(), threshold: z.number(), sample: count, finding: z.string(), action: z.string() }),
    ),
  })
  .meta({ id: 'Performance' })

const performanceOf = ({ curve: _c, statistics: _s, roundTrips: _r, executions: _e, successRate: _u, ...rest }: Analytics) => rest

const ofBot = <T extends { readonly botId: string }>(list: readonly T[], bot: string | undefined): readonly T[] =>
  bot === undefined ? list : list.filter(({ botId: own }) => own === bot)

const csvAnswer = { contentType: 'text/csv; charset=utf-8', description: 'A table; the first line names the columns.' } as const

function download(c: Context, name: string, text: string): Response {
  return c.body(text, 200, { 'content-type': csvAnswer.contentType, 'content-disposition': `attachment; filename="${name}"` })
}

const fillColumns: readonly (keyof Wire<FillRecord>)[] = Object.keys(fill.shape) as never
const tripColumns: readonly (keyof Wire<RoundTripRecord>)[] = Object.keys(trip.shape).filter((name) => name !== 'entries') as never

export const historyRoutes = [
  route({
    method: 'get',
    path: '/positions',
    tag: 'history',
    summary: 'What every bot holds, with its tranches.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(position) }),
    example: { path: '/positions' },
    handle: ({ services }) => ({ items: services.engine.state().bots.map((bot) => bot.position) }),
  }),
  route({
    method: 'get',
    path: '/orders',
    tag: 'history',
    summary: 'Orders as the store has them.',
    guard: 'read',
    query: botPageQuery,
    answer: pageOf(order),
    example: { path: '/orders?limit=20' },
    handle: ({ query, services: { engine } }) => {
      const { bot_id: bot } = query
      const rows = engine.rows('orders').filter((row) => bot === undefined || row['bot_id'] === bot)
      rows.sort((a, b) => Number(b['intent_no']) - Number(a['intent_no']))
      return pageOfList(
        rows.map(({ intent_no: _, ...row }) => row),
        (row) => String(row['client_order_id']),
        query,
      )
    },
  }),
  route({
    method: 'get',
    path: '/fills',
    tag: 'history',
    summary: 'Own executions.',
    guard: 'read',
    query: botPageQuery,
    answer: pageOf(fill),
    example: { path: '/fills?limit=20' },
    handle: ({ query, services }) => pageOfList(ofBot(services.history.fills(), query.bot_id), ({ fillId }) => fillId, query),
  }),
  route({
    method: 'get',
    path: '/fills.csv',
    tag: 'history',
    summary: 'All own executions, for a spreadsheet.',
    guard: 'read',
    answer: csvAnswer,
    example: { path: '/fills.csv' },
    handle: ({ services, c }) => download(c, 'fills.csv', csv(toWire(services.history.fills()), fillColumns)),
  }),
  route({
    method: 'get',
    path: '/round-trips',
    tag: 'history',
    summary: 'From the first fill of a position until its bot was flat, with efficiency and grade.',
    guard: 'read',
    query: botPageQuery,
    answer: pageOf(trip),
    example: { path: '/round-trips?limit=20' },
    handle: ({ query, services }) => pageOfList(ofBot(services.engine.analytics().roundTrips, query.bot_id).toReversed(), ({ id }) => id, query),
  }),
  route({
    method: 'get',
    path: '/round-trips.csv',
    tag: 'history',
    summary: 'All round trips, for a spreadsheet.',
    guard: 'read',
    answer: csvAnswer,
    example: { path: '/round-trips.csv' },
    handle: ({ services, c }) => download(c, 'round-trips.csv', csv(toWire(services.engine.analytics().roundTrips), tripColumns)),
  }),
  route({
    method: 'get',
    path: '/equity',
    tag: 'history',
    summary: 'The equity curve, oldest first: valuations of the ledger, nothing in between is made up.',
    guard: 'read',
    answer: equityCurve,
    example: { path: '/equity' },
    handle: ({ services }) => {
      const { curve, quoteCurrency } = services.engine.analytics()
      return { quoteCurrency, points: curve }
    },
  }),
  route({
    method: 'get',
    path: '/performance',
    tag: 'history',
    summary: 'P&L by bot, day and strategy, and advice that names its rule.',
    guard: 'read',
    answer: performance,
    example: { path: '/performance' },
    handle: ({ services }) => performanceOf(services.engine.analytics()),
  }),
  route({
    method: 'get',
    path: '/alerts',
    tag: 'history',
    summary: 'What a person should know: the last 50.',
    guard: 'read',
    answer: z.strictObject({ items: z.array(alert) }),
    example: { path: '/alerts' },
    handle: ({ services }) => ({ items: services.engine.state().alerts }),
  }),
  route({
    method: 'get',
    path: '/activity',
    tag: 'history',
    summary: 'What happened, newest first, in the order of the journal: orders, fills, commands, latches, alerts.',
    guard: 'read',
    query: pageQuery,
    answer: pageOf(journalEntry),
    example: { path: '/activity?limit=20' },
    handle: ({ query, services }) => {
      const page = services.history.entries({ types: activityTypes }, query)
      return { ...page, items: page.items.map(entryOf) }
    },
  }),
]
