import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { rsi, sma } from '@millrace/indicators'
import { stopLoss } from '../../exits/stop-loss.ts'
import type { Decision } from '../../model/decision.ts'
import { MINUTE_MS } from '../../model/time.ts'
import { defineStrategy } from '../../strategies/define-strategy.ts'
import { weightedSignals } from '../../strategies/weighted-signals/weighted-signals.ts'
import { backtest } from '../backtest.ts'
import { START_MS, plainBot, timed, walkColumns } from '../backtest.fixture.ts'
import { botChart } from './bot-view.ts'
import { candleChart } from './candle-chart.ts'
import { MOST_DECISIONS, explorerOf, keptDecisions } from './explorer.ts'
import { embedded, escaped, numberText, scale, tickText, ticks } from './markup.ts'
import { heatMap } from './sections.ts'

const ever = { fromMs: 0, toMs: Infinity }
const run = (minutes: number) =>
  backtest({
    bots: [plainBot({ strategy: weightedSignals(), actionThreshold: 0.1, exits: [stopLoss(0.02)] })],
    candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns: walkColumns(minutes) }],
    cash: { USD: '1000' },
    safety: [],
    record: 'all',
  })

describe('a report', () => {
  it('is one file: nothing in it names another, and its policy would not load it', () => {
    const html = run(400).toHtml({ title: 'Mine <b>' })
    expect(html).toContain('<title>Mine &lt;b&gt;</title>')
    expect(html).toContain(`default-src 'none'`)
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src=|@import|url\(/)
  })
  it('never takes a text for markup, wherever it stands', () => {
    const evil = '</script><img src=x onerror=alert(1)>'
    const strategy = defineStrategy({
      id: 'timed',
      params: z.strictObject({}),
      indicators: () => ({ [evil]: sma(2) }),
      components: { clock: () => evil },
      evaluate: (_context, _params, signal) => signal.add('clock', 0, 1, 1),
    })
    const html = backtest({
      bots: [plainBot({ strategy: strategy() })],
      candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns: walkColumns(30) }],
      cash: { USD: '1000' },
      safety: [],
      record: 'all',
    }).toHtml()
    expect(html).not.toContain('<img')
    expect(html.match(/<\/script>/g)).toHaveLength(2)
    expect([escaped('<a href="x">&'), embedded({ a: '</script>\u2028' })]).toEqual([
      '&lt;a href=&quot;x&quot;&gt;&amp;',
      String.raw`{"a":"\u003c/script>\u2028"}`,
    ])
  })
  it('says what a run without a trade, a day and a decision amounts to', () => {
    const html = backtest({
      bots: [plainBot({ strategy: timed({ buyAt: [] }) })],
      candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns: walkColumns(2) }],
      cash: { USD: '1000' },
      safety: [],
    }).toHtml()
    expect(html).toContain('No round trip has ended')
    expect(html.slice(0, html.indexOf('<script'))).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe('the chart of a bot', () => {
  const strategy = defineStrategy({
    id: 'lines',
    params: z.strictObject({}),
    indicators: () => ({ mean: sma(5), strength: rsi(14) }),
    components: { none: () => 'none' },
    evaluate: (_context, _params, signal) => signal.add('none', 0, 1, 0),
  })
  it("shows the strategy's own indicators: those like prices on the prices, others below", () => {
    const chart = botChart(plainBot({ strategy: strategy() }), walkColumns(200), ever, [])
    expect(chart.lines.map(({ name }) => name)).toEqual(['mean', 'strength'])
    const closes = walkColumns(200).close
    expect(chart.lines[0]!.values[199]).toBeCloseTo((closes[195]! + closes[196]! + closes[197]! + closes[198]! + closes[199]!) / 5, 9)
    expect(chart.lines[0]!.values[3]).toBeNaN()
    const svg = candleChart(chart)
    expect(svg.match(/class="panel"/g)).toHaveLength(1)
    expect(svg).toContain('>mean</span>')
  })
  it('draws a long run in longer candles, which hold the same extremes', () => {
    const columns = walkColumns(4_000)
    const { bars, barMs, lines } = botChart(plainBot({ strategy: strategy() }), columns, ever, [])
    expect([barMs, bars.length]).toEqual([3 * MINUTE_MS, 1334])
    expect(Math.max(...bars.high)).toBe(Math.max(...columns.high))
    expect(lines[0]!.values).toHaveLength(bars.length)
  })
  it('marks purchases and sales where they were made', () => {
    const bots = [plainBot({ strategy: timed({ buyAt: [5], sellAt: [8] }) })]
    const columns = walkColumns(12)
    const { fills } = backtest({ bots, candles: [{ instrument: 'SOL-USD', timeframeMs: MINUTE_MS, columns }], cash: { USD: '1000' }, safety: [] })
    const svg = candleChart(botChart(bots[0]!, columns, ever, fills))
    const marks = [...svg.matchAll(/class="mark (buy|sell)" data-y="[\d.]+" transform="translate\(([\d.]+) /g)].map(([, side, x]) => [
      side,
      Math.floor(Number(x) / 7),
    ])
    expect(marks).toEqual([
      ['buy', 6],
      ['sell', 9],
    ])
  })
})

describe('the decisions of a report', () => {
  it('stand at the candle at whose end they were made', () => {
    const { decisions } = run(100)
    const chart = botChart(plainBot({ strategy: timed({ buyAt: [] }) }), walkColumns(100), ever, [])
    const { starts, decisions: shown } = explorerOf(chart, decisions)
    expect([starts[0], starts[50], starts[100]]).toEqual([0, 50, 100])
    expect(shown[starts[50]!]!.t).toBe(START_MS + 51 * MINUTE_MS)
    expect(shown[60]!.lines.map(([name]) => name)).toEqual(expect.arrayContaining(['score', 'rsi', 'blocked by', 'reading rsi']))
  })
  it('are thinned out when there are too many, those with orders last of all', () => {
    const many = Array.from({ length: 3 * MOST_DECISIONS }, (_, i) => ({ outcome: i % 100 === 0 ? 'ordered' : 'hold', timeMs: i }) as Decision)
    const kept = keptDecisions(many)
    expect(kept.length).toBeLessThanOrEqual(MOST_DECISIONS)
    expect(kept.length).toBeGreaterThan(MOST_DECISIONS - 10)
    expect(kept.filter(({ outcome }) => outcome === 'ordered')).toHaveLength(360)
    expect(kept.map(({ timeMs }) => timeMs)).toEqual(kept.map(({ timeMs }) => timeMs).toSorted((a, b) => a - b))
    expect(keptDecisions(many.slice(0, 5))).toHaveLength(5)
  })
})

it('writes numbers for people', () => {
  expect([1234567.891, 1234.5, 12.3456, 0.00012346, 0, Number.NaN].map(numberText)).toEqual(['1,234,568', '1,234.50', '12.346', '0.0001235', '0', '–'])
  expect([12_500, 0.1 + 0.2, -1000].map(tickText)).toEqual(['12,500', '0.3', '-1,000'])
  expect(ticks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10])
  expect(ticks(3, 3, 5)).toEqual([3])
  expect(scale(0, 0, 10, 20)(5)).toBe(15)
  expect(heatMap([{ month: '2026-02', percent: -3 }])).toContain('<td class="down" style="--share:50%">-3.0</td>')
})
