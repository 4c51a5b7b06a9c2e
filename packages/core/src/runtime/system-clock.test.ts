import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { EpochMs } from '../model/time.ts'
import { systemClock } from './system-clock.ts'

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }))
  afterEach(() => void vi.useRealTimers())

  test('tells the time and emits once at the moment', () => {
    const clock = systemClock()
    const seen: unknown[] = []
    clock.at(1_000_500 as EpochMs).subscribe({ next: (ms) => seen.push(ms), complete: () => seen.push('done') })
    vi.advanceTimersByTime(499)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual([1_000_500, 'done'])
    expect(clock.nowMs()).toBe(1_000_500)
  })

  test('waits longer than a timer of the platform can', () => {
    const seen: number[] = []
    const far = (1_000_000 + 2 ** 31 + 5_000) as EpochMs
    systemClock()
      .at(far)
      .subscribe((ms) => seen.push(ms))
    vi.advanceTimersByTime(2 ** 31 + 4_999)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(1)
    expect(seen).toEqual([far])
  })

  test('is never early: a timer that fires before the clock says so waits on', () => {
    const seen: number[] = []
    systemClock()
      .at(1_000_100 as EpochMs)
      .subscribe((ms) => seen.push(ms))
    vi.setSystemTime(999_950)
    vi.advanceTimersByTime(100)
    expect(seen).toEqual([])
    vi.advanceTimersByTime(50)
    expect(seen).toEqual([1_000_100])
  })

  test('a moment already past comes soon, not within the call', () => {
    const seen: number[] = []
    systemClock()
      .at(5 as EpochMs)
      .subscribe((ms) => seen.push(ms))
    expect(seen).toEqual([])
    vi.advanceTimersByTime(0)
    expect(seen).toEqual([5])
  })

  test('[fault 33] goes on at its pace where the clock of the machine is set back, and what waits comes in time', () => {
    const clock = systemClock()
    const seen: number[] = []
    clock.at(1_045_000 as EpochMs).subscribe((ms) => seen.push(ms))
    vi.advanceTimersByTime(10_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    expect(clock.nowMs()).toBe(1_010_000)
    vi.advanceTimersByTime(35_000)
    expect([seen, clock.nowMs()]).toEqual([[1_045_000], 1_045_000])
    // Set back again, and then right again.
    vi.setSystemTime(Date.now() - 60_000)
    vi.advanceTimersByTime(1_000)
    expect(clock.nowMs()).toBe(1_046_000)
    vi.setSystemTime(Date.now() + 3_660_000)
    vi.advanceTimersByTime(1_000)
    expect([clock.nowMs(), Date.now()]).toEqual([1_047_000, 1_047_000])
  })

  test('[fault 33] follows the clock of the machine forward, and back by less than a second only', () => {
    const clock = systemClock()
    vi.setSystemTime(Date.now() + 7_200_000)
    expect(clock.nowMs()).toBe(8_200_000)
    vi.setSystemTime(Date.now() - 7_200_000)
    expect(clock.nowMs()).toBe(8_200_000)
    vi.setSystemTime(Date.now() - 500)
    expect(clock.nowMs()).toBe(8_199_500)
  })

  test('unsubscribing leaves no timer behind', () => {
    systemClock()
      .at(1_000_500 as EpochMs)
      .subscribe()
      .unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })
})
