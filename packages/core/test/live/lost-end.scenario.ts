import { limitOrders } from '@millrace/core'
import type { Engine, JournalEntry } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { faultBots } from '../../src/testing/faults/fault-bots.ts'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'
import { busyRun, codesOf, cutStore, differences } from './lost-end.ts'

/** Starts on what is left of a run's journal, at the venue that remembers all of it. */
async function startOnRest(run: LiveRun, keep: (journal: readonly JournalEntry[]) => number): Promise<Engine> {
  const journal = run.engine.read({ limit: 10_000 })
  await run.engine.stop()
  const engine = await run.again({ store: cutStore(journal, keep(journal)) })
  await run.seconds(20)
  return engine
}

describe('a live journal that lost its end', () => {
  it(
    '[fault 44] [fault 46] is healed from the venue wherever it was cut: every own order is known again, nothing is taken for somebody else’s',
    { timeout: 60_000 },
    async () => {
      const whole = await busyRun()
      const entries = whole.engine.read({ limit: 10_000 })
      await whole.engine.stop()
      const firstGate = entries.find(({ type }) => type === 'reconciled')!.seq
      const seen = new Set<string>()
      for (let kept = firstGate; kept < entries.length; kept += 3) {
        const run = await busyRun()
        const engine = await startOnRest(run, () => kept)
        expect([kept, differences(run, engine)]).toEqual([kept, []])
        const codes = codesOf(engine)
        expect([kept, codes.filter((code) => /^(EXTERNAL|LEDGER|ORDER_NOT|LATE)/.test(code))]).toEqual([kept, []])
        for (const code of codes) seen.add(code)
        expect([...run.venue.ledger.orders.values()].filter(({ state }) => state === 'open')).toEqual([])
        await engine.stop()
      }
      expect([...seen]).toEqual(expect.arrayContaining(['JOURNAL_TAIL_LOST', 'ORDER_RECOVERED']))
    },
  )

  it('of which nothing is left begins anew with the balances of the venue, and books nothing a second time', async () => {
    const run = await busyRun()
    const engine = await startOnRest(run, () => 0)
    await run.seconds(240)
    expect(codesOf(engine)).toContain('JOURNAL_TAIL_LOST')
    expect(codesOf(engine)).not.toContain('ORDER_RECOVERED')
    expect(engine.rows('fills')).toEqual([])
    expect(differences(run, engine).filter((words) => words.includes('ledger'))).toEqual([])
    await engine.stop()
  })

  it('is healed only where the venue tells what became of orders: another one’s fills are told as somebody else’s, after a while', async () => {
    const run = await busyRun({ exchange: ({ orderHistory: _, ...inner }) => inner })
    const engine = await startOnRest(run, (journal) => journal.find(({ type }) => type === 'intent')!.seq - 1)
    expect(differences(run, engine).length).toBeGreaterThan(0)
    expect(codesOf(engine)).not.toContain('EXTERNAL_FILL')
    await run.seconds(240)
    expect(codesOf(engine)).toEqual(expect.arrayContaining(['JOURNAL_TAIL_LOST', 'EXTERNAL_FILL']))
    await engine.stop()
  })

  it('whose bot has another name since is healed all the same: the one that adopts it has its orders', async () => {
    const [old] = faultBots(1, ['BTC-USD'])
    const run = await liveRun({ bots: [old!] })
    await run.minutes(100, 97)
    await run.seconds(2)
    await run.minutes(96.9)
    await run.seconds(2)
    const journal = run.engine.read({ limit: 10_000 })
    await run.engine.stop()
    const store = cutStore(journal, journal.filter(({ type }) => type === 'intent')[1]!.seq - 1)
    const engine = await run.again({ store, bots: [{ ...old!, id: 'renamed', adopt: old!.id }] })
    await run.seconds(20)
    expect(engine.read({ types: ['intent'], limit: 9 }).map(({ botId }) => botId)).toEqual(['bot-0', 'renamed'])
    expect(differences(run, engine)).toEqual([])
    await engine.stop()
  })

  it('still knows the owner’s trades for what they are, and trades on under new ids', async () => {
    const faults = { manualTrade: 0 }
    const run = await busyRun({ faults })
    const before = new Set([...run.venue.ledger.orders.values()].map(({ clientOrderId }) => clientOrderId))
    const engine = await startOnRest(run, (journal) => journal.find(({ type }) => type === 'intent')!.seq)
    faults.manualTrade = 1
    await run.minutes(100)
    faults.manualTrade = 0
    await run.seconds(240)
    expect(codesOf(engine)).toEqual(expect.arrayContaining(['EXTERNAL_ORDER', 'EXTERNAL_FILL']))
    await run.minutes(110, 97)
    await run.seconds(5)
    const made = [...run.venue.ledger.orders.values()].filter(({ clientOrderId }) => !before.has(clientOrderId) && !clientOrderId.startsWith('by-hand'))
    expect(made.length).toBeGreaterThan(0)
    expect(differences(run, engine).filter((words) => !words.includes('stuck'))).toEqual([])
    await engine.stop()
  })
})

