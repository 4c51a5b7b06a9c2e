import { afterEach, describe, expect, test, vi } from 'vitest'
import { bot, createEngine, fixedSize, memoryStore, paper, simulatedMarket, weightedSignals } from '../index.ts'
import type { EngineState, EpochMs } from '../index.ts'
import { simulatedClock } from '../testing/simulated-clock.ts'

const startMs = Date.UTC(2026, 0, 5, 12)
const query = { instruments: ['BTC-USD'], timeframesMs: [60_000] }

function market(clock = simulatedClock(startMs), speed: number | 'max' = 60) {
  return { clock, source: simulatedMarket({ seed: 7, instruments: ['BTC-USD'], speed, start: startMs, until: '10m', clock }) }
}

describe('time of a paced market', () => {
  test('goes on between events at its speed, once the stream runs', () => {
    const { clock, source } = market()
    expect(source.nowMs!()).toBeUndefined()
    const seen: number[] = []
    const subscription = source.stream(query).subscribe((event) => seen.push(event.atMs))
    clock.advance(50)
    expect(source.nowMs!()).toBe(startMs + 3_000)
    expect(seen).toEqual([])
    clock.advance(34)
    expect(seen).toEqual([startMs + 5_000])
    expect(source.nowMs!()).toBe(startMs + 5_040)
    subscription.unsubscribe()
    clock.advance(1_000)
    expect(source.nowMs!()).toBe(startMs + 5_040)
  })

  test('ends with the market, however late the last event was taken', () => {
    const { clock, source } = market()
    source.stream(query).subscribe()
    clock.advance(60_000)
    expect(source.nowMs!()).toBe(startMs + 10 * 60_000)
  })

  test('is the clock itself where event time is meant to be wall time', () => {
    const clock = simulatedClock(startMs + 12_345)
    const source = simulatedMarket({ seed: 7, instruments: ['BTC-USD'], clock })
    source.stream(query).subscribe()
    clock.advance(1_000)
    expect(source.nowMs!()).toBe(startMs + 13_345)
  })

  test.each([
    ['from its first second at another speed: nothing is made up for the part of the minute that had passed', 60, undefined, 0],
    ['at the clock when a run goes on within the minute of its start', 1, startMs + 7_000, 12_345],
    ['at once when the journal is ahead of the clock, after a run at another speed', 1, startMs + 3_600_000, 3_600_000],
  ])('begins %s', (_, speed, afterMs, begunMs) => {
    const clock = simulatedClock(startMs + 12_345)
    const source = simulatedMarket({ seed: 7, instruments: ['BTC-USD'], speed, clock })
    const seen: number[] = []
    source.stream({ ...query, ...(afterMs === undefined ? {} : { afterMs: afterMs as EpochMs }) }).subscribe((event) => seen.push(event.atMs))
    clock.advance(0)
    expect(source.nowMs!()).toBe(startMs + begunMs)
    expect(seen.filter((atMs) => atMs > startMs + begunMs)).toEqual([])
    clock.advance(Math.ceil(5_000 / speed))
    expect(seen.at(-1)).toBe(startMs + Math.floor((begunMs + 5_000) / 5_000) * 5_000)
  })

  test('does not exist at full speed', () => {
    expect(market(undefined, 'max').source.nowMs).toBeUndefined()
  })
})

afterEach(() => void vi.useRealTimers())

describe('the state of an engine on a paced market', () => {
  async function run(look: (state: EngineState, clock: ReturnType<typeof simulatedClock>) => void): Promise<string> {
    const { clock, source } = market()
    const bots = [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals(), confirm: 0, sizing: fixedSize(10) })]
    const engine = createEngine({ market: source, exchange: paper({ cash: { USD: '100' } }), store: memoryStore(), bots, clock })
    await engine.start()
    for (let step = 0; step < 100; step++) {
      clock.advance(50)
      look(engine.state(), clock)
    }
    return (await engine.stop()).journalHash
  }

  test('has a time and ages of prices that advance between events, never back', async () => {
    let last = startMs
    let aged = 0
    await run((state, clock) => {
      expect(state.nowMs).toBe(startMs + (clock.nowMs() - startMs) * 60)
      expect(state.nowMs).toBeGreaterThan(last)
      last = state.nowMs
      const { priceAtMs, priceAgeMs } = state.bots[0]!
      if (priceAtMs === undefined) return
      expect(priceAgeMs).toBe(state.nowMs - priceAtMs)
      if (priceAgeMs! > 0) aged++
    })
    expect(aged).toBeGreaterThan(30)
  })

  test('is told about once a second while nothing happens', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
    const { source, clock } = market()
    const bots = [bot({ id: 'btc', instrument: 'BTC-USD', timeframe: '1m', strategy: weightedSignals(), confirm: 0, sizing: fixedSize(10) })]
    const engine = createEngine({ market: source, exchange: paper({ cash: { USD: '100' } }), store: memoryStore(), bots, clock })
    await engine.start()
    const told: number[] = []
    engine.state$.subscribe((state) => told.push(state.nowMs))
    clock.advance(1)
    vi.advanceTimersByTime(10_000)
    expect(told.length).toBeGreaterThanOrEqual(10)
    expect(told.at(-1)).toBe(startMs + 60)
    await engine.stop()
    const { length } = told
    vi.advanceTimersByTime(10_000)
    expect(told).toHaveLength(length)
  })

  test('is for display only: looking at it changes no decision', async () => {
    const decided: string[] = []
    const looked = await run((state) => decided.push(state.bots[0]!.outcome))
    expect(new Set(decided).size).toBeGreaterThan(1)
    expect(await run(() => undefined)).toBe(looked)
  })
})
