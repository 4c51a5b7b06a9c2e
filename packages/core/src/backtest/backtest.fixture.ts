import { bot } from '../config/bot.ts'
import type { BotConfig, BotOptions } from '../config/bot.ts'
import { candleColumnsBuilder } from '../model/candle-columns.ts'
import type { CandleColumns } from '../model/candle.ts'
import { MINUTE_MS } from '../model/time.ts'
import { fixedSize } from '../sizing/fixed-size.ts'
import { defineStrategy } from '../strategies/define-strategy.ts'
import { z } from 'zod'

/** 2026-01-01T00:00Z. */
export const START_MS = 1_767_225_600_000

/** Prices that follow each other without a jump: each candle opens where the one before closed. */
export function pathColumns(steps: readonly number[], startPrice = 100, candleMs = MINUTE_MS): CandleColumns {
  const builder = candleColumnsBuilder(steps.length)
  let price = startPrice
  steps.forEach((step, i) => {
    const open = price
    price = open * (1 + step)
    const reach = Math.abs(step) * 0.4
    builder.push(START_MS + i * candleMs, open, Math.max(open, price) * (1 + reach), Math.min(open, price) * (1 - reach), price, 1e9)
  })
  return builder.build()
}

/** A seeded walk of minutes. */
export function walkColumns(minutes: number, seed = 1, volatility = 0.004): CandleColumns {
  let state = seed
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
  return pathColumns(Array.from({ length: minutes }, () => (random() + random() - 1) * volatility))
}

/** Buys at the closes of the minutes named and sells at others: minutes from the start, counted at the close. */
export const timed = defineStrategy({
  id: 'timed',
  params: z.strictObject({ buyAt: z.array(z.number()), sellAt: z.array(z.number()).default([]) }),
  indicators: () => ({}),
  components: { clock: ({ reading }) => `minute ${reading}` },
  evaluate({ candle }, p, signal) {
    const minute = (candle.openTime - START_MS) / MINUTE_MS
    signal.add('clock', p.buyAt.includes(minute) ? 1 : p.sellAt.includes(minute) ? -1 : 0, 1, minute)
  },
})

/** A bot that does at once what it wants, on SOL-USD. */
export const plainBot = (options: Partial<BotOptions> & Pick<BotOptions, 'strategy'>): BotConfig =>
  bot({ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', confirm: 0, sizing: fixedSize(20), safety: [], ...options })
