import type { Candle } from '../model/candle.ts'
import type { Environment } from '../model/environment.ts'
import type { PositionView } from '../model/position.ts'
import type { Temperature } from '../model/temperature.ts'
import type { EpochMs } from '../model/time.ts'

/** When orders were written down, of a bot or of the account: the last 1,000. */
export interface OrderTimes {
  /** Time of the n-th newest order, 1 = the newest; -Infinity when there were fewer. */
  nthNewest(n: number): number
  /** Orders after a moment. */
  countAfter(ms: number): number
}

/**
 * What sizing, exits and safety rules see: one object per bot, refreshed in place, valid only during the call.
 * Amounts are float64 mirrors of the exact ledger in quote currency; "never" is -Infinity for a time and NaN for a price.
 */
export interface BotView {
  readonly environment: Environment
  readonly instrument: string
  readonly nowMs: EpochMs
  readonly candle: Candle
  /** Close of the bot's own closed candle before the one at hand; NaN before there was one. */
  readonly previousClose: number
  readonly position: PositionView
  /** The strategy's last score, -1..+1, positive = buy. */
  readonly score: number
  readonly temperature: Temperature
  /** Venue time of the last fill of the bot's last finished order that had fills; -Infinity when none. Cooldowns count from it. */
  readonly lastFillMs: EpochMs
  /** NaN when none. */
  readonly lastFillPrice: number
  /** Round trips in a row that lost, fees included. */
  readonly lossStreak: number
  /** When the last losing round trip closed; -Infinity when none did. */
  readonly lastLossMs: EpochMs
  /** This bot's orders of every kind. */
  readonly orders: OrderTimes
  /** True while an order of this bot works. */
  readonly workingOrder: boolean
  /**
   * This bot's UTC day. `loss`: max(0, -(realised net of fees + change of unrealised since 00:00Z)); `peakLoss`: the largest of it, which does not recover;
   * `trades`: entry orders with a fill plus working ones.
   */
  readonly today: { readonly loss: number; readonly peakLoss: number; readonly trades: number }
  /** Of the account, in quote: free to be spent, and promised to working entries. */
  readonly cash: { readonly available: number; readonly reserved: number }
  readonly market: {
    /** Last price; NaN before the first, like `bid` and `ask` where the market has no quotes. */
    readonly price: number
    readonly bid: number
    readonly ask: number
    /** now - time of the last valid message. */
    readonly dataAgeMs: number
    /** (ask - bid) / middle in basis points; 0 where the market has no quotes. */
    readonly spreadBps: number
    /** Our clock minus the venue's. */
    readonly clockSkewMs: number
  }
  readonly portfolio: {
    /** Bots that hold something or have an entry at work. */
    readonly openPositions: number
    /** Quote amount that left for everything held, plus what working entries have reserved. */
    readonly exposure: number
    /** max(0, -(realised net of fees today + change of unrealised since 00:00Z)), account-wide. */
    readonly todayLoss: number
    /** The largest `todayLoss` of this UTC day: it does not recover. */
    readonly todayPeakLoss: number
    /** Entry orders with a fill plus working ones, all bots, this UTC day. */
    readonly todayTrades: number
    /** Cash plus coins at the last price. */
    readonly equity: number
    /** Highest equity so far, moved with deposits; -Infinity before the first price. */
    readonly peakEquity: number
    /** Orders of every kind, all bots. */
    readonly orders: OrderTimes
    /** Bots on an instrument with a position or a working entry. */
    activeOn(instrument: string): number
    /** 0 active, 1 reducing, 2 halted. */
    readonly tradingState: 0 | 1 | 2
    readonly emergencyStop: boolean
  }
}
