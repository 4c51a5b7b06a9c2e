import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAccount, equalSize, fixedSize, limitOrders, paper, profitLadder, stopLoss, tradeSize } from '@millrace/core'
import type { BotConfig, CandleEvent, EpochMs, Instrument, JournalEntry, PositionStatus } from '@millrace/core'
import { decimalText, money, subtract, toFloat } from '../src/model/money.ts'
import { positionRecord } from '../src/runtime/engine-state.ts'
import { MINUTE, levelBot, startMs } from './levels.ts'
import { instrumentsOf } from './random-market.ts'

const candle = (minute: number, price: number, previous: number, volume: number): CandleEvent => {
  const openTime = (startMs + minute * MINUTE) as EpochMs
  const ohlc = { open: previous, high: Math.max(price, previous) + 1, low: Math.min(price, previous) - 1, close: price }
  return {
    type: 'candle',
    instrument: 'BTC-USD',
    timeframeMs: MINUTE,
    candle: { openTime, ...ohlc, volume },
    closed: true,
    atMs: (openTime + MINUTE) as EpochMs,
  }
}

/** Prices that buy (under 100), hold and sell (over 110), with volumes that fill in part. */
const path = fc.array(fc.record({ price: fc.integer({ min: 88, max: 122 }), volume: fc.constantFrom(0, 0.3, 1, 1_000) }), { minLength: 5, maxLength: 60 })

interface Seen {
  readonly account: ReturnType<typeof createAccount>
  readonly journal: readonly JournalEntry[]
}

function walk(
  steps: readonly { readonly price: number; readonly volume: number }[],
  bots: readonly BotConfig[],
  options: { readonly instruments?: readonly Instrument[] },
  each: (seen: Seen) => void,
): void {
  const journal: JournalEntry[] = []
  const account = createAccount({
    instruments: options.instruments ?? instrumentsOf(['BTC-USD']),
    exchange: paper({ cash: { USD: '1000' }, slippageBps: 0 }),
    bots,
    safety: [],
    startMs,
    onEntry: (entry) => journal.push(entry),
  })
  let previous = 105
  steps.forEach(({ price, volume }, minute) => {
    account.step(candle(minute, price, previous, volume))
    previous = price
    each({ account, journal })
  })
  account.close()
}

/** The status by the journal alone: fills, and which orders have ended. */
function statusOf(journal: readonly JournalEntry[], max: number): PositionStatus {
  let held = money(0)
  let entries = new Set<string>()
  let reduced = false
  const sides = new Map<string, string>()
  const working = new Set<string>()
  for (const { type, data } of journal) {
    const { clientOrderId = '', side = '', quantity = '0', state = '' } = data as Readonly<Record<string, string>>
    if (type === 'intent') {
      sides.set(clientOrderId, side)
      working.add(clientOrderId)
    }
    if (type === 'orderEvent' && ['filled', 'cancelled', 'expired', 'rejected'].includes(state)) working.delete(clientOrderId)
    if (type !== 'fill') continue
    held = side === 'buy' ? held.plus(quantity) : held.minus(quantity)
    reduced = side === 'sell'
    if (side === 'buy') entries.add(clientOrderId)
    if (held.isZero()) entries = new Set()
  }
  if (held.isZero()) return 'closed'
  if ([...working].some((id) => sides.get(id) === 'buy')) return 'building'
  if (reduced) return 'reducing'
  return entries.size < max ? 'building' : 'open'
}

/** Where each status may lead, one candle later. Two fills lie at most in one, so `closed` and `open` are never more than that apart. */
const legal: Readonly<Record<PositionStatus, readonly PositionStatus[]>> = {
  closed: ['closed', 'building', 'open'],
  building: ['building', 'open', 'reducing', 'closed'],
  open: ['open', 'building', 'reducing', 'closed'],
  reducing: ['reducing', 'building', 'open', 'closed'],
}

const bounded = { safety: [tradeSize(5, 25)] }

