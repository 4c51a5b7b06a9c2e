import type { ExitRule } from '../../contracts/exit-rule.ts'
import type { Candle } from '../../model/candle.ts'
import type { EpochMs } from '../../model/time.ts'
import { MutableCash, MutableMarket, MutablePortfolio, MutableView } from '../../pipeline/views.ts'
import { alterations } from './altered-candles.ts'
import { Findings, candlesOf, difference, made, tell } from './proof.ts'
import type { Proof, ProofOptions, StrategySource } from './proof.ts'

/** What a proof that nothing looks ahead takes beside the candles. */
export interface LookaheadOptions extends ProofOptions {
  /** Exit rules whose triggers are looked at as well: inside a candle they may know what was before it, and nothing of it. */
  readonly exits?: readonly ExitRule[]
  /** Candles after which the future is changed, spread over the data. Default 12. */
  readonly probes?: number
}

/**
 * Shows that a strategy does not know what comes: the candles after a moment are changed in six ways, and nothing that it said up to that moment may change. Every
 * evaluation is compared with all its readings, not only those that traded. A strategy that is prepared from a data set is given as the function that prepares it.
 *
 * @example
 * ```ts
 * import type { Candle } from '@millrace/core'
 * import { z } from 'zod'
 *
 * checkLookahead(weightedSignals()).passed // => true
 * const clairvoyant = (candles: readonly Candle[]) => defineStrategy({
 *   id: 'clairvoyant',
 *   params: z.strictObject({}),
 *   indicators: () => ({}),
 *   components: { next: () => 'the next close' },
 *   evaluate({ candle }, _params, signal) {
 *     const next = candles[candles.findIndex(({ openTime }) => openTime === candle.openTime) + 1]
 *     signal.add('next', next !== undefined && next.close > candle.close ? 1 : -1, 1)
 *   },
 * })()
 * checkLookahead(clairvoyant).passed // => false
 * ```
 */
export function checkLookahead(source: StrategySource, options: LookaheadOptions = {}): Proof {
  const candles = candlesOf(options)
  const findings = new Findings()
  const base = tell(made(source, candles), candles)
  const warm = base.findIndex((told) => told !== undefined)
  if (warm === -1) return findings.proof([`the strategy is not warm within ${candles.length} candles`])
  for (const kept of probesOf(warm, candles.length, options.probes ?? 12)) {
    for (const alteration of alterations) {
      const altered = alteration.alter(candles, kept)
      const again = tell(made(source, altered), altered, kept)
      for (let i = warm; i < kept; i++) {
        findings.compared++
        if (again[i]?.text !== base[i]!.text) findings.add(`${alteration.name} after ${kept} candles`, base[i]!.atMs, difference(base[i]!, again[i]))
      }
      if (findings.any) break
    }
  }
  for (const rule of options.exits ?? []) lookAtTrigger(rule, candles, findings)
  return findings.proof([])
}

/** Moments spread over the data in all phases of longer candles: steps of the same length would meet only one. */
function probesOf(warm: number, length: number, count: number): readonly number[] {
  const probes = Array.from({ length: count }, (_, i) => warm + 1 + Math.floor(((i + 0.5) * (length - warm - 1)) / count) + (i % 7))
  return [...new Set(probes.filter((kept) => kept > warm && kept < length))]
}

/** A trigger is a price at which an order rests: what the candle at hand turns out to be must not move it. */
function lookAtTrigger(rule: ExitRule, candles: readonly Candle[], findings: Findings): void {
  if (rule.trigger === undefined) return
  const view = new MutableView(new MutableCash(), new MutableMarket(), new MutablePortfolio(), 'X-USD', 'backtest')
  const { position, market } = view
  candles.slice(1).forEach((candle, i) => {
    const entry = candles[i]!.close
    Object.assign(position, {
      open: true,
      lots: 1,
      quantity: 1,
      averageEntry: entry,
      cost: entry,
      highestPrice: entry,
      lowestPrice: entry,
      peakSinceEntry: entry,
      bought: entry,
    })
    position.openedAtMs = candle.openTime as EpochMs
    const seen = (shown: Candle): number => {
      view.nowMs = candle.openTime as EpochMs
      view.candle = shown
      market.price = shown.close
      return rule.trigger!(position, view)
    }
    const own = seen(candle)
    for (const other of [stretched(candle, 1.03), stretched(candle, 1.2), { ...candle, close: candle.low }]) {
      findings.compared++
      const moved = seen(other)
      if (!Object.is(moved, own))
        findings.add(`trigger of ${rule.id}`, candle.openTime, `${own} became ${moved} when the candle's own high, low or close were others`)
    }
  })
}

const stretched = (candle: Candle, factor: number): Candle => ({
  ...candle,
  high: candle.high * factor,
  low: candle.low / factor,
  close: candle.close * (1 + (factor - 1) / 2),
})
