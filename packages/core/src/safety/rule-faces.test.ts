import { expect, it } from 'vitest'
import { blockerCodes } from './blocker-codes.ts'
import { everyRule } from './every-rule.fixture.ts'

type Face = readonly [id: string, code: string, unit: string, appliesTo: string, tighter: Readonly<Record<string, unknown>>, text: string]

/** What a person sees of each rule, exceeded by 2 of its unit (0.02 of a fraction), and which way its limits are tightened while running. */
const faces: readonly Face[] = [
  ['balance', 'BALANCE', 'quote', 'entries', {}, '2 more cash would be needed'],
  ['bot-loss', 'BOT_LOSS', 'quote', 'entries', { limit: 'lower' }, "the bot's loss of today has been 27 of the 25 allowed; entries again on the next UTC day"],
  ['clock-skew', 'CLOCK_SKEW', 'ms', 'entries', { max: 'lower' }, "our clock is 5002 ms from the venue's, at most 5000 ms are allowed"],
  ['consecutive-losses', 'LOSS_STREAK', 'ms', 'entries', { max: 'lower', pause: 'higher' }, '3 or more round trips in a row lost; entries again in 2 ms'],
  ['cooldown', 'COOLDOWN', 'ms', 'entries', { duration: 'higher' }, '2 ms of 15 min since the last fill are left'],
  ['correlation-group', 'CORRELATION_GROUP', 'positions', 'entries', { max: 'lower' }, '3 of 2 positions are taken in the group BTC-USD, ETH-USD'],
  ['daily-loss', 'DAILY_LOSS', 'quote', 'entries', { limit: 'lower' }, "today's loss has been 102 of the 100 allowed; entries again on the next UTC day"],
  ['daily-trades-account', 'DAILY_TRADES_ACCOUNT', 'trades', 'entries', { limit: 'lower' }, '11 of 10 entries of this UTC day are made'],
  ['daily-trades-bot', 'DAILY_TRADES_BOT', 'trades', 'entries', { limit: 'lower' }, '6 of 5 entries of this UTC day are made'],
  ['drawdown', 'DRAWDOWN', 'fraction', 'entries', { fraction: 'lower' }, 'equity is 12 % under its highest value, 10 % is the limit; a person resets it'],
  ['environment', 'ENVIRONMENT', 'none', 'entries', {}, 'entries are allowed in backtest, paper only'],
  ['max-exposure', 'EXPOSURE', 'quote', 'entries', { limit: 'lower' }, 'the account may hold 800'],
  ['max-open-positions', 'OPEN_POSITIONS', 'positions', 'entries', { max: 'lower' }, '12 of 11 positions are open'],
  ['max-position', 'MAX_POSITION', 'quote', 'entries', { limit: 'lower' }, 'the position may cost 75'],
  ['max-tranches', 'MAX_TRANCHES', 'tranches', 'entries', { max: 'lower' }, '4 of 3 tranches are held'],
  ['min-temperature', 'TEMPERATURE', 'steps', 'entries', { atLeast: ['frozen', 'cool', 'warm', 'hot'] }, 'the signal is frozen, an entry needs warm'],
  [
    'order-rate-account',
    'ORDER_RATE_ACCOUNT',
    'ms',
    'entries',
    { limit: 'lower', window: 'higher' },
    '30 orders were sent within 1 min; the next entry may leave in 2 ms',
  ],
  [
    'order-rate-bot',
    'ORDER_RATE_BOT',
    'ms',
    'entries',
    { limit: 'lower', window: 'higher' },
    '3 orders were sent within 1 min; the next entry may leave in 2 ms',
  ],
  ['price-band', 'PRICE_BAND', 'fraction', 'entries', { fraction: 'lower' }, 'the price is 7 % from the close before, at most 5 % is allowed'],
  ['price-step', 'PRICE_STEP', 'fraction', 'entries', { fraction: 'higher' }, 'the price is -1.2 % from the last fill, the step is 0.8 %'],
  ['spread', 'SPREAD', 'bps', 'entries', { maxBps: 'lower', quoteNeeded: 'higher' }, 'bid and ask are 52 bps apart, at most 50 are allowed'],
  ['stale-data', 'STALE_DATA', 'ms', 'entries', { maxAge: 'lower' }, 'the last market data is 2 min 1 s old, at most 2 min is allowed'],
  ['trade-size', 'TRADE_SIZE', 'quote', 'entries', { min: 'higher', max: 'lower' }, 'a trade is at least 5; 2 is missing'],
  ['trading-window', 'TRADING_WINDOW', 'ms', 'entries', {}, 'entries are made from 08:00 to 20:00 UTC on sun, mon, tue, wed, thu, fri, sat; again in 2 ms'],
  ['emergency-latch', 'EMERGENCY_STOP', 'none', 'all', {}, 'the emergency stop is on; rearm ends it'],
  ['trading-state', 'TRADING_STATE', 'none', 'all', {}, 'trading is paused or reducing: exits only'],
]

it.each(faces)('%s shows itself by its code, its unit and a sentence with the numbers, and tightens one way', (id, code, unit, appliesTo, tighter, text) => {
  const rule = everyRule().find((each) => each.id === id)!
  const verdict = { ruleId: id, kind: 'deny', code, margin: unit === 'fraction' ? -0.02 : -2, detail: '' } as const
  expect({ ...rule, unit: rule.unit ?? 'none', appliesTo: rule.appliesTo ?? 'entries' }).toMatchObject({ apiVersion: 1, code, unit, appliesTo })
  expect(rule.limits?.tighter ?? {}).toEqual(tighter)
  expect(rule.describe?.(verdict)).toBe(text)
})

it('there is a face for every rule, and its unit is the one that its code promises', () => {
  expect(everyRule().map(({ id }) => id)).toEqual(faces.map(([id]) => id))
  for (const [, code, unit] of faces) expect([code, blockerCodes[code as keyof typeof blockerCodes].unit]).toEqual([code, unit])
})
