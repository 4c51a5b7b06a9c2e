import type { Decimal } from 'decimal.js'
import type { Side } from './order.ts'
import type { EpochMs } from './time.ts'

/** One execution as the venue's ledger records it. */
export interface VenueFill {
  /** The venue's unique ledger id: booking it twice is impossible. */
  readonly fillId: string
  readonly venueOrderId: string
  readonly clientOrderId?: string
  readonly instrument: string
  readonly side: Side
  /** Quote units for one base unit. */
  readonly price: Decimal
  /** Base units. */
  readonly quantity: Decimal
  /** Quote amount before the fee, of a venue that counted the fill in quote: price times quantity is only nearly it. Absent: price times quantity. */
  readonly value?: Decimal
  /** What the venue took, 0 or more, in one of the pair's two currencies. */
  readonly fee: { readonly amount: Decimal; readonly currency: string }
  readonly liquidity: 'maker' | 'taker' | 'unknown'
  readonly atMs: EpochMs
}
