import { describe, expect, it } from 'vitest'
import { amount, changeText, duration, exactTime, fee, missing, percent, price, quantity, score, shortTime, signedAmount, tone, words } from './format.ts'

describe('amounts', () => {
  it('rounds the text itself, however long it is', () => {
    expect(amount('1271.22000000000000000001')).toBe('1,271.22')
    expect(amount('90071992547409931234.567')).toBe('90,071,992,547,409,931,234.57')
  })
  it('writes a gain with its sign, and no sign for nothing', () => {
    expect(signedAmount('0.334')).toBe('+0.33')
    expect(signedAmount('-0.865')).toBe('−0.87')
    expect(signedAmount('-0.004')).toBe('0.00')
    expect(signedAmount('0')).toBe('0.00')
  })
  it('keeps every digit of a quantity and four places of a fee', () => {
    expect(quantity('0.00000001')).toBe('0.00000001')
    expect(quantity('14285')).toBe('14,285')
    expect(fee('0.089099676')).toBe('0.0891')
  })
  it("writes a price at the instrument's decimals, from 90,000 to 0.0007", () => {
    expect(price(91234.5, 2)).toBe('91,234.50')
    expect(price('0.0007213', 7)).toBe('0.0007213')
  })
  it('invents nothing where there is nothing', () => {
    for (const text of [amount(undefined), signedAmount(undefined), quantity(undefined), price(undefined, 2), score(undefined), duration(undefined)])
      expect(text).toBe(missing)
  })
  it('never rounds a confirmation up to done', () => expect(percent(0.9999)).toBe('99 %'))
  it('tells gain from loss', () => expect([tone('0.1'), tone('-0.1'), tone('-0.004'), tone('0'), tone(undefined)]).toEqual(['good', 'bad', '', '', '']))
})

describe('times', () => {
  it('says a length of time in at most two units', () => {
    expect([0, 59_999, 60_000, 245_000, 600_000, 3_600_000, 5_400_000, 86_400_000, 90_000_000].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '4 min 5 s',
      '10 min',
      '1 h',
      '1 h 30 min',
      '1 d',
      '1 d 1 h',
    ])
  })
  it('leaves the day out only where it is today', () => {
    const now = Date.UTC(2026, 0, 5, 12)
    expect(shortTime(now - 1000, now)).toBe('11:59:59')
    expect(shortTime(Date.UTC(2026, 0, 4, 23, 59), now)).toBe('01-04 23:59')
  })
  it('keeps the milliseconds of a proof', () => expect(exactTime(Date.UTC(2026, 0, 5, 12, 1, 1, 234))).toBe('12:01:01.234'))
  it('writes a state in words', () => expect(words('partiallyFilled')).toBe('partially filled'))
})

describe('changeText', () => {
  const change = { gate: 'g', code: 'C', relative: 1 }
  it.each([
    [{ what: 'available cash', from: 1.9, to: 5, by: 3.1, unit: 'quote' }, 'available cash: 1.90 USD, needed 5.00 USD (+3.10 USD)'],
    [{ what: 'time', from: 0, to: 252_000, by: 252_000, unit: 'ms' }, 'in 4 min 12 s, at 1970-01-01 00:04:12'],
    [{ what: 'age of the last market data', from: 180_000, to: 120_000, by: -60_000, unit: 'ms' }, 'age of the last market data: 3 min, needed 2 min (−1 min)'],
    [{ what: 'readings.rsi', from: 41.2345678, to: 30, by: -11.2345678, unit: 'reading' }, 'rsi: 41.2346, needed 30 (−11.2346)'],
    [{ what: 'readings.movingAverage.previousFast', from: 10, to: 9, by: -1, unit: 'reading' }, 'moving average previous fast: 10, needed 9 (−1)'],
    [{ what: 'strength of the score', from: 0.11, to: 0.15, by: 0.04, unit: 'score' }, 'strength of the score: 0.11, needed 0.15 (+0.04)'],
    [{ what: 'tranches held', from: 3, to: 2, by: -1, unit: 'count' }, 'tranches held: 3, needed 2 (−1)'],
  ])('%o', (given, text) => {
    expect(changeText({ ...change, ...given }, 'USD')).toBe(text)
  })
})
