import { ema, resample } from '@millrace/indicators'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  bot,
  breakEven,
  combine,
  cooldown,
  createAccount,
  defineStrategy,
  gridLadder,
  maxTranches,
  paper,
  priceStep,
  profitLadder,
  stopLoss,
  takeProfit,
  temperatureSizing,
  tradeSize,
  trailingStop,
  trendFollowing,
  weightedSignals,
} from '@millrace/core'
import type { Account, Strategy } from '@millrace/core'
import { z } from 'zod'
import { instrumentsOf, randomCandles, startMs } from './random-market.ts'

const ids = ['SOL-USD']

/** Everything a strategy can carry: averages, a longer timeframe, a window, states of two, shared indicators. */
const laden = defineStrategy({
  id: 'laden',
  params: z.strictObject({}),
  window: 5,
  indicators: () => ({ five: resample('5m', ema(2)), fast: ema(20) }),
  state: { schema: z.strictObject({ turns: z.int() }), initial: () => ({ turns: 0 }) },
  components: { all: ({ reading }) => `${reading} turns` },
  evaluate({ readings, window, state, candle }, _params, signal) {
    const up = candle.close > readings.five.value && candle.close > window.open(4) && candle.close > readings.fast.value
    if (up) signal.next({ turns: (state.turns + 1) % 7 })
    signal.add('all', up && state.turns < 3 ? 0.4 : -0.2, 1, state.turns)
  },
})

const everything = combine([laden(), gridLadder({ step: 0.006, profit: 0.02 }), trendFollowing({ filter: 0.1 })], { mode: 'weights', weights: [2, 1, 1] })

const account = (strategy: Strategy = weightedSignals(), on: 'close' | 'update' = 'close') =>
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
        strategy,
        on,
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

test.each<[string, () => Account]>([
  ['a kernel', () => account()],
  ['a kernel whose strategies remember, look back and look at longer candles', () => account(everything)],
  ['a kernel that also evaluates forming candles', () => account(everything, 'update')],
])('%s, restored from a snapshot at any point, goes on to the same journal hash', (name, make) => {
  let states = 0
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (seed, at, forming) => {
      const events = randomCandles({ seed, minutes: 240, instruments: [{ id: 'SOL-USD', price: 180 }], gaps: 0.02, volume: (price) => 20_000 / price, forming })
      const whole = make()
      const cut = make()
      const split = Math.floor(at * events.length)
      for (const event of events) whole.step(event)
      whole.close()
      for (const event of events.slice(0, split)) cut.step(event)
      const snapshot = cut.kernel.snapshot()
      const restored = make().kernel
      restored.restore(JSON.parse(JSON.stringify(snapshot)) as typeof snapshot)
      expect(restored.snapshot()).toEqual(snapshot)
      // Venue and queue are not the kernel's: the same ones go on, with the restored kernel in the old one's place.
      Object.assign(cut.kernel.state, make().kernel.state)
      cut.kernel.restore(snapshot)
      for (const event of events.slice(split)) cut.step(event)
      cut.close()
      expect(cut.journalHash).toBe(whole.journalHash)
      expect(cut.hash).toBe(whole.hash)
      if (whole.kernel.state.durable.bots.get('sol')?.strategyState !== undefined) states++
    }),
    { numRuns: 25 },
  )
  expect(states > 0).toBe(name !== 'a kernel')
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
