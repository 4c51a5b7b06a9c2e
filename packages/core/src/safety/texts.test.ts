import { expect, it } from 'vitest'
import { percentText, quoteText, remainingText } from './texts.ts'

it.each([
  [0, '0 ms'],
  [0.2, '1 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [1_001, '2 s'],
  [59_000, '59 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [252_000, '4 min 12 s'],
  [3_599_000, '59 min 59 s'],
  [3_600_000, '1 h'],
  [3_600_001, '1 h 1 min'],
  [7_200_000, '2 h'],
  [Number.POSITIVE_INFINITY, 'for ever'],
  [Number.NaN, 'for ever'],
])('%d ms are said as %s', (ms, text) => expect(remainingText(ms)).toBe(text))

it.each([
  [12.345, '12.35'],
  [1, '1'],
  [-1, '-1'],
  [-12.345, '-12.35'],
  [0.999_999_99, '0.99999999'],
  [0.000_7, '0.0007'],
  [25, '25'],
])('an amount of %d is said as %s', (amount, text) => expect(quoteText(amount)).toBe(text))

it.each([
  [0.05, '5 %'],
  [0.008, '0.8 %'],
  [0.000_001, '0.0001 %'],
])('a fraction of %d is said as %s', (fraction, text) => expect(percentText(fraction)).toBe(text))
