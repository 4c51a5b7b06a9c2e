import { describe, expect, it } from 'vitest'
import { ConfigError } from '../model/errors.ts'
import { temperatureOf } from '../model/temperature.ts'
import { MINUTE_MS } from '../model/time.ts'
import type { EpochMs } from '../model/time.ts'
import { balance } from './balance.ts'
import { blockerCodes, blockerText, blockerUnit } from './blocker-codes.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { cooldown } from './cooldown.ts'
import { dailyLossLimit } from './daily-loss.ts'
import { dailyTrades } from './daily-trades.ts'
import { emergencyLatch, FLATTEN_SOURCE } from './emergency-latch.ts'
import { everyRule } from './every-rule.fixture.ts'
import { maxExposure } from './max-exposure.ts'
import { maxOpenPositions } from './max-open-positions.ts'
import { maxPosition } from './max-position.ts'
import { maxTranches } from './max-tranches.ts'
import { minTemperature } from './min-temperature.ts'
import { priceStep } from './price-step.ts'
import { staleData } from './stale-data.ts'
import { strictLimits, strictSafety } from './strict-safety.ts'
import { entryOf, exitOf, slotOf, testView } from './view.fixture.ts'
import { tradeSize } from './trade-size.ts'
import { tradingStateGate } from './trading-state-gate.ts'
import { ALLOW, DENY, REDUCE } from './verdict-slot.ts'

const allowed = (margin: number): unknown => expect.objectContaining({ kind: ALLOW, margin })
const denied = (margin: number): unknown => expect.objectContaining({ kind: DENY, margin })
const reduced = (maxQuoteAmount: number, margin: number): unknown => expect.objectContaining({ kind: REDUCE, maxQuoteAmount, margin })

describe('tradeSize', () => {
  const rule = tradeSize(5, 25)
  it('[row 16] denies an entry below the minimum and allows one of exactly the minimum', () => {
    expect(slotOf(rule, testView(), entryOf(4.99))).toEqual(denied(4.99 - 5))
    expect(slotOf(rule, testView(), entryOf(5))).toEqual(allowed(0))
  })
  it('[row 17] reduces an entry above the maximum and leaves one of exactly the maximum', () => {
    expect(slotOf(rule, testView(), entryOf(25.01))).toEqual(reduced(25, 25 - 25.01))
    expect(slotOf(rule, testView(), entryOf(25))).toEqual(allowed(0))
    expect(slotOf(rule, testView(), entryOf(14))).toEqual(allowed(9))
  })
  it('denies what is no amount', () => {
    expect(slotOf(rule, testView(), entryOf(Number.NaN)).kind).toBe(DENY)
  })
})

describe('dailyLossLimit', () => {
  const rule = dailyLossLimit(100)
  const at = (todayPeakLoss: number, todayLoss = todayPeakLoss) => testView({ portfolio: { todayPeakLoss, todayLoss } })
  it('[row 18] denies entries from the moment the loss is exactly the limit', () => {
    expect(slotOf(rule, at(99.99))).toEqual(allowed(100 - 99.99))
    expect(slotOf(rule, at(100))).toEqual(denied(0))
    expect(slotOf(rule, at(130))).toEqual(denied(-30))
  })
  it('goes on denying when the loss recovers within the day, until the next UTC day', () => {
    const view = at(100, 20)
    expect(slotOf(rule, view)).toEqual(denied(0))
    expect(slotOf(rule, view).untilMs).toBe(Date.UTC(2026, 0, 3))
  })
  it('trips the trading state at exactly the limit', () => {
    expect([rule.trips!(at(99.99)), rule.trips!(at(100)), rule.trips!(at(Number.NaN))]).toEqual([false, true, true])
  })
  it('does not hold an exit', () => {
    expect(rule.appliesTo).toBeUndefined()
  })
})

