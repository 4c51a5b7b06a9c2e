import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../model/time.ts'
import { StrategyRun, surroundings } from '../testing/strategy-run.ts'
import { START_MS, bar } from './bars.fixture.ts'
import { dollarCostAverage } from './dollar-cost-average.ts'

const at = (hours: number) => bar(100, { minute: hours * 60 })
const hourly = () => new StrategyRun(dollarCostAverage({ every: '1d' }))
const score = (run: StrategyRun, hours: number, entries = 0): number => run.step(at(hours), surroundings(undefined, entries))!.score
const stateOf = (run: StrategyRun): unknown => JSON.parse(run.memory.text)

describe('dollar-cost-average', () => {
  it('begins with the first slot after the start, at its first candle exactly', () => {
    const run = hourly()
    expect([0, 1, 23].map((hours) => score(run, hours))).toEqual([0, 0, 0])
    expect(score(run, 24 - 1 / 3_600_000)).toBe(0)
    expect(score(run, 24)).toBe(1)
  })

  it('asks again while a purchase is denied, and is content when one has filled', () => {
    const run = hourly()
    score(run, 0)
    expect([24, 25, 26].map((hours) => score(run, hours))).toEqual([1, 1, 1])
    expect([27, 28, 47].map((hours) => score(run, hours, 1))).toEqual([0, 0, 0])
    expect(score(run, 48, 1)).toBe(1)
    expect(stateOf(run)).toEqual({ entries: 1, served: START_MS + DAY_MS, wanted: START_MS + 2 * DAY_MS })
  })

  it('does not make up for slots that passed', () => {
    const run = hourly()
    score(run, 0)
    expect(run.step(at(24 * 5), surroundings())!.components[0]).toMatchObject({ score: 1, reading: 5 })
    expect([24 * 5 + 1, 24 * 5 + 2].map((hours) => score(run, hours, 1))).toEqual([0, 0])
  })

  it('buys each day with candles as long as its slots, although every order fills in the slot after', () => {
    const run = hourly()
    let entries = 0
    for (let day = 0; day < 10; day++) entries += score(run, 24 * day, entries)
    expect(entries).toBe(9)
  })

  it("a person's purchase while none is due serves nothing; entries of the time before are not its own", () => {
    const run = hourly()
    score(run, 0, 7)
    expect(score(run, 1, 8)).toBe(0)
    expect(score(run, 24, 8)).toBe(1)
  })

  it('stands a change of its schedule', () => {
    const daily = hourly()
    score(daily, 0)
    score(daily, 24)
    score(daily, 25, 1)
    const change = (every: string): StrategyRun => {
      const run = new StrategyRun(dollarCostAverage({ every: every as '1d' }))
      run.memory.put(JSON.parse(daily.memory.text) as never, daily.memory.text)
      return run
    }
    expect([25, 26].map((hours) => score(change('1h'), hours, 1))).toEqual([1, 1])
    expect([25, 47, 48].map((hours) => score(change('2d'), hours, 1))).toEqual([0, 0, 1])
  })

  it('keeps its offset', () => {
    const run = new StrategyRun(dollarCostAverage({ every: '1d', offset: '9h' }))
    expect([0, 8, 9].map((hours) => score(run, hours))).toEqual([0, 0, 1])
    const monday = new StrategyRun(dollarCostAverage({ every: '7d', offset: '4d' }))
    // 2026-01-01 is a Thursday.
    expect([0, 4 * 24 - 1, 4 * 24].map((hours) => score(monday, hours))).toEqual([0, 0, 1])
  })

  it('refuses an offset that is no part of a slot, and a slot of no length', () => {
    expect(() => dollarCostAverage({ every: '1h', offset: '1h' })).toThrow(/shorter than every/)
    expect(dollarCostAverage({ every: '1h', offset: '59m' }).params).toEqual({ every: HOUR_MS, offset: 59 * 60_000 })
    expect(() => dollarCostAverage({ every: 0 })).toThrow(/above zero/)
  })

  it('describes its reading in words', () => {
    const { describe: words } = dollarCostAverage().create()
    expect([0, 1, 3].map((value) => words('schedule', { score: 0, reading: value }))).toEqual([
      'no purchase is due',
      'a purchase is due',
      'a purchase is due, 3 slots after the last one',
    ])
  })
})
