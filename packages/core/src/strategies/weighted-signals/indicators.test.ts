import { macd, sma } from '@millrace/indicators'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../model/json.ts'
import { maCross } from './ma-cross.ts'
import { macdMomentum } from './macd-momentum.ts'

const closes = Array.from({ length: 90 }, (_, i) => 100 + 5 * Math.sin(i / 3) + (i % 7))
const makers = [
  ['maCross', () => maCross(3, 5)],
  ['macdMomentum', () => macdMomentum(macd({ fast: 3, slow: 6, signal: 4 }))],
  ['macdMomentum with a longer warm-up', () => macdMomentum(macd({ fast: 3, slow: 6, signal: 4 }), 20)],
] as const

describe.each(makers)('%s', (_name, make) => {
  it('is NaN for exactly its warm-up', () => {
    const indicator = make()
    const firstValue = closes.findIndex((close) => !Object.values(indicator.update(close)).includes(Number.NaN))
    expect(firstValue).toBe(indicator.warmup)
    expect(Object.values(make().value)).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
  })

  it('previews what update then says, and changes nothing by it', () => {
    const indicator = make()
    for (const close of closes) {
      indicator.preview(close * 2)
      const before = { ...indicator.value }
      const previewed = { ...indicator.preview(close) }
      expect(indicator.value).toEqual(before)
      expect(indicator.update(close)).toEqual(previewed)
      expect(indicator.value).toEqual(previewed)
    }
  })

  it('goes on from a snapshot as if it had never stopped, at every point', () => {
    for (let stop = 0; stop < 40; stop++) {
      const whole = make()
      const second = make()
      for (const close of closes.slice(0, stop)) whole.update(close)
      second.restore(JSON.parse(JSON.stringify(whole.snapshot())) as Json)
      expect(second.value).toEqual(whole.value)
      for (const close of closes.slice(stop)) expect(second.update(close)).toEqual(whole.update(close))
    }
  })

  it('refuses the snapshot of another indicator, another version and broken data', () => {
    const snapshot = make().snapshot() as Record<string, unknown>
    expect(() => make().restore({ ...snapshot, id: 'other' } as never)).toThrow(TypeError)
    expect(() => make().restore({ ...snapshot, version: 2 } as never)).toThrow(/version 2/)
    expect(() => make().restore({ ...snapshot, numbers: [1, 'x'] } as never)).toThrow(/does not fit/)
    expect(() => make().restore(null)).toThrow(TypeError)
  })

  it('starts anew after reset', () => {
    const indicator = make()
    for (const close of closes) indicator.update(close)
    indicator.reset()
    const fresh = make()
    for (const close of closes) expect(indicator.update(close)).toEqual(fresh.update(close))
  })

  it('refuses a price that is none and keeps its state', () => {
    const indicator = make()
    for (const close of closes) indicator.update(close)
    const before = JSON.stringify(indicator.snapshot())
    expect(() => indicator.update(Number.NaN)).toThrow(RangeError)
    expect(JSON.stringify(indicator.snapshot())).toBe(before)
  })
})

describe('maCross', () => {
  it('holds both averages of now and of one input ago', () => {
    const [cross, fast, slow] = [maCross(3, 5), sma(3), sma(5)]
    const plain = closes.map((close) => ({ fast: fast.update(close), slow: slow.update(close) }))
    const wanted = plain.map((now, i) => ({ ...now, previousFast: plain[i - 1]?.fast, previousSlow: plain[i - 1]?.slow }))
    const found = closes.map((close) => ({ ...cross.update(close) }))
    expect(found.slice(cross.warmup)).toEqual(wanted.slice(cross.warmup))
  })
  it('shows no crossing made of rounding on a flat price', () => {
    const cross = maCross(12, 26)
    for (let i = 0; i < 200; i++) cross.update(0.1 + 0.2)
    expect(cross.value.fast).toBe(cross.value.slow)
  })
  it('refuses averages in the wrong order', () => {
    expect(() => maCross(5, 5)).toThrow(/less than slow \(5\), received 5/)
  })
})

describe('macdMomentum', () => {
  it('holds the MACD and the histogram of one input ago', () => {
    const options = { fast: 3, slow: 6, signal: 4 }
    const [momentum, inner] = [macdMomentum(macd(options)), macd(options)]
    const plain = closes.map((close) => ({ ...inner.update(close) }))
    const wanted = plain.map((now, i) => ({ ...now, previousHistogram: plain[i - 1]?.histogram }))
    const found = closes.map((close) => ({ ...momentum.update(close) }))
    expect(found.slice(momentum.warmup)).toEqual(wanted.slice(momentum.warmup))
  })
})