test('[row 36] the status of a position is what its fills and orders say, and goes only where it may', () => {
  const met = new Map<string, number>()
  fc.assert(
    fc.property(path, fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 0.4), fc.boolean(), (steps, max, exit, patient) => {
      const execution = limitOrders({ offset: '10bps', timeout: '3m', then: 'market' })
      const config = levelBot({ ...bounded, sizing: fixedSize(20 * max), tranches: { max, plan: equalSize() }, exit, ...(patient ? { execution } : {}) })
      let before: PositionStatus = 'closed'
      walk(steps, [config], {}, ({ account, journal }) => {
        const { status } = positionRecord(account.kernel, 'btc')
        // Entries are counted by order here; a rest at market belongs to the entry it continues.
        if (!patient) expect(status).toBe(statusOf(journal, max))
        expect(legal[before]).toContain(status)
        met.set(`${before} ${status}`, (met.get(`${before} ${status}`) ?? 0) + 1)
        before = status
      })
    }),
    { numRuns: 60 },
  )
  for (const step of [
    'closed building',
    'closed open',
    'building open',
    'building reducing',
    'open reducing',
    'open closed',
    'reducing closed',
    'reducing building',
  ])
    expect([step, (met.get(step) ?? 0) > 0]).toEqual([step, true])
})

const coarse: Instrument = { ...instrumentsOf(['BTC-USD'])[0]!, minQuote: money('2'), minBase: money('0.05'), baseIncrement: money('0.01') }

test('[row 41] after any exit the rest is nothing, or can be sold, or is named dust', () => {
  const ends = { flat: 0, sellable: 0, dust: 0 }
  const exits = fc.constantFrom<Partial<Parameters<typeof levelBot>[0]>>(
    { exit: 0.3 },
    { exit: 0.9 },
    { exit: { by: 'tranche' } },
    {
      exits: [
        profitLadder({
          rungs: [
            { at: 0.02, sell: 0.3 },
            { at: 0.05, sell: 0.4 },
            { at: 0.1, sell: 0.3 },
          ],
        }),
        stopLoss(0.04),
      ],
    },
  )
  fc.assert(
    fc.property(path, exits, fc.boolean(), (steps, exit, fine) => {
      const instrument = fine ? instrumentsOf(['BTC-USD'])[0]! : coarse
      const sellable = (quantity: number, price: number): boolean => quantity >= toFloat(instrument.minBase) && quantity * price >= toFloat(instrument.minQuote)
      const seen = new Set<string>()
      walk(steps, [levelBot({ ...bounded, ...exit })], { instruments: [instrument] }, ({ account, journal }) => {
        const { kernel } = account
        const { durable } = kernel.state
        const held = durable.ledger.position('btc').quantity
        for (const entry of journal) {
          const { clientOrderId, side, baseSize } = entry.data as Readonly<Record<string, string>>
          const { price } = kernel.bot('btc').market.market
          if (entry.type !== 'intent' || side !== 'sell' || seen.has(clientOrderId!)) continue
          seen.add(clientOrderId!)
          // What is asked for: a part that can be sold, with a rest that can be sold, or all but what no increment can hold.
          const rest = toFloat(subtract(durable.orders.get(clientOrderId!)!.bookedQuantity.plus(held), money(baseSize!)))
          expect(sellable(Number(baseSize), price)).toBe(true)
          expect(rest < toFloat(instrument.baseIncrement) || sellable(rest, price)).toBe(true)
        }
        const bot = kernel.bot('btc')
        if (durable.working.has('btc') || seen.size === 0) return
        if (held.isZero()) ends.flat++
        else if (bot.view.position.open) {
          expect(sellable(toFloat(held), bot.view.lastFillPrice)).toBe(true)
          ends.sellable++
        } else {
          ends.dust++
          expect(positionRecord(kernel, 'btc').quantity).toBe(decimalText(held))
        }
      })
    }),
    { numRuns: 80 },
  )
  expect(Math.min(ends.flat, ends.sellable, ends.dust)).toBeGreaterThan(0)
})

test('[row 41] a sell signal over dust says so', () => {
  const codes = new Set<string>()
  // 0.3 of volume, of which a tenth may fill: 0.03 of 0.2 are bought, and two thirds of that are sold.
  const steps = [105, 99, 105, 105, 111, 111, 111, 111].map((price, i) => ({ price, volume: i === 2 ? 0.3 : i === 5 ? 0.2 : 1_000 }))
  const instrument = { ...coarse, minBase: money('0.02') }
  walk(steps, [levelBot({ safety: [] })], { instruments: [instrument] }, ({ account }) => {
    const { frame } = account.kernel.bot('btc')
    if (frame.blocker > 0) codes.add(account.kernel.state.blockers.code(frame.blocker))
  })
  expect(codes).toContain('DUST')
})
