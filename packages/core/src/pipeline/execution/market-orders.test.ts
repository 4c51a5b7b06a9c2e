import { describe, expect, it } from 'vitest'
import type { Decimal } from 'decimal.js'
import type { OrderLimits } from '../../contracts/execution-style.ts'
import type { Instrument, InstrumentState } from '../../model/instrument.ts'
import type { Intent } from '../../model/intent.ts'
import { decimalText, money } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { Judge } from '../../safety/judge.ts'
import { entryOf, exitOf, testView } from '../../safety/view.fixture.ts'
import { marketOrders } from './market-orders.ts'

const instrument = (
  changes: Partial<Record<'quoteIncrement' | 'baseIncrement' | 'minBase' | 'minQuote' | 'maxBase', string>> = {},
  state: InstrumentState = 'online',
): Instrument => {
  const rules = { quoteIncrement: '0.01', baseIncrement: '0.1', minBase: '0.1', minQuote: '1', maxBase: '1000000', ...changes }
  return {
    id: 'SUI-USD',
    base: 'SUI',
    quote: 'USD',
    state,
    asOfMs: 0 as EpochMs,
    priceIncrement: money('0.0001'),
    quoteIncrement: money(rules.quoteIncrement),
    baseIncrement: money(rules.baseIncrement),
    minBase: money(rules.minBase),
    minQuote: money(rules.minQuote),
    maxBase: money(rules.maxBase),
  }
}
const limits = (availableQuote: string, sellable = '0'): OrderLimits => ({
  nowMs: 0 as EpochMs,
  availableQuote: money(availableQuote),
  sellable: money(sellable),
})
const QUOTE = { bid: 2, ask: 2.01, last: 2 }

function translate(intent: Intent, limit: OrderLimits, of = instrument(), quote = QUOTE): string {
  const judge = new Judge([])
  judge.judge(intent, testView())
  const order = marketOrders().order(judge.approved!, quote, of, limit)
  if ('denied' in order) return order.denied
  const size = order.size as { readonly quote?: Decimal; readonly base?: Decimal }
  return `${order.side} ${order.type} ${size.quote === undefined ? `base ${decimalText(size.base!)}` : `quote ${decimalText(size.quote)}`}`
}

describe('marketOrders: entries', () => {
  it('buys by quote size, rounded down to the increment', () => {
    expect(translate(entryOf(7.826), limits('100'))).toBe('buy market quote 7.82')
    expect(translate(entryOf(10), limits('100'))).toBe('buy market quote 10')
  })
  it('trims a last bit of the float mirror to the exact cash, and denies when more is missing', () => {
    expect(translate(entryOf(10.000000000000002), limits('10'))).toBe('buy market quote 10')
    expect(translate(entryOf(10), limits('9.995'))).toBe('buy market quote 9.99')
    expect(translate(entryOf(10), limits('9.98'))).toBe('INSUFFICIENT_FUNDS')
  })
  it("denies what is below the venue's minimum and takes exactly the minimum", () => {
    expect(translate(entryOf(1), limits('100'))).toBe('buy market quote 1')
    expect(translate(entryOf(0.999), limits('100'))).toBe('SIZE_TOO_SMALL')
    expect(translate(entryOf(0.004), limits('100'), instrument({ minQuote: '0' }))).toBe('SIZE_TOO_SMALL')
  })
  it("keeps within the venue's largest size", () => {
    expect(translate(entryOf(50), limits('100'), instrument({ maxBase: '10' }))).toBe('buy market quote 20.1')
  })
})

describe('marketOrders: exits', () => {
  it('sells the whole holding, rounded down to the increment', () => {
    expect(translate(exitOf(1), limits('0', '12.34'))).toBe('sell market base 12.3')
  })
  it('sells a share, rounded down to the increment', () => {
    expect(translate(exitOf(0.5), limits('0', '12.34'))).toBe('sell market base 6.1')
  })
  it('includes a remainder that could not be sold later', () => {
    // 0.6 SUI would remain, worth 1.20: sellable. At a minimum of 2 USD it is not.
    expect(translate(exitOf(0.95), limits('0', '12'))).toBe('sell market base 11.4')
    expect(translate(exitOf(0.95), limits('0', '12'), instrument({ minQuote: '2' }))).toBe('sell market base 12')
    expect(translate(exitOf(0.95), limits('0', '12'), instrument({ minBase: '0.7' }))).toBe('sell market base 12')
  })
  it('denies a share below the minimum, and calls a whole holding below it dust', () => {
    expect(translate(exitOf(0.01), limits('0', '12'))).toBe('SIZE_TOO_SMALL')
    expect(translate(exitOf(1), limits('0', '0.4'))).toBe('DUST')
    expect(translate(exitOf(1), limits('0', '0.5'))).toBe('sell market base 0.5')
    expect(translate(exitOf(1), limits('0', '0.05'))).toBe('DUST')
    expect(translate(exitOf(1), limits('0', '0'))).toBe('DUST')
  })
  it('values with the bid, and with the last price when there is no quote', () => {
    const none = { bid: Number.NaN, ask: Number.NaN, last: 2 }
    expect(translate(exitOf(1), limits('0', '0.5'), instrument(), none)).toBe('sell market base 0.5')
    expect(translate(exitOf(1), limits('0', '0.5'), instrument(), { ...QUOTE, bid: 1.9 })).toBe('DUST')
  })
})

describe('marketOrders: refusals', () => {
  it.each(['limitOnly', 'cancelOnly', 'postOnly', 'halted', 'delisted'] as const)('sends nothing while the instrument is %s', (state) => {
    expect(translate(entryOf(10), limits('100'), instrument({}, state))).toBe('INSTRUMENT_STATE')
    expect(translate(exitOf(1), limits('100', '12'), instrument({}, state))).toBe('INSTRUMENT_STATE')
  })
  it('never invents a price', () => {
    const none = { bid: Number.NaN, ask: Number.NaN, last: Number.NaN }
    expect(translate(entryOf(10), limits('100'), instrument(), none)).toBe('NO_DATA')
    expect(translate(exitOf(1), limits('0', '12'), instrument(), none)).toBe('NO_DATA')
    expect(translate(exitOf(1), limits('0', '12'), instrument(), { bid: 0, ask: 0, last: 0 })).toBe('NO_DATA')
  })
})
