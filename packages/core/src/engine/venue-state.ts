import type { VenueState } from '../contracts/exchange.ts'
import { currenciesOf } from '../model/instrument.ts'
import { ZERO, subtract } from '../model/money.ts'
import type { OrderRef, OrderRequest } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { TradingKernel } from './kernel.ts'
import type { Order } from './order-machine.ts'

/** What the simulated venue must know to go on: folded from the journal, so it can never know more than we do. */
export function venueState(kernel: TradingKernel): VenueState {
  const { durable, settings, bots } = kernel.state
  const currencies = new Set([settings.quoteCurrency, ...bots.map((bot) => currenciesOf(bot.config.instrument).base)])
  return {
    balances: [...currencies].map((currency) => {
      const total = durable.ledger.balance(currency)
      const available = durable.ledger.available(currency)
      return { currency, available, held: subtract(total, available) }
    }),
    working: [...durable.working.values()].map((order) => ({
      request: requestOf(order),
      venueOrderId: order.venueOrderId!,
      filledQuantity: order.bookedQuantity,
      filledQuote: order.bookedQuote,
      acceptedAtMs: order.createdAtMs,
    })),
    // Journal numbers only grow, so an id made from them is never made twice.
    nextId: (kernel.state.journal?.seq ?? 0) + 1,
  }
}

/** What names an order to the venue. */
export const refOf = ({ clientOrderId, venueOrderId, instrument }: Order): OrderRef => ({
  clientOrderId,
  instrument,
  ...(venueOrderId === undefined ? {} : { venueOrderId }),
})

/** The request of an order, as it left. */
export function requestOf(order: Order): OrderRequest {
  return {
    clientOrderId: order.clientOrderId,
    botId: order.botId,
    instrument: order.instrument,
    side: order.side,
    type: order.type,
    size: order.quoteSize !== undefined ? { quote: order.quoteSize } : { base: order.baseSize ?? ZERO },
    ...(order.limitPrice === undefined ? {} : { limitPrice: order.limitPrice }),
    ...(order.stopPrice === undefined ? {} : { stopPrice: order.stopPrice }),
    ...(order.postOnly ? { postOnly: true } : {}),
    ...(order.expireAtMs === undefined ? {} : { expireAtMs: order.expireAtMs as EpochMs }),
    ...(order.timeInForce === undefined ? {} : { timeInForce: order.timeInForce }),
  }
}
