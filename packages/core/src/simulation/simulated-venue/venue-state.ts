import { z } from 'zod'
import { finite, unfinite } from '../../engine/canonical.ts'
import { decimalSchema, epochSchema, parseState } from '../../ledger/state-schema.ts'
import type { Balance } from '../../contracts/exchange.ts'
import type { Json } from '../../model/json.ts'
import { decimalText } from '../../model/money.ts'
import { timesInForce } from '../../model/order.ts'
import type { OrderReport, OrderRequest } from '../../model/order.ts'
import type { Market } from './market.ts'
import type { VenueOrder } from './venue-order.ts'
import type { FillModel } from './venue-options.ts'

/** The numbers of a market that a snapshot holds, in this order; what an update added is worked out again with the next one. */
const marketNumbers = ['timeframeMs', 'openTime', 'open', 'high', 'low', 'close', 'volume', 'updateAtMs', 'bid', 'ask', 'quoteAtMs'] as const

const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(unfinite)
const side = z.enum(['buy', 'sell'])
const orderState = z.enum(['intent', 'sent', 'open', 'partiallyFilled', 'filled', 'cancelled', 'expired', 'rejected', 'unknown'])

const requestSchema = z
  .strictObject({
    clientOrderId: z.string(),
    botId: z.string(),
    instrument: z.string(),
    side,
    type: z.enum(['market', 'limit', 'stopLimit']),
    quote: decimalSchema.optional(),
    base: decimalSchema.optional(),
    limitPrice: decimalSchema.optional(),
    stopPrice: decimalSchema.optional(),
    postOnly: z.boolean().optional(),
    expireAtMs: epochSchema.optional(),
    timeInForce: z.enum(timesInForce).optional(),
  })
  .transform(({ quote, base, ...rest }, context): OrderRequest => {
    const size = quote ? { quote } : base ? { base } : undefined
    if (size) return { ...present(rest), size }
    context.addIssue({ code: 'custom', message: 'expected a size in quote or in base' })
    return z.NEVER
  })

const orderSchema = z.strictObject({
  request: requestSchema,
  venueOrderId: z.string(),
  submittedAtMs: epochSchema,
  acceptedAtMs: epochSchema,
  base: decimalSchema.nullable(),
  currency: z.string(),
  hold: decimalSchema,
  mayTake: z.boolean(),
  state: orderState,
  filledQuantity: decimalSchema,
  filledQuote: decimalSchema,
  fees: decimalSchema.nullable(),
  reason: z.string().nullable(),
  atMs: epochSchema,
})

const reportSchema = z
  .strictObject({
    clientOrderId: z.string(),
    venueOrderId: z.string().optional(),
    instrument: z.string(),
    state: orderState,
    filledQuantity: decimalSchema,
    averagePrice: decimalSchema.optional(),
    feesTotal: decimalSchema.optional(),
    reason: z.string().optional(),
    atMs: epochSchema,
  })
  .transform(({ clientOrderId, venueOrderId, instrument, ...rest }): OrderReport => ({
    ref: present({ clientOrderId, venueOrderId, instrument }),
    ...present(rest),
  }))

const marketSchema = z.strictObject({
  instrument: z.string(),
  numbers: z.array(number).length(marketNumbers.length),
  closed: z.boolean(),
  forming: z.boolean(),
  used: decimalSchema,
})

const stateSchema = z.strictObject({
  kind: z.literal('simulatedVenue'),
  version: z.literal(1),
  model: z.string(),
  nextId: z.int().min(1),
  balances: z.array(z.strictObject({ currency: z.string(), available: decimalSchema, held: decimalSchema })),
  working: z.array(orderSchema),
  finished: z.array(reportSchema),
  markets: z.array(marketSchema),
})

export type VenueSnapshot = z.output<typeof stateSchema>

/** Leaves out members that are undefined. */
function present<T extends object>(members: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
}

/** The parameters that a snapshot is only good for. */
export const modelText = (model: FillModel): string =>
  JSON.stringify([
    decimalText(model.makerRate),
    decimalText(model.takerRate),
    model.latencyMs,
    model.slippageBps,
    ...(model.spreadBps === 0 ? [] : [{ spreadBps: model.spreadBps }]),
    decimalText(model.volumeShare),
    Object.entries(model.priceProtection).sort(([a], [b]) => (a < b ? -1 : 1)),
  ])

export interface VenueParts {
  readonly model: FillModel
  readonly nextId: number
  readonly balances: readonly Balance[]
  readonly working: readonly VenueOrder[]
  readonly finished: readonly OrderReport[]
  readonly markets: readonly Market[]
}

/** Returns the whole state of a venue as plain data. */
export const writeVenueState = (parts: VenueParts): Json => ({
  kind: 'simulatedVenue',
  version: 1,
  model: modelText(parts.model),
  nextId: parts.nextId,
  balances: parts.balances.map(({ currency, available, held }) => ({ currency, available: decimalText(available), held: decimalText(held) })),
  working: parts.working.map(writeOrder),
  finished: parts.finished.map(writeReport),
  markets: parts.markets.map((market) => ({
    instrument: market.instrument.id,
    numbers: marketNumbers.map((name) => finite(market[name])),
    closed: market.closed,
    forming: market.forming,
    used: decimalText(market.used),
  })),
})

function writeOrder(order: VenueOrder): Json {
  const { request } = order
  return {
    ...order,
    request: {
      clientOrderId: request.clientOrderId,
      botId: request.botId,
      instrument: request.instrument,
      side: request.side,
      type: request.type,
      ...('quote' in request.size ? { quote: decimalText(request.size.quote) } : { base: decimalText(request.size.base) }),
      ...(request.limitPrice ? { limitPrice: decimalText(request.limitPrice) } : {}),
      ...(request.postOnly === undefined ? {} : { postOnly: request.postOnly }),
      ...(request.expireAtMs === undefined ? {} : { expireAtMs: request.expireAtMs }),
      ...(request.timeInForce === undefined ? {} : { timeInForce: request.timeInForce }),
    },
    base: order.base ? decimalText(order.base) : null,
    hold: decimalText(order.hold),
    filledQuantity: decimalText(order.filledQuantity),
    filledQuote: decimalText(order.filledQuote),
    fees: order.fees ? decimalText(order.fees) : null,
    reason: order.reason ?? null,
  }
}

function writeReport(report: OrderReport): Json {
  const { ref } = report
  return {
    clientOrderId: ref.clientOrderId,
    ...(ref.venueOrderId === undefined ? {} : { venueOrderId: ref.venueOrderId }),
    instrument: ref.instrument,
    state: report.state,
    filledQuantity: decimalText(report.filledQuantity),
    ...(report.averagePrice ? { averagePrice: decimalText(report.averagePrice) } : {}),
    ...(report.feesTotal ? { feesTotal: decimalText(report.feesTotal) } : {}),
    ...(report.reason === undefined ? {} : { reason: report.reason }),
    atMs: report.atMs,
  }
}

/** @throws EngineError `STORE_MISMATCH` naming every problem with its path */
export const parseVenueState = (state: Json): VenueSnapshot => parseState(stateSchema, state, 'a simulated venue, version 1')

export function restoreMarket(market: Market, state: VenueSnapshot['markets'][number]): void {
  marketNumbers.forEach((name, index) => {
    market[name] = state.numbers[index]!
  })
  market.closed = state.closed
  market.forming = state.forming
  market.used = state.used
}

export const restoreOrder = (state: VenueSnapshot['working'][number]): VenueOrder => ({
  ...state,
  base: state.base ?? undefined,
  fees: state.fees ?? undefined,
  reason: state.reason ?? undefined,
})
