import { fixedSize, tradeSize } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { exact } from '../../src/testing/faults/exact.ts'
import { faultBots } from '../../src/testing/faults/fault-bots.ts'
import type { FaultyVenue } from '../../src/testing/faults/faulty-venue.ts'
import type { VenueOrder } from '../../src/testing/faults/venue-ledger.ts'
import { liveRun } from './live-run.ts'
import type { LiveRun } from './live-run.ts'

const totalOf = ({ engine }: Pick<LiveRun, 'engine'>, currency: string): unknown =>
  engine.rows('balances').find((row) => row['currency'] === currency)?.['total']
const alertsOf = ({ engine }: LiveRun, code: string): number => engine.state().alerts.filter((alert) => alert.code === code).length

describe('an order whose fills do not come', () => {
  it('keeps its own two currencies from being compared, and no other', async () => {
    let shown = false
    const run = await liveRun({
      bots: faultBots(2, ['BTC-USD', 'ETH-USD']),
      cash: { USD: '500', ETH: '1' },
      exchange: (inner) => ({ ...inner, fills: async (after) => (shown ? inner.fills(after) : { items: [], complete: true, next: after }) }),
    })
    await run.minutes(100, 97)
    await run.seconds(60)
    expect(run.engine.state().bots[0]!.workingOrder?.state).toBe('filled')
    run.venue.ledger.transfer('ETH', exact('2'))
    run.venue.ledger.transfer('USD', exact('40'))
    await run.seconds(60)
    expect(totalOf(run, 'ETH')).toBe('3')
    expect(totalOf(run, 'USD')).toBe('500')
    shown = true
    await run.seconds(90)
    expect(run.engine.state().bots[0]!.workingOrder).toBeUndefined()
    expect(Number(totalOf(run, 'USD'))).toBeGreaterThan(520)
    expect(run.engine.state().tradingState).not.toBe('halted')
  })
})

describe('what the owner does by hand', () => {
  const resting = (venue: FaultyVenue): VenueOrder =>
    venue.ledger.open(
      { clientOrderId: 'by-hand-rests', instrument: 'BTC-USD', side: 'buy', type: 'limit', limitPrice: exact('10'), size: { quote: exact('100') } },
      exact('100'),
      exact('0.00000001'),
    )!

  it('is told once, however many orders of ours come to be known afterwards', async () => {
    const run = await liveRun({
      exchange: (inner) => ({
        ...inner,
        // The place in the list never moves on, so that the foreign fill is read again and again.
        fills: async () => inner.fills(undefined),
      }),
    })
    await run.minutes(100)
    run.venue.ledger.transfer('BTC', exact('1'))
    await run.seconds(60)
    const sale = run.venue.ledger.open(
      { clientOrderId: 'by-hand-2', instrument: 'BTC-USD', side: 'sell', type: 'market', limitPrice: undefined, size: { base: exact('0.5') } },
      exact('100'),
      exact('0.00000001'),
    )!
    run.venue.visibleFills.push(run.venue.ledger.execute(sale, exact('0.5'), exact('100'), run.clock.nowMs()))
    run.venue.ledger.end(sale, 'filled')
    await run.seconds(60)
    expect(alertsOf(run, 'EXTERNAL_FILL')).toBe(1)
    await run.minutes(97, 103, 97, 103)
    await run.seconds(30)
    expect(run.engine.rows('orders').length).toBeGreaterThan(1)
    expect(alertsOf(run, 'EXTERNAL_FILL')).toBe(1)
  })

  it('money that an order of the owner holds is not ours to spend, after a restart neither; it is paid in when the order lets it go', async () => {
    let order: VenueOrder | undefined
    const run = await liveRun({ before: (venue) => (order = resting(venue)) })
    expect(run.engine.state().cash).toMatchObject({ total: '400', available: '400' })
    await run.minutes(100)
    await run.seconds(60)
    expect(run.engine.state().cash.total).toBe('400')
    await run.engine.stop()
    const engine = await run.again()
    await run.seconds(60)
    expect(engine.state().cash.total).toBe('400')
    run.venue.finish(order!, 'cancelled')
    await run.seconds(60)
    expect(engine.state().cash.total).toBe('500')
    expect(engine.state().alerts.map(({ code }) => code)).toContain('EXTERNAL_BALANCE')
    expect(engine.state().realizedPnl).toBe('0')
    await engine.stop()
  })
})

describe('an account whose money is all in coins', () => {
  it('starts again: what it works with is more than what is free', async () => {
    const run = await liveRun({ cash: { USD: '10.4' } })
    await run.minutes(100, 97)
    await run.seconds(5)
    expect(Number(run.engine.state().cash.total)).toBeLessThan(1)
    await run.engine.stop()
    const engine = await run.again()
    expect(engine.state().bots[0]!.position.status).toBe('open')
    await engine.stop()
  })

  it('starts again when what is left buys nothing any more, so that it can sell, and says what it cannot do', async () => {
    const run = await liveRun({ cash: { USD: '10.4' } })
    await run.minutes(100, 97)
    await run.seconds(5)
    await run.engine.stop()
    const bots = [{ ...faultBots(1, ['BTC-USD'])[0]!, sizing: fixedSize(12), safety: [tradeSize(11, 25)] }]
    const warnings: string[] = []
    const logger = { warn: (line: string) => warnings.push(line), error: () => undefined, info: () => undefined, debug: () => undefined }
    const engine = await run.again({ bots, logger })
    expect(warnings).toEqual([
      expect.stringMatching(/^no entry for want of money: account\.safety\.balance: expected a limit that lets an entry of 12/) as string,
    ])
    await run.minutes(97, 90)
    await run.seconds(5)
    expect(engine.rows('orders').map(({ side, state }) => [side, state])).toEqual([
      ['buy', 'filled'],
      ['sell', 'filled'],
    ])
    await engine.stop()
    // What is impossible whatever there is, and too little money with nothing to sell, is refused all the same.
    await expect(run.again({ bots: [{ ...bots[0]!, sizing: fixedSize(3) }] })).rejects.toThrow('bots[0].s')
    await expect(run.again({ bots })).rejects.toThrow('account.safety.balance')
  })

  it('refuses what no money would make possible, whatever is held', async () => {
    const run = await liveRun({ cash: { USD: '10.4' } })
    await run.minutes(100, 97)
    await run.seconds(5)
    await run.engine.stop()
    const [bot] = faultBots(1, ['BTC-USD'])
    await expect(run.again({ bots: [{ ...bot!, sizing: fixedSize(3) }] })).rejects.toThrow('bots[0].s')
  })

  it('an account that was never enough is refused', async () => {
    await expect(liveRun({ cash: { USD: '2' } })).rejects.toThrow('account.safety.balance')
  })
})
