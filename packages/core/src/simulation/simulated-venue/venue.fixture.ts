import type { CandleEvent, OrderEvent, QuoteEvent } from '../../contracts/events.ts'
import type { Instrument } from '../../model/instrument.ts'
import { decimalText, money, type MoneyInput } from '../../model/money.ts'
import type { OrderRequest, Side, TimeInForce } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { createSimulatedVenue, type SimulatedVenueMachine } from './simulated-venue.ts'
import type { SimulatedVenueOptions } from './venue-options.ts'

/** Start of the first candle of a test: 2025-10-10T00:00Z. */
export const START = 1_760_054_400_000
export const MINUTE = 60_000
export const at = (ms: number): EpochMs => ms as EpochMs

export function instrumentOf(base: string, priceIncrement: MoneyInput, baseIncrement: MoneyInput, changes: Partial<Instrument> = {}): Instrument {
  return {
    id: `${base}-USD`,
    base,
    quote: 'USD',
    priceIncrement: money(priceIncrement),
    baseIncrement: money(baseIncrement),
    quoteIncrement: money(priceIncrement),
    minBase: money(baseIncrement),
    minQuote: money(1),
    maxBase: money(3400),
    state: 'online',
    asOfMs: at(START),
    ...changes,
  }
}

export const btc = instrumentOf('BTC', '0.01', '0.00000001')
export const toshi = instrumentOf('TOSHI', '0.0000001', 1, { quoteIncrement: money('0.01'), maxBase: money(10_000_000_000) })

/** A venue of BTC and TOSHI with 1,000 USD, 10 BTC and 1,000,000 TOSHI, no slippage unless asked for. */
export const venueOf = (options: Partial<SimulatedVenueOptions> = {}): SimulatedVenueMachine =>
  createSimulatedVenue({ instruments: [btc, toshi], cash: { USD: 1000, BTC: 10, TOSHI: 1_000_000 }, slippageBps: 0, ...options })

type Prices = readonly [open: number, high: number, low: number, close: number]

/** A candle by its number since START, closed unless `atMs` says when it was updated. */
export function candle(
  index: number,
  [open, high, low, close]: Prices,
  volume: number,
  changes: { readonly atMs?: number; readonly instrument?: string; readonly timeframeMs?: number } = {},
): CandleEvent {
  const timeframeMs = changes.timeframeMs ?? MINUTE
  const openTime = at(START + index * timeframeMs)
  return {
    type: 'candle',
    instrument: changes.instrument ?? btc.id,
    timeframeMs,
    candle: { openTime, open, high, low, close, volume },
    closed: changes.atMs === undefined,
    atMs: at(changes.atMs ?? openTime + timeframeMs),
  }
}

export const quote = (bid: number, ask: number, atMs: number): QuoteEvent => ({ type: 'quote', instrument: btc.id, bid, ask, atMs: at(atMs) })

/** Gives a venue a candle at the time it was known. */
export const show = (venue: SimulatedVenueMachine, event: CandleEvent | QuoteEvent): readonly OrderEvent[] => venue.apply(event, event.atMs)

export interface RequestSketch {
  readonly id?: string
  readonly side?: Side
  readonly quote?: MoneyInput
  readonly base?: MoneyInput
  readonly limit?: MoneyInput
  readonly postOnly?: boolean
  readonly expireAtMs?: number
  readonly timeInForce?: TimeInForce
  readonly instrument?: string
}

/** A market order, or a limit order when the sketch has a limit. */
export const requestOf = (sketch: RequestSketch): OrderRequest => ({
  clientOrderId: sketch.id ?? 'order-1',
  botId: 'btc',
  instrument: sketch.instrument ?? btc.id,
  side: sketch.side ?? 'buy',
  type: sketch.limit === undefined ? 'market' : 'limit',
  size: sketch.quote === undefined ? { base: money(sketch.base ?? 1) } : { quote: money(sketch.quote) },
  ...(sketch.limit === undefined ? {} : { limitPrice: money(sketch.limit) }),
  ...(sketch.postOnly === undefined ? {} : { postOnly: sketch.postOnly }),
  ...(sketch.expireAtMs === undefined ? {} : { expireAtMs: at(sketch.expireAtMs) }),
  ...(sketch.timeInForce === undefined ? {} : { timeInForce: sketch.timeInForce }),
})

export const submit = (venue: SimulatedVenueMachine, sketch: RequestSketch, nowMs: number, trigger?: number): readonly OrderEvent[] =>
  venue.apply({ type: 'submit', request: requestOf(sketch), ...(trigger === undefined ? {} : { trigger }) }, at(nowMs))

/** Answers as short text: what, how much, at which price, when (ms since START). */
export const texts = (events: readonly OrderEvent[]): readonly string[] =>
  events.map((event) => {
    if (event.type === 'fill')
      return `fill ${decimalText(event.fill.quantity)} @ ${decimalText(event.fill.price)} fee ${decimalText(event.fill.fee.amount)} ${event.fill.liquidity} +${event.fill.atMs - START}`
    const { report } = event
    return `${report.state}${report.reason === undefined ? '' : ` ${report.reason}`} ${decimalText(report.filledQuantity)} +${report.atMs - START}`
  })

export const balancesOf = (venue: SimulatedVenueMachine): Readonly<Record<string, string>> =>
  Object.fromEntries(venue.balances().map(({ currency, available, held }) => [currency, `${decimalText(available)} + ${decimalText(held)}`]))
