import { afterEach, describe, expect, test, vi } from 'vitest'
import type { MarketEvent } from '../contracts/events.ts'
import type { EpochMs } from '../model/time.ts'
import { simulatedClock } from '../testing/simulated-clock.ts'
import { paced } from './paced.ts'
import type { Speed } from './paced.ts'

const quote = (atMs: number): MarketEvent => ({ type: 'quote', instrument: 'BTC-USD', bid: 1, ask: 2, atMs: atMs as EpochMs })
const at = (...times: readonly number[]): MarketEvent[] => times.map(quote)

function recorded(series: () => Iterable<MarketEvent>, speed: Speed, startMs = 1_000, wall: { wallMs?: EpochMs } = {}) {
  const clock = simulatedClock(50_000)
  const seen: (number | string)[] = []
  const subscription = paced(series, { speed, clock, fromMs: startMs as EpochMs, ...wall }).subscribe({
    next: (event) => seen.push(event.type === 'link' ? `${event.event.type} ${event.atMs}: ${event.event.detail}` : event.atMs),
    complete: () => seen.push('done'),
    error: () => seen.push('error'),
  })
  return { clock, seen, subscription }
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('at a speed', () => {
  test.each([
    [1, 1],
    [60, 60],
    [0.5, 0.5],
  ])('%d: each event when it is due on the clock', (speed) => {
    const { clock, seen } = recorded(() => at(1_000 + 6_000, 1_000 + 12_000, 1_000 + 12_000), speed)
    expect(seen).toEqual([])
    clock.advance(6_000 / speed - 1)
    expect(seen).toEqual([])
    clock.advance(1)
    expect(seen).toEqual([7_000])
    clock.advance(6_000 / speed)
    expect(seen).toEqual([7_000, 13_000, 13_000, 'done'])
    expect(clock.pending).toBe(0)
  })

  test('what is due already comes at the first move, in order', () => {
    const { clock, seen } = recorded(() => at(2_000, 3_000, 60_000), 1, 1_000, { wallMs: 1_000 as EpochMs })
    clock.advance(0)
    expect(seen).toEqual([2_000, 3_000])
  })

  test('a machine that is slow changes nothing under a simulated clock', () => {
    const slow = function* () {
      for (const event of at(2_000, 2_000, 3_000, 3_000)) {
        const until = performance.now() + 8
        while (performance.now() < until);
        yield event
      }
    }
    const { clock, seen } = recorded(slow, 1)
    clock.advance(1_000)
    expect(seen).toEqual([2_000, 2_000])
    clock.advance(1_000)
    expect(seen).toEqual([2_000, 2_000, 3_000, 3_000, 'done'])
  })

  test.each([
    ['a quick', 0],
    ['a slow', 12],
  ])('unsubscribing inside %s event stops at once and leaves no timer', (_, wallMs) => {
    const clock = simulatedClock(0)
    const seen: number[] = []
    const subscription = paced(() => at(1_000, 1_000, 2_000), { speed: 1, clock, fromMs: 0 as EpochMs }).subscribe((event) => {
      seen.push(event.atMs)
      subscription.unsubscribe()
      const until = performance.now() + wallMs
      while (performance.now() < until);
    })
    clock.advance(9_000)
    expect(seen).toEqual([1_000])
    expect(clock.pending).toBe(0)
  })

  test('unsubscribing between events stops at once and lets the series clean up', () => {
    let ended = false
    const series = function* () {
      try {
        yield* at(2_000, 3_000, 4_000)
      } finally {
        ended = true
      }
    }
    const { clock, seen, subscription } = recorded(series, 1)
    clock.advance(1_500)
    subscription.unsubscribe()
    clock.advance(10_000)
    expect(seen).toEqual([2_000])
    expect(ended).toBe(true)
    expect(clock.pending).toBe(0)
  })
})

describe('at full speed', () => {
  afterEach(() => void vi.unstubAllGlobals())

  test('nothing comes within the subscribing call, then everything', async () => {
    const { seen } = recorded(() => at(1, 2, 3), 'max')
    expect(seen).toEqual([])
    await turn()
    expect(seen).toEqual([1, 2, 3, 'done'])
  })

  test('timers get their turn: a long run is cut into slices', async () => {
    let pulled = 0
    const slow = function* () {
      for (; pulled < 60; pulled++) {
        const until = performance.now() + 1
        while (performance.now() < until);
        yield quote(pulled)
      }
    }
    let whenTimerFired = -1
    setTimeout(() => (whenTimerFired = pulled), 0)
    const { seen } = recorded(slow, 'max')
    while (seen.at(-1) !== 'done') await turn()
    expect(seen).toHaveLength(61)
    expect(whenTimerFired).toBeGreaterThanOrEqual(0)
    expect(whenTimerFired).toBeLessThan(60)
  })

  test('works where there is no setImmediate', async () => {
    vi.stubGlobal('setImmediate', undefined)
    const { seen } = recorded(() => at(1, 2), 'max')
    await turn()
    expect(seen).toEqual([1, 2, 'done'])
  })

  test('unsubscribing before the first slice leaves nothing running', async () => {
    const { seen, subscription } = recorded(() => at(1, 2), 'max')
    subscription.unsubscribe()
    await turn()
    expect(seen).toEqual([])
  })

  test('a series that throws ends with a link event, not with an error', async () => {
    const broken = function* () {
      yield quote(4_000)
      throw new Error('no more')
    }
    const { seen } = recorded(broken, 'max')
    await turn()
    expect(seen).toEqual([4_000, 'down 4000: the market failed: Error: no more', 'done'])
  })
})
