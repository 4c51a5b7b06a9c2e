import type { BotRuntime } from '../bot-runtime.ts'
import type { Candle } from '../../model/candle.ts'

/** Commits a closed candle to the bot's indicators and window. */
export function updateIndicators(bot: BotRuntime, candle: Candle): void {
  const closes = bot.closeIndicators
  const close = candle.close
  bot.view.previousClose = bot.lastClose
  bot.lastClose = close
  // Place by place: bots of one strategy have one class at each of the first, so that its step can be inlined there. In a loop the one call would see them all.
  const { length } = closes
  if (length > 0) closes[0]!.update(close)
  if (length > 1) closes[1]!.update(close)
  if (length > 2) closes[2]!.update(close)
  for (let i = 3; i < length; i++) closes[i]!.update(close)
  const candles = bot.candleIndicators
  for (let i = 0; i < candles.length; i++) candles[i]!.update(candle)
  if (bot.window.capacity > 0) bot.window.push(candle)
  bot.samples++
}

/** Reads the indicators as they would be if the forming candle ended now; nothing is committed. */
export function previewIndicators(bot: BotRuntime): void {
  const preview = bot.preview!
  bot.view.previousClose = bot.lastClose
  for (const [key, indicator] of bot.strategy.indicators) {
    // A longer candle has not ended with a forming one: its reading is the last that has.
    if (indicator.forTimeframe !== undefined) preview.readings[key]!.value = indicator.value
    else
      preview.readings[key]!.value = indicator.input === 'candle' ? indicator.preview(preview.forming.candle) : indicator.preview(preview.forming.candle.close)
  }
}
