import { describe, expect, it } from 'vitest'
import { ZERO, money } from '../model/money.ts'
import { averageEntry, noPosition, positionStatus } from './position.ts'

describe('positionStatus', () => {
  const facts = { quantity: money('0.1'), entryWorking: false, tranchesLeft: 0, exitsSinceEntry: 0 }

  it('is closed at quantity 0, whatever else', () => {
    expect(positionStatus({ ...facts, quantity: ZERO, entryWorking: true, exitsSinceEntry: 2 })).toBe('closed')
    expect(positionStatus({ ...facts, quantity: 0 })).toBe('closed')
  })

  it('is building while an entry works or tranches are left, open when the plan is complete', () => {
    expect(positionStatus({ ...facts, tranchesLeft: 1 })).toBe('building')
    expect(positionStatus({ ...facts, entryWorking: true })).toBe('building')
    expect(positionStatus(facts)).toBe('open')
  })

  it('is reducing from the first exit fill until a new entry', () => {
    expect(positionStatus({ ...facts, exitsSinceEntry: 1 })).toBe('reducing')
    expect(positionStatus({ ...facts, exitsSinceEntry: 1, tranchesLeft: 2 })).toBe('reducing')
    expect(positionStatus({ ...facts, exitsSinceEntry: 1, entryWorking: true })).toBe('building')
  })
})

it('has no average entry while flat', () => {
  expect(averageEntry(noPosition('btc'))).toBeUndefined()
})
