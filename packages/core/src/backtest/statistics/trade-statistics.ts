/** What of a round trip the statistics read. Amounts in quote. */
export interface TradeFigures {
  /** Net of all fees. */
  readonly pnl: number
  /** `pnl` before fees. */
  readonly grossPnl: number
  readonly fees: number
  /** `pnl` in per cent of what was paid for the entries, fees included. */
  readonly returnPercent: number
  readonly holdingMs: number
}

/** Statistics per round trip: each counts once, whatever its size in time. Undefined where there is nothing to divide by. */
export interface TradeStatistics {
  readonly count: number
  /** `pnl` above 0; a round trip that made exactly nothing is neither a win nor a loss. */
  readonly wins: number
  readonly losses: number
  /** Wins / count, 0 to 1. */
  readonly winRate: number | undefined
  /** Sum of `pnl`. */
  readonly pnl: number
  readonly fees: number
  /** Sum of the wins / sum of the losses as a positive amount. */
  readonly profitFactor: number | undefined
  /** Mean `pnl`, in quote. */
  readonly expectancy: number | undefined
  /** Mean `returnPercent`. */
  readonly expectancyPercent: number | undefined
  readonly averageWin: number | undefined
  /** As a positive amount. */
  readonly averageLoss: number | undefined
  /** `averageWin` / `averageLoss`. */
  readonly payoffRatio: number | undefined
  /** System quality number: sqrt(count) * mean / standard deviation of `pnl` (n - 1). From two round trips on. */
  readonly sqn: number | undefined
  readonly bestPercent: number | undefined
  readonly worstPercent: number | undefined
  /** Losses in a row, at most. */
  readonly longestLosingStreak: number
  readonly meanHoldingMs: number | undefined
  readonly longestHoldingMs: number
  /** Fees / sum of the gross gains of round trips that gained before fees: what part of what the market gave went to the venue. */
  readonly feesOfGrossGains: number | undefined
}

/**
 * Returns the statistics of round trips, in their order.
 *
 * @example
 * ```ts
 * const trip = (pnl: number) => ({ pnl, grossPnl: pnl + 1, fees: 1, returnPercent: pnl, holdingMs: 60000 })
 * tradeStatistics([trip(3), trip(-1)]).profitFactor // => 3
 * ```
 */
export function tradeStatistics(trades: readonly TradeFigures[]): TradeStatistics {
  const count = trades.length
  const sums = sumsOf(trades)
  const { gained, lost, wins, losses, pnl, fees } = sums
  const per = (sum: number, n: number): number | undefined => (n > 0 ? sum / n : undefined)
  const averageWin = per(gained, wins)
  const averageLoss = per(lost, losses)
  const expectancy = per(pnl, count)
  const deviation = expectancy === undefined ? undefined : sampleDeviation(trades.map((trade) => trade.pnl))
  return {
    count,
    wins,
    losses,
    winRate: per(wins, count),
    pnl,
    fees,
    profitFactor: per(gained, lost),
    expectancy,
    expectancyPercent: per(sums.percents, count),
    averageWin,
    averageLoss,
    payoffRatio: averageWin === undefined || averageLoss === undefined ? undefined : averageWin / averageLoss,
    sqn: deviation === undefined || !(deviation > 0) ? undefined : (Math.sqrt(count) * expectancy!) / deviation,
    bestPercent: count === 0 ? undefined : sums.best,
    worstPercent: count === 0 ? undefined : sums.worst,
    longestLosingStreak: sums.longestStreak,
    meanHoldingMs: per(sums.holding, count),
    longestHoldingMs: sums.longestHolding,
    feesOfGrossGains: per(fees, sums.grossGains),
  }
}

interface Sums {
  gained: number
  lost: number
  wins: number
  losses: number
  pnl: number
  fees: number
  grossGains: number
  percents: number
  best: number
  worst: number
  holding: number
  longestHolding: number
  longestStreak: number
}

function sumsOf(trades: readonly TradeFigures[]): Sums {
  const sums: Sums = {
    gained: 0,
    lost: 0,
    wins: 0,
    losses: 0,
    pnl: 0,
    fees: 0,
    grossGains: 0,
    percents: 0,
    best: -Infinity,
    worst: Infinity,
    holding: 0,
    longestHolding: 0,
    longestStreak: 0,
  }
  let streak = 0
  for (const { pnl, grossPnl, fees, returnPercent, holdingMs } of trades) {
    sums.pnl += pnl
    sums.fees += fees
    if (pnl > 0) {
      sums.gained += pnl
      sums.wins++
    } else if (pnl < 0) {
      sums.lost -= pnl
      sums.losses++
    }
    streak = pnl < 0 ? streak + 1 : 0
    sums.longestStreak = Math.max(sums.longestStreak, streak)
    if (grossPnl > 0) sums.grossGains += grossPnl
    sums.percents += returnPercent
    sums.best = Math.max(sums.best, returnPercent)
    sums.worst = Math.min(sums.worst, returnPercent)
    sums.holding += holdingMs
    sums.longestHolding = Math.max(sums.longestHolding, holdingMs)
  }
  return sums
}

/** Standard deviation with n - 1; undefined below two values. */
export function sampleDeviation(values: readonly number[]): number | undefined {
  const n = values.length
  if (n < 2) return undefined
  let mean = 0
  for (const value of values) mean += value / n
  let squares = 0
  for (const value of values) squares += (value - mean) * (value - mean)
  return Math.sqrt(squares / (n - 1))
}
