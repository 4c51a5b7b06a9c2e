import { describe, expect, it } from 'vitest'
import { duration, durationOrOff, speed, utcTime, venueUrl, wholeNumber } from './parse-values.ts'

describe('wholeNumber', () => {
  it.each([
    ['0', 0],
    ['65535', 65535],
    ['007', 7],
  ])('takes %s', (text, value) => expect(wholeNumber(0, 65535)(text)).toBe(value))
  it.each(['-1', '65536', '1.5', '1e3', '', ' 1', '0x10', '99999999999999999999'])('refuses %j', (text) =>
    expect(() => wholeNumber(0, 65535)(text)).toThrow('a whole number from 0 to 65535'),
  )
})

describe('duration', () => {
  it.each([
    ['24h', 86_400_000],
    ['15m', 900_000],
    ['1.5s', 1500],
    ['250ms', 250],
  ])('takes %s', (text, ms) => expect(duration(text)).toBe(ms))
  it.each(['0s', '24', 'h', '-5m', '5 m', '5w', ''])('refuses %j', (text) => expect(() => duration(text)).toThrow('a length of time such as'))
})

describe('durationOrOff', () => {
  it('takes a length of time, or off for none', () => expect([durationOrOff('30s'), durationOrOff('off')]).toEqual([30_000, undefined]))
  it('refuses zero', () => expect(() => durationOrOff('0s')).toThrow('a length of time'))
})

describe('utcTime', () => {
  it.each([
    ['2025-09-17T06:00Z', Date.UTC(2025, 8, 17, 6)],
    ['2025-09-17T06:00:30Z', Date.UTC(2025, 8, 17, 6, 0, 30)],
    ['2025-09-17T06:00:30.25Z', Date.UTC(2025, 8, 17, 6, 0, 30, 250)],
    ['2025-09-17', Date.UTC(2025, 8, 17)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('takes %s', (text, ms) => expect(utcTime(text)).toBe(ms))
  it.each([
    '2025-09-17T06:00',
    '2025-09-17T06:00+02:00',
    '2025-09-17 06:00Z',
    '2025-02-29',
    '2025-13-01',
    '2025-09-17T24:00Z',
    '2025-09-17T06:60Z',
    'yesterday',
    '',
  ])('refuses %j', (text) => expect(() => utcTime(text)).toThrow('a time in UTC such as'))
})

describe('speed', () => {
  it.each([
    ['1', 1],
    ['60', 60],
    ['max', 'max'],
  ])('takes %s', (text, value) => expect(speed(text)).toBe(value))
  it.each(['0', '-1', '3601', '1.5', 'fast', ''])('refuses %j', (text) => expect(() => speed(text)).toThrow('or max'))
})

describe('venueUrl', () => {
  it.each([
    ['https://venue.example/path', 'https://venue.example'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/', 'http://[::1]:8080'],
  ])('takes %s', (text, origin) => expect(venueUrl(text)).toBe(origin))
  it.each(['', 'venue', 'http://venue.example', 'ws://127.0.0.1:1', 'file:///etc/passwd'])('refuses %j', (text) =>
    expect(() => venueUrl(text)).toThrow('an https address, or http on this machine'),
  )
})
