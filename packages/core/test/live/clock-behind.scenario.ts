import type { Clock, EpochMs } from '@millrace/core'
import { expect, it } from 'vitest'
import { liveRun } from './live-run.ts'

it('[fault 33] a start whose clock is behind the end of the journal says so, and one whose clock is right does not', async () => {
  const run = await liveRun()
  await run.minutes(100, 97)
  await run.seconds(2)
  await run.engine.stop()
  const clock: Clock = { nowMs: () => (run.clock.nowMs() - 3_600_000) as EpochMs, at: (atMs) => run.clock.at((atMs + 3_600_000) as EpochMs) }
  const behind = await run.again({ clock })
  expect(behind.state().alerts).toMatchObject([
    { code: 'CLOCK_BEHIND', severity: 'critical', detail: expect.stringMatching(/ends 3[56]\d\d s after/) as string },
  ])
  await behind.stop()
  const right = await run.again()
  expect(right.state().alerts.filter(({ atMs }) => atMs > run.clock.nowMs())).toEqual([])
  expect(right.read({ types: ['alert'], limit: 10 })).toHaveLength(1)
  await right.stop()
})
