import { DEFAULT_BOOKING } from '../ledger/lots.ts'
import type { TemperatureThresholds } from '../model/temperature.ts'
import { defaultTemperatureThresholds } from '../model/temperature.ts'

/** What a bot is when its configuration does not say: the one place for these numbers. Safety has its own, `strictLimits`. */
export const botDefaults = {
  timeframe: '1m',
  actionThreshold: 0.15,
  temperature: defaultTemperatureThresholds as TemperatureThresholds,
  confirm: '5m',
  /** Quote amounts of the default `temperatureSizing`. */
  sizing: { base: 10, min: 5, max: 25 },
  /** Share of the position that a signal exit sells. */
  exit: 1,
  on: 'close',
} as const

/** What an account is when the configuration does not say: entry tier fees of 2026, no cash, sales from the oldest lots. */
export const accountDefaults = {
  environment: 'paper',
  fees: { maker: '0.005', taker: '0.009' },
  booking: DEFAULT_BOOKING,
} as const
