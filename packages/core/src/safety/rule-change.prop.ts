import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SafetyRule } from '../contracts/safety-rule.ts'
import { defaultTemperatureThresholds, temperatureOf } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'
import { builtIns } from '../config/built-ins.ts'
import { blockerCodes } from './blocker-codes.ts'
import { balance } from './balance.ts'
import { clockSkew } from './clock-skew.ts'
import { consecutiveLosses } from './consecutive-losses.ts'
import { cooldown } from './cooldown.ts'
import { correlationGroup } from './correlation-group.ts'
import { dailyLossLimit } from './daily-loss.ts'
import { dailyTrades } from './daily-trades.ts'
import { leverOf } from './levers.ts'
import { maxExposure } from './max-exposure.ts'
import { maxOpenPositions } from './max-open-positions.ts'
import { maxPosition } from './max-position.ts'
import { maxTranches } from './max-tranches.ts'
import { minTemperature } from './min-temperature.ts'
import { orderRate } from './order-rate.ts'
import { priceBand } from './price-band.ts'
import { priceStep } from './price-step.ts'
import { ruleParams } from './every-rule.fixture.ts'
import { moveBy, passesAlone, ruleChange, situationOf } from './rule-change.ts'
import { spreadLimit } from './spread-limit.ts'
import { staleData } from './stale-data.ts'
import { tradeSize } from './trade-size.ts'
import { tradingWindow } from './trading-window.ts'
import { entryOf, ordersAt, testView } from './view.fixture.ts'

const MIN = 5
const INCREMENT = 0.01
const options = { minQuote: MIN, priceIncrement: INCREMENT }
/** Steps in one, whole numbers, so that a step less is exactly a step less. */
const stepsInOne = { cent: 100, bps: 100, ms: 1, one: 1, millionth: 1e6, increment: 1 / INCREMENT } as const

const money = fc.integer({ min: 0, max: 200_000 }).map((cents) => cents / 100 + 0.003)

/** Any state of an account and a bot: most of the rules below are broken in most of them. */
const situations = fc
  .record({
    amount: money.map((m) => Math.max(0.01, m % 40)),
    available: money.map((m) => m % 30),
    exposure: money,
    cost: money.map((m) => m % 120),
    lots: fc.integer({ min: 0, max: 8 }),
    openPositions: fc.integer({ min: 0, max: 20 }),
    trades: fc.integer({ min: 0, max: 20 }),
    peakLoss: money,
    sinceFill: fc.integer({ min: 0, max: 3_600_000 }),
    age: fc.integer({ min: 0, max: 600_000 }),
    score: fc.double({ min: -1, max: 1, noNaN: true }),
    price: fc.integer({ min: 9_000, max: 11_000 }).map((cents) => cents / 100),
    spreadBps: fc.integer({ min: 0, max: 6_000 }).map((n) => n / 100),
    clockSkewMs: fc.integer({ min: -8_000, max: 8_000 }),
    orders: fc.array(fc.nat(900_000), { maxLength: 6 }),
    lossStreak: fc.nat(4),
    active: fc.nat(3),
  })
  .map((s) => {
    const plain = testView()
    const view = testView({
      score: s.score,
      temperature: temperatureOf(s.score),
      lastFillMs: (plain.nowMs - s.sinceFill) as EpochMs,
      lastFillPrice: 100,
      lossStreak: s.lossStreak,
      lastLossMs: (plain.nowMs - 2 * s.sinceFill) as EpochMs,
      orders: ordersAt(...s.orders.toSorted((a, b) => b - a).map((age) => plain.nowMs - age)),
      position: { open: true, lots: s.lots, cost: s.cost },
      today: { loss: 0, trades: s.trades },
      cash: { available: s.available, reserved: 0 },
      market: { ...plain.market, price: s.price, dataAgeMs: s.age, spreadBps: s.spreadBps, clockSkewMs: s.clockSkewMs },
      portfolio: {
        ...plain.portfolio,
        activeOn: () => s.active,
        orders: ordersAt(...s.orders.toSorted((a, b) => b - a).map((age) => plain.nowMs - age)),
        exposure: s.exposure,
        openPositions: s.openPositions,
        todayTrades: s.trades,
        todayPeakLoss: s.peakLoss,
      },
    })
    return situationOf(entryOf(s.amount, { kind: s.lots === 0 ? 'open' : 'add' }), view, defaultTemperatureThresholds)
  })

