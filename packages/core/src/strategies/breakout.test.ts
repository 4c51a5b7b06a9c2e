import { describe, expect, it } from 'vitest'
import type { Json } from '../model/json.ts'
import { strategyCandles } from '../testing/strategy-candles.ts'
import { bar, bars, lastOf, reading, sayings } from './bars.fixture.ts'
import { breakout, surgeScore } from './breakout.ts'
import { priorChannel } from './prior-channel.ts'

const params = { entry: 3, exit: 2, volume: 3, surge: 1.5 }
const quiet = [bar(10), bar(11, { minute: 1, high: 12, low: 10 }), bar(11, { minute: 2 })]
const next = (close: number, volume: number, high = close) => [...quiet, bar(close, { minute: 3, volume, high, low: Math.min(close, 11) })]

describe('breakout', () => {
  it('buys a close above the highs before it, on more volume than usual', () => {
    // Mean volume (1 + 1 + 4) / 3 = 2, ratio 2; 0.5 + 0.5 * (2 - 1.5) / 1.5.
    const said = lastOf(breakout(params), next(12.5, 4))
    expect(said.score).toBeCloseTo(0.5 + 0.5 / 3, 12)
    expect(reading(said, 'channel')).toBeCloseTo(100 * (12.5 / 12 - 1), 12)
    expect(reading(said, 'volume')).toBe(2)
  })

  it('a close at the channel is none, and one without volume is none', () => {
    expect(lastOf(breakout(params), next(12, 4)).score).toBe(0)
    // A high above the channel is not a close above it.
    expect(lastOf(breakout(params), next(11.9, 4, 13)).score).toBe(0)
    // Ratio 3 * 2 / 4 = 1.5: exactly the surge.
    expect(lastOf(breakout(params), next(12.5, 2)).score).toBe(0.5)
    expect(lastOf(breakout(params), next(12.5, 1.99)).score).toBe(0)
  })

  it('sells a close under the lows of the shorter channel, on any volume', () => {
    const said = lastOf(breakout(params), next(9.9, 0))
    expect(said).toMatchObject({ score: -1, components: [{ name: 'channel' }] })
    expect(reading(said, 'channel')).toBeCloseTo(100 * (9.9 / 10 - 1), 12)
    expect(lastOf(breakout(params), next(10, 4)).score).toBe(0)
  })

  it('stands a market without volume and without movement', () => {
    for (const { score } of sayings(
      breakout(),
      bars(
        Array.from({ length: 60 }, () => 5),
        { volume: 0 },
      ),
    ))
      expect(score).toBe(0)
  })

  it('describes its readings in words', () => {
    const { describe: words } = breakout().create()
    expect(words('channel', { score: 0, reading: 0 })).toBe('inside the channel')
    expect(words('channel', { score: 0, reading: -0.1234 })).toBe('0.123 % below the channel')
    expect(words('channel', { score: 0, reading: 0.1234 })).toBe('0.123 % above the channel')
    expect(words('volume', { score: 0, reading: 1.5 })).toBe('volume 1.50 times its mean')
  })

  it('refuses a surge of nothing', () => {
    expect(() => breakout({ surge: 0 })).toThrow(/surge/)
  })
})

describe('surgeScore', () => {
  it.each([
    [1.499, 0],
    [1.5, 0.5],
    [2.25, 0.75],
    [3, 1],
    [30, 1],
  ])('%f times the mean gives %f', (ratio, score) => {
    expect(surgeScore(ratio, 1.5)).toBeCloseTo(score, 12)
  })
})

describe('priorChannel', () => {
  const candles = strategyCandles(80)

  it('holds the extremes of the candles before this one, and is warm with the first full channel', () => {
    const channel = priorChannel(5)
    const found = candles.map((candle) => ({ ...channel.update(candle) }))
    found.forEach((value, i) => {
      const before = candles.slice(i - 5, i)
      expect(value).toEqual(
        i < 5
          ? { upper: Number.NaN, lower: Number.NaN }
          : { upper: Math.max(...before.map(({ high }) => high)), lower: Math.min(...before.map(({ low }) => low)) },
      )
    })
    expect(channel.warmup).toBe(5)
  })

  it('previews what update then says, changes nothing by it, goes on from a snapshot and starts anew after reset', () => {
    const channel = priorChannel(5)
    const other = priorChannel(5)
    for (const candle of candles) {
      const previewed = { ...channel.preview({ ...candle, high: 1e9 }) }
      const before = JSON.stringify(channel.snapshot())
      expect(JSON.stringify(channel.snapshot())).toBe(before)
      other.restore(JSON.parse(before) as Json)
      expect(other.value).toEqual(channel.value)
      expect({ ...channel.update(candle) }).toEqual(previewed)
      expect(other.update(candle)).toEqual(previewed)
    }
    channel.reset()
    const fresh = priorChannel(5)
    for (const candle of candles) expect(channel.update(candle)).toEqual(fresh.update(candle))
  })

  it('refuses the snapshot of another one', () => {
    expect(() => priorChannel(5).restore(priorChannel(6).snapshot())).toThrow(TypeError)
  })
})
