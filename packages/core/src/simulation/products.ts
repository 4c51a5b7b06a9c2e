import type { Instrument } from '../model/instrument.ts'
import { money } from '../model/money.ts'
import { parseTime } from '../model/time-text.ts'

/** A venue's rules for one coin against the dollar, as decimal text. */
export interface ProductRules {
  readonly base: string
  /** Step of prices; on this venue also the step of quote amounts. */
  readonly priceIncrement: string
  /** Step of quantities, and the smallest quantity. */
  readonly baseIncrement: string
  readonly maxBase: string
  /** Where the figures were seen; `assumed` names those that were not found. */
  readonly source: string
}

/** When the newest of these figures was seen. A live venue changes them: its own adapter reads them at the start. */
const coinbaseProductsAsOfMs = /* @__PURE__ */ parseTime('2026-09-27')

/** Smallest order in quote, the same for all of them (485 of 488 USD pairs on 2026-09-27). */
const minQuote = '1'

/**
 * The eleven coins of the example as Coinbase Advanced Trade lists them. Sources: `catalogue 2025-08` the public list of products recorded on
 * 2025-08-27, `listing 2026` public listings and symbol tables of April to September 2026.
 */
export const coinbaseProducts: readonly ProductRules[] = [
  { base: 'BTC', priceIncrement: '0.01', baseIncrement: '0.00000001', maxBase: '3400', source: 'catalogue 2025-08, listing 2026' },
  { base: 'ETH', priceIncrement: '0.01', baseIncrement: '0.00000001', maxBase: '42000', source: 'catalogue 2025-08, listing 2026' },
  { base: 'SOL', priceIncrement: '0.01', baseIncrement: '0.00000001', maxBase: '1274000', source: 'catalogue 2025-08, listing 2026' },
  { base: 'XRP', priceIncrement: '0.0001', baseIncrement: '0.000001', maxBase: '10000000', source: 'catalogue 2025-08, listing 2026; assumed: maxBase' },
  { base: 'DOGE', priceIncrement: '0.00001', baseIncrement: '0.1', maxBase: '141800000', source: 'catalogue 2025-08, listing 2026 (maxBase rounded)' },
  { base: 'AVNT', priceIncrement: '0.0001', baseIncrement: '0.1', maxBase: '10000000', source: 'assumed: all (other venues list 0.0001 and 0.1)' },
  { base: 'AERO', priceIncrement: '0.00001', baseIncrement: '0.1', maxBase: '10000000', source: 'catalogue 2025-08, listing 2026; assumed: maxBase' },
  { base: 'SUI', priceIncrement: '0.0001', baseIncrement: '0.1', maxBase: '10000000', source: 'catalogue 2025-08, listing 2026; assumed: maxBase' },
  {
    base: 'AVAX',
    priceIncrement: '0.001',
    baseIncrement: '0.00000001',
    maxBase: '10000000',
    source: 'listing 2026-09 (0.01 until August 2026); assumed: maxBase',
  },
  { base: 'TOSHI', priceIncrement: '0.0000001', baseIncrement: '1', maxBase: '10000000000', source: 'catalogue 2025-08, listing 2026; assumed: maxBase' },
  { base: 'PENGU', priceIncrement: '0.000001', baseIncrement: '1', maxBase: '1000000000', source: 'assumed: all (another venue lists 0.000001)' },
]

/**
 * Returns the venue's rules for a pair against the dollar or a dollar coin, or undefined when the base is not one of the eleven.
 *
 * @example
 * ```ts
 * decimalText(coinbaseInstrument('TOSHI-USD')!.priceIncrement) // => '0.0000001'
 * ```
 */
export function coinbaseInstrument(id: string): Instrument | undefined {
  const [base, quote, ...more] = id.split('-')
  const rules = coinbaseProducts.find((product) => product.base === base)
  if (rules === undefined || more.length > 0 || (quote !== 'USD' && quote !== 'USDC' && quote !== 'USDT')) return undefined
  return {
    id,
    base: rules.base,
    quote,
    priceIncrement: money(rules.priceIncrement),
    baseIncrement: money(rules.baseIncrement),
    quoteIncrement: money(rules.priceIncrement),
    minBase: money(rules.baseIncrement),
    minQuote: money(minQuote),
    maxBase: money(rules.maxBase),
    state: 'online',
    asOfMs: coinbaseProductsAsOfMs,
  }
}
