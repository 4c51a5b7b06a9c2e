import { expect, it } from 'vitest'
import type { EventLoop } from '../../engine/event-loop.ts'
import type { EpochMs } from '../../model/time.ts'
import { HOUR_MS } from '../../model/time.ts'
import { Checkpoints } from './checkpoints.ts'

/** A loop that is nothing but a time. */
const loopAt = (nowMs: number): EventLoop =>
  ({ kernel: { state: { nowMs }, snapshot: () => ({ seq: nowMs }) }, snapshot: () => ({ venue: null, ahead: [] }) }) as unknown as EventLoop

const stream = { instruments: ['BTC-USD'], timeframesMs: [60_000] }

function runFor(hours: number): Checkpoints {
  const checkpoints = new Checkpoints()
  for (let minute = 1; minute <= hours * 60; minute++) checkpoints.look(loopAt((minute - 1) * 60_000), stream, (minute * 60_000) as EpochMs)
  return checkpoints
}

it('keeps one an hour, and the last one before a moment comes first', () => {
  const checkpoints = runFor(10)
  expect(checkpoints.size).toBe(10)
  const before = checkpoints.before(5 * HOUR_MS + 1)
  expect(before[0]).toMatchObject({ atMs: 5 * HOUR_MS, stream: { ...stream, afterMs: 5 * HOUR_MS } })
  expect(before.map(({ atMs }) => atMs / HOUR_MS)).toEqual([5, 4, 2])
  expect(checkpoints.before(0)).toEqual([])
})

it('keeps at most 64 however long the run, evenly over all of it', () => {
  const checkpoints = runFor(40 * 24)
  expect(checkpoints.size).toBeLessThanOrEqual(64)
  expect(checkpoints.size).toBeGreaterThan(30)
  const last = checkpoints.before(40 * 24 * HOUR_MS)[0]!
  expect(last.atMs).toBeGreaterThan(39 * 24 * HOUR_MS)
  expect(checkpoints.before(HOUR_MS)[0]!.atMs).toBe(0)
})

it('waits while events of the same moment are still to come', () => {
  const checkpoints = new Checkpoints()
  checkpoints.look(loopAt(60_000), stream, 60_000 as EpochMs)
  expect(checkpoints.size).toBe(0)
  checkpoints.look(loopAt(60_000), stream, 60_001 as EpochMs)
  expect(checkpoints.size).toBe(1)
})