describe('dailyTrades', () => {
  const [account, bot] = dailyTrades({ account: 10, bot: 5 }) as readonly [ConfiguredRule, ConfiguredRule]
  it('[row 19] allows the n-th entry of the account and denies the one after it, until the next UTC day', () => {
    expect(slotOf(account, testView({ portfolio: { todayTrades: 9 } }))).toEqual(allowed(0))
    const full = slotOf(account, testView({ portfolio: { todayTrades: 10 } }))
    expect(full).toEqual(denied(-1))
    expect(full.untilMs).toBe(Date.UTC(2026, 0, 3))
  })
  it('[row 19] allows the n-th entry of a bot and denies the one after it', () => {
    expect(slotOf(bot, testView({ today: { trades: 4 } }))).toEqual(allowed(0))
    expect(slotOf(bot, testView({ today: { trades: 5 } }))).toEqual(denied(-1))
  })
  it('[row 19] looks at entries only', () => {
    expect([account.appliesTo, bot.appliesTo]).toEqual([undefined, undefined])
  })
  it('releases on the new day, when the counters are at zero', () => {
    expect(slotOf(account, testView({ nowMs: Date.UTC(2026, 0, 3) as EpochMs })).kind).toBe(ALLOW)
  })
  it('makes one rule when one limit is given and none without any', () => {
    expect(dailyTrades({ bot: 0 }).map((rule) => rule.code)).toEqual(['DAILY_TRADES_BOT'])
    expect(() => dailyTrades({})).toThrow(ConfigError)
  })
})

describe('minTemperature', () => {
  const rule = minTemperature('warm')
  const at = (score: number) => testView({ score, temperature: temperatureOf(score) })
  it('[row 11] denies cool and frozen signals and allows warm and hot ones, at the exact thresholds', () => {
    expect(slotOf(rule, at(0.14999999999999997))).toEqual(denied(-1))
    expect(slotOf(rule, at(0.04999999999999999))).toEqual(denied(-2))
    expect(slotOf(rule, at(0.15))).toEqual(allowed(0))
    expect(slotOf(rule, at(0.3))).toEqual(allowed(1))
  })
  it('[row 11] says so with the code TEMPERATURE', () => {
    expect(rule.code).toBe('TEMPERATURE')
    expect(rule.describe!({ ruleId: rule.id, kind: 'deny', code: rule.code, margin: -1, detail: '' })).toBe('the signal is cool, an entry needs warm')
  })
})

describe('cooldown', () => {
  const rule = cooldown('15m')
  const since = (ms: number) => testView({ lastFillMs: (Date.UTC(2026, 0, 2, 12) - ms) as EpochMs })
  it('[row 15] denies until 900 s after the last fill and allows at exactly 900 s', () => {
    expect(slotOf(rule, since(899_999))).toEqual(denied(-1))
    expect(slotOf(rule, since(900_000))).toEqual(allowed(0))
    expect(slotOf(rule, since(0)).untilMs).toBe(Date.UTC(2026, 0, 2, 12) + 900_000)
  })
  it('allows a bot that has never filled', () => {
    expect(slotOf(rule, testView()).kind).toBe(ALLOW)
  })
  it('is off with a duration of zero', () => {
    expect(slotOf(cooldown(0), since(0))).toEqual(allowed(0))
  })
})

describe('position limits', () => {
  it('[row 20] maxTranches allows the third tranche and denies the fourth', () => {
    const rule = maxTranches(3)
    expect(slotOf(rule, testView({ position: { open: true, lots: 2 } }))).toEqual(allowed(0))
    expect(slotOf(rule, testView({ position: { open: true, lots: 3 } }))).toEqual(denied(-1))
    expect(slotOf(rule, testView()).kind).toBe(ALLOW)
  })
  it('[row 20] maxPosition leaves what fits exactly, reduces to the room, denies without room', () => {
    const rule = maxPosition(75)
    const at = (cost: number) => testView({ position: { open: true, cost } })
    expect(slotOf(rule, at(65), entryOf(10))).toEqual(allowed(0))
    expect(slotOf(rule, at(68), entryOf(10))).toEqual(reduced(7, -3))
    expect(slotOf(rule, at(75), entryOf(10))).toEqual(denied(-10))
    expect(slotOf(rule, at(80), entryOf(10))).toEqual(denied(-15))
  })
  it('[row 20] maxOpenPositions denies the (n + 1)-th position and never an addition to one', () => {
    const rule = maxOpenPositions(2)
    const at = (openPositions: number) => testView({ portfolio: { openPositions } })
    expect(slotOf(rule, at(1))).toEqual(allowed(0))
    expect(slotOf(rule, at(2))).toEqual(denied(-1))
    expect(slotOf(rule, at(2), entryOf(10, { kind: 'add' })).kind).toBe(ALLOW)
  })
  it('[row 20] maxExposure leaves what fits exactly, reduces to the room, denies without room', () => {
    const rule = maxExposure(800)
    const at = (exposure: number) => testView({ portfolio: { exposure } })
    expect(slotOf(rule, at(790), entryOf(10))).toEqual(allowed(0))
    expect(slotOf(rule, at(793), entryOf(10))).toEqual(reduced(7, -3))
    expect(slotOf(rule, at(800), entryOf(10))).toEqual(denied(-10))
  })
})

