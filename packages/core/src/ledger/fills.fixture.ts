import { money, type MoneyInput } from '../model/money.ts'
import type { EpochMs } from '../model/time.ts'
import type { OwnFill } from './own-fill.ts'

/** What a test says of a fill; the rest has defaults. */
export interface FillSketch {
  readonly id: string
  readonly order?: string
  readonly bot?: string
  readonly side: 'buy' | 'sell'
  readonly quantity: MoneyInput
  readonly price: MoneyInput
  readonly fee?: MoneyInput
  readonly feeCurrency?: string
  readonly feePrice?: MoneyInput
  readonly base?: string
  readonly quote?: string
  readonly atMs?: number
}

/** Makes an own fill for a test: bot `btc` on BTC-USD, each fill an order of its own, unless the sketch says otherwise. */
export function fillOf(sketch: FillSketch): OwnFill {
  const base = sketch.base ?? 'BTC'
  const quote = sketch.quote ?? 'USD'
  const order = sketch.order ?? `order-${sketch.id}`
  return {
    fillId: sketch.id,
    venueOrderId: `venue-${order}`,
    clientOrderId: order,
    botId: sketch.bot ?? 'btc',
    instrument: `${base}-${quote}`,
    base,
    quote,
    side: sketch.side,
    orderKind: sketch.side === 'buy' ? 'entry' : 'exit',
    price: money(sketch.price),
    quantity: money(sketch.quantity),
    fee: { amount: money(sketch.fee ?? 0), currency: sketch.feeCurrency ?? quote },
    ...(sketch.feePrice === undefined ? {} : { feePrice: money(sketch.feePrice) }),
    liquidity: 'taker',
    atMs: (sketch.atMs ?? 1_760_000_000_000) as EpochMs,
  }
}
