import { describe, expect, test } from 'vitest'
import { simulatedClock } from './simulated-clock.ts'

describe('simulatedClock', () => {
  test('stands still until moved, and never goes back', () => {
    const clock = simulatedClock(1_000)
    expect(clock.nowMs()).toBe(1_000)
    clock.advance(5)
    clock.set(1_010)
    clock.set(1_010)
    expect(clock.nowMs()).toBe(1_010)
    expect(() => clock.set(1_009)).toThrow('expected a time at or after 1010, received 1009: a clock never goes back')
    expect(() => clock.advance(-1)).toThrow(RangeError)
    expect(() => clock.advance(Number.NaN)).toThrow(RangeError)
    expect(clock.nowMs()).toBe(1_010)
  })

  test('fires by time, then by scheduling, each at its own moment, and completes', () => {
    const clock = simulatedClock(0)
    const seen: string[] = []
    const at = (value: number, name: string): void =>
      void clock.at(value).subscribe({ next: (time) => seen.push(`${name} ${time} at ${clock.nowMs()}`), complete: () => seen.push(`${name} done`) })
    at(30, 'c')
    at(10, 'a')
    at(10, 'b')
    expect(clock.pending).toBe(3)
    clock.advance(9)
    expect(seen).toEqual([])
    clock.advance(1)
    expect(seen).toEqual(['a 10 at 10', 'a done', 'b 10 at 10', 'b done'])
    clock.advance(100)
    expect(seen.slice(4)).toEqual(['c 30 at 30', 'c done'])
    expect(clock.nowMs()).toBe(110)
    expect(clock.pending).toBe(0)
  })

  test('a timer scheduled while others fire is sorted in', () => {
    const clock = simulatedClock(0)
    const seen: number[] = []
    clock.at(10).subscribe(() => {
      clock.at(15).subscribe((time) => seen.push(time))
      clock.at(99).subscribe((time) => seen.push(time))
    })
    clock.at(20).subscribe((time) => seen.push(time))
    clock.advance(30)
    expect(seen).toEqual([15, 20])
    expect(clock.pending).toBe(1)
  })

  test('a moment already past fires at the next move, without moving the time', () => {
    const clock = simulatedClock(100)
    const seen: number[] = []
    clock.at(50).subscribe(() => seen.push(clock.nowMs()))
    expect(seen).toEqual([])
    clock.advance(0)
    expect(seen).toEqual([100])
  })

  test('unsubscribing cancels, also while others fire', () => {
    const clock = simulatedClock(0)
    const seen: number[] = []
    const later = clock.at(20).subscribe((time) => seen.push(time))
    clock.at(10).subscribe(() => later.unsubscribe())
    clock.advance(50)
    expect(seen).toEqual([])
    expect(clock.pending).toBe(0)
  })
})