describe('[INC-43] staleData', () => {
  const rule = staleData('2m')
  const at = (dataAgeMs: number) => testView({ market: { dataAgeMs } })
  it('denies when the data is older than the limit and allows at exactly the limit', () => {
    expect(slotOf(rule, at(2 * MINUTE_MS + 1))).toEqual(denied(-1))
    expect(slotOf(rule, at(2 * MINUTE_MS))).toEqual(allowed(0))
  })
  it('denies when there has been no data or its age is unknown', () => {
    expect([Number.POSITIVE_INFINITY, Number.NaN].map((age) => slotOf(rule, at(age)).kind)).toEqual([DENY, DENY])
  })
})

describe('priceStep', () => {
  const rule = priceStep(0.008)
  const at = (price: number, lastFillPrice = 100) => testView({ position: { open: true }, lastFillPrice, market: { price } })
  it('denies an addition within the step on either side and allows one at exactly the step', () => {
    expect([100, 100.79, 99.21].map((price) => slotOf(rule, at(price)).kind)).toEqual([DENY, DENY, DENY])
    expect([100.8, 99.2, 0.0007056, 120].map((price) => slotOf(rule, at(price, price < 1 ? 0.0007 : 100)).kind)).toEqual([ALLOW, ALLOW, ALLOW, ALLOW])
    expect(slotOf(rule, at(100.8)).margin).toBe(0)
    expect(slotOf(rule, at(100)).margin).toBe(-0.008)
  })
  it('leaves a first entry alone, whatever was filled before', () => {
    expect(slotOf(rule, testView({ lastFillPrice: 100, market: { price: 100 } })).kind).toBe(ALLOW)
  })
  it('denies an addition without a price', () => {
    expect(slotOf(rule, at(Number.NaN)).kind).toBe(DENY)
  })
})

describe('balance', () => {
  const rule = balance()
  const at = (available: number) => testView({ cash: { available } })
  it('leaves what is there exactly, reduces to what is there, denies without cash', () => {
    expect(slotOf(rule, at(10), entryOf(10))).toEqual(allowed(0))
    expect(slotOf(rule, at(7), entryOf(10))).toEqual(reduced(7, -3))
    expect(slotOf(rule, at(0), entryOf(10))).toEqual(denied(-10))
  })
})

describe('emergencyLatch', () => {
  const rule = emergencyLatch()
  const on = testView({ portfolio: { emergencyStop: true, tradingState: 2 } })
  it('denies entries and exits while it is on, and nothing while it is off', () => {
    expect([entryOf(10), exitOf(1), exitOf(1, { origin: 'manual', source: 'person' })].map((intent) => slotOf(rule, on, intent).kind)).toEqual([
      DENY,
      DENY,
      DENY,
    ])
    expect([entryOf(10), exitOf(1)].map((intent) => slotOf(rule, testView(), intent).kind)).toEqual([ALLOW, ALLOW])
  })
  it('lets an explicit flatten out, and only a sale', () => {
    expect(slotOf(rule, on, exitOf(1, { origin: 'manual', source: FLATTEN_SOURCE })).kind).toBe(ALLOW)
    expect(slotOf(rule, on, exitOf(1, { origin: 'exit', source: FLATTEN_SOURCE })).kind).toBe(DENY)
    expect(slotOf(rule, on, entryOf(10, { origin: 'manual', source: FLATTEN_SOURCE })).kind).toBe(DENY)
  })
})

describe('tradingStateGate', () => {
  const rule = tradingStateGate()
  const at = (tradingState: 0 | 1 | 2) => testView({ portfolio: { tradingState } })
  it('lets all out when active, exits when reducing, an explicit flatten when halted', () => {
    const intents = [entryOf(10), exitOf(1), exitOf(0.5), exitOf(1, { origin: 'manual', source: FLATTEN_SOURCE })]
    expect(intents.map((intent) => slotOf(rule, at(0), intent).kind)).toEqual([ALLOW, ALLOW, ALLOW, ALLOW])
    expect(intents.map((intent) => slotOf(rule, at(1), intent).kind)).toEqual([DENY, ALLOW, ALLOW, ALLOW])
    expect(intents.map((intent) => slotOf(rule, at(2), intent).kind)).toEqual([DENY, DENY, DENY, ALLOW])
  })
})

