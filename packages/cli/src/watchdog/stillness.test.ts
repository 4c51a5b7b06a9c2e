import { describe, expect, it } from 'vitest'
import { stillness } from './stillness.ts'

describe('stillness', () => {
  const look = (counts: readonly number[], times = counts.map((_, i) => i * 100)): readonly boolean[] => {
    const still = stillness(300, 100)
    return counts.map((count, i) => still.seen(count, times[i]!))
  }
  it('is seen once the count has been the same for the limit', () => expect(look([1, 2, 2, 2, 2, 2])).toEqual([false, false, false, false, true, true]))
  it('is none as long as the heart beats, however slowly', () => expect(look([1, 1, 1, 2, 2, 2, 3, 3, 3, 4]).includes(true)).toBe(false))
  it('ends with the next beat', () => expect(look([1, 1, 1, 1, 2])).toEqual([false, false, false, true, false]))
  it('is none while a debugger holds the heart, and counts anew once it is gone', () => {
    const still = stillness(300, 100)
    const held = [0, 100, 200, 300, 400].map((ms) => still.seen(1, ms, true))
    const after = [500, 600, 700].map((ms) => still.seen(1, ms))
    expect([held, after]).toEqual([
      [false, false, false, false, false],
      [false, false, true],
    ])
  })
  it('counts anew when the watcher itself was away: the machine slept', () =>
    expect(look([1, 1, 1, 1, 1], [0, 100, 60_000, 60_100, 60_200])).toEqual([false, false, false, false, false]))
})
