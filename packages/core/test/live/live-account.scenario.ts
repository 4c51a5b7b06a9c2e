import { dailyLossLimit, money } from '@millrace/core'
import type { EpochMs } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { BalanceCheck } from '../../src/runtime/live/compare-balances.ts'
import { exact } from '../../src/testing/faults/exact.ts'
import { liveRun } from './live-run.ts'

const alertsOf = (engine: Awaited<ReturnType<typeof liveRun>>['engine']): string[] => engine.state().alerts.map(({ code }) => code)

describe('the comparison of the books', () => {
  it('books a deposit found twice as paid in, never as profit, and a withdrawal as taken out [row 29]', async () => {
    const { engine, venue, seconds, minutes } = await liveRun()
    await minutes(100)
    venue.ledger.transfer('USD', exact('40'))
    await seconds(33)
    expect(engine.state().cash.total).toBe('500')
    await seconds(10)
    expect(engine.state().cash.total).toBe('540')
    expect(engine.state().realizedPnl).toBe('0')
    expect(alertsOf(engine)).toContain('EXTERNAL_BALANCE')
    venue.ledger.transfer('USD', exact('-100'))
    await seconds(60)
    expect(engine.state().cash.total).toBe('440')
    expect(engine.state().tradingState).toBe('active')
  })

  it('[fault 54] halts when coins that a bot holds are gone, refuses the re-arm, and lets it pass when they are back', async () => {
    const { engine, venue, seconds, minutes } = await liveRun()
    await minutes(100, 97)
    await seconds(5)
    expect(engine.state().bots[0]!.position.status).toBe('open')
    const coins = venue.ledger.available('BTC')
    venue.ledger.transfer('BTC', -coins)
    await seconds(70)
    expect(engine.state().tradingState).toBe('halted')
    expect(alertsOf(engine)).toContain('LEDGER_MISMATCH')
    const refused = engine.rearm().catch((error: unknown) => error)
    await seconds(2)
    expect(await refused).toMatchObject({ code: 'RECONCILE_FAILED', message: expect.stringContaining('BTC: the venue has 0') as string })
    venue.ledger.transfer('BTC', coins)
    const rearmed = engine.rearm()
    await seconds(2)
    await rearmed
    expect(engine.state().tradingState).toBe('active')
  })

  it('[fault 27] keeps a trade of the owner apart: alerts, the balance right, no position of a bot', async () => {
    const { engine, seconds, minutes } = await liveRun({ faults: { manualTrade: 1 } })
    await minutes(100)
    await seconds(60)
    expect(alertsOf(engine)).toEqual(expect.arrayContaining(['EXTERNAL_ORDER', 'EXTERNAL_FILL', 'EXTERNAL_BALANCE']))
    expect(engine.state().bots[0]!.position.quantity).toBe('0')
  })

  it('shuts the gate while it fails and opens it with the first success', async () => {
    let failing = false
    const { engine, seconds, minutes } = await liveRun({
      exchange: (inner) => ({ ...inner, liveOrders: async () => (failing ? { items: [], complete: false } : inner.liveOrders()) }),
    })
    await minutes(100)
    failing = true
    await seconds(50)
    await minutes(97)
    await seconds(2)
    expect(engine.rows('orders')).toHaveLength(0)
    expect(engine.state().bots[0]!.readiness.blockers.map(({ code }) => code)).toContain('RECONCILING')
    failing = false
    await seconds(40)
    await minutes(97)
    await seconds(2)
    expect(engine.rows('orders')).toHaveLength(1)
  })

  it('[fault 24] compares at once after a gap, and the gate is open again a moment later', async () => {
    const { engine, push, seconds, minutes } = await liveRun()
    await minutes(100)
    const before = engine.read({ types: ['reconciled'], limit: 100 }).length
    push({ type: 'gap', detail: 'a message is missing' })
    await seconds(3)
    expect(engine.read({ types: ['reconciled'], limit: 100 }).map(({ data }) => (data as { trigger: string }).trigger)).toHaveLength(before + 1)
    expect(engine.state().bots[0]!.readiness.blockers.map(({ code }) => code)).not.toContain('RECONCILING')
  })

  it('a start whose venue cannot be asked is refused, and a later one goes on', async () => {
    let failing = false
    const run = await liveRun({
      exchange: (inner) => ({ ...inner, fills: async (after) => (failing ? { items: [], complete: false, next: undefined } : inner.fills(after)) }),
    })
    await run.minutes(100, 97)
    await run.seconds(5)
    await run.engine.stop()
    failing = true
    await expect(run.again()).rejects.toMatchObject({ code: 'RECONCILE_FAILED' })
    failing = false
    const engine = await run.again()
    expect(engine.state().bots[0]!.position.status).toBe('open')
    await engine.stop()
  })
})

