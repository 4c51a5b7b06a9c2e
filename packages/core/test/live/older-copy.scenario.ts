import type { Engine, Exchange } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import type { LiveRun } from './live-run.ts'
import { busyRun, codesOf, differences, olderCopy } from './lost-end.ts'

/** Starts on a copy of a busy run's journal that has this share of it, some time after its end. */
async function startOnCopy(
  share: number,
  { pauseS = 300, exchange = (inner: Exchange) => inner } = {},
): Promise<{ readonly run: LiveRun; readonly engine: Engine }> {
  const run = await busyRun({ exchange })
  const journal = run.engine.read({ limit: 10_000 })
  await run.engine.stop()
  await run.seconds(pauseS)
  const engine = await run.again({ store: olderCopy(journal, Math.floor(journal.length * share)) })
  await run.seconds(20)
  return { run, engine }
}

describe('an older copy of a database, with the high-water file of the same day', () => {
  it.each([0.3, 0.6, 0.9])('[fault 46] is found out by the orders that the venue has, and healed from there (%d of it)', async (share) => {
    const { run, engine } = await startOnCopy(share)
    expect(codesOf(engine).filter((code) => /^(EXTERNAL|LEDGER|ORDER_NOT|LATE)/.test(code))).toEqual([])
    expect(differences(run, engine)).toEqual([])
    expect(codesOf(engine)).toEqual(expect.arrayContaining(['JOURNAL_TAIL_LOST', 'EMERGENCY_STOP']))
    // Nobody knows whether there was a stop: a person looks, and no id comes again.
    expect(engine.state().tradingState).toBe('halted')
    const before = new Set([...run.venue.ledger.orders.values()].map(({ clientOrderId }) => clientOrderId))
    const rearmed = engine.rearm()
    await run.seconds(10)
    await rearmed
    await run.minutes(97, 103, 97)
    await run.seconds(5)
    const made = [...run.venue.ledger.orders.values()].filter(({ clientOrderId }) => !before.has(clientOrderId))
    expect(made.length).toBeGreaterThan(0)
    expect(differences(run, engine).filter((words) => !words.includes('stuck'))).toEqual([])
    await engine.stop()
  })

  it('is not looked for where the journal ends a moment ago, nor found where nothing is missing', async () => {
    let asked = 0
    const counted = (inner: Exchange): Exchange => ({ ...inner, orderHistory: async (sinceMs) => (asked++, inner.orderHistory!(sinceMs)) })
    const soon = await startOnCopy(1, { pauseS: 60, exchange: counted })
    expect([asked, soon.engine.state().tradingState]).toEqual([0, 'active'])
    await soon.engine.stop()
    // A whole one, and whoever was away for a while.
    const late = await startOnCopy(1, { exchange: counted })
    expect([asked, late.engine.state().tradingState, codesOf(late.engine).filter((code) => code !== 'ORDER_UNKNOWN')]).toEqual([1, 'active', []])
    await late.engine.stop()
  })

  it('is said to be possible where the venue does not tell; the run starts', async () => {
    const { engine } = await startOnCopy(1, { exchange: (inner) => ({ ...inner, orderHistory: async () => ({ items: [], complete: false }) }) })
    const { alerts, tradingState } = engine.state()
    expect([tradingState, alerts.filter(({ code }) => code === 'LINK_ERROR').length]).toEqual(['active', 1])
    await engine.stop()
  })
})
