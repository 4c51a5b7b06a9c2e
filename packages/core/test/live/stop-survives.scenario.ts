import { limitOrders } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { faultBots } from '../../src/testing/faults/fault-bots.ts'
import type { Engine } from '@millrace/core'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'

/** A bot whose order rests below the market, at a venue that does not answer cancels while it is deaf. */
async function resting(): Promise<{ readonly run: LiveRun; readonly venue: { deaf: boolean } }> {
  const venue = { deaf: true }
  const run = await liveRun({
    bots: faultBots(1, ['BTC-USD']).map((each) => ({ ...each, execution: limitOrders({ offset: '60bps', timeout: '1h' }) })),
    exchange: (inner) => ({ ...inner, cancel: (ref, signal) => (venue.deaf ? new Promise(() => undefined) : inner.cancel(ref, signal)) }),
  })
  await run.minutes(100, 97)
  await run.seconds(2)
  expect(stateOf(run.engine)).toBe('open')
  return { run, venue }
}

const stateOf = (engine: Engine): string => String(engine.rows('orders')[0]!['state'])

/** The run ends before any cancel is proven, and the next one begins at a venue that listens. */
async function stopAndStartAgain(options: { readonly cancelOpenOrders: boolean }): Promise<{ readonly run: LiveRun; readonly engine: Engine }> {
  const { run, venue } = await resting()
  const stopped = run.engine.emergencyStop(options)
  await run.seconds(11)
  expect((await stopped).unresolved).toHaveLength(1)
  await run.engine.stop()
  venue.deaf = false
  const engine = await run.again()
  await run.seconds(2)
  return { run, engine }
}

describe('orders that an emergency stop was to cancel', () => {
  it('[fault 57] are cancelled by the next start when the run ended before that was proven, and stay cancelled', async () => {
    const { run, engine } = await stopAndStartAgain({ cancelOpenOrders: true })
    expect(stateOf(engine)).toBe('cancelled')
    expect(engine.state().tradingState).toBe('halted')
    await engine.stop()
    const third = await run.again()
    expect(third.rows('orders')).toHaveLength(1)
    await third.stop()
  })

  it('[row 29] are told of as critical when the venue does not confirm it for five minutes', async () => {
    const { run } = await resting()
    const stopped = run.engine.emergencyStop({ cancelOpenOrders: true })
    await run.seconds(11)
    await stopped
    await run.seconds(280)
    const told = () => run.engine.state().alerts.filter(({ code }) => code === 'ORDER_UNSETTLED')
    expect(told()).toEqual([])
    await run.seconds(60)
    expect(told()).toMatchObject([{ severity: 'critical', detail: expect.stringContaining('its cancel was asked for') as string }])
    await run.engine.stop()
  })

  it('are left alone when the stop did not ask for it, and so are orders made after the re-arm', async () => {
    const { run, engine } = await stopAndStartAgain({ cancelOpenOrders: false })
    expect(stateOf(engine)).toBe('open')
    await engine.stop()

    const asked = await stopAndStartAgain({ cancelOpenOrders: true })
    const rearmed = asked.engine.rearm()
    await asked.run.seconds(2)
    await rearmed
    await asked.run.minutes(97, 97)
    await asked.run.seconds(2)
    const states = (of: Engine): string[] =>
      of
        .rows('orders')
        .map(({ state }) => String(state))
        .sort()
    expect(states(asked.engine)).toEqual(['cancelled', 'open'])
    await asked.engine.stop()
    const third = await asked.run.again()
    await asked.run.seconds(2)
    expect(states(third)).toEqual(['cancelled', 'open'])
    await third.stop()
    expect(run.venue.ledger.orders.size).toBe(1)
  })
})

describe('the end of a run', () => {
  it('[INC-49] waits for the order that is on its way: its answer is written down before the file is closed, and nothing is sent twice', async () => {
    const run = await liveRun()
    await run.minutes(100)
    let over = false
    void run.minutes(97)
    await until(() => run.engine.rows('orders').length === 1)
    expect(run.engine.rows('orders')).toMatchObject([{ state: 'sent' }])
    const ended = run.engine.stop().then(() => (over = true))
    await Promise.resolve()
    expect(over).toBe(false)
    await run.seconds(2)
    await ended
    const engine = await run.again()
    const entries = engine.read({ limit: 1_000 })
    const [answered, restarted] = [entries.find(({ type }) => type === 'orderEvent')!, entries.findLast(({ type }) => type === 'runStarted')!]
    expect(answered.seq).toBeLessThan(restarted.seq)
    await run.seconds(2)
    expect([engine.rows('orders').length, run.venue.ledger.orders.size, run.venue.probes]).toEqual([1, 1, 0])
    await engine.stop()
  })
})

/** Turns of the process until something is so. */
async function until(done: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1_000 && !done(); turns++) await new Promise((resolve) => setImmediate(resolve))
}