describe('an order that nobody answered', () => {
  it('[row 28] [fault 1] [fault 35] [fault 38] of a run that ended is asked for by the next one, and sent again where repeats are told apart', async () => {
    let lost = true
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: (request, signal, sentBefore) => (lost ? new Promise(() => undefined) : inner.submit(request, signal, sentBefore)),
      }),
    })
    await run.minutes(100, 97)
    await run.seconds(12)
    expect(run.engine.state().bots[0]!.workingOrder?.state).toBe('unknown')
    const ended = run.engine.stop()
    await run.seconds(12)
    await ended
    lost = false
    const engine = await run.again()
    await run.seconds(5)
    expect(engine.rows('orders')).toMatchObject([{ state: 'filled' }])
    expect(run.venue.probes).toBe(1)
    expect(run.venue.ledger.orders.size).toBe(1)
    await engine.stop()
  })

  it('is not sent again while the emergency stop stands', async () => {
    let lost = true
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: async (request, signal, sentBefore) => (lost ? { outcome: 'unknown', cause: 'reset' } : inner.submit(request, signal, sentBefore)),
      }),
    })
    await run.minutes(100, 97)
    const stopped = run.engine.emergencyStop()
    await run.seconds(1)
    expect((await stopped).unresolved).toHaveLength(1)
    lost = false
    await run.seconds(15)
    expect(run.venue.probes).toBe(0)
    // The venue proves that it never came.
    await run.seconds(30)
    expect(run.engine.rows('orders')).toMatchObject([{ state: 'rejected', reason: expect.stringContaining('NEVER_ARRIVED') as string }])
  })

  it('a refusal of the first sending that comes after the second was taken is not believed', async () => {
    let sends = 0
    let refuseFirst: (() => void) | undefined
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: (request, signal, sentBefore) =>
          ++sends === 1
            ? new Promise((resolve) => (refuseFirst = () => resolve({ outcome: 'rejected', code: 'noLiquidity', detail: '' })))
            : inner.submit(request, signal, sentBefore),
      }),
    })
    await run.minutes(100, 97)
    await run.seconds(20)
    refuseFirst!()
    await run.seconds(5)
    expect(sends).toBe(2)
    expect(run.engine.rows('orders')).toMatchObject([{ state: 'filled' }])
  })
})

describe('the emergency stop of a real account', () => {
  it('[fault 57] waits for the order on its way out: none is under way when it resolves', async () => {
    const run = await liveRun()
    await run.minutes(100)
    await run.minutes(97)
    // The order has left and has not arrived.
    expect(run.venue.ledger.orders.size).toBe(0)
    let resolvedMs = 0
    const stopped = run.engine.emergencyStop({ cancelOpenOrders: true }).then((report) => {
      resolvedMs = run.clock.nowMs()
      return report
    })
    const before = run.clock.nowMs()
    await run.seconds(15)
    const report = await stopped
    expect(report.gateClosedAtMs).toBe(before)
    expect(resolvedMs).toBeGreaterThan(before)
    expect(report.unresolved).toEqual([])
    const orders = run.venue.ledger.orders.size
    await run.minutes(96, 95, 94)
    expect(run.venue.ledger.orders.size).toBe(orders)
    const rearmed = run.engine.rearm()
    await run.seconds(3)
    await rearmed
    await run.minutes(93)
    await run.seconds(2)
    expect(run.venue.ledger.orders.size).toBe(orders + 1)
  })
})

