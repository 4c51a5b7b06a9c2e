import { describe, expect, test } from 'vitest'
import { durationText, parseTime, timeText } from './time-text.ts'

describe('parseTime', () => {
  test.each(['2026-01-01T00:00Z', '1970-01-01T00:00Z', '2024-02-29T23:59:59.999Z', '2025-10-23T03:30:07Z', '1969-12-31T23:59Z', '2000-03-01T00:00Z'])(
    '%s',
    (text) => {
      expect(parseTime(text)).toBe(Date.parse(text))
      expect(timeText(parseTime(text))).toBe(text)
    },
  )

  test('a date alone is its midnight, a fraction may be short', () => {
    expect(parseTime('2026-03-01')).toBe(Date.UTC(2026, 2, 1))
    expect(parseTime('2026-03-01T00:00:00.5Z')).toBe(Date.UTC(2026, 2, 1) + 500)
  })

  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-01T24:00Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:00',
    '2026-01-01T10:00+01:00',
    '1 May',
    '',
    '2026-1-1',
  ])('%j is refused', (text) => {
    expect(() => parseTime(text)).toThrow(`expected a UTC time such as 2026-01-01T06:00Z, received ${JSON.stringify(text)}`)
  })
})

test.each([
  [0, '0s'],
  [1, '1ms'],
  [900_000, '15m'],
  [5_400_000, '1h30m'],
  [34_560_000_000, '400d'],
  [90_061_001, '1d1h1m1s1ms'],
])('durationText(%d) is %s', (ms, text) => {
  expect(durationText(ms)).toBe(text)
})
