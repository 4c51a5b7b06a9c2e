import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bot, createAccount, money, paper, stopLoss, temperatureSizing, tradeSize, weightedSignals } from '@millrace/core'
import type { Account, OrderEvent, SimulatedExchange } from '@millrace/core'
import { instrumentsOf, randomCandles, startMs } from './random-market.ts'

const ids = ['BTC-USD', 'SOL-USD']

/** Rejects the orders that a rule of the test names, after any delay. */
function rejecting(inner: SimulatedExchange, rejects: (n: number) => boolean): SimulatedExchange {
  let sent = 0
  return Object.assign(Object.create(inner) as SimulatedExchange, {
    venue: (list: Parameters<SimulatedExchange['venue']>[0]) => {
      const machine = inner.venue(list)
      const apply: typeof machine.apply = (event, nowMs) => {
        if (event.type !== 'submit' || !rejects(sent++)) return machine.apply(event, nowMs)
        const { clientOrderId, instrument } = event.request
        const answer: OrderEvent = {
          type: 'report',
          report: { ref: { clientOrderId, instrument }, state: 'rejected', filledQuantity: money('0'), reason: 'NOT_TODAY', atMs: nowMs },
        }
        return [answer]
      }
      return Object.assign(Object.create(machine) as typeof machine, { apply })
    },
  })
}

const bots = () =>
  ids.map((instrument, i) =>
    bot({
      id: `bot-${i}`,
      instrument,
      timeframe: '1m',
      strategy: weightedSignals(),
      actionThreshold: 0.1,
      confirm: 0,
      sizing: temperatureSizing({ base: 15, min: 5, max: 25 }),
      exits: [stopLoss(0.01)],
      safety: [tradeSize(5, 25)],
    }),
  )

test('[row 24] an order that the venue rejects leaves money, reservations, positions and counters as they were', () => {
  const seen = { rejected: 0, filled: 0 }
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), (seed, every) => {
      const events = randomCandles({
        seed,
        minutes: 120,
        instruments: [
          { id: 'BTC-USD', price: 90_000 },
          { id: 'SOL-USD', price: 180 },
        ],
        gaps: 0,
        volume: (price) => 60_000 / price,
        forming: false,
      })
      // Every order when `every` is 1, else each second, third or fourth.
      const exchange = rejecting(paper({ cash: { USD: '300' } }), (n) => n % every === 0)
      let intents = 0
      const account: Account = createAccount({
        instruments: instrumentsOf(ids),
        exchange,
        bots: bots(),
        safety: [],
        startMs,
        onEntry({ type, data }) {
          if (type === 'intent') intents++
          if (type === 'fill') seen.filled++
          if (type !== 'orderEvent' || (data as { state: string }).state !== 'rejected') return
          seen.rejected++
          const { durable } = account.kernel.state
          durable.ledger.assertBalanced()
          const { clientOrderId } = data as { readonly clientOrderId: string }
          const order = durable.orders.get(clientOrderId)!
          expect([order.done, durable.working.has(order.botId), durable.ledger.reservedBy(clientOrderId).toString()]).toEqual([true, false, '0'])
        },
      })
      const { durable, portfolio } = account.kernel.state
      const before = JSON.stringify(durable.ledger.accounts())
      for (const event of events) account.step(event)
      account.close()
      if (every > 1) return
      expect(JSON.stringify(durable.ledger.accounts())).toBe(before)
      expect([durable.ledger.botIds(), durable.working.size, portfolio.todayTrades, portfolio.openPositions, portfolio.exposure]).toEqual([[], 0, 0, 0, 0])
      expect(intents).toBeGreaterThan(0)
    }),
    { numRuns: 20 },
  )
  expect(seen.rejected).toBeGreaterThan(50)
  expect(seen.filled).toBeGreaterThan(50)
})
