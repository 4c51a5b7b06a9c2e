import type { Side } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { Verdict } from '../model/verdict.ts'
import type { OrderRecord } from './records.ts'
import type { ReadinessBlocker } from './readiness.ts'

/** A trade that a person asks of one bot. */
export interface TradeWish {
  readonly botId: string
  readonly side: Side
  /** Of a buy: quote amount that leaves, fee included, as decimal text; what the bot's sizer says when left out. */
  readonly quoteAmount?: string
  /** Of a sale: share of the position, above 0 to 1; all of it when left out. */
  readonly share?: number
  /** The asker's own id of this wish: it stands in the journal, so that the same one is recognised after a restart. */
  readonly requestId?: string
}

/** The order that a trade would be or was: amounts as decimal text. */
export interface PlannedTrade {
  readonly type: 'market' | 'limit' | 'stopLimit'
  readonly quoteSize: string | undefined
  readonly baseSize: string | undefined
  readonly limitPrice: string | undefined
}

/** What would come of a trade: never an order. */
export interface TradePlan {
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  readonly kind: 'open' | 'add' | 'reduce' | 'close'
  readonly atMs: EpochMs
  /** True when an order would leave. */
  readonly allowed: boolean
  /** Where the size comes from: the asker, the bot's sizer, or the position. */
  readonly sizedBy: 'asker' | 'sizer' | 'position'
  /** Of a buy: the quote amount before the rules; 0 when the sizer wants none. */
  readonly wantedQuote: number | undefined
  /** Everything that stands in the way: gates first, then rules. Empty when `allowed`. */
  readonly blockers: readonly ReadinessBlocker[]
  /** What every rule says, also of what a gate stops. */
  readonly verdicts: readonly Verdict[]
  readonly order: PlannedTrade | undefined
  /** The price it is looked at with; undefined before the first. */
  readonly price: number | undefined
}

/** What came of a trade that a person asked for. */
export interface TradeReport {
  /** What was to be expected right before. */
  readonly plan: TradePlan
  /** The order as written down; undefined when it was refused. */
  readonly order: OrderRecord | undefined
}
