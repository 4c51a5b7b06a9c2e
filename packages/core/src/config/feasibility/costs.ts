/** What one way in and out costs, as fractions of the price. */
export interface RoundTrip {
  readonly takerRate: number
  readonly slippage: number
  /** What the fees alone take. */
  readonly fees: number
  /** Rise of the price at which buying and selling at market comes out even, fees and slippage included. */
  readonly breakEven: number
}

/** (1 + slippage)(1 + fee) / ((1 - slippage)(1 - fee)) - 1: what an entry costs more, and a sale brings less, than the price says. */
export function roundTrip(takerRate: number, slippageBps: number): RoundTrip {
  const slippage = slippageBps / 10_000
  const fees = (1 + takerRate) / (1 - takerRate) - 1
  return { takerRate, slippage, fees, breakEven: ((1 + slippage) * (1 + takerRate)) / ((1 - slippage) * (1 - takerRate)) - 1 }
}

/** What selling all of an entry brings after the price fell by a fraction, before the fee: what the venue's minimum is held against. */
export const valueAfterFall = (entry: number, { takerRate, slippage }: RoundTrip, fall: number): number =>
  (entry / ((1 + takerRate) * (1 + slippage))) * (1 - fall)
