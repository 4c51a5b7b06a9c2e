import { expect, test } from 'vitest'
import { boundedCache } from './bounded-cache.ts'

test('computes once while it remembers, and forgets the oldest beyond its limit', () => {
  const computed: number[] = []
  const square = boundedCache(2, (key: number) => {
    computed.push(key)
    return key * key
  })
  expect([square(1), square(2), square(1), square(2)]).toEqual([1, 4, 1, 4])
  expect(computed).toEqual([1, 2])
  square(3)
  square(2)
  expect(computed).toEqual([1, 2, 3])
  square(1)
  expect(computed).toEqual([1, 2, 3, 1])
})
