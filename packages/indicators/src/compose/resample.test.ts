import { describe, expect, test } from 'vitest'
import { chain, correlation, ema, field, join, macd, of, resample, sma, stochastic } from '../index.ts'
import type { TimedOhlcv } from './resample.ts'

const MINUTE = 60_000
const candle = (minute: number, close: number): TimedOhlcv => ({ openTime: minute * MINUTE, open: close, high: close, low: close, close, volume: 1 })

describe('resample', () => {
  test('takes indicators over closes as well as over candles', () => {
    const closes = resample('5m', sma(2))
    const seen = Array.from({ length: 15 }, (_, minute) => closes.update(candle(minute, minute)))
    expect(seen.slice(8)).toEqual([Number.NaN, 6.5, 6.5, 6.5, 6.5, 6.5, 11.5])
    expect(closes.warmup).toBe(9)
  })

  test('is made anew for the candles it will be fed with', () => {
    const hourly = resample('1h', ema(20))
    expect([hourly.id, hourly.warmup, hourly.alignment]).toEqual(['ema(20) @ 1h of 1m', 1_199, 59])
    const five = hourly.forTimeframe(5 * MINUTE)
    expect([five.id, five.warmup, five.alignment]).toEqual(['ema(20) @ 1h of 5m', 239, 11])
    expect(hourly.forTimeframe(60 * MINUTE).warmup).toBe(19)
    expect(resample('1w', ema(2)).forTimeframe(24 * 60 * MINUTE).id).toBe('ema(2) @ 1w of 1d')
    expect(resample('1h', ema(2)).forTimeframe(90_000).id).toBe('ema(2) @ 1h of 90s')
  })

  test('refuses candles that it cannot be made of, and others than it was made for', () => {
    expect(() => resample('1h', ema(2)).forTimeframe(7 * MINUTE)).toThrow('to: expected a multiple of 7m, received 1h')
    expect(() => resample('1h', ema(2)).forTimeframe(1_500)).toThrow('from: expected whole seconds, received 1500 ms')
    expect(() => resample('1h', ema(2), { from: '1m' }).forTimeframe(5 * MINUTE)).toThrow('from: expected the timeframe of the candles, 5m, received 1m')
    expect(resample('1h', ema(2), { from: '60s' }).forTimeframe(MINUTE).id).toBe('ema(2) @ 1h of 1m')
  })

  test('hands the timeframe on through compositions, and only when a part asks for it', () => {
    const five = 5 * MINUTE
    expect(of(resample('1h', stochastic()), 'k').forTimeframe!(five).id).toContain('@ 1h of 5m.k')
    expect(chain(resample('1h', sma(2)), sma(3)).forTimeframe!(five).id).toBe('sma(2) @ 1h of 5m > sma(3)')
    const both = join(resample('1h', sma(2)), resample('30m', field('volume')), correlation(5))
    expect(both.alignment).toBe(59)
    expect(both.forTimeframe!(five)).toMatchObject({ id: 'correlation(5) of (sma(2) @ 1h of 5m, volume() @ 30m of 5m)', alignment: 11, input: 'candle' })
    for (const plain of [of(macd(), 'histogram'), chain(sma(2), sma(3)), join(field('close'), field('volume'), correlation(5))])
      expect([plain.alignment, plain.forTimeframe]).toEqual([undefined, undefined])
  })
})
