import { describe, expect, it } from 'vitest'
import { StrategyRun, surroundings } from '../testing/strategy-run.ts'
import { bar } from './bars.fixture.ts'
import { gridLadder, rungPrice } from './grid-ladder.ts'

const ladder = (params: Parameters<typeof gridLadder>[0] = { step: 0.1, rungs: 2, profit: 0.05 }) => {
  const run = new StrategyRun(gridLadder(params))
  const stateOf = (): unknown => JSON.parse(run.memory.text)
  const flat = (close: number, entries = 0): number => run.step(bar(close), surroundings(undefined, entries))!.score
  const held = (close: number, price: number, entries: number): number => run.step(bar(close), surroundings({ price }, entries))!.score
  return { run, stateOf, flat, held }
}

describe('grid-ladder', () => {
  it('asks for a rung at its price and not above it, until it is bought', () => {
    const { flat, held, stateOf } = ladder()
    expect([flat(100), flat(90.01), flat(90), flat(89)]).toEqual([0, 0, 1, 1])
    expect(stateOf()).toEqual({ entries: 0, anchor: 100, bought: 0 })
    // Filled at 89: the next rung is 100 * 0.9 * 0.9.
    expect([held(89, 89, 1), held(81.01, 89, 1), held(81, 89, 1)]).toEqual([0, 0, 1])
    expect(stateOf()).toEqual({ entries: 1, anchor: 100, bought: 1 })
    // The last rung is bought: lower prices give no more.
    expect([held(81, 85, 2), held(40, 85, 2)]).toEqual([0, 0])
  })

  it('sells at the profit over the average entry, and begins a new ladder once all is sold', () => {
    const { flat, held, stateOf } = ladder()
    flat(100)
    flat(90)
    expect([held(94.49, 90, 1), held(94.5, 90, 1), held(94.5, 90, 1)]).toEqual([0, -1, -1])
    expect(flat(95, 1)).toBe(0)
    expect(stateOf()).toEqual({ entries: 1, anchor: 95, bought: 0 })
    expect([flat(85.51, 1), flat(85.5, 1)]).toEqual([0, 1])
  })

  it('begins anew when a stop or a person has sold', () => {
    const { flat, held, stateOf } = ladder()
    flat(100)
    flat(90)
    held(88, 90, 1)
    expect(flat(70, 1)).toBe(0)
    expect(stateOf()).toEqual({ entries: 1, anchor: 70, bought: 0 })
  })

  it('follows the price up by whole steps while nothing is held, and not down', () => {
    const { flat, stateOf } = ladder()
    flat(100)
    flat(109.99)
    expect(stateOf()).toMatchObject({ anchor: 100 })
    flat(111)
    expect(stateOf()).toMatchObject({ anchor: 111 })
    flat(105)
    expect(stateOf()).toMatchObject({ anchor: 111 })
  })

  it('buys one rung an order when the price falls past several', () => {
    const { flat, held } = ladder({ step: 0.1, rungs: 3, profit: 0.05 })
    flat(100)
    expect([flat(60), held(60, 60, 1), held(60, 60, 2), held(60, 60, 3)]).toEqual([1, 1, 1, 0])
  })

  it('counts from where it is put to work, not from entries of the time before', () => {
    const { flat, stateOf } = ladder()
    flat(100, 5)
    expect(stateOf()).toEqual({ entries: 5, anchor: 100, bought: 0 })
    expect(flat(90, 5)).toBe(1)
  })

  it('has rung prices that are multiplied out', () => {
    expect(rungPrice(100, 0.1, 0)).toBe(100)
    expect(rungPrice(100, 0.1, 2)).toBeCloseTo(81, 12)
  })

  it.each([
    ['no rungs', { rungs: 0 }, /rungs/],
    ['a step of everything', { step: 1 }, /step/],
    ['no profit', { profit: 0 }, /profit/],
  ])('refuses %s', (_name, params, message) => {
    expect(() => gridLadder(params)).toThrow(message)
  })

  it('describes its reading in words', () => {
    const { describe: words } = gridLadder().create()
    expect(words('ladder', { score: 0, reading: -2.345 })).toBe('2.35 % below the anchor')
    expect(words('ladder', { score: 0, reading: 1 })).toBe('1.00 % above the anchor')
  })
})
