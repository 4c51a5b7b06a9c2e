import { describe, expect, it } from 'vitest'
import { createEngine, memoryStore, paper } from '@millrace/core'
import { exact } from '../../src/testing/faults/exact.ts'
import { levelBot, handMarket } from '../levels.ts'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'

const triggersOf = ({ engine }: LiveRun): readonly string[] =>
  engine.read({ types: ['reconciled'], limit: 1_000 }).map(({ data }) => (data as { readonly trigger: string }).trigger)

describe('engine.reconcile()', () => {
  it('is the same comparison as that of start, gap, reconnection, timer and re-arm, asked for now', async () => {
    const run = await liveRun()
    await run.minutes(100)
    run.push({ type: 'gap', detail: 'a message is missing' })
    await run.seconds(3)
    run.push({ type: 'ready', detail: 'connected again' })
    await run.seconds(50)
    const stopped = run.engine.emergencyStop()
    await run.seconds(1)
    await stopped
    const rearmed = run.engine.rearm()
    await run.seconds(2)
    await rearmed
    const asked = run.engine.reconcile()
    await run.seconds(2)
    expect(await asked).toMatchObject({ differences: [], corrections: [], mismatch: undefined, unconfirmed: false })
    expect(new Set(triggersOf(run))).toEqual(new Set(['start', 'gap', 'reconnect', 'timer', 'rearm', 'command']))
    await run.engine.stop()
  })

  it('tells a deposit at once, and books it at the second look', async () => {
    const run = await liveRun()
    await run.minutes(100)
    run.venue.ledger.transfer('USD', exact('40'))
    const ask = async () => {
      const asked = run.engine.reconcile()
      await run.seconds(1)
      return asked
    }
    expect(await ask()).toMatchObject({ differences: ['USD: the venue has 540, our books 500'], corrections: [], unconfirmed: true })
    await run.seconds(4.5)
    expect(await ask()).toMatchObject({ corrections: [{ currency: 'USD', amount: '40' }], unconfirmed: false })
    expect(await ask()).toMatchObject({ differences: [], corrections: [] })
    expect(run.engine.state().cash.total).toBe('540')
    await run.engine.stop()
  })

  it('is refused while the venue cannot be asked', async () => {
    let failing = false
    const run = await liveRun({
      exchange: (inner) => ({ ...inner, liveOrders: async () => (failing ? { items: [], complete: false } : inner.liveOrders()) }),
    })
    failing = true
    const asked = run.engine.reconcile().catch((error: unknown) => error)
    await run.seconds(2)
    expect(await asked).toMatchObject({ code: 'RECONCILE_FAILED', message: expect.stringContaining('not complete') as string })
    await run.engine.stop()
  })

  it('on paper holds the books against themselves, and writes nothing', async () => {
    const engine = createEngine({
      market: handMarket(),
      exchange: paper({ cash: { USD: '1000' } }),
      store: memoryStore(),
      bots: [levelBot()],
      environment: 'paper',
    })
    await engine.start()
    const { lastSeq } = engine.state()
    expect(await engine.reconcile()).toMatchObject({ differences: [], mismatch: undefined, unconfirmed: false })
    expect(engine.state().lastSeq).toBe(lastSeq)
    await engine.stop()
    await expect(engine.reconcile()).rejects.toMatchObject({ code: 'NOT_RUNNING' })
  })
})
