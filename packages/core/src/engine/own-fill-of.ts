import type { OwnFill } from '../ledger/own-fill.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { EpochMs } from '../model/time.ts'
import type { Facts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'

/** A fill of the journal as the ledger books it: with the bot and the side of its order. */
export const ownFillOf = (order: Order, data: Facts['fill'], botId: string): OwnFill => ({
  fillId: data.fillId,
  venueOrderId: data.venueOrderId,
  clientOrderId: data.clientOrderId,
  instrument: data.instrument,
  side: data.side,
  price: data.price,
  quantity: data.quantity,
  ...(data.value === undefined ? {} : { value: data.value }),
  fee: { amount: data.feeAmount, currency: data.feeCurrency },
  liquidity: data.liquidity,
  atMs: data.filledAtMs as EpochMs,
  botId,
  orderKind: order.side === 'buy' ? 'entry' : 'exit',
  ...(order.continues === undefined ? {} : { continues: order.continues }),
  ...(data.feePrice === undefined ? {} : { feePrice: data.feePrice }),
  ...currenciesOf(data.instrument),
})
