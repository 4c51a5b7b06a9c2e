import type { CandleColumns } from '@millrace/core'
import { elevenBots } from './regimes.ts'

/**
 * Eleven times the readings and scores of the normal regime, without an engine: what the bots were asked to compute, and so the least that any engine around it can take.
 *
 * @returns the sum of all scores, so that nothing of it can be left out
 */
export function bareStrategies({ length, close }: CandleColumns): number {
  const instances = elevenBots('normal').map(({ strategy }) => strategy.create())
  const context = { candle: { close: 0 }, position: { open: false } }
  let [sum, weights, scores] = [0, 0, 0]
  const signal = {
    add(_name: string, score: number, weight = 1): void {
      scores += score * weight
      weights += weight
    },
    next: () => undefined,
  }
  const bots = instances.map((instance) => ({
    instance,
    indicators: instance.indicators.map(([, indicator]) => indicator as unknown as { update(x: number): unknown }),
    context: { ...context, readings: instance.readings } as never,
    warmup: Math.max(...instance.indicators.map(([, { warmup }]) => warmup)),
  }))
  if (instances.some(({ indicators }) => indicators.some(([, { input }]) => (input ?? 'close') !== 'close'))) throw new Error('expected indicators over closes')
  for (let i = 0; i < length; i++) {
    for (const { instance, indicators, context: own, warmup } of bots) {
      for (const indicator of indicators) indicator.update(close[i]!)
      if (i < warmup) continue
      scores = 0
      weights = 0
      instance.evaluate(own, signal)
      sum += scores / weights
    }
  }
  if (!Number.isFinite(sum)) throw new Error(`expected scores, received ${sum}`)
  return sum
}
