import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bot,
  breakEven,
  cooldown,
  createAccount,
  maxTranches,
  paper,
  priceStep,
  profitLadder,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  trailingStop,
  weightedSignals,
} from '@millrace/core'
import { instrumentsOf, randomCandles, startMs } from './random-market.ts'

const ids = ['SOL-USD']

const account = () =>
  createAccount({
    instruments: instrumentsOf(ids),
    exchange: paper({ cash: { USD: '300' } }),
    startMs,
    safety: [],
    bots: [
      bot({
        id: 'sol',
        instrument: 'SOL-USD',
        timeframe: '1m',
        strategy: weightedSignals(),
        actionThreshold: 0.1,
        confirm: '2m',
        sizing: temperatureSizing({ base: 20, min: 5, max: 25 }),
        exits: [
          stopLoss(0.03),
          takeProfit(0.03),
          trailingStop(0.02, { activateAt: 0.01 }),
          breakEven(0.02),
          profitLadder({ rungs: [{ at: 0.01, sell: 0.5 }] }),
        ],
        safety: [tradeSize(5, 25), cooldown('5m'), maxTranches(3), priceStep(0.004)],
      }),
    ],
  })

test('a kernel restored from a snapshot at any point goes on to the same journal hash', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (seed, at, forming) => {
      const events = randomCandles({ seed, minutes: 240, instruments: [{ id: 'SOL-USD', price: 180 }], gaps: 0.02, volume: (price) => 20_000 / price, forming })
      const whole = account()
      const cut = account()
      const split = Math.floor(at * events.length)
      for (const event of events) whole.step(event)
      whole.close()
      for (const event of events.slice(0, split)) cut.step(event)
      const snapshot = cut.kernel.snapshot()
      const restored = account().kernel
      restored.restore(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot)
      expect(restored.snapshot()).toEqual(snapshot)
      // Venue and queue are not the kernel's: the same ones go on, with the restored kernel in the old one's place.
      Object.assign(cut.kernel.state, account().kernel.state)
      cut.kernel.restore(snapshot)
      for (const event of events.slice(split)) cut.step(event)
      cut.close()
      expect(cut.journalHash).toBe(whole.journalHash)
      expect(cut.hash).toBe(whole.hash)
    }),
    { numRuns: 25 },
  )
})

test('a snapshot of another configuration, version or bot is refused', () => {
  const one = account()
  const snapshot = one.kernel.snapshot()
  expect(() => account().kernel.restore({ ...snapshot, version: 2 as 1 })).toThrow('version 1, received 2')
  expect(() => account().kernel.restore({ ...snapshot, bots: { other: null } })).toThrow('expected a snapshot of the bots sol, received other')
  expect(() => account().kernel.restore({ ...snapshot, portfolio: { ...(snapshot.portfolio as object), configHash: 'x' } })).toThrow('received "x"')
})

test('a restored kernel goes on looking for feeds that fell silent, and knows which ones it has named', () => {
  const { state } = account().kernel
  state.nextStaleMs = 1_767_304_800_000
  state.instruments.get('SOL-USD')!.stale = true
  const kept = Object.assign(account().kernel, { state }).snapshot()
  const { kernel } = account()
  kernel.restore(JSON.parse(JSON.stringify(kept)) as typeof kept)
  expect([kernel.state.nextStaleMs, kernel.state.instruments.get('SOL-USD')!.stale]).toEqual([1_767_304_800_000, true])
})

test('a snapshot stays what it was when the kernel goes on', () => {
  const running = account()
  const events = randomCandles({ seed: 5, minutes: 120, instruments: [{ id: 'SOL-USD', price: 180 }], gaps: 0, volume: () => 100, forming: false })
  const taken: { readonly snapshot: object; readonly text: string }[] = []
  for (const event of events) {
    running.step(event)
    const snapshot = running.kernel.snapshot()
    taken.push({ snapshot, text: JSON.stringify(snapshot) })
  }
  running.close()
  expect(taken.map(({ snapshot }) => JSON.stringify(snapshot))).toEqual(taken.map(({ text }) => text))
})
