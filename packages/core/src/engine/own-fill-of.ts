import type { OwnFill } from '../ledger/own-fill.ts'
import type { currenciesOf } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import type { Facts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'

/** A fill of the journal as the ledger books it: with the bot and the side of its order. */
export function ownFillOf(order: Order, data: Facts['fill'], botId: string, { base, quote }: ReturnType<typeof currenciesOf>): OwnFill {
  const fill: { -readonly [K in keyof OwnFill]: OwnFill[K] } = {
    fillId: data.fillId,
    venueOrderId: data.venueOrderId,
    clientOrderId: data.clientOrderId,
    instrument: data.instrument,
    side: data.side,
    price: data.price,
    quantity: data.quantity,
    fee: { amount: data.feeAmount, currency: data.feeCurrency },
    liquidity: data.liquidity,
    atMs: data.filledAtMs as EpochMs,
    botId,
    orderKind: order.side === 'buy' ? 'entry' : 'exit',
    base,
    quote,
  }
  if (data.value !== undefined) fill.value = data.value
  if (order.continues !== undefined) fill.continues = order.continues
  if (data.feePrice !== undefined) fill.feePrice = data.feePrice
  return fill
}
