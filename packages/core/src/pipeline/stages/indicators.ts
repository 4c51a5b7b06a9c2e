import type { BotRuntime } from '../bot-runtime.ts'
import type { Candle } from '../../model/candle.ts'

/** Commits a closed candle to the bot's indicators and window. */
export function updateIndicators(bot: BotRuntime, candle: Candle): void {
  const closes = bot.closeIndicators
  const close = candle.close
  bot.view.previousClose = bot.lastClose
  bot.lastClose = close
  for (let i = 0; i < closes.length; i++) closes[i]!.update(close)
  const candles = bot.candleIndicators
  for (let i = 0; i < candles.length; i++) candles[i]!.update(candle)
  bot.window.push(candle)
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
