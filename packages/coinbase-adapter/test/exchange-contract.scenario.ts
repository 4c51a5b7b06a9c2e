import { exchangeContract } from '@millrace/core/testing'
import { describe, expect, test } from 'vitest'
import { venueSubject } from './venue-subject.ts'

describe('the adapter before the simulator keeps the contract of an exchange', () => {
  const cases = exchangeContract({ make: () => venueSubject() })
  test.each(cases)('$id $name', async ({ run }) => {
    expect(await run()).toBeUndefined()
  })
})
