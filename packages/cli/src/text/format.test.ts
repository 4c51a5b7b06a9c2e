import { describe, expect, it } from 'vitest'
import { amountText, countText, rateText, timeText, waitText } from './format.ts'
import { pairs, table } from './table.ts'

describe('texts for people', () => {
  it('shows times in UTC and says so', () => expect(timeText(Date.UTC(2025, 9, 10, 21, 15, 7, 900))).toBe('2025-10-10 21:15:07Z'))
  it.each([
    [400, '0s'],
    [42_000, '42s'],
    [190_000, '3m 10s'],
    [7_500_000, '2h 05m'],
    [-5, '0s'],
  ])('shows a wait of %d ms as %s', (ms, text) => expect(waitText(ms)).toBe(text))
  it.each([
    [812, '812'],
    [45_100, '45.1 k'],
    [5_200_000, '5.20 M'],
    [Number.NaN, '-'],
  ])('shows a rate of %d as %s', (rate, text) => expect(rateText(rate)).toBe(text))
  it('sets thousands apart', () => expect(countText(1234567)).toBe('1,234,567'))
})

describe('amountText', () => {
  it.each([
    ['1266', '1,266.00'],
    ['0', '0.00'],
    ['-0.004', '0.00'],
    ['-0.005', '-0.01'],
    ['999.995', '1,000.00'],
    ['-12345.678', '-12,345.68'],
    ['0.1', '0.10'],
    ['123456789012345678901234567890.129', '123,456,789,012,345,678,901,234,567,890.13'],
  ])('shows %s as %s', (amount, text) => expect(amountText(amount)).toBe(text))
})

describe('table', () => {
  it('pads columns, numbers to the right, and leaves no blanks at the end of a line', () => {
    expect(
      table(
        ['code', 'count'],
        [
          ['COOLDOWN', '7'],
          ['SIZE', '1,200'],
        ],
        [1],
      ),
    ).toBe('code      count\n--------  -----\nCOOLDOWN      7\nSIZE      1,200')
  })
  it('aligns pairs', () =>
    expect(
      pairs([
        ['a', '1'],
        ['long', '2'],
      ]),
    ).toBe('a     1\nlong  2'))
})
