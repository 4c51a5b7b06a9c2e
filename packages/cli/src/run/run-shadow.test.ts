import { describe, expect, it } from 'vitest'
import type { ShadowedOrder } from '@millrace/core'
import { shadowReport, shadowText } from './run-shadow.ts'

const side = (price: string | undefined, fees: string) => ({ quantity: price === undefined ? '0' : '1', price, fees, firstFillAtMs: undefined })
const order = (venue: string | undefined, shadow: string | undefined, worseBps: number | undefined): ShadowedOrder => ({
  clientOrderId: 'x',
  instrument: 'SOL-USD',
  side: 'buy',
  sentAtMs: 0 as never,
  venue: side(venue, '0.25'),
  shadow: { ...side(shadow, '0.2'), state: 'filled', reason: undefined },
  worseBps,
})

describe('the report of a shadow', () => {
  it('compares what both have filled, and counts what only one of them has', () => {
    const report = shadowReport([order('101', '100', 100), order('100', '100', 0), order('100', undefined, undefined), order(undefined, '100', undefined)])
    expect(report).toEqual({ orders: 4, both: 2, onlyVenue: 1, onlyShadow: 1, meanWorseBps: 50, worstBps: 100, venueFees: '0.5', shadowFees: '0.4' })
    expect(shadowText(report, 'USD')).toBe(
      'shadow\norders          4: 2 filled by both, 1 only by the venue, 1 only by the shadow\nvenue worse by  50.0 bps on average, 100.0 bps at most\nfees            0.50 USD, in the shadow 0.40',
    )
  })
  it('says nothing where nothing was filled', () => {
    const none = shadowReport([])
    expect(none).toMatchObject({ orders: 0, meanWorseBps: undefined, worstBps: undefined, venueFees: '0' })
    expect(shadowText(none, 'USD')).toContain('venue worse by  - on average')
  })
})