const rules: readonly SafetyRule[] = [
  balance(),
  cooldown('15m'),
  dailyLossLimit(100),
  ...dailyTrades({ account: 10, bot: 5 }),
  maxExposure(800),
  maxOpenPositions(11),
  maxPosition(75),
  maxTranches(3),
  minTemperature('warm'),
  priceStep(0.008),
  staleData('2m'),
  tradeSize(5, 25),
  spreadLimit({ maxBps: 20 }),
  priceBand(0.02),
  clockSkew('2s'),
  tradingWindow({ from: '13:00', to: '14:00' }),
  ...orderRate({ account: 3, bot: 2, window: '10m' }),
  consecutiveLosses({ max: 2, pause: '1h' }),
  correlationGroup({ instruments: ['BTC-USD', 'ETH-USD'], max: 2 }),
]

test.each(rules.map((rule) => [rule.code, rule] as const))('[row 53] %s: the change releases it, one step of its grid less does not', (_, rule) => {
  let blocked = 0
  fc.assert(
    fc.property(situations, (situation) => {
      if (passesAlone(rule, situation, MIN)) return
      blocked++
      const change = ruleChange(rule, situation, options)
      if (change === undefined) throw new Error('a rule that blocks must say what would release it')
      const lever = leverOf(rule)!
      expect(passesAlone(rule, moveBy(lever, situation, change.by), MIN)).toBe(true)
      const inOne = stepsInOne[lever.grid]
      const less = (Math.sign(change.by) * (Math.round(Math.abs(change.by) * inOne) - 1)) / inOne
      expect(passesAlone(rule, moveBy(lever, situation, less), MIN)).toBe(false)
      expect(change.to).toBeCloseTo(change.from + change.by, 6)
    }),
    { numRuns: 200 },
  )
  expect(blocked).toBeGreaterThan(5)
})

test('the change is the margin where the margin alone decides: 4 min 12 s of cooldown, 3.10 of balance', () => {
  const plain = testView()
  const cooling = situationOf(entryOf(10), testView({ lastFillMs: (plain.nowMs - 648_000) as EpochMs }), defaultTemperatureThresholds)
  expect(ruleChange(cooldown('15m'), cooling, options)).toMatchObject({ what: 'time', by: 252_000, unit: 'ms', to: plain.nowMs + 252_000 })
  const poor = situationOf(entryOf(10), testView({ cash: { available: 1.9, reserved: 0 } }), defaultTemperatureThresholds)
  expect(ruleChange(balance(), poor, options)).toMatchObject({ what: 'available cash', from: 1.9, by: 3.1, unit: 'quote' })
})

test('a price step is left by the nearer side', () => {
  const step = (price: number) => {
    const plain = testView()
    const view = testView({ lastFillPrice: 100, position: { open: true, lots: 1 }, market: { ...plain.market, price } })
    return ruleChange(priceStep(0.008), situationOf(entryOf(10, { kind: 'add' }), view, defaultTemperatureThresholds), options)
  }
  expect(step(100.3)).toMatchObject({ what: 'price', to: 100.8, by: 0.5 })
  expect(step(99.5)).toMatchObject({ what: 'price', to: 99.2, by: -0.3 })
})

test('a rule of a plugin says its own lever, or none is known', () => {
  const rule: SafetyRule = { apiVersion: 1, id: 'x-quiet', code: 'x-QUIET', check: (_, view, verdict) => verdict.require(-view.lossStreak) }
  const situation = situationOf(entryOf(10), testView({ lossStreak: 3 }), defaultTemperatureThresholds)
  expect(ruleChange(rule, situation, options)).toBeUndefined()
  const lever = {
    what: 'losses in a row',
    grid: 'one',
    ways: [-1],
    read: (s: typeof situation) => s.view.lossStreak,
    move: (s: typeof situation, by: number) => void (s.view.lossStreak += by),
  } as const
  expect(ruleChange({ ...rule, lever }, situation, options)).toMatchObject({ what: 'losses in a row', from: 3, to: 0, by: -3 })
})

/** Rules that no number of a view releases: an emergency stop, a pause, a venue that is shut, an environment. */
const withoutNumber: readonly string[] = ['ENVIRONMENT']

test('every rule that a configuration can name has a number that releases it, or is known to have none', () => {
  const made = Object.entries(builtIns.safety).flatMap(([name, plugin]) => plugin.make(plugin.params.parse(ruleParams[name])))
  expect(made.filter((rule) => leverOf(rule) === undefined && !withoutNumber.includes(rule.code)).map((rule) => rule.code)).toEqual([])
  expect(made.filter((rule) => !(rule.code in blockerCodes))).toEqual([])
})