describe('a lost order that the venue shows late', () => {
  const patient = faultBots(1, ['BTC-USD']).map((each) => ({ ...each, execution: limitOrders({ offset: '60bps', timeout: '1h' }) }))

  /** The only order of the run, lost with its intent and kept from all lists by the venue; `show` ends that. */
  async function hidden(...prices: readonly number[]): Promise<{ readonly run: LiveRun; readonly engine: Engine; readonly show: () => void }> {
    const run = await liveRun({ bots: patient })
    await run.minutes(100, 97, ...prices)
    await run.seconds(2)
    const [order] = run.venue.ledger.orders.values()
    const fills = run.venue.visibleFills.splice(0)
    run.venue.hidden.add(order!.venueOrderId)
    const engine = await startOnRest(run, (journal) => journal.find(({ type }) => type === 'intent')!.seq - 1)
    const show = (): void => {
      run.venue.hidden.clear()
      run.venue.visibleFills.push(...fills)
    }
    return { run, engine, show }
  }

  it('is cancelled like those that were seen at once', async () => {
    const { run, engine, show } = await hidden()
    await run.minutes(100)
    show()
    await run.seconds(50)
    expect(engine.rows('orders')).toMatchObject([{ source: 'recovered', state: 'cancelled' }])
    expect([...run.venue.ledger.orders.values()].map(({ state }) => state)).toEqual(['cancelled'])
    await engine.stop()
  })

  it('takes back what its bot began in the meantime, and is booked before the bot goes on', async () => {
    const { run, engine, show } = await hidden(96)
    await run.minutes(97)
    await run.seconds(2)
    expect(engine.rows('orders')).toMatchObject([{ state: 'open' }])
    show()
    await run.minutes(97, 97, 97, 97, 97)
    const [began, lost, next] = engine
      .read({ types: ['intent'], limit: 10 })
      .map(({ data }) => data as { readonly clientOrderId: string; readonly source: string })
    const states = new Map(engine.rows('orders').map((row) => [row['client_order_id'], row['state']]))
    expect([states.get(began!.clientOrderId), states.get(lost!.clientOrderId), lost!.source]).toEqual(['cancelled', 'filled', 'recovered'])
    expect([next?.source, states.size]).toEqual(['cheapness', 3])
    expect(differences(run, engine).filter((words) => !words.includes('stuck'))).toEqual([])
    expect(codesOf(engine).filter((code) => /^(EXTERNAL|LEDGER|ORDER_NOT|LATE)/.test(code))).toEqual([])
    await engine.stop()
  })

  it('waits for the proof that the one before it never arrived', async () => {
    let refused = 0
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: async (...args) => (refused++ === 0 ? { outcome: 'rejected', code: 'BUSY', detail: 'try again' } : inner.submit(...args)),
      }),
    })
    await run.minutes(100, 97, 97)
    await run.seconds(2)
    const journal = run.engine.read({ limit: 10_000 })
    await run.engine.stop()
    expect(run.venue.ledger.orders.size).toBe(1)
    const engine = await run.again({ store: cutStore(journal, journal.find(({ type }) => type === 'sent')!.seq) })
    await run.seconds(60)
    expect(new Set(engine.rows('orders').map(({ state }) => state))).toEqual(new Set(['rejected', 'filled']))
    expect(engine.rows('orders')).toHaveLength(2)
    expect(differences(run, engine)).toEqual([])
    await engine.stop()
  })

  it('is not overtaken: nothing leaves while nobody knows what became of the order before it', async () => {
    const run = await liveRun()
    await run.minutes(100, 97, 103)
    await run.seconds(2)
    const [bought, sold] = run.venue.ledger.orders.values()
    expect([bought!.side, sold!.side]).toEqual(['buy', 'sell'])
    const journal = run.engine.read({ limit: 10_000 })
    await run.engine.stop()
    const store = cutStore(journal, journal.find(({ type }) => type === 'sent')!.seq)
    const [first] = run.venue.visibleFills.splice(0, 1)
    run.venue.hidden.add(bought!.venueOrderId)
    const engine = await run.again({ store })
    await run.seconds(3)
    expect(engine.rows('orders').map(({ state }) => state)).toEqual(['unknown'])
    // Nobody shut the gate: it was never open, and a person is told why.
    const { alerts } = engine.state()
    expect(alerts.filter(({ code }) => code === 'RECONCILING').map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^nothing leaves yet: order \S+, which the journal lost, /) as string,
    ])
    run.venue.hidden.clear()
    run.venue.visibleFills.unshift(first!)
    await run.seconds(45)
    expect(engine.rows('orders').map(({ state }) => state)).toEqual(['filled', 'filled'])
    expect(differences(run, engine)).toEqual([])
    await engine.stop()
  })
})

