import { bot, environmentGate, fixedSize, marketOrders, tradeSize } from '@millrace/core'
import type { BotConfig, Engine, Exchange } from '@millrace/core'
import { filter } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { faultBots } from '../../src/testing/faults/fault-bots.ts'
import { judge } from '../../src/testing/faults/judge.ts'
import { liveRun } from './live-run.ts'

const STUCK = 217
const [pattern] = faultBots(1, ['BTC-USD']) as readonly [BotConfig]
const crowd = Array.from({ length: STUCK }, (_, i) =>
  bot({
    ...{ id: `bot-${i}`, instrument: 'BTC-USD', timeframe: '1h', strategy: pattern.strategy },
    ...{ sizing: fixedSize(6), exits: [], execution: marketOrders(), safety: [tradeSize(5, 25)] },
  }),
)
const rules = [environmentGate(['live'])]

/** A venue that answers no order and pushes nothing: every second order it has taken all the same. */
interface MuteVenue {
  readonly exchange: Exchange
  listens: boolean
}

function mute(inner: Exchange): MuteVenue {
  let sent = 0
  const venue: MuteVenue = {
    listens: false,
    exchange: {
      ...inner,
      events: () => inner.events().pipe(filter(() => venue.listens)),
      submit: async (...args: Parameters<Exchange['submit']>) => {
        if (venue.listens) return inner.submit(...args)
        if (sent++ % 2 === 0) void inner.submit(...args)
        return new Promise<never>(() => undefined)
      },
    },
  }
  return venue
}

const statesOf = (engine: Engine): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const { state } of engine.rows('orders')) counts[String(state)] = (counts[String(state)] ?? 0) + 1
  return counts
}

describe('orders of which nobody knows what became', () => {
  it(`[row 29] ${STUCK} of them in one database are settled by the next start: what the venue has is booked, what it never had is closed and its money free`, async () => {
    let venue: MuteVenue | undefined
    const run = await liveRun({
      bots: crowd,
      limits: rules,
      breakers: { orderStorm: { window: '1s' } },
      cash: { USD: '5000' },
      exchange: (inner) => (venue ??= mute(inner)).exchange,
    })
    await run.minutes(100)
    for (const [i, { id }] of crowd.entries()) {
      await run.engine.trade({ botId: id, side: 'buy', quoteAmount: '6' })
      if (i % 100 === 99) await run.seconds(2)
    }
    expect(statesOf(run.engine)).toEqual({ sent: STUCK })
    const ended = run.engine.stop()
    await run.seconds(12)
    await ended
    // Too late to send anything again.
    await run.seconds(120)
    venue!.listens = true
    const engine = await run.again()
    await run.seconds(60)
    expect(statesOf(engine)).toEqual({ filled: Math.ceil(STUCK / 2), rejected: Math.floor(STUCK / 2) })
    expect(engine.state().cash.reserved).toBe('0')
    const testimony = { orders: engine.rows('orders'), fills: engine.rows('fills'), balances: engine.rows('balances') }
    expect(judge(run.venue.ledger, testimony, { tradeMax: 25, entries: STUCK })).toEqual([])
    await engine.stop()
  })

  it('[row 29] one that the venue cannot tell of stays unknown, is told as critical, and holds its bot alone', async () => {
    const run = await liveRun({
      bots: faultBots(2, ['BTC-USD']),
      exchange: (inner) => ({
        ...inner,
        submit: (request, ...rest) => (request.botId === 'bot-0' ? new Promise(() => undefined) : inner.submit(request, ...rest)),
        order: async (ref, sentBefore) => (ref.venueOrderId === undefined ? 'unknown' : inner.order(ref, sentBefore)),
      }),
    })
    await run.minutes(100, 97)
    await run.seconds(600)
    const [held, free] = run.engine.state().bots
    expect(held!.workingOrder?.state).toBe('unknown')
    expect(held!.readiness.blockers.map(({ code }) => code)).toContain('UNKNOWN_ORDER')
    expect(run.engine.state().alerts).toContainEqual(expect.objectContaining({ code: 'ORDER_UNKNOWN', severity: 'critical', botId: 'bot-0' }))
    expect([free!.workingOrder, free!.position.status]).toEqual([undefined, 'open'])
    await run.engine.stop()
  })
})
