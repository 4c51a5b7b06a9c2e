import { randomStream } from '../simulation/simulated-market/random.ts'
import type { TrialTrades } from './sweep-runner.ts'

/** How a Monte Carlo over trades is run. */
export interface MonteCarloOptions extends TrialTrades {
  readonly seed: number
  /** Orders and draws tried; default 1000. */
  readonly runs?: number
}

/** A value that so many per cent of the runs lie below. */
export interface Quantiles {
  readonly p5: number
  readonly p50: number
  readonly p95: number
}

/** What the same round trips could have looked like. */
export interface MonteCarlo {
  readonly runs: number
  readonly trades: number
  /** Deepest fall in per cent of its peak, in the order it happened. */
  readonly drawdownPercent: number
  /** The same round trips in other orders: what of the fall was luck. */
  readonly shuffledDrawdownPercent: Quantiles
  /** As many round trips drawn from them with replacement: what the return could have been. */
  readonly drawnReturnPercent: Quantiles
  /** Part of those draws that lost, 0 to 1. */
  readonly losingShare: number
}

/**
 * Returns what a run's round trips could have looked like in another order, and drawn anew. The amounts stay what they were, so sizes do not follow the equity; fewer
 * than two round trips say nothing, and then it is undefined.
 *
 * @example
 * ```ts
 * const once = monteCarlo({ startEquity: 1000, pnls: [50, -30, 20, -10], seed: 7 })
 * once?.drawdownPercent.toFixed(4) // => '2.8571'
 * once?.shuffledDrawdownPercent.p95.toFixed(4) // => '4.0000'
 * ```
 */
export function monteCarlo({ startEquity, pnls, seed, runs = 1000 }: MonteCarloOptions): MonteCarlo | undefined {
  if (pnls.length < 2 || !(startEquity > 0)) return undefined
  const random = randomStream(seed, 'monte carlo', 0)
  const shuffled = [...pnls]
  const falls = new Float64Array(runs)
  const returns = new Float64Array(runs)
  for (let run = 0; run < runs; run++) {
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = Math.floor(random.uniform() * (i + 1))
      const kept = shuffled[i]!
      shuffled[i] = shuffled[j]!
      shuffled[j] = kept
    }
    falls[run] = deepestFall(startEquity, shuffled)
    let sum = 0
    for (let i = 0; i < pnls.length; i++) sum += pnls[Math.floor(random.uniform() * pnls.length)]!
    returns[run] = (100 * sum) / startEquity
  }
  const losing = returns.reduce((count, value) => count + (value < 0 ? 1 : 0), 0)
  return {
    runs,
    trades: pnls.length,
    drawdownPercent: deepestFall(startEquity, pnls),
    shuffledDrawdownPercent: quantiles(falls),
    drawnReturnPercent: quantiles(returns),
    losingShare: losing / runs,
  }
}

function deepestFall(startEquity: number, pnls: readonly number[]): number {
  let equity = startEquity
  let peak = startEquity
  let deepest = 0
  for (const pnl of pnls) {
    equity += pnl
    if (equity > peak) peak = equity
    else deepest = Math.max(deepest, (peak - equity) / peak)
  }
  return 100 * deepest
}

/** The value at or below which so many lie (nearest rank). */
function quantiles(values: Float64Array): Quantiles {
  const sorted = values.slice().sort()
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) }
}
