import type { EpochMs } from '../model/time.ts'
import { NO_DATA } from '../pipeline/outcome-codes.ts'
import { feedIsSilent, tripBreaker } from './breakers.ts'
import type { KernelState } from './kernel-state.ts'
import { recordLevel } from './record-level.ts'

/** A feed may be silent for this many timeframes of a bot before it counts as stale. */
const SILENT_TIMEFRAMES = 2

/** Looks for instruments whose feed went silent: nobody evaluates a bot that gets no candle, so nobody else would notice. */
export function watchStale(state: KernelState): void {
  // NaN in a backtest: it has no silence, only gaps.
  if (!(state.nowMs >= state.nextStaleMs)) return
  state.nextStaleMs = state.nowMs + state.settings.staleMs
  state.sink.effect({ type: 'wakeAt', atMs: state.nextStaleMs as EpochMs })
  let quietened = false
  for (const market of state.instruments.values()) {
    if (market.stale || market.bots.length === 0 || market.lastMs === Number.NEGATIVE_INFINITY) continue
    const age = state.nowMs - market.lastMs
    const limit = Math.max(state.settings.staleMs, ...market.bots.map((bot) => SILENT_TIMEFRAMES * bot.config.timeframeMs))
    if (age <= limit) continue
    market.stale = true
    quietened = true
    market.market.dataAgeMs = age
    state.alert('STALE_DATA', 'warning', `${market.instrument.id}: no data for ${Math.round(age / 1_000)} s; no entries until it is back`)
    for (const bot of market.bots) {
      bot.view.nowMs = state.nowMs
      bot.frame.outcome = NO_DATA
      bot.frame.side = 0
      bot.frame.hasIntent = false
      bot.frame.judged = false
      bot.frame.blocker = state.blockers.of('STALE_DATA')
      bot.frame.margin = limit - age
      bot.frame.untilMs = Number.NaN
      recordLevel(state, bot)
    }
  }
  if (!quietened || !feedIsSilent(state)) return
  const detail = 'no instrument has fresh market data'
  state.alert('FEED_SILENT', 'critical', detail)
  tripBreaker(state, 'dataGap', detail)
}
