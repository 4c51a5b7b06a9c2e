import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAccount, limitOrders, paper, stopLoss, takeProfit, tradeSize } from '@millrace/core'
import type { BotConfig, CandleEvent, EpochMs, JournalEntry } from '@millrace/core'
import { equal, isNegative, money } from '../src/model/money.ts'
import { MINUTE, candles, levelBot, startMs } from './levels.ts'
import { instrumentsOf } from './random-market.ts'

const path = fc.array(fc.record({ price: fc.integer({ min: 85, max: 125 }), volume: fc.constantFrom(0, 0.3, 1, 1_000) }), { minLength: 5, maxLength: 60 })

const free = { safety: [tradeSize(5, 25)] }
/** Three ways of trading one instrument: at once, patiently, and by exits alone; each is now and then on the other side of another. */
const three = (): BotConfig[] => [
  levelBot({ ...free, id: 'quick' }),
  levelBot({ ...free, id: 'patient', execution: limitOrders({ offset: '50bps', timeout: '3m', then: 'market' }), exits: [takeProfit(0.03)] }),
  levelBot({ ...free, id: 'slow', confirm: '2m', exit: 0.5, exits: [stopLoss(0.04)] }),
]

interface Told {
  readonly clientOrderId?: string
  readonly side?: 'buy' | 'sell'
  readonly origin?: string
  readonly baseSize?: string
  readonly quantity?: string
  readonly state?: string
}

test('bots on one instrument keep positions of their own, sell only what they bought, and by signal never trade against each other', () => {
  let refused = 0
  let sold = 0
  fc.assert(
    fc.property(path, (steps) => {
      const journal: JournalEntry[] = []
      const account = createAccount({
        instruments: instrumentsOf(['BTC-USD']),
        exchange: paper({ cash: { USD: '500' } }),
        bots: three(),
        safety: [],
        startMs,
        onEntry: (entry) => journal.push(entry),
      })
      let previous = 105
      steps.forEach(({ price, volume }, minute) => {
        const openTime = (startMs + minute * MINUTE) as EpochMs
        const candle = { openTime, open: previous, high: Math.max(price, previous) + 1, low: Math.min(price, previous) - 1, close: price, volume }
        const event: CandleEvent = { type: 'candle', instrument: 'BTC-USD', timeframeMs: MINUTE, candle, closed: true, atMs: (openTime + MINUTE) as EpochMs }
        previous = price
        account.step(event)
        const { durable, bots, blockers } = account.kernel.state
        refused += bots.filter(({ frame }) => frame.blocker > 0 && blockers.code(frame.blocker) === 'SELF_TRADE').length
        const held = bots.reduce((sum, { config }) => sum.plus(durable.ledger.position(config.id).quantity), money(0))
        expect(equal(held, durable.ledger.balance('BTC'))).toBe(true)
      })
      account.close()
      sold += followed(journal)
    }),
    { numRuns: 60 },
  )
  expect(refused).toBeGreaterThan(10)
  expect(sold).toBeGreaterThan(50)
})

/** Reads a journal like somebody who knows nothing but it; returns how many sales there were. */
function followed(journal: readonly JournalEntry[]): number {
  const held = new Map<string, ReturnType<typeof money>>()
  const working = new Map<string, { readonly botId: string; readonly side: 'buy' | 'sell' }>()
  let sales = 0
  for (const { type, botId = '', data } of journal) {
    const { clientOrderId = '', side, origin, baseSize, quantity, state } = data as Told
    const own = held.get(botId) ?? money(0)
    if (type === 'intent') {
      const others = [...working.values()].filter((order) => order.botId !== botId)
      if (side === 'buy') expect(others.filter((order) => order.side === 'sell')).toEqual([])
      else {
        sales++
        expect(isNegative(own.minus(baseSize!))).toBe(false)
        if (origin === 'strategy') expect(others.filter((order) => order.side === 'buy')).toEqual([])
      }
      expect([...working.values()].filter((order) => order.botId === botId)).toEqual([])
      working.set(clientOrderId, { botId, side: side! })
    }
    if (type === 'fill') held.set(botId, side === 'buy' ? own.plus(quantity!) : own.minus(quantity!))
    if (type === 'orderEvent' && ['filled', 'cancelled', 'expired', 'rejected'].includes(state!)) working.delete(clientOrderId)
    for (const quantityHeld of held.values()) expect(isNegative(quantityHeld)).toBe(false)
  }
  return sales
}

test('an order whose outcome is unknown keeps every bot of its instrument from entering, on no other instrument, until it is known', () => {
  const quick = (id: string, instrument: string) => levelBot({ ...free, id, instrument })
  const account = createAccount({
    instruments: instrumentsOf(['BTC-USD', 'ETH-USD']),
    exchange: paper({ cash: { USD: '500' } }),
    bots: [quick('one', 'BTC-USD'), levelBot({ ...free, id: 'other', confirm: '2m' }), quick('eth', 'ETH-USD')],
    safety: [],
    startMs,
  })
  const { kernel } = account
  const { durable, blockers } = kernel.state
  // Without volume nothing fills: the order is taken, and then nothing more is heard of it.
  const list = candles([105, 99, 99, 99, 99]).map((event) => ({ ...event, candle: { ...event.candle, volume: 0 } }))
  for (const event of list.slice(0, 3)) account.step(event)
  const order = durable.working.get('one')!
  const report = (state: 'unknown' | 'cancelled', event: CandleEvent) =>
    kernel.step(
      {
        type: 'order',
        event: {
          type: 'report',
          report: { ref: { clientOrderId: order.clientOrderId, instrument: 'BTC-USD' }, state, filledQuantity: money(0), atMs: event.atMs },
        },
      },
      event.atMs,
      { entry: () => undefined, effect: () => undefined },
    )
  report('unknown', list[2]!)
  const code = (id: string): string => blockers.code(kernel.bot(id).frame.blocker)
  account.step(list[3]!)
  for (const event of candles([99], 3, 'ETH-USD')) account.step(event)
  expect([code('one'), code('other')]).toEqual(['UNKNOWN_ORDER', 'UNKNOWN_ORDER'])
  expect(durable.working.get('eth')?.side).toBe('buy')
  report('cancelled', list[3]!)
  account.step(list[4]!)
  expect(durable.working.get('other')?.side).toBe('buy')
  account.close()
})
