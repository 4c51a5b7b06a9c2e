import { ConfigError } from '@millrace/core'
import { z } from 'zod'
import { lockedOut } from '../access/access.ts'
import { Refusal } from '../problem.ts'
import { fromWire } from '../wire.ts'
import { emergencyStopReport, limits, reconcileReport, tradingStateNow } from './answers.ts'
import { botOf } from './routes-bots.ts'
import { route } from './route.ts'
import type { Services } from './services.ts'
import { botId } from './schema-parts.ts'

const confirmed = { confirm: z.literal(true).meta({ description: 'Must be true: nothing happens by accident.' }) }
const parameters = z.record(z.string().regex(/^[a-z0-9_]{1,40}$/), z.union([z.number(), z.string().max(40), z.boolean()]))
const rules = z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), parameters)

const now = ({ engine }: Services) => {
  const { tradingState, tradingStateReason } = engine.state()
  return { tradingState, tradingStateReason }
}

export const controlRoutes = [
  route({
    method: 'post',
    path: '/trades/emergency-stop',
    tag: 'control',
    summary: 'Nothing leaves any more but cancels and an explicit flatten. Never limited. Answers with its proof.',
    guard: 'stop',
    body: z.strictObject({ ...confirmed, cancel_open_orders: z.boolean().default(true) }),
    answer: emergencyStopReport,
    refuses: ['not-running'],
    example: { path: '/trades/emergency-stop', body: { confirm: true } },
    handle: ({ body, services }) => services.engine.emergencyStop({ cancelOpenOrders: body.cancel_open_orders }),
  }),
  route({
    method: 'post',
    path: '/trades/rearm',
    tag: 'control',
    summary: 'The only way back after an emergency stop. Asks for the full token again.',
    guard: 'write',
    body: z.strictObject({ ...confirmed, token: z.string().max(200).meta({ description: 'The full token, typed again.' }) }),
    answer: tradingStateNow,
    refuses: ['wrong-token', 'locked-out', 'engine-refused'],
    example: { path: '/trades/rearm', body: { confirm: true, token: '<the full token>' } },
    handle: async ({ body, services, c }) => {
      const { access, engine } = services
      if (access.lockout.waitMs() > 0) return lockedOut(c, access.lockout)
      if (!access.isFullToken(body.token)) throw new Refusal('wrong-token', 'token: expected the full token of this dashboard, received another one')
      await engine.rearm()
      return now(services)
    },
  }),
  route({
    method: 'post',
    path: '/reconcile',
    tag: 'control',
    summary: "Holds the books against the venue's account now, and tells what differs. On paper there is nothing but the books themselves.",
    guard: 'write',
    answer: reconcileReport,
    refuses: ['engine-refused'],
    example: { path: '/reconcile' },
    handle: ({ services }) => services.engine.reconcile(),
  }),
  route({
    method: 'post',
    path: '/pause',
    tag: 'control',
    summary: 'Entries of all bots off, exits on.',
    guard: 'write',
    answer: tradingStateNow,
    example: { path: '/pause' },
    handle: ({ services }) => {
      services.engine.pause()
      return now(services)
    },
  }),
  route({
    method: 'post',
    path: '/resume',
    tag: 'control',
    summary: 'Ends a pause of all bots. It does not end an emergency stop.',
    guard: 'write',
    answer: tradingStateNow,
    example: { path: '/resume' },
    handle: ({ services }) => {
      services.engine.resume()
      return now(services)
    },
  }),
  route({
    method: 'post',
    path: '/flatten',
    tag: 'control',
    summary: 'Sells what one bot or all bots hold at market, in any trading state.',
    guard: 'write',
    body: z.strictObject({ ...confirmed, bot_id: botId.optional() }),
    answer: tradingStateNow,
    refuses: ['not-found'],
    example: { path: '/flatten', body: { confirm: true, bot_id: 'btc' } },
    handle: ({ body, services }) => {
      if (body.bot_id !== undefined) botOf(services, body.bot_id)
      services.engine.flatten(body.bot_id)
      return now(services)
    },
  }),
  route({
    method: 'patch',
    path: '/limits',
    tag: 'control',
    summary: 'Tightens limits; they loosen only at a new start. Written to the journal and kept. All or nothing.',
    guard: 'write',
    body: z.strictObject({ account: rules.optional(), bots: z.record(botId, rules).optional() }),
    answer: limits,
    refuses: ['limits-refused'],
    example: { path: '/limits', body: { account: { 'daily-loss': { limit: 50 } } } },
    handle: async ({ body, services }) => {
      try {
        return await services.engine.patchLimits(fromWire(body) as never)
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error
        throw new Refusal('limits-refused', 'nothing was changed', { errors: error.problems })
      }
    },
  }),
  route({
    method: 'post',
    path: '/breakers/{id}/reset',
    tag: 'control',
    summary: 'Resets a circuit breaker that only reduces.',
    guard: 'write',
    params: z.strictObject({ id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/) }),
    answer: tradingStateNow,
    refuses: ['engine-refused'],
    example: { path: '/breakers/errorRate/reset' },
    handle: ({ params: { id }, services }) => {
      services.engine.resetBreaker(id)
      return now(services)
    },
  }),
]