describe('what a review by fresh eyes found', () => {
  it('a re-arm does not undo a stop that came while the books were compared', async () => {
    const run = await liveRun()
    await run.minutes(100)
    const first = run.engine.emergencyStop()
    await run.seconds(1)
    await first
    const rearmed = run.engine.rearm().catch((error: unknown) => error)
    const second = run.engine.emergencyStop()
    await run.seconds(3)
    await second
    expect(await rearmed).toMatchObject({ code: 'RECONCILE_FAILED' })
    expect(run.engine.state().tradingState).toBe('halted')
  })

  it('an order that rests is asked for ever more rarely', async () => {
    let asked = 0
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        // It rests: the venue takes it and never fills it.
        submit: async () => ({ outcome: 'accepted', venueOrderId: 'resting' }),
        order: async (ref) => {
          asked++
          return { ref: { ...ref, venueOrderId: 'resting' }, state: 'open', filledQuantity: money('0'), atMs: run.clock.nowMs() }
        },
      }),
    })
    await run.minutes(100, 97)
    await run.seconds(300)
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(40)
  })

  it('nothing is sent again while the gate is shut, and a probe that says nothing is not repeated at once', async () => {
    let shut = false
    let probes = 0
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: async (_request, _signal, sentBefore) => {
          if (sentBefore !== undefined) probes++
          return { outcome: 'unknown', cause: 'reset' }
        },
        order: async () => 'unknown',
        liveOrders: async () => (shut ? { items: [], complete: false } : inner.liveOrders()),
      }),
    })
    await run.minutes(100, 97)
    shut = true
    run.push({ type: 'gap', detail: 'a message is missing' })
    await run.seconds(25)
    expect(probes).toBe(0)
    shut = false
    await run.seconds(40)
    expect(probes).toBeGreaterThan(0)
    expect(probes).toBeLessThan(12)
  })

  it('a comparison that ends while the run ends opens nothing', async () => {
    let hang = false
    const run = await liveRun({
      exchange: (inner) => ({ ...inner, submit: (request, signal) => (hang ? new Promise(() => undefined) : inner.submit(request, signal)) }),
    })
    await run.minutes(100)
    hang = true
    await run.minutes(97)
    const ended = run.engine.stop()
    run.push({ type: 'ready', detail: 'connected again' })
    await run.seconds(5)
    expect(run.engine.state().bots[0]!.readiness.blockers.map(({ code }) => code)).toContain('RECONCILING')
    await run.seconds(10)
    await ended
  })

  it('an order that was given up and works at the venue all the same is cancelled there, and a person is told once', async () => {
    let listed = false
    const cancels: string[] = []
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        submit: async () => ({ outcome: 'unknown', cause: 'reset' }),
        // A proof that was wrong.
        order: async () => 'notFound',
        async liveOrders() {
          const [order] = listed ? run.engine.rows('orders') : []
          const ref = { clientOrderId: String(order?.['client_order_id']), venueOrderId: 'there', instrument: 'BTC-USD' }
          return { items: order === undefined ? [] : [{ ref, state: 'open', filledQuantity: money('0'), atMs: run.clock.nowMs() }], complete: true }
        },
        async cancel(ref) {
          cancels.push(ref.venueOrderId!)
          return { outcome: 'unknown' }
        },
      }),
    })
    await run.minutes(100, 97)
    await run.seconds(2)
    expect(run.engine.rows('orders')).toMatchObject([{ state: 'rejected' }])
    expect(cancels).toEqual([])
    listed = true
    await run.seconds(110)
    expect(cancels.length).toBeGreaterThan(1)
    expect(new Set(cancels)).toEqual(new Set(['there']))
    expect(run.engine.state().alerts.filter(({ code }) => code === 'ORDER_STRAY')).toHaveLength(1)
  })

  it('fills that do not come are told after five minutes, once; when they come, all is settled', async () => {
    let shown = false
    const run = await liveRun({
      exchange: (inner) => ({ ...inner, fills: async (after) => (shown ? inner.fills(after) : { items: [], complete: true, next: after }) }),
    })
    await run.minutes(100, 97)
    await run.seconds(280)
    expect(alertsOf(run.engine)).not.toContain('ORDER_UNSETTLED')
    await run.seconds(300)
    expect(run.engine.state().alerts.filter(({ code }) => code === 'ORDER_UNSETTLED')).toHaveLength(1)
    expect(run.engine.state().bots[0]!.workingOrder?.state).toBe('filled')
    shown = true
    await run.seconds(60)
    expect(run.engine.state().bots[0]!.workingOrder).toBeUndefined()
    expect(run.engine.rows('fills')).toHaveLength(1)
  })

  it('coins that are gone halt, although an order has promised some of them', async () => {
    const check = new BalanceCheck()
    const ledger = { balance: () => money('1'), free: () => money('0'), reserved: () => money('0.2') }
    const there = [{ currency: 'BTC', available: money('0.2'), held: money('0') }]
    check.compare(there, ledger, ['USD', 'BTC'], 0 as EpochMs)
    expect(
      check.compare([...there, { currency: 'USD', available: money('1'), held: money('0') }], ledger, ['USD', 'BTC'], 6_000 as EpochMs).mismatch,
    ).toContain('BTC')
  })
})

