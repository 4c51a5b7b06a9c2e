import { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import type { Clock, Decision, EpochMs, MarketSource } from '@millrace/core'
import { memoryStore } from '@millrace/core'
import { simulatedClock } from '@millrace/core/testing'
import { MINUTE, candles, forming, handMarket, levelBot, levelEngine, startMs } from './levels.ts'

const SECOND = 1_000

/** A live market, whose time is the clock's, with a price a second before each grid point. The clock rings late by so many milliseconds. */
async function previews(options: { readonly minutes: number; readonly lateMs: number }): Promise<readonly Decision[]> {
  const time = simulatedClock(startMs)
  const clock: Clock = { nowMs: time.nowMs, at: (atMs) => new Observable((subscriber) => time.at(atMs + options.lateMs).subscribe(subscriber)) }
  const pushed = handMarket()
  const market: MarketSource = { ...pushed, timeline: 'wall' }
  const engine = levelEngine(market, memoryStore(), [levelBot({ on: 'update', confirm: 0 })], { record: 'all', clock })
  const seen: Decision[] = []
  engine.decisions$.subscribe((decision) => {
    if (decision.preview) seen.push(decision)
  })
  await engine.start()
  for (let minute = 0; minute < options.minutes; minute++) {
    for (let second = 4; second < 60; second += 5) {
      time.set(startMs + minute * MINUTE + second * SECOND)
      pushed.push(forming(minute, second, 105))
    }
    time.set(startMs + (minute + 1) * MINUTE)
    pushed.push(...candles([105], minute))
  }
  await engine.stop()
  return seen
}

const phase = ({ timeMs }: { readonly timeMs: EpochMs }): number => (timeMs - startMs) % (5 * SECOND)
const point = ({ timeMs }: { readonly timeMs: EpochMs }): number => Math.floor((timeMs - startMs) / (5 * SECOND))

test('[row 12] an hour of evaluations by a clock that rings 40 ms late: one for each grid point, and the lateness never adds up', async () => {
  const seen = await previews({ minutes: 60, lateMs: 40 })
  // The first minute has no closed candle before it; on the full minute the closed candle speaks for itself.
  const points = seen.map(point)
  expect(new Set(points).size).toBe(points.length)
  expect(points).toEqual([...points].sort((a, b) => a - b))
  expect(points.length).toBeGreaterThanOrEqual(59 * 11)
  expect([Math.min(...seen.map(phase)), Math.max(...seen.map(phase))]).toEqual([40, 40])
})

test('[row 12] [fault 47] a clock that rings too late makes no evaluation up, and none overlaps with the next', async () => {
  expect(await previews({ minutes: 5, lateMs: 2_600 })).toEqual([])
  const seen = await previews({ minutes: 5, lateMs: 2_400 })
  expect(new Set(seen.map(point)).size).toBe(seen.length)
  expect(seen.length).toBeGreaterThan(4 * 10)
})
