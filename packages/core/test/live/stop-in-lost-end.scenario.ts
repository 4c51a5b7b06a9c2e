import type { Engine } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import type { LiveRun } from './live-run.ts'
import { busyRun, codesOf, cutStore, differences } from './lost-end.ts'

describe('an emergency stop in the lost end of a live journal', () => {
  /** Bought, with an order at work, and stopped; `rearmed`: and set going again. What is kept ends before the stop. */
  async function stopped({ rearmed = false, tells = true } = {}): Promise<{ readonly run: LiveRun; readonly engine: Engine }> {
    const run = await busyRun()
    const kept = run.engine.read({ limit: 10_000 }).length
    const stop = run.engine.emergencyStop()
    await run.seconds(2)
    await stop
    if (rearmed) {
      const done = run.engine.rearm()
      await run.seconds(10)
      await done
    }
    const journal = run.engine.read({ limit: 10_000 })
    await run.engine.stop()
    const engine = await run.again({ store: cutStore(journal, kept, tells) })
    await run.seconds(20)
    return { run, engine }
  }

  it.each([true, false])(
    'halts again before anything leaves, also when nobody knows of it (told: %s); a re-arm holds the books against the venue',
    async (tells) => {
      const { run, engine } = await stopped({ tells })
      const orders = run.venue.ledger.orders.size
      await run.minutes(110, 97, 90, 110)
      await run.seconds(5)
      expect([engine.state().tradingState, run.venue.ledger.orders.size]).toEqual(['halted', orders])
      expect(codesOf(engine)).toEqual(expect.arrayContaining(['JOURNAL_TAIL_LOST', 'EMERGENCY_STOP']))
      expect(differences(run, engine)).toEqual([])
      const rearmed = engine.rearm()
      await run.seconds(10)
      await rearmed
      await run.minutes(97, 110)
      await run.seconds(5)
      expect([engine.state().tradingState, run.venue.ledger.orders.size > orders]).toEqual(['active', true])
      await engine.stop()
    },
  )

  it('that was re-armed there does not come back', async () => {
    const { engine } = await stopped({ rearmed: true })
    expect([engine.state().tradingState, codesOf(engine).includes('EMERGENCY_STOP')]).toEqual(['active', false])
    await engine.stop()
  })
})
