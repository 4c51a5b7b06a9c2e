import { z } from 'zod'
import { outcomes } from '../../model/decision.ts'
import { tradingStates } from '../../model/environment.ts'
import { timesInForce } from '../../model/order.ts'
import type { EntryType } from '../../contracts/journal.ts'
import { gradingSchema } from '../../ledger/analytics/grade.ts'
import { bookings } from '../../ledger/lots.ts'

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, 'a plain decimal number')
const ms = z.int()
const side = z.enum(['buy', 'sell'])
const float = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])])
const json = z.json()
const orderState = z.enum(['intent', 'sent', 'open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'])

const intent = z.strictObject({
  clientOrderId: z.string(),
  intentNo: z.int().positive(),
  instrument: z.string(),
  side,
  kind: z.enum(['open', 'add', 'reduce', 'close']),
  origin: z.enum(['strategy', 'exit', 'manual']),
  source: z.string(),
  orderType: z.enum(['market', 'limit', 'stopLimit']),
  /** Exactly one of the two. */
  quoteSize: decimal.optional(),
  baseSize: decimal.optional(),
  limitPrice: decimal.optional(),
  stopPrice: decimal.optional(),
  postOnly: z.boolean().optional(),
  expireAtMs: ms.optional(),
  timeInForce: z.enum(timesInForce).optional(),
  /** What is not filled at `expireAtMs` goes at market. */
  onExpiry: z.literal('market').optional(),
  /** The order whose rest this one buys: one tranche, one entry. */
  continues: z.string().optional(),
  trigger: z.number().optional(),
  reserveCurrency: z.string(),
  reserveAmount: decimal,
  expectedPrice: float,
  score: float,
  temperature: z.enum(['frozen', 'cool', 'warm', 'hot']),
  configHash: z.string(),
  /** Of the limits in force, patches included; absent in journals from before there was one. */
  limitsHash: z.string().optional(),
})

const fill = z.strictObject({
  fillId: z.string(),
  clientOrderId: z.string(),
  venueOrderId: z.string(),
  instrument: z.string(),
  side,
  price: decimal,
  quantity: decimal,
  /** In quote before the fee; absent: price times quantity. */
  value: decimal.optional(),
  feeAmount: decimal,
  feeCurrency: z.string(),
  /** Price in quote of one unit of the fee's currency, when that is neither base nor quote and has one. */
  feePrice: decimal.optional(),
  liquidity: z.enum(['maker', 'taker', 'unknown']),
  /** Venue time. */
  filledAtMs: ms,
  /** Of an exit: candle extremes since the first entry, and the largest fall of the price from its peak as a share of it; absent when no candle was seen. */
  low: z.number().optional(),
  high: z.number().optional(),
  drawdown: z.number().optional(),
})

/** The shape of `data` for every type of entry, version 1. */
export const entryData = {
  runStarted: z.strictObject({
    environment: z.enum(['backtest', 'paper', 'live']),
    bots: z.array(z.strictObject({ id: z.string(), instrument: z.string(), timeframeMs: ms })),
  }),
  /** `booking`: how sales take from lots, from this entry on; absent in journals from before there was a choice: `fifo`. `grading`: how round trips that end from now on are graded. */
  configInForce: z.strictObject({ hash: z.string(), config: json, booking: z.enum(bookings).optional(), grading: gradingSchema.optional() }),
  decision: json,
  /** Edges of the bots' levels in order: [bot, time, outcome, primary blocker, side, start of the confirmation]. Several in one entry only in a backtest. */
  blockerChanged: z.strictObject({
    changes: z.array(z.tuple([z.string(), ms, z.enum(outcomes as [string, ...string[]]), z.string().nullable(), side.nullable(), ms.nullable()])).nonempty(),
  }),
  /** A running confirmation, at most one a timeframe and none in a backtest: what a restart continues from. */
  confirmation: z.strictObject({ side, sinceMs: ms, lastMs: ms, count: z.int().positive() }),
  /** Extremes of a held position's price, at most one entry a timeframe and none in a backtest; `peak`: since the last entry fill. */
  extremes: z.strictObject({ highest: z.number(), lowest: z.number(), peak: z.number() }),
  /** The bot of this entry takes over all that another one holds, orders and counts. */
  adopted: z.strictObject({ from: z.string() }),
  /** What a strategy with memory handed over, when it changed; `strategy` is the id of the one that wrote it. */
  strategyState: z.strictObject({ strategy: z.string().optional(), state: json }),
  intent,
  sent: z.strictObject({ clientOrderId: z.string() }),
  orderEvent: z.strictObject({
    clientOrderId: z.string(),
    state: orderState,
    venueOrderId: z.string().optional(),
    filledQuantity: decimal,
    averagePrice: decimal.optional(),
    reason: z.string().optional(),
  }),
  fill,
  adjustment: z.strictObject({ kind: z.enum(['deposit', 'withdrawal', 'correction']), currency: z.string(), amount: decimal, reason: z.string() }),
  /** What the account is worth: every hour, before and after money comes or goes, and at both ends of a run. `open`: [bot, low, high, peak, drawdown]. */
  valuation: z.strictObject({
    equity: decimal,
    /** Deposits and corrections less withdrawals. */
    paidIn: decimal,
    open: z.array(z.tuple([z.string(), float, float, float, z.number()])),
  }),
  command: z.strictObject({ kind: z.string(), payload: json }),
  latch: z.strictObject({
    state: z.enum(tradingStates as [string, ...string[]]),
    reason: z.enum(['emergencyStop', 'rearm', 'dailyLoss', 'botLoss', 'pause', 'resume', 'dayRolled', 'invariant', 'breakerTripped', 'breakerReset']),
    untilMs: ms.nullable(),
    breaker: z.strictObject({ id: z.string(), code: z.string(), action: z.enum(['reducing', 'halted']), detail: z.string() }).optional(),
  }),
  /** `bots`: unrealised P&L of those that hold something. */
  dayRolled: z.strictObject({ day: z.string(), unrealized: float, bots: z.record(z.string(), float).optional() }),
  /** Extremes that prices made: at most one a minute, and none in a backtest. */
  marks: z.strictObject({ peakEquity: float, maxDrawdown: float, dayPeakLoss: float, deposited: float, bots: z.record(z.string(), float) }),
  /** `fillsCursor`: from where the venue's fills are read again after a restart. */
  reconciled: z.strictObject({ trigger: z.string(), differences: z.array(z.string()), fillsCursor: z.string().optional() }),
  alert: z.strictObject({ code: z.string(), severity: z.enum(['info', 'warning', 'critical']), detail: z.string() }),
  /**
   * The newest entries of the journal were lost: up to number `upTo`, `entries` of them or a few more (0: nobody knows how many). No order gets a number up to
   * `intentNo` again: lost ones may have used it. `sinceMs`: what was kept ends here. `halted`: trading was, where the lost end ended, or nobody knows; absent: it was not.
   */
  tailLost: z.strictObject({
    entries: z.int().nonnegative(),
    upTo: z.int().positive(),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    intentNo: z.int().positive(),
    sinceMs: ms.optional(),
    halted: z.enum(['yes', 'unknown']).optional(),
  }),
  checkpoint: json,
} as const satisfies Record<EntryType, z.ZodType>

export type EntryData = { readonly [T in EntryType]: z.output<(typeof entryData)[T]> }
