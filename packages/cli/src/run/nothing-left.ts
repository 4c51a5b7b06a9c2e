import { isoTime } from '@millrace/core'
import type { Engine, MarketSource } from '@millrace/core'

/** Says of a run that has just started why it will do nothing: its journal reaches beyond the end of its market. */
export function nothingLeft(engine: Pick<Engine, 'state' | 'summary'>, market: MarketSource, storePath: string): readonly string[] {
  const { toMs } = market.describe()
  const { nowMs } = engine.state()
  if (storePath === ':memory:' || market.timeline !== 'event' || toMs === undefined || nowMs < toMs || engine.summary().candles > 0) return []
  return [`nothing is left to run: ${storePath} reaches up to ${isoTime(nowMs)} already; say a later end, or another --db`]
}
