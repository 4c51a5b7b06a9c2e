import type { Engine } from '@millrace/core'

/** A price as the engine had it. */
interface SparkPoint {
  readonly atMs: number
  readonly price: number
}

/** The last prices of every bot, one for each of its candles: what a spark line is drawn from. */
export interface PriceRing {
  of(botId: string): readonly SparkPoint[]
  close(): void
}

/** @param keep - candles kept for each bot */
export function createPriceRing(engine: Pick<Engine, 'state$'>, keep = 60): PriceRing {
  const rings = new Map<string, { bucket: number; points: SparkPoint[] }>()
  const subscription = engine.state$.subscribe(({ bots }) => {
    for (const { id, price, priceAtMs, timeframeMs } of bots) {
      if (price === undefined || priceAtMs === undefined) continue
      const bucket = Math.floor(priceAtMs / timeframeMs)
      const ring = rings.get(id) ?? { bucket: Number.NEGATIVE_INFINITY, points: [] }
      rings.set(id, ring)
      // The newest price of a candle stands for it.
      if (bucket === ring.bucket) ring.points.pop()
      ring.bucket = bucket
      ring.points.push({ atMs: priceAtMs, price })
      if (ring.points.length > keep) ring.points.shift()
    }
  })
  return { of: (botId) => rings.get(botId)?.points ?? [], close: () => subscription.unsubscribe() }
}
