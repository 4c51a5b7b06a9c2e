import { amount } from '../amount.ts'
import type { Amount } from '../amount.ts'

/** What a product is made from; amounts as decimal text. */
export interface ProductSetup {
  /** Such as `BTC-USD`. */
  readonly id: string
  readonly priceIncrement: string
  readonly baseIncrement: string
  /** Step of `quote_size`; the price increment when left out. */
  readonly quoteIncrement?: string
  /** The base increment when left out. */
  readonly baseMin?: string
  readonly baseMax: string
  readonly quoteMin?: string
  readonly quoteMax?: string
  /** Price that the market starts from. */
  readonly price: string
  /** How far from the mid a market order may fill: 0.02 is two per cent. */
  readonly protection?: string
  /** Share of minutes in which nobody trades, 0 to 1. */
  readonly quietMinutes?: number
}

/** Whether a product takes orders, as the venue's flags say it. */
export interface ProductFlags {
  status: 'online' | 'offline' | 'delisted' | 'internal'
  isDisabled: boolean
  tradingDisabled: boolean
  cancelOnly: boolean
  limitOnly: boolean
  postOnly: boolean
  viewOnly: boolean
  auctionMode: boolean
}

/** A product of this moment: rules and flags may change while the venue runs. */
export interface Product extends ProductFlags {
  readonly id: string
  readonly base: string
  readonly quote: string
  /** The product whose book this one shares, its own id otherwise: USD and USDC are one book. */
  readonly book: string
  /** False once it was taken from the list. */
  listed: boolean
  priceIncrement: Amount
  baseIncrement: Amount
  quoteIncrement: Amount
  baseMin: Amount
  baseMax: Amount
  quoteMin: Amount
  quoteMax: Amount
  readonly startPrice: number
  readonly protection: Amount
  readonly quietMinutes: number
}

/** The ten pairs of the library's example, with the venue's increments of 2026, and PENGU. Start prices and what is quiet are ours. */
export const defaultProducts: readonly ProductSetup[] = [
  { id: 'BTC-USD', priceIncrement: '0.01', baseIncrement: '0.00000001', baseMax: '3400', quoteMax: '150000000', price: '68000', protection: '0.02' },
  { id: 'ETH-USD', priceIncrement: '0.01', baseIncrement: '0.00000001', baseMax: '42000', quoteMax: '150000000', price: '3500', protection: '0.02' },
  { id: 'SOL-USD', priceIncrement: '0.01', baseIncrement: '0.00000001', baseMax: '1274000', quoteMax: '25000000', price: '150' },
  { id: 'XRP-USD', priceIncrement: '0.0001', baseIncrement: '0.000001', baseMax: '10000000', price: '0.6', quietMinutes: 0.02 },
  { id: 'DOGE-USD', priceIncrement: '0.00001', baseIncrement: '0.1', baseMax: '141800000', price: '0.15', quietMinutes: 0.02 },
  { id: 'AVNT-USD', priceIncrement: '0.0001', baseIncrement: '0.1', baseMax: '10000000', price: '0.5', quietMinutes: 0.2 },
  { id: 'AERO-USD', priceIncrement: '0.00001', baseIncrement: '0.1', baseMax: '10000000', price: '0.9', quietMinutes: 0.2 },
  { id: 'SUI-USD', priceIncrement: '0.0001', baseIncrement: '0.1', baseMax: '10000000', price: '1.5', quietMinutes: 0.05 },
  { id: 'AVAX-USD', priceIncrement: '0.001', baseIncrement: '0.00000001', baseMax: '10000000', price: '30', quietMinutes: 0.05 },
  { id: 'TOSHI-USD', priceIncrement: '0.0000001', baseIncrement: '1', baseMax: '10000000000', price: '0.0005', quietMinutes: 0.3 },
  { id: 'PENGU-USD', priceIncrement: '0.000001', baseIncrement: '1', baseMax: '1000000000', price: '0.02', quietMinutes: 0.2 },
]

/** True while orders are matched; what rests waits otherwise. */
export const isTrading = (flags: ProductFlags): boolean => flags.status === 'online' && !flags.isDisabled && !flags.tradingDisabled && !flags.cancelOnly

/** Returns a product and, for one in dollars, its twin in dollar coins. */
export function productsOf(setup: ProductSetup): Product[] {
  const [base, quote] = setup.id.split('-')
  if (!base || !quote) throw new RangeError(`products.id: expected BASE-QUOTE, received ${JSON.stringify(setup.id)}`)
  const own = productOf(setup, setup.id, base, quote)
  return quote === 'USD' ? [own, productOf(setup, `${base}-USDC`, base, 'USDC')] : [own]
}

function productOf(setup: ProductSetup, id: string, base: string, quote: string): Product {
  return {
    id,
    base,
    quote,
    book: setup.id,
    listed: true,
    priceIncrement: amount(setup.priceIncrement),
    baseIncrement: amount(setup.baseIncrement),
    quoteIncrement: amount(setup.quoteIncrement ?? setup.priceIncrement),
    baseMin: amount(setup.baseMin ?? setup.baseIncrement),
    baseMax: amount(setup.baseMax),
    quoteMin: amount(setup.quoteMin ?? '1'),
    quoteMax: amount(setup.quoteMax ?? '10000000'),
    startPrice: Number(setup.price),
    protection: amount(setup.protection ?? '0.03'),
    quietMinutes: setup.quietMinutes ?? 0,
    status: 'online',
    isDisabled: false,
    tradingDisabled: false,
    cancelOnly: false,
    limitOnly: false,
    postOnly: false,
    viewOnly: false,
    auctionMode: false,
  }
}
