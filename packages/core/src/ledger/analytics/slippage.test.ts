import { expect, it } from 'vitest'
import { slippageBps } from './slippage.ts'

it('is a cost when a purchase fills higher or a sale lower than expected [row 47]', () => {
  expect(slippageBps('buy', 200, 201)).toBeCloseTo(50, 9)
  expect(slippageBps('buy', 200, 199)).toBeCloseTo(-50, 9)
  expect(slippageBps('sell', 200, 199)).toBeCloseTo(50, 9)
  expect(slippageBps('sell', 200, 201)).toBeCloseTo(-50, 9)
  expect(slippageBps('buy', 200, 200)).toBe(0)
})

it('has no value where a price is missing: there is no default price [row 47] [INC-10]', () => {
  for (const missing of [Number.NaN, 0, -1]) expect([slippageBps('buy', missing, 1), slippageBps('sell', 1, missing)]).toEqual([undefined, undefined])
})
