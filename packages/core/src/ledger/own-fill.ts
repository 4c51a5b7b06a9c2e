import type { Decimal } from 'decimal.js'
import type { VenueFill } from '../model/fill.ts'
import type { EpochMs } from '../model/time.ts'
import type { Position } from './position.ts'

/** A fill of one of our own orders: what the venue recorded, and whose order it was. Foreign fills never become one. */
export interface OwnFill extends VenueFill {
  readonly botId: string
  readonly clientOrderId: string
  /** Spot only: an entry buys, an exit sells. */
  readonly orderKind: 'entry' | 'exit'
  /** Currency that is bought or sold. */
  readonly base: string
  /** Currency that is paid or received. */
  readonly quote: string
  /** The order whose rest this one bought: its fills are one tranche and one entry with that order's. */
  readonly continues?: string
  /** Price in quote of one unit of the fee's currency; only read when the fee is in a third currency. Absent: the fee stays unvalued. */
  readonly feePrice?: Decimal
}

/** What one sale took out of one lot. The parts of all closes of a fill sum to the fill, to the last digit. */
export interface LotClose {
  readonly lotId: string
  readonly tranche: number
  readonly openedAtMs: EpochMs
  /** Base units taken. */
  readonly quantity: Decimal
  /** Quote amount paid for them, without fees. */
  readonly cost: Decimal
  /** Their share of the entry fees, in quote. */
  readonly entryFees: Decimal
  /** Quote amount received for them, before the fee. */
  readonly proceeds: Decimal
  /** Their share of the exit fee, in quote. */
  readonly exitFee: Decimal
  /** proceeds - cost - entryFees - exitFee. */
  readonly pnl: Decimal
}

/** What booking one fill did. */
export interface FillResult {
  readonly fill: OwnFill
  /** What was paid or received before the fee, in quote: price times quantity unless the fill says it itself. */
  readonly value: Decimal
  /** The fee in quote: zero for a fee in base (it shrinks the lot) and for an unvalued one. */
  readonly feeValue: Decimal
  /** True when the fee is in a third currency without a price: it is booked in its own account, but missing from P&L. Raise an alert. */
  readonly feeUnvalued: boolean
  /** The lot a purchase went to; undefined for a sale. */
  readonly lotId: string | undefined
  /** Empty for a purchase. */
  readonly closes: readonly LotClose[]
  /** P&L of this fill net of entry and exit fees; zero for a purchase. */
  readonly realizedPnl: Decimal
  /** Entry and exit fees inside it. */
  readonly realizedFees: Decimal
  /** True when the bot was flat before. */
  readonly opened: boolean
  /** True when the bot is flat after it; `position.roundTripPnl` then is the result of the round trip. */
  readonly closed: boolean
  /** The bot's position after it. */
  readonly position: Position
}
