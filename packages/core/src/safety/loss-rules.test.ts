import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { botLossLimit } from './bot-loss.ts'
import { breakerDefaults, breakerSettings, circuitBreakers } from './circuit-breakers.ts'
import { blockerCodes } from './blocker-codes.ts'
import { drawdownLimit } from './drawdown.ts'
import { ALLOW, DENY } from './verdict-slot.ts'
import { slotOf, testView } from './view.fixture.ts'

const allowed = (margin: number): unknown => expect.objectContaining({ kind: ALLOW, margin })
const denied = (margin: number): unknown => expect.objectContaining({ kind: DENY, margin })

describe('botLossLimit', () => {
  const rule = botLossLimit(25)
  const at = (peakLoss: number, loss = peakLoss) => testView({ today: { peakLoss, loss } })
  it("[INC-03] denies from the moment the bot's loss is exactly the limit, until the next UTC day, and not before", () => {
    expect(slotOf(rule, at(24.99))).toEqual(allowed(25 - 24.99))
    expect(slotOf(rule, at(25))).toEqual(denied(0))
    expect(slotOf(rule, at(25)).untilMs).toBe(Date.UTC(2026, 0, 3))
  })
  it('goes on denying when the loss recovers, and releases with the new day', () => {
    expect(slotOf(rule, at(25, 0)).kind).toBe(DENY)
    expect(slotOf(rule, at(0)).kind).toBe(ALLOW)
  })
  it('stops this bot alone, at exactly the limit and when the loss is no number', () => {
    expect([rule.stops, rule.trips!(at(24.99)), rule.trips!(at(25)), rule.trips!(at(Number.NaN))]).toEqual(['bot', false, true, true])
  })
})

describe('drawdownLimit', () => {
  const rule = drawdownLimit(0.1)
  const at = (equity: number, peakEquity = 1_000) => testView({ portfolio: { equity, peakEquity } })
  it('denies from the moment equity is exactly that far under its highest value, and not before', () => {
    expect(slotOf(rule, at(900.01)).kind).toBe(ALLOW)
    expect(slotOf(rule, at(900))).toEqual(denied(0))
    expect(slotOf(rule, at(700)).margin).toBeCloseTo(-0.2)
  })
  it('releases when it is measured from another value', () => {
    expect(slotOf(rule, at(900, 900))).toEqual(allowed(0.1))
    expect(slotOf(rule, at(0, Number.NEGATIVE_INFINITY)).kind).toBe(ALLOW)
  })
  it('stops the account until a person resets it', () => {
    expect([rule.stops, rule.trips!(at(900.01)), rule.trips!(at(900)), rule.trips!(at(Number.NaN))]).toEqual(['untilReset', false, true, true])
  })
})

describe('circuit breakers', () => {
  it('have a blocker code each', () => {
    for (const { code } of Object.values(circuitBreakers)) expect(Object.keys(blockerCodes)).toContain(code)
  })
  it('take what is not said from the defaults', () => {
    expect(breakerSettings()).toEqual({
      errorRate: { limit: 5, window: 600_000, quiet: 900_000 },
      rateLimit: { limit: 3, window: 60_000, quiet: 120_000 },
      dataGap: { limit: 3, window: 600_000, quiet: 60_000 },
      orderStorm: { limit: 120, window: 60_000 },
    })
    expect(breakerSettings({ errorRate: { limit: 9 } }).errorRate).toEqual({ limit: 9, window: 600_000, quiet: 900_000 })
    expect(breakerSettings(breakerSettings())).toEqual(breakerSettings())
    expect(Object.keys(breakerDefaults)).toEqual(Object.keys(breakerSettings()))
  })
  it.each<readonly [string, object, string]>([
    ['a limit of none', { errorRate: { limit: 0 } }, 'breakers.errorRate.limit'],
    ['more than is remembered', { orderStorm: { limit: 1_001 } }, 'breakers.orderStorm.limit'],
    ['no window', { dataGap: { window: 0 } }, 'breakers.dataGap.window'],
    ['another breaker', { mood: {} }, 'breakers.mood'],
  ])('refuse %s with its path', (_name, options, path) => {
    expect(() => breakerSettings(options)).toThrow(ConfigError)
    expect(() => breakerSettings(options)).toThrow(path)
  })
})
