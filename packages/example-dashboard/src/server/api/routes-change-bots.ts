import { ConfigError } from '@millrace/core'
import type { BotChangeReport, Json } from '@millrace/core'
import { z } from 'zod'
import { Refusal } from '../problem.ts'
import { fromWire, snakeCase } from '../wire.ts'
import { botChange, botsInForce } from './answers.ts'
import { route } from './route.ts'
import { botOf } from './routes-bots.ts'
import { botId } from './schema-parts.ts'

const idParams = z.strictObject({ id: botId })

/** Refuses what the engine refused, with the names that the request used. */
async function changing(change: () => Promise<BotChangeReport>): Promise<BotChangeReport> {
  try {
    const report = await change()
    return { ...report, changes: report.changes.map((each) => ({ ...each, path: snakeCase(each.path) })) }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const errors = error.problems.map((problem) => ({ ...problem, path: snakeCase(problem.path) }))
    throw new Refusal(
      'bot-refused',
      `nothing was changed: ${errors.map(({ path, expected, received }) => `${path}: expected ${expected}, received ${received}`).join('; ')}`,
      { errors },
    )
  }
}

export const changeBotRoutes = [
  route({
    method: 'get',
    path: '/config/bots',
    tag: 'bots',
    summary: 'Every bot as it is now, with what was added and edited while running.',
    guard: 'read',
    answer: botsInForce,
    example: { path: '/config/bots' },
    handle: ({ services: { engine } }) => engine.bots(),
  }),
  route({
    method: 'post',
    path: '/bots',
    tag: 'bots',
    summary:
      'Adds a bot: what would stand in the list of bots of a configuration file, whose defaults it has. Warmed up from the past, journalled, kept over restarts.',
    guard: 'write',
    body: z.looseObject({ id: botId, instrument: z.string().max(41) }),
    answer: botChange,
    refuses: ['bot-refused'],
    example: { path: '/bots', body: { id: 'btc-2', instrument: 'BTC-USD', preset: 'balanced', confirm: '10m' } },
    handle: ({ body, services: { engine } }) => changing(() => engine.addBot(fromWire(body) as Json)),
  }),
  route({
    method: 'patch',
    path: '/bots/{id}',
    tag: 'bots',
    summary:
      'Replaces settings of a bot, each as a whole, from its next candle on. Limits only tighten. All or nothing; journalled, and each kept until the configuration changes it.',
    guard: 'write',
    params: idParams,
    body: z.looseObject({}),
    answer: botChange,
    refuses: ['not-found', 'bot-refused'],
    example: { path: '/bots/btc', body: { confirm: '10m', action_threshold: 0.2 } },
    handle: ({ params: { id }, body, services }) => {
      botOf(services, id)
      return changing(() => services.engine.editBot(id, fromWire(body) as Json))
    },
  }),
  route({
    method: 'delete',
    path: '/bots/{id}',
    tag: 'bots',
    summary:
      'Retires a bot: no entries any more. What it holds goes by its own exits, or at market at once with `close=true`. It is shown as long as it holds something.',
    guard: 'write',
    params: idParams,
    query: z.strictObject({ close: z.enum(['true', 'false']).default('false') }),
    answer: botChange,
    refuses: ['not-found', 'bot-refused'],
    example: { path: '/bots/eth?close=true' },
    handle: ({ params: { id }, query: { close }, services }) => {
      botOf(services, id)
      return changing(() => services.engine.retireBot(id, { close: close === 'true' }))
    },
  }),
]
