import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../model/time.ts'
import { lostNumbers, stillLost } from './lost-numbers.ts'
import type { LostNumbers } from './lost-numbers.ts'

const HOUR_MS = 3_600_000
const at = (hour: number): EpochMs => (hour * HOUR_MS) as EpochMs

/** A loss in an hour: what is kept ends with order `kept` an hour earlier, and no later one gets a number up to `to`. */
const lose = (before: LostNumbers | undefined, hour: number, kept: number, to: number): LostNumbers | undefined =>
  lostNumbers(before, kept, { entries: 9, upTo: 99, hash: '0'.repeat(64), intentNo: to, sinceMs: at(hour - 1) }, at(hour))

describe('the numbers of lost orders', () => {
  test('are those after the last one that was kept', () =>
    expect(lose(undefined, 5, 10, 1_020)).toMatchObject({ from: 11, to: 1_020, sinceMs: at(4), open: true }))

  test('grow with a loss that comes before the venue has shown what the one before it took', () => {
    const first = lose(undefined, 5, 10, 1_020)
    expect(lose(first, 6, 1_030, 2_040)).toMatchObject({ from: 11, to: 2_040, sinceMs: at(4) })
  })

  test('do not grow from loss to loss for good', () => {
    let lost: LostNumbers | undefined
    for (let n = 0; n < 20; n++) {
      lost = lose(lost, 10 * n + 1, 1_100 * n, 1_100 * n + 1_050)
      expect(lost).toMatchObject({ from: 1_100 * n + 1, to: 1_100 * n + 1_050, sinceMs: at(10 * n) })
      expect(stillLost(lost, at(10 * n + 1))).toMatchObject({ open: true })
      lost = stillLost(lost, at(10 * n + 2))
      expect(lost).toMatchObject({ open: false })
    }
  })

  test('are none where nothing was kept', () => {
    expect(lostNumbers(undefined, 0, { entries: 9, upTo: 9, hash: '0'.repeat(64), intentNo: 1_009 }, at(1))).toBeUndefined()
  })
})