describe('a lost sale that the venue shows before the purchase of what it sold', () => {
  /** Bought twice and sold it all; the journal knows the first purchase, and the venue hides the second. */
  async function soldUnseen() {
    const run = await liveRun()
    for (const price of [100, 97, 96.9, 103]) {
      await run.minutes(price)
      await run.seconds(2)
    }
    const [, bought, sold] = run.venue.ledger.orders.values()
    expect([bought!.side, sold!.side]).toEqual(['buy', 'sell'])
    const journal = run.engine.read({ limit: 10_000 })
    await run.engine.stop()
    const store = cutStore(journal, journal.filter(({ type }) => type === 'intent')[1]!.seq - 1)
    const [fill] = run.venue.visibleFills.splice(1, 1)
    run.venue.hidden.add(bought!.venueOrderId)
    const engine = await run.again({ store })
    await run.minutes(97)
    await run.seconds(2)
    expect(engine.rows('orders')).toHaveLength(1)
    const show = (): void => {
      run.venue.hidden.clear()
      run.venue.visibleFills.splice(1, 0, fill!)
    }
    return { run, engine, show }
  }

  it('waits for it, and nothing leaves before', async () => {
    const { run, engine, show } = await soldUnseen()
    show()
    await run.seconds(45)
    expect(engine.rows('orders').map(({ state }) => state)).toEqual(['filled', 'filled', 'filled'])
    expect(differences(run, engine)).toEqual([])
    await engine.stop()
  })

  it('is told of as critical when it was never shown, and halts instead of ending every run', async () => {
    const { run, engine } = await soldUnseen()
    await run.seconds(240)
    expect(codesOf(engine)).toEqual(expect.arrayContaining(['ORDER_NOT_RECOVERED', 'LEDGER_MISMATCH']))
    // Every comparison finds it again; a person is told once.
    expect(codesOf(engine).filter((code) => code === 'ORDER_NOT_RECOVERED')).toHaveLength(1)
    expect(engine.state().tradingState).toBe('halted')
    await engine.stop()
  })
})
