import { describe, expect, it } from 'vitest'
import { backtest } from '../../backtest/backtest.ts'
import { START_MS, plainBot, timed, walkColumns } from '../../backtest/backtest.fixture.ts'
import { candleColumnsBuilder } from '../../model/candle-columns.ts'
import type { OrderEvent } from '../../contracts/events.ts'
import type { CandleColumns } from '../../model/candle.ts'
import type { DriftCause } from './causes.ts'
import type { Injected } from './recorded.fixture.ts'
import { add, decimalText, money, multiply, negate, subtract, totalOf } from '../../model/money.ts'
import { MINUTE_MS } from '../../model/time.ts'
import { causeTexts, driftCauses } from './causes.ts'
import { drift } from './drift.ts'
import type { DriftReport } from './drift-report.ts'
import { defineStrategy } from '../../strategies/define-strategy.ts'
import { z } from 'zod'
import { CASH, recordedRun, venueOfBacktest } from './recorded.fixture.ts'

const columns = walkColumns(40, 7, 0.02)
const bots = [plainBot({ strategy: timed({ buyAt: [5, 20], sellAt: [15, 30] }) })]
const candles = [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }]
const plain = backtest({ bots, candles, cash: { USD: CASH }, safety: [], ...venueOfBacktest })
const own = decimalText(subtract(money(plain.summary.equity), money(CASH)))
const report = (injected?: Injected, own = bots): DriftReport =>
  drift({ recording: recordedRun(columns, own, injected), bots: own, safety: [], candles, ...venueOfBacktest })

const [firstBuy, firstSale, secondBuy, secondSale] = plain.fills.map(({ price, quantity, value, feeAmount }) => ({
  price: money(price),
  quantity: money(quantity),
  value: money(value),
  fee: money(feeAmount),
})) as [Leg, Leg, Leg, Leg]
type Leg = Readonly<Record<'price' | 'quantity' | 'value' | 'fee', ReturnType<typeof money>>>
const TAKER = money('0.009')
const cents = (text: string): string => Number(text).toFixed(2)
/** Of a purchase and its sale: what came back less what was paid. */
const gain = (buy: Leg, sale: Leg): string => decimalText(subtract(subtract(sale.value, sale.fee), add(buy.value, buy.fee)))
const times = (text: string, factor: string): string => decimalText(multiply(money(text), money(factor)))

/** The lines of a run that is otherwise in one way: that one to the last cent and not 0.00, all others 0.00. */
const expectAlone = (injected: Injected, cause: DriftCause, expected: string): DriftReport => expectOnly(report(injected), cause, expected)

function expectOnly(found: DriftReport, cause: DriftCause, expected: string): DriftReport {
  expect(Object.fromEntries(found.lines.map(({ cause: name, amount }) => [name, cents(amount)]))).toEqual(
    Object.fromEntries(driftCauses.map((name) => [name, name === cause ? cents(expected) : '0.00'])),
  )
  expect(cents(expected)).not.toMatch(/^-?0\.00$/)
  expect([cents(found.drift), found.unexplained, found.differsAfter]).toEqual([cents(expected), '0', undefined])
  expect(found.decisions.map(({ first }) => first)).toEqual(found.decisions.map(() => cause))
  return found
}

/** P&L of another backtest less that of the one at hand. */
function gained(seen: CandleColumns, others: typeof bots): string {
  const { summary } = backtest({ bots: others, candles: [{ ...candles[0]!, columns: seen }], cash: { USD: CASH }, safety: [], ...venueOfBacktest })
  return decimalText(subtract(subtract(money(summary.equity), money(CASH)), money(own)))
}

/** The columns with a row changed. */
function altered(minute: number, change: { readonly open?: number; readonly close?: number; readonly low?: number; readonly high?: number }): CandleColumns {
  const builder = candleColumnsBuilder(columns.length)
  for (let row = 0; row < columns.length; row++) {
    const candle = { open: columns.open[row]!, high: columns.high[row]!, low: columns.low[row]!, close: columns.close[row]!, ...(row === minute ? change : {}) }
    builder.push(columns.openTime[row]!, candle.open, candle.high, candle.low, candle.close, columns.volume[row]!)
  }
  return builder.build()
}