describe('a balance that runs ahead of its fills at the first look', () => {
  const usd = (available: string) => [{ currency: 'USD', available: money(available), held: money('100') }]
  const books = (total: string) => ({ balance: () => money(total), free: () => money('900'), reserved: () => money('100') })

  it('is not taken for what the owner holds: when the fill is told nothing has gone', () => {
    const check = new BalanceCheck()
    check.compare(usd('910'), books('1000'), ['USD'], 0 as EpochMs)
    for (const ms of [6_000, 51_000, 96_000])
      expect(check.compare(usd('910'), books('1010'), ['USD'], ms as EpochMs)).toEqual({ corrections: [], differences: [], unconfirmed: false })
  })

  it('while what the owner does hold stays his, and what then goes is seen to go', () => {
    const check = new BalanceCheck()
    expect(check.compare(usd('910'), books('1000'), ['USD'], 0 as EpochMs)).toMatchObject({ differences: [], unconfirmed: true })
    expect(check.compare(usd('910'), books('1000'), ['USD'], 6_000 as EpochMs)).toMatchObject({ differences: [], unconfirmed: false })
    check.compare(usd('905'), books('1000'), ['USD'], 51_000 as EpochMs)
    expect(check.compare(usd('905'), books('1000'), ['USD'], 57_000 as EpochMs).corrections.map(({ amount }) => amount.toString())).toEqual(['-5'])
  })
})

describe('a key that is not taken any more', () => {
  it('[fault 32] halts trading until a person re-arms', async () => {
    const { engine, push, seconds, minutes } = await liveRun()
    await minutes(100)
    push({ type: 'error', code: 'keyRefused', detail: 'the key was refused twice' })
    await minutes(97)
    await seconds(2)
    expect(engine.state().tradingState).toBe('halted')
    expect(alertsOf(engine)).toContain('KEY_REFUSED')
    expect(engine.rows('orders')).toHaveLength(0)
    const rearmed = engine.rearm()
    await seconds(2)
    await rearmed
    expect(engine.state().tradingState).toBe('active')
  })
})

describe('what changes at the venue', () => {
  it('[fault 49] [fault 50] [fault 51] a product that is halted, delisted or has other steps is seen at the next comparison', async () => {
    let state: 'online' | 'halted' = 'online'
    let listed = true
    const { engine, seconds, minutes } = await liveRun({
      exchange: (inner) => ({ ...inner, instruments: async () => (listed ? (await inner.instruments()).map((instrument) => ({ ...instrument, state })) : []) }),
    })
    await minutes(100)
    state = 'halted'
    await seconds(50)
    await minutes(97)
    expect(engine.state().bots[0]!.readiness.blockers.map(({ code }) => code)).toContain('INSTRUMENT_STATE')
    expect(engine.rows('orders')).toHaveLength(0)
    state = 'online'
    await seconds(50)
    expect(engine.state().bots[0]!.readiness.blockers.map(({ code }) => code)).not.toContain('INSTRUMENT_STATE')
    listed = false
    await seconds(50)
    expect(engine.state().alerts[0]!.detail).toContain('delisted')
  })
})

describe('the daily loss', () => {
  it('[fault 56] is counted at a fill that comes late, and nothing is bought afterwards that day', async () => {
    let shown = false
    const run = await liveRun({
      safety: [dailyLossLimit(0.3)],
      exchange: (inner) => ({ ...inner, fills: async (after) => (shown ? inner.fills(after) : { items: [], complete: true, next: after }) }),
    })
    await run.minutes(100, 97, 90)
    await run.seconds(5)
    // Bought at 97 and fallen to 90, and nobody has told.
    expect(run.engine.rows('fills')).toHaveLength(0)
    expect(run.engine.state().tradingState).toBe('active')
    shown = true
    await run.seconds(40)
    expect(run.engine.rows('fills')[0]).toMatchObject({ side: 'buy', price: '97' })
    expect(run.engine.state().tradingState).toBe('reducing')
    await run.minutes(89, 88, 87)
    expect(run.engine.rows('orders').filter((row) => row['side'] === 'buy')).toHaveLength(1)
  })
})

describe('money', () => {
  it('is paid in and out at the venue, not at the engine', async () => {
    const { engine } = await liveRun()
    await expect(engine.deposit('USD', '10')).rejects.toThrow('pay at the venue')
  })
})
