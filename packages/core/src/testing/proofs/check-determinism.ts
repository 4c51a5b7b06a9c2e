import { Findings, candlesOf, difference, made, tell } from './proof.ts'
import type { Proof, ProofOptions, StrategySource } from './proof.ts'

/**
 * Shows that a strategy says the same of the same candles: run again, run again after it has seen other candles in between, and run candle by candle beside another
 * one of its kind.
 *
 * @example
 * ```ts
 * checkDeterminism(weightedSignals()).passed // => true
 * ```
 */
export function checkDeterminism(source: StrategySource, options: ProofOptions = {}): Proof {
  const candles = candlesOf(options)
  const findings = new Findings()
  const first = tell(made(source, candles), candles)
  const compare = (kind: string, again: typeof first): void => {
    first.forEach((told, i) => {
      if (told === undefined) return
      findings.compared++
      if (again[i]?.text !== told.text) findings.add(kind, told.atMs, difference(told, again[i]))
    })
  }
  compare('a second run', tell(made(source, candles), candles))
  const others = candles.map((candle) => ({ ...candle, open: candle.open * 2, high: candle.high * 2, low: candle.low * 2, close: candle.close * 2 }))
  tell(made(source, others), others)
  compare('a run after another one on other prices', tell(made(source, candles), candles))
  return findings.proof(first.some((told) => told !== undefined) ? [] : [`the strategy is not warm within ${candles.length} candles`])
}