describe('every rule', () => {
  const rules = everyRule()
  it('has a code of the closed list, with the unit that the list states', () => {
    for (const rule of rules) {
      expect(Object.keys(blockerCodes)).toContain(rule.code)
      expect(rule.unit).toBe(blockerUnit(rule.code))
    }
  })
  it('describes a denial and a reduction in words', () => {
    for (const rule of rules) {
      const deny = rule.describe!({ ruleId: rule.id, kind: 'deny', code: rule.code, margin: -1, detail: '' })
      const reduce = rule.describe!({ ruleId: rule.id, kind: 'reduce', code: rule.code, margin: -1, maxQuoteAmount: 7, detail: '' })
      for (const text of [deny, reduce]) expect(text).not.toMatch(/NaN|undefined/)
    }
  })
  it('leaves an ordinary first entry alone', () => {
    const kinds = [...strictSafety(), ...rules].map((rule) => slotOf(rule, testView()).kind)
    expect(kinds).toEqual(kinds.map(() => ALLOW))
  })
})

describe('strictSafety', () => {
  it('holds the library defaults', () => {
    expect(strictLimits).toEqual({
      dailyLoss: 100,
      dailyTrades: { account: 10, bot: 5 },
      tradeSize: { min: 5, max: 25 },
      maxTranches: 3,
      maxExposure: 800,
      cooldown: '15m',
      minTemperature: 'warm',
      staleData: '2m',
    })
    expect(strictSafety().map((rule) => [rule.code, rule.params])).toEqual([
      ['DAILY_LOSS', { limit: 100 }],
      ['STALE_DATA', { maxAge: 120_000 }],
      ['TEMPERATURE', { atLeast: 'warm' }],
      ['COOLDOWN', { duration: 900_000 }],
      ['DAILY_TRADES_ACCOUNT', { limit: 10 }],
      ['DAILY_TRADES_BOT', { limit: 5 }],
      ['MAX_TRANCHES', { max: 3 }],
      ['EXPOSURE', { limit: 800 }],
      ['BALANCE', {}],
      ['TRADE_SIZE', { min: 5, max: 25 }],
    ])
  })
})

describe('bad parameters', () => {
  it.each<[string, () => unknown, string]>([
    ['a minimum above the maximum', () => tradeSize(25, 5), 'tradeSize.max'],
    ['an amount of zero', () => dailyLossLimit(0), 'dailyLossLimit.limit'],
    ['NaN', () => maxExposure(Number.NaN), 'maxExposure.limit'],
    ['1e30', () => maxPosition(1e30), 'maxPosition.limit'],
    ['too many decimals', () => maxPosition('1.000000001'), 'maxPosition.limit'],
    ['a negative duration', () => cooldown(-1), 'cooldown.duration'],
    ['text that is no duration', () => cooldown('soon'), 'cooldown.duration'],
    ['a zero age', () => staleData(0), 'staleData.maxAge'],
    ['half a tranche', () => maxTranches(1.5), 'maxTranches.max'],
    ['no positions', () => maxOpenPositions(0), 'maxOpenPositions.max'],
    ['a step of 100 %', () => priceStep(1), 'priceStep.fraction'],
    ['an unknown temperature', () => minTemperature('cold' as 'cool'), 'minTemperature.atLeast'],
    ['a negative count', () => dailyTrades({ account: -1 }), 'dailyTrades.account'],
  ])('%s is refused with its path', (_name, make, path) => {
    expect(make).toThrow(ConfigError)
    try {
      make()
    } catch (error) {
      expect((error as ConfigError).problems.map((problem) => problem.path)).toEqual([path])
    }
  })
})

describe('blocker codes', () => {
  it('gives each code one sentence', () => {
    for (const [code, { text }] of Object.entries(blockerCodes)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
      expect(text).toMatch(/^[A-Z].*\.$/)
    }
  })
  it("lets a plugin's own code stand for itself", () => {
    expect([blockerText('x-moon'), blockerUnit('x-moon'), blockerText('toString')]).toEqual(['x-moon', 'none', 'toString'])
  })
})
