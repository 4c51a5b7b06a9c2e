import type { CandleEvent } from '../contracts/events.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { InstrumentState } from '../pipeline/instrument-state.ts'
import { stepForming } from './bot-pipeline.ts'
import { candleProblem } from './candle-check.ts'
import { keepFlattening } from './flatten.ts'
import type { KernelState } from './kernel-state.ts'
import { markBot } from './marking.ts'

/**
 * Takes a candle's price, moves time to it and values every position in the instrument, so that no bot decides on a loss that is
 * not counted yet. The bots are stepped after it: by the kernel, or one by one by the public operators.
 *
 * @returns undefined when the candle is not of this kernel's instruments, not usable or not new
 */
export function openCandle(state: KernelState, event: CandleEvent): InstrumentState<BotRuntime> | undefined {
  const market = state.instruments.get(event.instrument)
  if (market === undefined) return undefined
  const { candle } = event
  const problem = candleProblem(candle) ?? (event.atMs < market.lastMs ? `expected a time from ${market.lastMs}, received ${event.atMs}` : undefined)
  if (problem !== undefined) {
    state.alert('BAD_CANDLE', 'warning', `${event.instrument}: ${problem}; the candle was dropped`)
    return undefined
  }
  // Nothing newer than its open was seen: the way of the price inside this candle is still to be looked at.
  state.inside = event.closed && candle.openTime >= market.lastMs
  // A closed candle that comes behind newer prices (a live venue needs a moment to close it) does not take the price back.
  if (!event.closed || event.atMs <= candle.openTime + event.timeframeMs) market.market.price = candle.close
  market.market.dataAgeMs = state.nowMs - event.atMs
  market.lastMs = event.atMs
  market.stale = false
  const { bots } = market
  for (let i = 0; i < bots.length; i++) {
    const { view } = bots[i]!
    view.nowMs = state.nowMs
    view.candle = candle
    if (view.position.open) markBot(state, bots[i]!)
  }
  return market
}

/**
 * Brings one bot to the candle of {@link openCandle}: on anything but its own closed candle its exits run.
 *
 * @returns true when the candle is the bot's own, closed and new: its stages are to be run
 */
export function bring(state: KernelState, bot: BotRuntime, event: CandleEvent): boolean {
  const { candle, timeframeMs } = event
  const own = bot.config.timeframeMs
  if (bot.flattenWanted) keepFlattening(state, bot)
  if (bot.preview !== undefined && timeframeMs <= own) bot.preview.forming.update(candle, timeframeMs)
  if (!event.closed || timeframeMs !== own) return bringOther(state, bot, event)
  if (candle.openTime <= bot.lastOpenTime) return repeated(state, bot, event)
  bot.lastOpenTime = candle.openTime
  return true
}

/** On an update, or on the candle of a shorter timeframe, its exits run. */
function bringOther(state: KernelState, bot: BotRuntime, { candle, timeframeMs, closed }: CandleEvent): false {
  if (!closed || timeframeMs < bot.config.timeframeMs) stepForming(state, bot, candle, state.inside)
  return false
}

function repeated(state: KernelState, bot: BotRuntime, { instrument, candle }: CandleEvent): false {
  state.alert('REPEATED_CANDLE', 'warning', `${instrument}: the candle of ${candle.openTime} was there before; decisions already made stand`, bot.config.id)
  return false
}
