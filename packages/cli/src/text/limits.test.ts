import { describe, expect, it } from 'vitest'
import { limitsText } from './limits.ts'

const limits = {
  account: { 'daily-loss': { limit: 100 }, balance: {} },
  breakers: { orderStorm: { limit: 120, window: 60_000 } },
  // Of most rules a `max` is a number.

  bots: {
    btc: { 'min-temperature': { atLeast: 'warm' } },
    eth: { 'min-temperature': { atLeast: 'warm' } },
    sol: { 'clock-skew': { max: 2_000 }, 'max-tranches': { max: 2_000 } },
  },
}

describe('limitsText', () => {
  it('[INC-02] says every number of every limit, bots with the same ones together', () => {
    const hash = 'abcdef0123456789'.repeat(4)
    expect(limitsText({ hash, configuredHash: hash, limits })).toEqual([
      'limits abcdef012345',
      '  account: daily-loss limit 100; balance',
      '  breakers: orderStorm limit 120 window 1m',
      '  btc, eth: min-temperature atLeast warm',
      '  sol: clock-skew max 2s; max-tranches max 2000',
    ])
  })
  it('says when they are tighter than configured', () => {
    expect(limitsText({ hash: 'a'.repeat(64), configuredHash: 'b'.repeat(64), limits })[0]).toBe('limits aaaaaaaaaaaa, tightened while running')
  })
})
