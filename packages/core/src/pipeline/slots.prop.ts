import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../model/time.ts'
import { CandleWindow } from './candle-window.ts'
import { FormingCandle } from './forming-candle.ts'
import { SignalSlots } from './signal-slots.ts'

const candleOf = (openTime: number, close: number, volume = 1) => ({
  openTime: openTime as EpochMs,
  open: close,
  high: close + 1,
  low: close - 1,
  close,
  volume,
})

describe('signal slots', () => {
  const component = fc.record({
    score: fc.double({ min: -1, max: 1, noNaN: true }),
    weight: fc.double({ min: 1e-6, max: 10, noNaN: true }),
    reading: fc.double({ noNaN: true }),
  })

  test('the score is the weighted mean of what was added, within -1..+1, in any order', () => {
    fc.assert(
      fc.property(fc.array(component, { minLength: 1, maxLength: 6 }), fc.boolean(), (components, reverse) => {
        const names = components.map((_, i) => `c${i}`)
        const slots = new SignalSlots(names)
        slots.reset()
        const order = names.map((_, i) => i)
        if (reverse) order.reverse()
        for (const i of order) slots.add(names[i]!, components[i]!.score, components[i]!.weight, components[i]!.reading)
        const mean = components.reduce((sum, { score, weight }) => sum + score * weight, 0) / components.reduce((sum, { weight }) => sum + weight, 0)
        expect(slots.score).toBeCloseTo(mean, 9)
        expect(Math.abs(slots.score)).toBeLessThanOrEqual(1 + 1e-12)
      }),
    )
  })

  test('says what is wrong with a component', () => {
    const slots = new SignalSlots(['a', 'b'])
    slots.reset()
    expect(() => slots.add('c', 0)).toThrow(`unknown signal component "c": declare it in 'components' (a, b)`)
    expect(() => slots.add('a', 1.5)).toThrow('component a: expected a score in -1..+1, received 1.5')
    expect(() => slots.add('a', 0, 0)).toThrow('component a: expected a weight > 0, received 0')
    slots.add('a', 0.5)
    expect(() => slots.add('a', 0.5)).toThrow('component a was added twice')
    slots.reset()
    expect(slots.score).toBe(0)
  })
})

test('a window looks back over exactly the last candles and survives a snapshot', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { maxLength: 40 }), (capacity, closes) => {
      const window = new CandleWindow(capacity)
      closes.forEach((close, i) => window.push({ ...candleOf(i, close), open: close / 2, volume: close * 3 }))
      const kept = closes.slice(-capacity).reverse()
      const restored = new CandleWindow(capacity)
      restored.restore(window.snapshot())
      for (const view of [window, restored]) {
        expect(view.length).toBe(kept.length)
        expect(kept.map((_, back) => view.close(back))).toEqual(kept)
        expect(kept.map((_, back) => view.high(back))).toEqual(kept.map((close) => close + 1))
        expect(kept.map((_, back) => view.low(back))).toEqual(kept.map((close) => close - 1))
        expect(kept.map((_, back) => view.open(back))).toEqual(kept.map((close) => close / 2))
        expect(kept.map((_, back) => view.volume(back))).toEqual(kept.map((close) => close * 3))
        expect(() => view.close(kept.length)).toThrow("declare a larger 'window'")
        expect(() => view.low(-1)).toThrow('expected 0 <= back')
        // However many candles went by, it holds no more than it was made for.
        expect((view.snapshot() as readonly unknown[]).length).toBeLessThanOrEqual(capacity)
      }
    }),
  )
})

test('a forming candle is what the closed one will be, put together from finer ones', () => {
  const forming = new FormingCandle(300_000)
  const minutes = [10, 12, 9, 11, 10.5]
  minutes.forEach((close, i) => {
    // An update first, then the same minute closed: its volume counts once.
    forming.update({ ...candleOf(600_000 + i * 60_000, close, 1) }, 60_000)
    forming.update({ ...candleOf(600_000 + i * 60_000, close, 2) }, 60_000)
    forming.update({ ...candleOf(600_000, close, 1_000) }, 300_000)
  })
  expect(forming.candle).toEqual({ openTime: 600_000, open: 10, high: 13, low: 8, close: 10.5, volume: 10 })
  expect([forming.covers(600_000), forming.covers(750_000), forming.covers(900_000)]).toEqual([false, true, false])
  forming.update(candleOf(900_000, 20, 3), 60_000)
  expect(forming.candle).toMatchObject({ openTime: 900_000, open: 20, volume: 3 })
})
