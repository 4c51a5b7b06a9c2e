import { describe, expect, it } from 'vitest'
import type { ConfiguredRule } from './configured-rule.ts'
import { consecutiveLosses } from './consecutive-losses.ts'
import { correlationGroup } from './correlation-group.ts'
import { environmentGate } from './environment-gate.ts'
import { orderRate } from './order-rate.ts'
import { tradingWindow } from './trading-window.ts'
import { ConfigError } from '../model/errors.ts'
import { HOUR_MS, MINUTE_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { ALLOW, DENY } from './verdict-slot.ts'
import { entryOf, ordersAt, slotOf, testView } from './view.fixture.ts'

const allowed = (margin: number): unknown => expect.objectContaining({ kind: ALLOW, margin })
const denied = (margin: number): unknown => expect.objectContaining({ kind: DENY, margin })

/** 2026-01-02T12:00Z, a Friday. */
const NOW = Date.UTC(2026, 0, 2, 12)

describe('orderRate', () => {
  const [account, bot] = orderRate({ account: 3, bot: 2, window: '1m' }) as readonly [ConfiguredRule, ConfiguredRule]
  it('denies a bot its third order within the window and releases at exactly the end of the window', () => {
    const at = (oldest: number) => testView({ orders: ordersAt(NOW - oldest, NOW - 1_000) })
    const full = slotOf(bot, at(59_999))
    expect(full).toEqual(denied(-1))
    expect(full.untilMs).toBe(NOW + 1)
    expect(slotOf(bot, at(60_000))).toEqual(allowed(0))
    expect(slotOf(bot, testView({ orders: ordersAt(NOW) })).kind).toBe(ALLOW)
  })
  it("counts the account's orders apart from the bot's", () => {
    const view = testView({ orders: ordersAt(), portfolio: { orders: ordersAt(NOW - 30_000, NOW - 20_000, NOW - 10_000) } })
    expect(slotOf(account, view)).toEqual(denied(-30_000))
    expect(slotOf(bot, view).kind).toBe(ALLOW)
    expect(slotOf(account, testView({ orders: ordersAt(NOW, NOW, NOW) })).kind).toBe(ALLOW)
  })
  it('makes one rule for one limit, and none without any', () => {
    expect(orderRate({ bot: 2, window: '1m' }).map(({ code }) => code)).toEqual(['ORDER_RATE_BOT'])
    expect(() => orderRate({ window: '1m' })).toThrow(ConfigError)
    expect(() => orderRate({ bot: 1_001, window: '1m' })).toThrow(ConfigError)
  })
})

describe('consecutiveLosses', () => {
  const rule = consecutiveLosses({ max: 3, pause: '4h' })
  const at = (lossStreak: number, since: number) => testView({ lossStreak, lastLossMs: (NOW - since) as EpochMs })
  it('[INC-03] fires at the third losing round trip in a row and releases four hours after it, to the millisecond', () => {
    expect(slotOf(rule, at(2, 0)).kind).toBe(ALLOW)
    const fired = slotOf(rule, at(3, 4 * HOUR_MS - 1))
    expect(fired).toEqual(denied(-1))
    expect(fired.untilMs).toBe(NOW + 1)
    expect(slotOf(rule, at(3, 4 * HOUR_MS))).toEqual(allowed(0))
  })
  it('releases at once with a gain, and fires anew with one more loss after the pause', () => {
    expect(slotOf(rule, at(0, 1)).kind).toBe(ALLOW)
    expect(slotOf(rule, at(4, 1)).kind).toBe(DENY)
  })
})

describe('correlationGroup', () => {
  const rule = correlationGroup({ instruments: ['BTC-USD', 'ETH-USD'], max: 2 })
  const with_ = (counts: Readonly<Record<string, number>>, instrument = 'BTC-USD') => testView({ instrument, portfolio: { activeOn: (id) => counts[id] ?? 0 } })
  it('denies the third position of the group, over all of its instruments, and allows the second', () => {
    expect(slotOf(rule, with_({ 'ETH-USD': 1 }))).toEqual(allowed(0))
    expect(slotOf(rule, with_({ 'ETH-USD': 1, 'BTC-USD': 1 }))).toEqual(denied(-1))
  })
  it('releases when one of them is closed', () => {
    expect(slotOf(rule, with_({ 'BTC-USD': 2 })).kind).toBe(DENY)
    expect(slotOf(rule, with_({ 'BTC-USD': 1 })).kind).toBe(ALLOW)
  })
  it('minds neither other instruments nor an addition to a position', () => {
    expect(slotOf(rule, with_({ 'SOL-USD': 9 })).kind).toBe(ALLOW)
    expect(slotOf(rule, with_({ 'BTC-USD': 2 }, 'SOL-USD')).kind).toBe(ALLOW)
    expect(slotOf(rule, with_({ 'BTC-USD': 2 }), entryOf(10, { kind: 'add' })).kind).toBe(ALLOW)
  })
  it('counts an instrument once that is named twice', () => {
    expect(slotOf(correlationGroup({ instruments: ['BTC-USD', 'BTC-USD'], max: 2 }), with_({ 'BTC-USD': 1 })).kind).toBe(ALLOW)
  })
})

describe('tradingWindow', () => {
  const at = (text: string) => testView({ nowMs: Date.parse(text) as EpochMs })
  it('opens at exactly its first minute and is closed at exactly its last', () => {
    const rule = tradingWindow({ from: '08:00', to: '20:00' })
    const early = slotOf(rule, at('2026-01-02T07:59:59.999Z'))
    expect(early).toEqual(denied(-1))
    expect(early.untilMs).toBe(Date.UTC(2026, 0, 2, 8))
    expect(slotOf(rule, at('2026-01-02T08:00Z'))).toEqual(allowed(12 * HOUR_MS))
    expect(slotOf(rule, at('2026-01-02T19:59:59.999Z'))).toEqual(allowed(1))
    const late = slotOf(rule, at('2026-01-02T20:00Z'))
    expect(late).toEqual(denied(-12 * HOUR_MS))
    expect(late.untilMs).toBe(Date.UTC(2026, 0, 3, 8))
  })
  it('runs over midnight, and belongs to the day on which it opened', () => {
    const rule = tradingWindow({ from: '22:00', to: '06:00', days: ['fri'] })
    expect(slotOf(rule, at('2026-01-02T21:59:59.999Z'))).toEqual(denied(-1))
    expect(slotOf(rule, at('2026-01-02T22:00Z'))).toEqual(allowed(8 * HOUR_MS))
    expect(slotOf(rule, at('2026-01-03T00:00Z'))).toEqual(allowed(6 * HOUR_MS))
    expect(slotOf(rule, at('2026-01-03T05:59:59.999Z'))).toEqual(allowed(1))
    const over = slotOf(rule, at('2026-01-03T06:00Z'))
    expect(over.kind).toBe(DENY)
    expect(over.untilMs).toBe(Date.UTC(2026, 0, 9, 22))
    expect(slotOf(rule, at('2026-01-02T03:00Z')).untilMs).toBe(Date.UTC(2026, 0, 2, 22))
  })
  it('is the whole day when both times are the same', () => {
    const rule = tradingWindow({ from: '00:00', to: '00:00', days: ['sat', 'sun'] })
    expect(slotOf(rule, at('2026-01-02T23:59:59.999Z'))).toEqual(denied(-1))
    expect(slotOf(rule, at('2026-01-03T00:00Z'))).toEqual(allowed(24 * HOUR_MS))
    expect(slotOf(rule, at('2026-01-04T23:59:59.999Z'))).toEqual(allowed(1))
    expect(slotOf(rule, at('2026-01-05T00:00Z')).untilMs).toBe(Date.UTC(2026, 0, 10))
  })
  it('refuses times and days that are none', () => {
    for (const [from, to] of [
      ['24:00', '06:00'],
      ['8:00', '20:00'],
      ['08:00', '20:60'],
    ] as const)
      expect(() => tradingWindow({ from, to })).toThrow(ConfigError)
    expect(() => tradingWindow({ from: '08:00', to: '20:00', days: [] })).toThrow(ConfigError)
  })
  it('knows its days over years', () => {
    const rule = tradingWindow({ from: '00:00', to: '00:00', days: ['thu'] })
    for (const day of ['1970-01-01', '2000-02-03', '2026-01-01', '2032-02-26']) {
      expect([day, slotOf(rule, at(`${day}T12:00Z`)).kind]).toEqual([day, ALLOW])
      expect([day, slotOf(rule, at(`${day}T23:59:59.999Z`)).margin]).toEqual([day, 1])
    }
    expect(slotOf(rule, testView({ nowMs: (Date.UTC(2026, 0, 2) + MINUTE_MS) as EpochMs })).kind).toBe(DENY)
  })
})

describe('environmentGate', () => {
  it('denies entries in an environment that is not named and allows the others', () => {
    const rule = environmentGate(['backtest', 'paper'])
    expect(slotOf(rule, testView({ environment: 'live' }))).toEqual(denied(-1))
    expect(slotOf(rule, testView({ environment: 'paper' }))).toEqual(allowed(0))
    expect(slotOf(environmentGate(['live']), testView({ environment: 'live' }))).toEqual(allowed(0))
  })
  it('refuses a list without environments', () => {
    expect(() => environmentGate([])).toThrow(ConfigError)
  })
})
