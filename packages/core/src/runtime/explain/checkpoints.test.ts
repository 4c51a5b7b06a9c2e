import { expect, it } from 'vitest'
import type { EventLoop } from '../../engine/event-loop.ts'
import type { EpochMs } from '../../model/time.ts'
import { HOUR_MS, MINUTE_MS } from '../../model/time.ts'
import { Checkpoints } from './checkpoints.ts'

/** A loop that is nothing but a time. */
const loopAt = (nowMs: number): EventLoop =>
  ({ kernel: { state: { nowMs }, moment: () => ({ seq: nowMs }) }, snapshot: () => ({ venue: null, ahead: [] }) }) as unknown as EventLoop

const stream = { instruments: ['BTC-USD'], timeframesMs: [60_000] }

function runFor(hours: number): Checkpoints {
  const checkpoints = new Checkpoints()
  for (let minute = 1; minute <= hours * 60; minute++) checkpoints.look(loopAt((minute - 1) * 60_000), stream, (minute * 60_000) as EpochMs)
  return checkpoints
}

it('keeps one every ten minutes, and the last one before a moment comes first', () => {
  const checkpoints = runFor(3)
  expect(checkpoints.size).toBe(18)
  const before = checkpoints.before(HOUR_MS + 1)
  expect(before[0]).toMatchObject({ atMs: HOUR_MS, stream: { ...stream, afterMs: HOUR_MS } })
  expect(before.map(({ atMs }) => atMs / MINUTE_MS)).toEqual([60, 50, 30])
  expect(checkpoints.before(0)).toEqual([])
})

it('keeps at most 24 however long the run, evenly over all of it, and comes there in four hours', () => {
  expect(runFor(4).size).toBe(24)
  const checkpoints = runFor(40 * 24)
  expect(checkpoints.size).toBeLessThanOrEqual(24)
  expect(checkpoints.size).toBeGreaterThan(11)
  const last = checkpoints.before(40 * 24 * HOUR_MS)[0]!
  expect(last.atMs).toBeGreaterThan(37 * 24 * HOUR_MS)
  expect(checkpoints.before(HOUR_MS)[0]!.atMs).toBe(0)
})

it('waits while events of the same moment are still to come', () => {
  const checkpoints = new Checkpoints()
  checkpoints.look(loopAt(60_000), stream, 60_000 as EpochMs)
  expect(checkpoints.size).toBe(0)
  checkpoints.look(loopAt(60_000), stream, 60_001 as EpochMs)
  expect(checkpoints.size).toBe(1)
})