describe('drift', () => {
  it('is nothing when nothing was otherwise, and begins with what the backtest says', () => {
    const none = report()
    expect(none).toMatchObject({
      backtest: { pnl: own, orders: 4, fills: 4 },
      actual: { pnl: own, orders: 4, fills: 4 },
      drift: '0',
      unexplained: '0',
      same: 4,
      decisions: [],
    })
    expect(none.lines.map(({ amount }) => amount)).toEqual(driftCauses.map(() => '0'))
  })

  it('of data alone is what a backtest on the other data gains more or less', () => {
    const open = columns.open[16]! * 1.02
    const seen = altered(16, { open, high: Math.max(open, columns.high[16]!) })
    const found = expectAlone({ columns: seen }, 'data', gained(seen, bots))
    expect(found.decisions).toMatchObject([{ botId: 'sol', side: 'sell', source: 'timed', first: 'data' }])
  })

  it('of timing alone is what it costs to come too late for the next open: as if decided a minute later', () => {
    const later = [plainBot({ strategy: timed({ buyAt: [6, 20], sellAt: [15, 30] }) })]
    const found = expectAlone({ late: { 5: 30_000 } }, 'timing', gained(columns, later))
    expect(found.decisions.map(({ side, atMs }) => [side, (atMs - START_MS) / MINUTE_MS])).toEqual([
      ['buy', 6],
      ['sell', 16],
    ])
  })

  it('of evaluations alone is the profit of what was never decided: a candle that did not come, and a pause', () => {
    expectAlone({ missed: [20] }, 'evaluations', times(gain(secondBuy, secondSale), '-1'))
    expectAlone({ commands: { 10: { kind: 'pause' }, 25: { kind: 'resume' } } }, 'evaluations', times(gain(secondBuy, secondSale), '-1'))
  })

  it('of fill prices alone is what a worse price costs, with the fee on it', () => {
    const worse = (answer: OrderEvent, fills: number): OrderEvent =>
      answer.type === 'fill' && fills === 1 ? priced(answer, multiply(answer.fill.price, money('1.01'))) : answer
    const expected = decimalText(negate(multiply(multiply(firstBuy.value, money('0.01')), add(money('1'), TAKER))))
    const found = expectAlone({ answers: worse }, 'fillPrice', expected)
    expect(found.lines[3]!.amount).toBe(expected)
  })

  it('of quantity alone is what the rest would have gained that was not filled', () => {
    const partly = (answer: OrderEvent, fills: number): OrderEvent => (fills === 1 ? part(answer, '0.4') : answer)
    expectAlone({ answers: partly }, 'quantity', times(gain(firstBuy, firstSale), '-0.6'))
  })

  it('of fees alone is what was paid more or less', () => {
    const dearer = (answer: OrderEvent): OrderEvent => (answer.type === 'fill' ? withFee(answer, multiply(answer.fill.fee.amount, money('1.5'))) : answer)
    const fees = [firstBuy, firstSale, secondBuy, secondSale].map(({ fee }) => decimalText(fee))
    expectAlone({ answers: dearer }, 'fee', times(totalOf(fees), '-0.5'))
  })

  it('of state alone is what was held before and what a person traded, and never what is paid in', () => {
    const sellers = [plainBot({ strategy: timed({ buyAt: [], sellAt: [15] }) })]
    const sold = (quantity: string): string => times(times(decimalText(firstSale.price), quantity), '0.991')
    const held = report({ held: '3' }, sellers)
    expectOnly(held, 'state', decimalText(subtract(money(sold('3')), money(times(String(columns.open[0]), '3')))))
    const byHand = report({ commands: { 8: { kind: 'trade', botId: 'sol', side: 'buy', quoteAmount: '50' } } }, sellers)
    const [bought] = byHand.decisions
    expect(bought).toMatchObject({ source: 'manual', first: 'state', backtest: undefined })
    const { quantity, price } = bought!.actual!
    expectOnly(byHand, 'state', decimalText(subtract(money(sold(quantity)), money(times(times(price!, quantity), '1.009')))))
    expect(report({ commands: { 8: { kind: 'deposit', currency: 'USD', amount: '500', reason: 'more' } } })).toMatchObject({ drift: '0', unexplained: '0' })
  })

  it('of everything at once adds up to the last digit, and what cannot be known stands in a line of its own', () => {
    let mood = 1
    const moody = defineStrategy({
      id: 'moody',
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { mood: ({ reading }) => `mood ${reading}` },
      evaluate({ candle }, _p, signal) {
        const minute = (candle.openTime - START_MS) / MINUTE_MS
        const wish = [5, 20, 34].includes(minute) ? 1 : minute === 15 || (minute === 30 && mood === 1) ? -1 : 0
        signal.add('mood', wish, 1, minute)
      },
    })
    const own = [plainBot({ strategy: moody() })]
    const all: Injected = {
      columns: altered(16, { open: columns.open[16]! * 1.02, high: columns.high[16]! * 1.03 }),
      late: { 5: 30_000 },
      missed: [34],
      held: '0.2',
      answers: (answer, fills) => {
        if (answer.type !== 'fill') return fills === 3 ? part(answer, '0.5') : answer
        if (fills === 2) return priced(answer, multiply(answer.fill.price, money('0.99')))
        return fills === 3 ? part(answer, '0.5') : withFee(answer, multiply(answer.fill.fee.amount, money('2')))
      },
    }
    const recording = recordedRun(columns, own, all)
    const known = drift({ recording, bots: own, safety: [], candles, ...venueOfBacktest })
    expect(known.lines.filter(({ amount }) => cents(amount) === '0.00').map(({ cause }) => cause)).toEqual([])
    expect(totalOf(known.lines.map(({ amount }) => amount))).toBe(known.drift)
    expect(known).toMatchObject({ unexplained: '0', differsAfter: undefined })
    // Made again in another mood: the last sale is missing, and nothing in the recording says why.
    mood = -1
    const other = drift({ recording, bots: own, safety: [], candles, ...venueOfBacktest })
    expect(other.actual.pnl).toBe(known.actual.pnl)
    expect(cents(other.unexplained)).not.toBe('0.00')
    expect(totalOf([...other.lines.map(({ amount }) => amount), other.unexplained])).toBe(other.drift)
    expect(other.notes.join()).toMatch(/went another way after event \d+ of \d+/)
  })
})

