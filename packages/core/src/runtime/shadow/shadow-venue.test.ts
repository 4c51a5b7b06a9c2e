import { describe, expect, it } from 'vitest'
import { paper } from '../../simulation/paper.ts'
import { simulatedMarket } from '../../simulation/simulated-market/simulated-market.ts'
import { runSchedule } from '../../testing/faults/schedule.ts'
import type { EngineParts } from '../../testing/faults/schedule.ts'
import { createEngine } from '../create-engine.ts'
import { shadowVenue } from './shadow-venue.ts'
import type { ShadowVenue } from './shadow-venue.ts'
import { solBot } from '../sol-bot.fixture.ts'

async function run(shadow: ShadowVenue | undefined, slippageBps = 0) {
  const engine = createEngine({
    market: simulatedMarket({ seed: 5, until: '6h', speed: 'max', instruments: ['SOL-USD'] }),
    exchange: paper({ cash: { USD: '1000' }, slippageBps }),
    bots: [solBot()],
    safety: [],
    environment: 'backtest',
    ...(shadow === undefined ? {} : { shadow }),
  })
  await engine.start()
  return engine.finished
}

describe('a shadow', () => {
  it('changes nothing, and with the same model says the same to the last digit', async () => {
    const shadow = shadowVenue({ cash: { USD: '1000' }, slippageBps: 0 })
    const { journalHash, orders } = await run(shadow)
    expect((await run(undefined)).journalHash).toBe(journalHash)
    expect(shadow.orders()).toHaveLength(orders)
    expect(orders).toBeGreaterThan(5)
    for (const order of shadow.orders()) {
      const { state, reason, ...shadowed } = order.shadow
      expect([state, reason, order.worseBps]).toEqual(['filled', undefined, 0])
      expect(shadowed).toEqual(order.venue)
    }
  })
  it('measures how much kinder it is, for purchases and sales alike', async () => {
    const shadow = shadowVenue({ cash: { USD: '1000' }, slippageBps: 5 })
    await run(shadow, 20)
    expect(new Set(shadow.orders().map(({ side }) => side))).toEqual(new Set(['buy', 'sell']))
    // Increments round both: a cent on a price of 150 is two thirds of a basis point.
    for (const { worseBps } of shadow.orders()) expect(Math.abs(worseBps! - 15)).toBeLessThan(1.5)
  })
  it('has money of its own: what it cannot pay it rejects, and says why', async () => {
    const shadow = shadowVenue({ cash: { USD: '1' } })
    await run(shadow)
    expect(shadow.orders()[0]).toMatchObject({ side: 'buy', shadow: { state: 'rejected', reason: 'INSUFFICIENT_FUND', price: undefined }, worseBps: undefined })
    expect(() => shadowVenue({ cash: { USD: '-1' }, slippageBps: -1 })).toThrow(/shadow.slippageBps/)
  })
  it('runs beside a real exchange that fails in every way, without a difference to the account', async () => {
    const shadows: ShadowVenue[] = []
    const beside = (parts: EngineParts): EngineParts => {
      shadows.push(shadowVenue({ cash: { USD: '500' } }))
      return { ...parts, shadow: shadows.at(-1)! }
    }
    const own = await runSchedule({ seed: 4, minutes: 12 })
    expect(await runSchedule({ seed: 4, minutes: 12, sabotage: beside })).toEqual(own)
    expect(
      shadows.flatMap((shadow) => shadow.orders()).filter(({ venue, shadow }) => venue.price !== undefined && shadow.price !== undefined).length,
    ).toBeGreaterThan(0)
  })
})
