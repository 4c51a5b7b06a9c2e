import { exchangeContract } from '@millrace/core/testing'
import { describe, expect, test } from 'vitest'
import { venueSubject } from './venue-subject.ts'

/** What a case also shows over real sockets. */
const shows: Readonly<Record<string, string>> = {
  E08: '[pitfall 6]',
  E14: '[pitfall 9]',
  E19: '[fault 7] [pitfall 10]',
  E24: '[fault 18]',
  E35: '[fault 7] [pitfall 1]',
  E37: '[fault 7] [pitfall 8]',
  E39: '[pitfall 5]',
  E40: '[pitfall 4]',
  E41: '[pitfall 5]',
  E44: '[fault 49]',
  E45: '[fault 49]',
  E46: '[fault 49]',
  E47: '[fault 49]',
  E48: '[fault 49]',
  E50: '[fault 21] [pitfall 2]',
  E52: '[fault 21] [pitfall 2]',
  E59: '[pitfall 20]',
  E61: '[fault 21]',
  E64: '[fault 19] [pitfall 20]',
  E65: '[fault 19] [pitfall 20]',
  E71: '[fault 13] [pitfall 3]',
  E76: '[fault 16] [pitfall 3]',
  E79: '[fault 27]',
  E82: '[fault 22]',
  E87: '[fault 24] [pitfall 17]',
  E88: '[fault 29]',
  E89: '[fault 2]',
  E90: '[fault 1]',
  E91: '[fault 4]',
  E92: '[fault 5]',
  E93: '[fault 9]',
  E94: '[fault 3]',
  E95: '[fault 6]',
  E99: '[fault 20]',
}

describe('the adapter before the simulator keeps the contract of an exchange', () => {
  const cases = exchangeContract({ make: () => venueSubject() })
  // No case is skipped: `run` would give the reason.
  test.each(cases.map((each) => ({ ...each, tags: shows[each.id] ?? '' })))('$id $name $tags', async ({ run }) => {
    expect(await run()).toBeUndefined()
  })
  test('all 106 of them', () => expect(cases).toHaveLength(106))
})
