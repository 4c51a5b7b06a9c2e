import type { LinkEvent } from '@millrace/core'
import { describe, expect, it } from 'vitest'
import { createKeyWatch } from './key-watch.ts'

const told = (...statuses: readonly number[]): readonly (string | undefined)[] => {
  const events: LinkEvent[] = []
  const watch = createKeyWatch((event) => events.push(event))
  for (const status of statuses) watch.answered(status)
  return events.map((event) => ('code' in event ? event.code : undefined))
}

describe('the watch over the key', () => {
  it('speaks at the second refusal in a row, once [fault 31]', () => {
    expect(told(401)).toEqual([])
    expect(told(401, 401)).toEqual(['keyRefused'])
    expect(told(401, 401, 401, 401)).toEqual(['keyRefused'])
  })

  it('begins anew once the key was taken, also for a bad request', () => {
    expect(told(401, 200, 401)).toEqual([])
    expect(told(401, 400, 401)).toEqual([])
    expect(told(401, 401, 200, 401, 401)).toEqual(['keyRefused', 'keyRefused'])
  })

  it('is not calmed by answers that come before the key is looked at', () => {
    expect(told(401, 429, 401)).toEqual(['keyRefused'])
    expect(told(401, 503, 401)).toEqual(['keyRefused'])
  })

  it('speaks at the first 403, and again after something was allowed [fault 32]', () => {
    expect(told(403)).toEqual(['keyForbidden'])
    expect(told(403, 403)).toEqual(['keyForbidden'])
    expect(told(403, 200, 403)).toEqual(['keyForbidden', 'keyForbidden'])
  })

  it('counts refusals of the user channel by themselves', () => {
    const events: LinkEvent[] = []
    const watch = createKeyWatch((event) => events.push(event))
    watch.socket(true)
    watch.answered(401)
    expect(events).toEqual([])
    watch.socket(true)
    expect(events).toHaveLength(1)
    watch.socket(false)
    watch.socket(true)
    expect(events).toHaveLength(1)
  })
})
