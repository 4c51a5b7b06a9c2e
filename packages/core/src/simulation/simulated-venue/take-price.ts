import type { Decimal } from 'decimal.js'
import type { Instrument } from '../../model/instrument.ts'
import { ZERO, add, ceilTo, feeOf, floorTo, fromEstimate, greater, maxOf, multiply, quantityFor, subtract, valueOf } from '../../model/money.ts'
import type { Side } from '../../model/order.ts'
import type { FillModel } from './venue-options.ts'

/**
 * Returns the price of a taking fill: worse than the price seen by the slippage, rounded against us to the price increment.
 *
 * @param quoted - true when the price seen is the bid or ask itself; any other price has half a spread still before it
 */
export function slippedPrice(price: number, side: Side, instrument: Instrument, model: FillModel, quoted: boolean): Decimal {
  const seen = fromEstimate(price)
  if (side === 'buy') return ceilTo(multiply(seen, quoted ? model.buyFactor : model.buyAcross), instrument.priceIncrement)
  return maxOf(floorTo(multiply(seen, quoted ? model.sellFactor : model.sellAcross), instrument.priceIncrement), instrument.priceIncrement)
}

/** Returns the largest quantity whose value and taker fee together are not above a quote amount. */
export function affordable(quote: Decimal, price: Decimal, instrument: Instrument, feeRate: Decimal): Decimal {
  const quantity = quantityFor(quote, price, feeRate, instrument.baseIncrement)
  // The quotient has 40 digits; where that is not enough, one increment less is.
  if (greater(quantity, ZERO) && greater(costOf(quantity, price, feeRate), quote)) return subtract(quantity, instrument.baseIncrement)
  return quantity
}

/** Value and fee of a purchase. */
export function costOf(quantity: Decimal, price: Decimal, feeRate: Decimal): Decimal {
  const value = valueOf(quantity, price)
  return add(value, feeOf(value, feeRate))
}

/** Returns how much of a traded volume one's own orders may still be, in whole increments. */
export function capacityOf(traded: number, used: Decimal, instrument: Instrument, model: FillModel): Decimal {
  if (!(traded > 0)) return ZERO
  const allowed = floorTo(multiply(fromEstimate(traded), model.volumeShare), instrument.baseIncrement)
  return maxOf(subtract(allowed, used), ZERO)
}
