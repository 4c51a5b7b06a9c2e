import { z } from 'zod'
import { parseParams } from '../model/params.ts'
import { TIME_RING_SIZE } from '../model/time-ring.ts'
import { durationMs } from '../model/time.ts'
import type { Duration } from '../model/time.ts'
import { periodSchema } from '../model/value-schemas.ts'
import type { BlockerCode } from './blocker-codes.ts'

interface CircuitBreaker {
  readonly code: BlockerCode
  /** What trading is while it is tripped. */
  readonly action: 'reducing' | 'halted'
  /** What the alert says of it. */
  readonly text: string
}

/** The engine's own circuit breakers. Those that reduce reset by themselves after a quiet time, those that halt with `rearm()`. */
export const circuitBreakers = {
  errorRate: { code: 'BREAKER_ERROR_RATE', action: 'reducing', text: 'errors of the venue and of plugins' },
  rateLimit: { code: 'BREAKER_RATE_LIMIT', action: 'reducing', text: "the venue's requests to send less (429)" },
  dataGap: { code: 'BREAKER_DATA_GAP', action: 'reducing', text: 'gaps and interruptions of the market data' },
  orderStorm: { code: 'BREAKER_ORDER_STORM', action: 'halted', text: 'orders' },
  ledgerMismatch: { code: 'BREAKER_LEDGER_MISMATCH', action: 'halted', text: 'the books do not balance' },
} as const satisfies Record<string, CircuitBreaker>

/** The name of one of the engine's own circuit breakers, as in `state().breakers` and `resetBreaker(id)`. */
export type BreakerId = keyof typeof circuitBreakers

/** The breakers that count incidents and reset by themselves after a quiet time. */
export const quietBreakers = ['errorRate', 'rateLimit', 'dataGap'] as const
export type QuietBreakerId = (typeof quietBreakers)[number]

export const isQuietBreaker = (id: string): id is QuietBreakerId => (quietBreakers as readonly string[]).includes(id)

/** The thresholds when a configuration does not say: far from what a sound day does. */
export const breakerDefaults = {
  errorRate: { limit: 5, window: '10m', quiet: '15m' },
  rateLimit: { limit: 3, window: '1m', quiet: '2m' },
  dataGap: { limit: 3, window: '10m', quiet: '1m' },
  orderStorm: { limit: 120, window: '1m' },
} as const

const limit = z.int().min(1).max(TIME_RING_SIZE)
const counted = (defaults: { readonly limit: number; readonly window: Duration; readonly quiet: Duration }) =>
  z
    .strictObject({
      limit: limit.default(defaults.limit),
      window: periodSchema.default(durationMs(defaults.window)),
      quiet: periodSchema.default(durationMs(defaults.quiet)),
    })
    .prefault({})

/** The section `breakers` of an account. */
export const breakersSchema = z
  .strictObject({
    errorRate: counted(breakerDefaults.errorRate),
    rateLimit: counted(breakerDefaults.rateLimit),
    dataGap: counted(breakerDefaults.dataGap),
    orderStorm: z
      .strictObject({ limit: limit.default(breakerDefaults.orderStorm.limit), window: periodSchema.default(durationMs(breakerDefaults.orderStorm.window)) })
      .prefault({}),
  })
  .prefault({})

/**
 * What `breakers` of an engine or an account may say; what is left out comes from {@link breakerDefaults}. `limit`: incidents within the `window` that trip it, 1 to
 * 1,000; `quiet`: time without another one after which it resets by itself.
 */
export interface BreakerOptions {
  /** Rejected or unknown orders, failing plugins, failed requests. */
  readonly errorRate?: { readonly limit?: number; readonly window?: Duration; readonly quiet?: Duration }
  /** HTTP 429. */
  readonly rateLimit?: { readonly limit?: number; readonly window?: Duration; readonly quiet?: Duration }
  /** Gaps and interruptions of a connection; a feed that is silent as a whole trips at once. */
  readonly dataGap?: { readonly limit?: number; readonly window?: Duration; readonly quiet?: Duration }
  /** Orders of every kind, all bots. */
  readonly orderStorm?: { readonly limit?: number; readonly window?: Duration }
}

/** The thresholds with every default in place; lengths of time in ms. That many incidents within the window trip a breaker. */
export type BreakerSettings = z.output<typeof breakersSchema>

/**
 * Returns the thresholds of the circuit breakers with every default in place.
 *
 * @throws ConfigError with every problem, paths from `breakers`
 * @example
 * ```ts
 * breakerSettings({ rateLimit: { limit: 5 } }).rateLimit // => { limit: 5, window: 60000, quiet: 120000 }
 * ```
 */
export const breakerSettings = (options: BreakerOptions = {}): BreakerSettings => parseParams(breakersSchema, options, 'breakers')
