import { z } from 'zod'
import type { ExitRule } from '../../contracts/exit-rule.ts'
import type { Strategy } from '../../contracts/strategy.ts'
import type { Candle } from '../../model/candle.ts'
import { defineStrategy } from '../../strategies/define-strategy.ts'

/** A strategy whose score is a function of the place of the candle in a data set that it should not have. */
const knowing =
  (id: string, scoreAt: (candles: readonly Candle[], i: number) => number) =>
  (candles: readonly Candle[]): Strategy =>
    defineStrategy({
      id,
      params: z.strictObject({}),
      indicators: () => ({}),
      components: { score: () => id },
      evaluate({ candle }, _params, signal) {
        const score = scoreAt(
          candles,
          candles.findIndex(({ openTime }) => openTime === candle.openTime),
        )
        signal.add('score', Math.max(-1, Math.min(1, score)), 1, score)
      },
    })()

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const closes = (candles: readonly Candle[]): readonly number[] => candles.map(({ close }) => close)

/** What a module remembers of every run in the process. */
const seenBefore = new Map<number, number>()

const fitted = new WeakMap<readonly Candle[], number>()

/** Buys above its threshold; the threshold is the one that would have earned most on all of the data. */
function trained(candles: readonly Candle[], i: number): number {
  const best = fitted.get(candles) ?? fit(candles)
  fitted.set(candles, best)
  return i > 0 && candles[i]!.close / candles[i - 1]!.close - 1 > best ? 1 : -1
}

function fit(candles: readonly Candle[]): number {
  const change = (n: number): number => candles[n]!.close / candles[n - 1]!.close - 1
  let best = 0
  let bestGain = -Infinity
  for (let threshold = -0.004; threshold <= 0.004; threshold += 0.0002) {
    let gain = 0
    for (let n = 2; n < candles.length; n++) if (change(n - 1) > threshold) gain += change(n)
    if (gain > bestGain) [bestGain, best] = [gain, threshold]
  }
  return best
}

/** Ten ways to know what comes, each as somebody has built it by mistake. */
export const cheats: Readonly<Record<string, (candles: readonly Candle[]) => Strategy>> = {
  'future close': knowing('future-close', (candles, i) => ((candles[i + 1]?.close ?? 0) > candles[i]!.close ? 1 : -1)),
  'future high': knowing('future-high', (candles, i) => (candles[i + 1] === undefined ? 0 : candles[i + 1]!.high / candles[i]!.close - 1)),
  'z-score over the full window': knowing('full-z-score', (candles, i) => {
    const all = closes(candles)
    const centre = mean(all)
    return (candles[i]!.close - centre) / (3 * Math.sqrt(mean(all.map((close) => (close - centre) * (close - centre)))) + 1e-9)
  }),
  'centred mean': knowing('centred-mean', (candles, i) => candles[i]!.close / mean(closes(candles.slice(Math.max(0, i - 2), i + 3))) - 1),
  'resample with the open bar': knowing('open-bar', (candles, i) => {
    const bucket = Math.floor(candles[i]!.openTime / 300_000)
    const last = candles.findLast(({ openTime }) => Math.floor(openTime / 300_000) === bucket)!
    return last.close / candles[i]!.close - 1
  }),
  'the end of the data': knowing('end-of-data', (candles, i) => (i >= candles.length - 1 ? -1 : 0.5)),
  'state from another run': knowing('other-runs', (candles, i) => {
    const { openTime, close } = candles[i]!
    const next = seenBefore.get(openTime + 60_000)
    seenBefore.set(openTime, close)
    return next === undefined ? 0 : next > close ? 1 : -1
  }),
  'normalised over the data set': knowing('normalised', (candles, i) => {
    const all = closes(candles)
    const [low, high] = [Math.min(...all), Math.max(...all)]
    return high === low ? 0 : (candles[i]!.close - low) / (high - low)
  }),
  'trained on the test window': knowing('trained', trained),
}

/** The tenth: it asks for its fill at the best price that the candle turned out to have. */
export const sellsAtTheHigh: ExitRule = {
  apiVersion: 1,
  id: 'sells-at-the-high',
  triggerKind: 'profit',
  trigger: (_position, view) => view.candle.high,
  check: () => 0,
}
