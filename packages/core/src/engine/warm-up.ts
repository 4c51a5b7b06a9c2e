import { fillCandle } from '../pipeline/fill-candle.ts'
import type { CandleColumns } from '../model/candle.ts'
import type { EpochMs } from '../model/time.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import { MutableCandle } from '../pipeline/views.ts'
import { freeze } from '../pipeline/stages/freeze.ts'
import { markExtremes } from '../pipeline/mark-extremes.ts'
import { updateIndicators } from '../pipeline/stages/indicators.ts'
import type { KernelState } from './kernel-state.ts'

/**
 * Feeds candles of before the start to a bot: nothing is decided, nothing is written. The last close is a real price with its age,
 * so a position taken over from an earlier run has a value from the start.
 */
export function warmUp(state: KernelState, bot: BotRuntime, columns: CandleColumns): void {
  const candle = new MutableCandle()
  const { timeframeMs } = bot.config
  const { position } = bot.view
  const lastEntryMs = state.durable.ledger.position(bot.config.id).lots.at(-1)?.openedAtMs ?? Number.NEGATIVE_INFINITY
  for (let i = 0; i < columns.length; i++) {
    fillCandle(candle, columns, i)
    try {
      updateIndicators(bot, candle)
    } catch (error) {
      return freeze(state, bot, error)
    }
    if (position.open && candle.openTime >= position.openedAtMs) {
      const { peakSinceEntry } = position
      markExtremes(bot, candle, true, true)
      if (candle.openTime < lastEntryMs) position.peakSinceEntry = peakSinceEntry
    }
    bot.lastOpenTime = candle.openTime
    const endMs = candle.openTime + timeframeMs
    const { market } = bot
    if (endMs < market.lastMs) continue
    market.lastMs = endMs as EpochMs
    market.market.price = candle.close
    market.market.dataAgeMs = state.nowMs - endMs
  }
}
