import type { Candle } from '../model/candle.ts'
import type { BotRuntime } from './bot-runtime.ts'

/**
 * Widens the extremes of a held position, and of its round trip, by a candle.
 *
 * @param high - true when the whole way up of the candle lies after the entry; else only its close is known to
 * @param low - the same of its way down
 */
export function markExtremes(bot: BotRuntime, candle: Candle, high: boolean, low: boolean): void {
  const { position } = bot.view
  const top = high ? candle.high : candle.close
  const bottom = low ? candle.low : candle.close
  if (top > position.highestPrice) position.highestPrice = top
  if (top > position.peakSinceEntry) position.peakSinceEntry = top
  if (bottom < position.lowestPrice) position.lowestPrice = bottom
  // After a restart a whole candle counts only if it opened after what is counted already.
  if (!(high && low) || candle.openTime >= bot.trip.sinceMs) bot.trip.candle(top, bottom, candle.close)
}
