import type { Decimal } from 'decimal.js'
import type { ExecutionStyle, OrderLimits, QuoteView } from '../../contracts/execution-style.ts'
import type { Instrument } from '../../model/instrument.ts'
import type { ApprovedIntent } from '../../model/intent.ts'
import type { Json } from '../../model/json.ts'
import { atLeast, decimalText, floorTo, fromEstimate, greater, isZero, minOf, multiply, subtract, valueOf } from '../../model/money.ts'
import type { BlockerCode } from '../../safety/blocker-codes.ts'

type Translation = ReturnType<ExecutionStyle['order']>
type Denial = Extract<Translation, { denied: string }>

/**
 * Orders at market: an entry by quote size (fee included) rounded down to the quote increment, an exit by base size rounded down to the base increment. A
 * remainder that could not be sold later is sold with it. Whatever rounds, no order exceeds the approved amount, the available cash or what the bot holds.
 *
 * @example
 * ```ts
 * marketOrders().id // => 'market'
 * ```
 */
export function marketOrders(): ExecutionStyle & { readonly params: Json } {
  return {
    apiVersion: 1,
    id: 'market',
    params: {},
    order(intent, quote, instrument, limits) {
      if (instrument.state !== 'online') return denied('INSTRUMENT_STATE', `${instrument.id} is ${instrument.state}: market orders are not taken`)
      return intent.kind === 'open' || intent.kind === 'add' ? entry(intent, quote, instrument, limits) : exit(intent, quote, instrument, limits)
    },
  }
}

function entry(intent: ApprovedIntent, quote: QuoteView, instrument: Instrument, limits: OrderLimits): Translation {
  const price = priceOf(quote.ask, quote.last)
  if (price === undefined) return denied('NO_DATA', 'there is no price to size an order with')
  const approved = fromEstimate(intent.quoteAmount)
  const missing = subtract(approved, limits.availableQuote)
  // The float mirror may be off by a last bit, never by an increment: reducing an entry to the cash that is there is the balance rule's business.
  if (greater(missing, instrument.quoteIncrement)) {
    return denied('INSUFFICIENT_FUNDS', `${decimalText(approved)} ${instrument.quote} approved, ${decimalText(limits.availableQuote)} available`)
  }
  const most = minOf(minOf(approved, limits.availableQuote), valueOf(instrument.maxBase, price))
  const size = floorTo(most, instrument.quoteIncrement)
  if (isZero(size) || !atLeast(size, instrument.minQuote)) {
    return denied('SIZE_TOO_SMALL', `${decimalText(size)} ${instrument.quote} is below the venue's minimum of ${decimalText(instrument.minQuote)}`)
  }
  return { instrument: instrument.id, side: 'buy', type: 'market', size: { quote: size } }
}

function exit(intent: ApprovedIntent, quote: QuoteView, instrument: Instrument, limits: OrderLimits): Translation {
  const price = priceOf(quote.bid, quote.last)
  if (price === undefined) return denied('NO_DATA', 'there is no price to size an order with')
  const all = floorTo(minOf(limits.sellable, instrument.maxBase), instrument.baseIncrement)
  if (!isSellable(all, price, instrument)) return denied('DUST', `${decimalText(limits.sellable)} ${instrument.base} is below the venue's minimum`)
  if (intent.baseFraction >= 1) return sale(all, instrument)
  const part = minOf(all, floorTo(multiply(limits.sellable, fromEstimate(intent.baseFraction)), instrument.baseIncrement))
  if (!isSellable(subtract(limits.sellable, part), price, instrument)) return sale(all, instrument)
  if (!isSellable(part, price, instrument)) return denied('SIZE_TOO_SMALL', `${decimalText(part)} ${instrument.base} is below the venue's minimum`)
  return sale(part, instrument)
}

const sale = (base: Decimal, instrument: Instrument): Translation => ({ instrument: instrument.id, side: 'sell', type: 'market', size: { base } })

/** The side's own price, the last one when there is no quote, undefined when there is neither: never a default. */
function priceOf(side: number, last: number): Decimal | undefined {
  const price = side > 0 ? side : last
  return price > 0 && price < Number.POSITIVE_INFINITY ? fromEstimate(price) : undefined
}

const isSellable = (base: Decimal, price: Decimal, instrument: Instrument): boolean =>
  !isZero(base) && atLeast(base, instrument.minBase) && atLeast(valueOf(base, price), instrument.minQuote)

const denied = (code: BlockerCode, detail: string): Denial => ({ denied: code, detail })
