import type { ChartSeries, EpochMs } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { blockerCodes } from '../../../core/src/safety/blocker-codes.ts'
import { aFill, aSale, anAlert } from '../../test/hand-made-facts.ts'
import { handMadeState } from '../../test/hand-made-state.ts'
import { handMadeChart } from '../../test/fake-records.ts'
import { linesOf } from './bots/panes.ts'
import { primaryOf } from './bots/reasons.tsx'
import { lookUp } from './data.ts'
import { toastOf } from './toast-of.ts'
import { written } from './written.ts'

describe('a source', () => {
  const state = handMadeState(0)
  it('leads to members, and in lists to the item of an id, also one with slashes', () => {
    expect(lookUp({ state }, 'state/cash/available')).toBe('1209.30421')
    expect(lookUp({ state }, 'state/bots/sol/position/tranches/t1/number')).toBe(1)
    expect(lookUp({ trips: [{ id: 'btc/12', pnl: '3' }] }, 'trips/btc~12/pnl')).toBe('3')
    expect(lookUp({ state }, 'state/bots/btc/components/1/name')).toBe('ma')
  })
  it('that leads nowhere gives nothing, and nothing is shown as nothing', () => {
    for (const source of ['state/bots/nobody/fees', 'nothing', 'state/equity/deeper', 'state/bots/btc/position/averageEntry'])
      expect(written(lookUp({ state }, source), 'amount')).toBe('–')
    expect(written('0.0007213', 'price:7')).toBe('0.0007213')
  })
})

describe('a toast [row 83]', () => {
  const working = handMadeState(0).bots[4]!.workingOrder!
  it('has a key of its own for each change, and is no error where nothing is wrong', () => {
    expect(toastOf({ type: 'fill', value: aFill })).toMatchObject({ severity: 'info', text: 'sol bought 0.0531 for 9.90' })
    expect(toastOf({ type: 'fill', value: aFill })!.key).not.toBe(toastOf({ type: 'fill', value: aSale })!.key)
    for (const state of ['intent', 'sent', 'open', 'partiallyFilled', 'filled', 'cancelled'] as const)
      expect(toastOf({ type: 'order', value: { ...working, state } })).toBeUndefined()
    expect(toastOf({ type: 'order', value: { ...working, state: 'unknown' } })?.severity).toBe('critical')
    expect(toastOf({ type: 'alert', value: { ...anAlert, severity: 'info' } })).toBeUndefined()
    expect(toastOf({ type: 'gap' })).toBeUndefined()
  })
})

it('readings of the size of the price lie over the candles, members of one reading share a pane', () => {
  const chart = handMadeChart(handMadeState(0).bots[0]!, handMadeState(0).nowMs)
  expect(linesOf(chart).map(({ series: { name }, pane, place }) => [name, pane, place])).toEqual([
    ['slow', 0, 0],
    ['rsi', 1, 0],
    ['macd.signal', 2, 0],
    ['macd.histogram', 2, 1],
  ])
})

it('what a reading remembers of the candle before is not drawn a second time', () => {
  const { candles } = handMadeChart(handMadeState(0).bots[0]!, handMadeState(0).nowMs)
  const line = (name: string, values: readonly (number | undefined)[]): ChartSeries => ({ name, indicator: name, values })
  const series = [
    line('cross.fast', [undefined, 1, 2, 3]),
    line('cross.slow', [undefined, 1, 1, 2]),
    line('cross.previousFast', [undefined, undefined, 1, 2]),
    line('other', [undefined, undefined, 1, 2]),
    line('cross.cold', [undefined, undefined, undefined, undefined]),
  ]
  expect(linesOf({ series, candles }).map(({ series: { name } }) => name)).toEqual(['cross.fast', 'cross.slow', 'other', 'cross.cold'])
})

it('every reason of the engine has words of its own: the page needs none', () => {
  for (const { text, needs } of Object.values(blockerCodes)) expect([text.length > 10, needs.length > 5]).toEqual([true, true])
})

it('the list of all bots says how much there is of what is needed, or until when', () => {
  const [bot] = handMadeState(0).bots
  const blocker = { gate: 'strategy', code: 'HOLD', margin: -1, unit: 'score', detail: 'Too weak.', needs: 'More.' } as const
  const needed = { gate: 'strategy', code: 'HOLD', what: 'strength of the score', from: 0.05, to: 0.1, by: 0.05, unit: 'score', relative: 1 }
  const said = (rest: object): string =>
    primaryOf({ ...bot!, readiness: { canTrade: false, atMs: 0 as EpochMs, blockers: [{ ...blocker, needed: undefined, ...rest }] } }, 0, 'USD').text
  expect(said({})).toBe('Too weak.')
  expect(said({ needed })).toBe('0.05 of 0.10 · Too weak.')
  expect(said({ needed: { ...needed, what: 'time', unit: 'ms' }, untilMs: 60_000 })).toMatch(/^until .*, in 1 min · Too weak\.$/)
})