describe('a drift report', () => {
  it('refuses what it cannot be made of, with words', () => {
    const recording = recordedRun(columns, bots)
    const options = { bots, safety: [], candles, ...venueOfBacktest }
    expect(() => drift({ ...options, recording: ['nothing'] })).toThrow(/expected the first line of a recording/)
    expect(() => drift({ ...options, recording: recording.with(9, recording[8]!) })).toThrow('recording, line 10: expected what was written there')
    expect(() => drift({ ...options, recording: recording.slice(0, 1) })).toThrow(/at least one event/)
    expect(() => drift({ ...options, recording, candles: [] })).toThrow(/candles: expected at least one candle/)
    expect(() => drift({ ...options, recording, bots: [plainBot({ strategy: timed({ buyAt: [] }), id: 'other' })] })).toThrow(
      /expected a snapshot of the bots other/,
    )
  })
  it('says when a recording was cut off, and when the data does not reach back', () => {
    const cut = drift({ recording: recordedRun(columns, bots).slice(0, -1), bots, safety: [], candles, ...venueOfBacktest })
    expect(cut).toMatchObject({ complete: false, unexplained: '0', drift: '0' })
    expect(cut.notes).toEqual([
      'bot sol: the data has 0 candles before the start, a start loads 1; what that changes is in the line state',
      expect.stringContaining('the recording was cut off at 2026-01-01T00:40Z') as string,
    ])
  })
  it('says when the run saw no price at all of what it trades', () => {
    const unreadable = candleColumnsBuilder(columns.length)
    for (let row = 0; row < columns.length; row++) unreadable.push(columns.openTime[row]!, Number.NaN, Number.NaN, Number.NaN, Number.NaN, 0)
    const blind = report({ columns: unreadable.build(), held: '2' })
    expect(blind.notes).toContainEqual(expect.stringContaining('SOL-USD: the run saw no price of it'))
    expect(totalOf([...blind.lines.map(({ amount }) => amount), blind.unexplained])).toBe(blind.drift)
  })
  it('takes a run as its shadow would have gone', () => {
    const worse = (answer: OrderEvent): OrderEvent => (answer.type === 'fill' ? priced(answer, multiply(answer.fill.price, money('1.01'))) : answer)
    const options = { recording: recordedRun(columns, bots, { answers: worse, missed: [20] }), bots, safety: [], candles, ...venueOfBacktest }
    const shadow = drift({ ...options, shadow: { slippageBps: 0 } })
    expect(shadow).toMatchObject({ against: 'shadow', unexplained: '0' })
    expect(shadow.lines.filter(({ amount }) => cents(amount) !== '0.00').map(({ cause }) => cause)).toEqual(['evaluations'])
    expect(
      drift(options)
        .lines.filter(({ amount }) => cents(amount) !== '0.00')
        .map(({ cause }) => cause),
    ).toEqual(['evaluations', 'fillPrice'])
  })
  it('is one page that names no other, and shows every text as text', () => {
    const html = report({ missed: [20] }).toHtml({ title: 'Mine <b>' })
    expect(html).toContain('<title>Mine &lt;b&gt;</title>')
    expect(html).toContain(`default-src 'none'`)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|@import|url\(/)
    for (const cause of driftCauses) expect(html).toContain(causeTexts[cause].name)
    expect(html.match(/<rect class="hist/g)).toHaveLength(10)
    expect(html).toContain('sol: buy SOL-USD, timed')
  })
})

function priced(answer: Extract<OrderEvent, { type: 'fill' }>, price: Leg['price']): OrderEvent {
  const { fill } = answer
  return { type: 'fill', fill: { ...fill, price, fee: { ...fill.fee, amount: multiply(multiply(fill.quantity, price), TAKER) } } }
}

const withFee = ({ fill }: Extract<OrderEvent, { type: 'fill' }>, amount: Leg['price']): OrderEvent => ({
  type: 'fill',
  fill: { ...fill, fee: { ...fill.fee, amount } },
})

/** A part of a fill, after which the venue gave the rest up. */
function part(answer: OrderEvent, share: string): OrderEvent {
  if (answer.type === 'fill') {
    const { fill } = answer
    return {
      type: 'fill',
      fill: { ...fill, quantity: multiply(fill.quantity, money(share)), fee: { ...fill.fee, amount: multiply(fill.fee.amount, money(share)) } },
    }
  }
  const { report: said } = answer
  return said.state === 'filled'
    ? { type: 'report', report: { ...said, state: 'cancelled', filledQuantity: multiply(said.filledQuantity, money(share)) } }
    : answer
}
