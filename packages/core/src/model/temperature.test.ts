import { describe, expect, it } from 'vitest'
import { temperatureNames, temperatureOf } from './temperature.ts'

const nameOf = (score: number): string | undefined => temperatureNames[temperatureOf(score)]

describe('temperatureOf', () => {
  it.each([
    [0.3, 'hot'],
    [0.29999999999999993, 'warm'],
    [0.15, 'warm'],
    [0.14999999999999997, 'cool'],
    [0.05, 'cool'],
    [0.04999999999999999, 'frozen'],
    [0, 'frozen'],
    [1, 'hot'],
  ])('[row 10] |score| %d is %s, whichever side it asks for', (score, name) => {
    expect(nameOf(score)).toBe(name)
    expect(nameOf(-score)).toBe(name)
  })

  it('takes its thresholds from the configuration', () => {
    const thresholds = { cool: 0.1, warm: 0.5, hot: 0.9 }
    expect([0.09, 0.1, 0.5, 0.9].map((score) => temperatureNames[temperatureOf(score, thresholds)])).toEqual(['frozen', 'cool', 'warm', 'hot'])
  })

  it('calls a score that is no number frozen', () => {
    expect(nameOf(Number.NaN)).toBe('frozen')
  })
})
