import { balance } from './balance.ts'
import type { ConfiguredRule } from './configured-rule.ts'
import { cooldown } from './cooldown.ts'
import { dailyLossLimit } from './daily-loss.ts'
import { dailyTrades } from './daily-trades.ts'
import { maxExposure } from './max-exposure.ts'
import { maxTranches } from './max-tranches.ts'
import { minTemperature } from './min-temperature.ts'
import { staleData } from './stale-data.ts'
import { tradeSize } from './trade-size.ts'

/** The library's own limits: what stands when a configuration says nothing. Amounts in quote, durations as text. */
export const strictLimits = {
  dailyLoss: 100,
  dailyTrades: { account: 10, bot: 5 },
  tradeSize: { min: 5, max: 25 },
  maxTranches: 3,
  maxExposure: 800,
  cooldown: '15m',
  minTemperature: 'warm',
  staleData: '2m',
} as const

/**
 * Returns the library's own safety rules, each with its number from {@link strictLimits}, the most telling reason first.
 *
 * @example
 * ```ts
 * strictSafety().some((rule) => rule.code === 'DAILY_LOSS') // => true
 * ```
 */
export const strictSafety = (): readonly ConfiguredRule[] => [
  dailyLossLimit(strictLimits.dailyLoss),
  staleData(strictLimits.staleData),
  minTemperature(strictLimits.minTemperature),
  cooldown(strictLimits.cooldown),
  ...dailyTrades(strictLimits.dailyTrades),
  maxTranches(strictLimits.maxTranches),
  maxExposure(strictLimits.maxExposure),
  balance(),
  tradeSize(strictLimits.tradeSize.min, strictLimits.tradeSize.max),
]
