import type { Side } from '../../model/order.ts'

/**
 * Returns how much worse than expected an order was filled, in basis points of the expected price: positive = a cost, negative = better than expected;
 * undefined when a price is not known.
 *
 * @example
 * ```ts
 * slippageBps('buy', 100, 100.05)?.toFixed(3) // => '5.000'
 * slippageBps('sell', 100, 100.05)?.toFixed(3) // => '-5.000'
 * ```
 */
export function slippageBps(side: Side, expectedPrice: number, actualPrice: number): number | undefined {
  if (!(expectedPrice > 0) || !(actualPrice > 0)) return undefined
  return ((side === 'buy' ? actualPrice - expectedPrice : expectedPrice - actualPrice) / expectedPrice) * 10_000
}
