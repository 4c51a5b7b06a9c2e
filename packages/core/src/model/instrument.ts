import type { Decimal } from 'decimal.js'
import type { EpochMs } from './time.ts'

/** What the venue lets one do with an instrument now. */
export type InstrumentState = 'online' | 'limitOnly' | 'cancelOnly' | 'postOnly' | 'halted' | 'delisted'

/** A tradable pair and the venue's rules for it. Increments are read from the venue, never compiled in. */
export interface Instrument {
  /** Base and quote, as in `BTC-USD`. */
  readonly id: string
  readonly base: string
  readonly quote: string
  /** Prices of limits are whole multiples of it; quote units for one base unit. */
  readonly priceIncrement: Decimal
  /** Sizes in base are whole multiples of it; base units. */
  readonly baseIncrement: Decimal
  /** Sizes in quote are whole multiples of it; quote units. */
  readonly quoteIncrement: Decimal
  /** Smallest and largest size of an order in base units, and its smallest value in quote: the venue takes nothing outside of them. */
  readonly minBase: Decimal
  readonly minQuote: Decimal
  readonly maxBase: Decimal
  readonly state: InstrumentState
  /** When the venue said so. */
  readonly asOfMs: EpochMs
}

/**
 * Returns the two currencies of an instrument id.
 *
 * @throws RangeError when the id is not `BASE-QUOTE`
 * @example
 * ```ts
 * currenciesOf('BTC-USD') // => { base: 'BTC', quote: 'USD' }
 * ```
 */
export function currenciesOf(instrument: string): { readonly base: string; readonly quote: string } {
  const dash = instrument.indexOf('-')
  if (dash <= 0 || dash === instrument.length - 1) throw new RangeError(`expected an instrument such as BTC-USD, received ${JSON.stringify(instrument)}`)
  return { base: instrument.slice(0, dash), quote: instrument.slice(dash + 1) }
}
