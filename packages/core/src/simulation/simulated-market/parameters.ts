/** How one coin of the simulated market moves and trades. */
export interface SimulatedCoin {
  readonly base: string
  /** Dollars; the level around which the price wanders. */
  readonly price: number
  /** Share of the common factor in its returns. */
  readonly beta: number
  /** Standard deviation of a day's own log return, without the common factor and jumps. */
  readonly dailyVolatility: number
  /** Standard deviation of a jump's log return. */
  readonly jumpSize: number
  /** Share of minutes without a trade, 0..1. */
  readonly quietShare: number
  /** Mean value traded in a day, dollars. */
  readonly dailyVolume: number
}

/**
 * The coins, by round figures of 2025: prices of autumn 2025, volatilities of 15m candles over a year, dollar volumes of a single venue.
 * None was chosen by what a strategy makes of it.
 */
export const simulatedCoins: readonly SimulatedCoin[] = [
  { base: 'BTC', price: 90_000, beta: 0.95, dailyVolatility: 0.01, jumpSize: 0.004, quietShare: 0, dailyVolume: 800e6 },
  { base: 'ETH', price: 3_000, beta: 1.3, dailyVolatility: 0.022, jumpSize: 0.006, quietShare: 0, dailyVolume: 500e6 },
  { base: 'SOL', price: 140, beta: 1.4, dailyVolatility: 0.03, jumpSize: 0.008, quietShare: 0, dailyVolume: 150e6 },
  { base: 'XRP', price: 2.1, beta: 1.2, dailyVolatility: 0.034, jumpSize: 0.008, quietShare: 0, dailyVolume: 150e6 },
  { base: 'DOGE', price: 0.15, beta: 1.4, dailyVolatility: 0.036, jumpSize: 0.008, quietShare: 0.002, dailyVolume: 40e6 },
  { base: 'AVNT', price: 0.45, beta: 0.8, dailyVolatility: 0.09, jumpSize: 0.02, quietShare: 0.05, dailyVolume: 6e6 },
  { base: 'AERO', price: 0.7, beta: 1.2, dailyVolatility: 0.055, jumpSize: 0.012, quietShare: 0.03, dailyVolume: 8e6 },
  { base: 'SUI', price: 1.6, beta: 1.4, dailyVolatility: 0.045, jumpSize: 0.01, quietShare: 0.005, dailyVolume: 30e6 },
  { base: 'AVAX', price: 14, beta: 1.3, dailyVolatility: 0.036, jumpSize: 0.01, quietShare: 0.01, dailyVolume: 15e6 },
  { base: 'TOSHI', price: 0.0007, beta: 0.5, dailyVolatility: 0.085, jumpSize: 0.02, quietShare: 0.08, dailyVolume: 1.5e6 },
  { base: 'PENGU', price: 0.012, beta: 1.3, dailyVolatility: 0.06, jumpSize: 0.015, quietShare: 0.03, dailyVolume: 8e6 },
]

/** What is common to all coins. */
export const simulatedMarketParameters = {
  /** Default start at full speed, 2026-01-01T00:00Z. */
  startMs: 1_767_225_600_000,
  /** Standard deviation of a day's log return of the common factor. */
  factorDailyVolatility: 0.022,
  /** Expected jumps a day, per coin (Poisson). */
  jumpsPerDay: 1,
  /** Volatility by the day, for all coins alike: an autoregressive log volatility, of which 95 % of days lie within a factor of two of the usual. */
  regime: { persistence: 0.9, deviation: 0.35, days: 60 },
  /** Volatility by the minute, per coin: GARCH(1,1) on one-minute returns with mean 1. */
  garch: { alpha: 0.1, beta: 0.87 },
  /** Pull of the daily level towards `price`: 0.03 of the log distance a day, half-life 23 days, nothing that a run of a day can notice. */
  level: { persistence: 0.97, days: 300 },
  /** Standard deviation of the log of a minute's volume around its mean, which follows the volatility. */
  volumeDeviation: 0.8,
} as const

/** Length of a step: one price each. */
export const STEP_MS = 5_000
export const STEPS_PER_MINUTE = 12
export const MINUTES_PER_DAY = 1_440
export const STEPS_PER_DAY = STEPS_PER_MINUTE * MINUTES_PER_DAY
