import { z } from 'zod'
import type { Json } from '../model/json.ts'
import { decimalText } from '../model/money.ts'
import { accountNames, type AccountBalances } from './book.ts'
import type { Booking } from './lots.ts'
import type { Position } from './position.ts'
import type { Reservation } from './reservations.ts'
import { decimalSchema, epochSchema, parseState } from './state-schema.ts'

/** Everything a ledger holds. */
export interface LedgerState {
  readonly booking: Booking
  readonly accounts: Readonly<Record<string, AccountBalances>>
  readonly reservations: readonly Reservation[]
  readonly positions: readonly Position[]
  readonly fillIds: readonly string[]
}

const LEDGER_STATE_VERSION = 1

const account = z.string().refine((name) => (accountNames as readonly string[]).includes(name) || /^trading:./.test(name), 'expected the name of an account')

const lotSchema = z.strictObject({
  lotId: z.string(),
  clientOrderId: z.string(),
  tranche: z.int().min(1),
  openedAtMs: epochSchema,
  quantity: decimalSchema,
  cost: decimalSchema,
  fees: decimalSchema,
})

const positionSchema = z
  .strictObject({
    botId: z.string(),
    instrument: z.string(),
    base: z.string(),
    quote: z.string(),
    quantity: decimalSchema,
    cost: decimalSchema,
    fees: decimalSchema,
    lots: z.array(lotSchema),
    tranches: z.int().min(0),
    exitsSinceEntry: z.int().min(0),
    openedAtMs: epochSchema.nullable(),
    realizedPnl: decimalSchema,
    realizedFees: decimalSchema,
    roundTripPnl: decimalSchema,
    lotCount: z.int().min(0),
  })
  .transform((position): Position => ({ ...position, openedAtMs: position.openedAtMs ?? undefined }))

const stateSchema = z.strictObject({
  kind: z.literal('ledger'),
  version: z.literal(LEDGER_STATE_VERSION),
  booking: z.enum(['fifo', 'average']),
  accounts: z.record(z.string(), z.record(account, decimalSchema)),
  reservations: z.array(
    z.strictObject({ orderId: z.string(), botId: z.string(), currency: z.string(), from: z.enum(['cash', 'holdings']), amount: decimalSchema }),
  ),
  positions: z.array(positionSchema),
  fillIds: z.array(z.string()),
})

/** Returns a ledger's state as plain data: amounts as decimal text. */
export function writeLedgerState(state: LedgerState): Json {
  const accounts: Record<string, Json> = {}
  for (const [currency, balances] of Object.entries(state.accounts)) {
    accounts[currency] = Object.fromEntries(Object.entries(balances).map(([name, balance]) => [name, decimalText(balance)]))
  }
  return {
    kind: 'ledger',
    version: LEDGER_STATE_VERSION,
    booking: state.booking,
    accounts,
    reservations: state.reservations.map((reservation) => ({ ...reservation, amount: decimalText(reservation.amount) })),
    positions: state.positions.map(writePosition),
    fillIds: state.fillIds,
  }
}

function writePosition(position: Position): Json {
  return {
    botId: position.botId,
    instrument: position.instrument ?? null,
    base: position.base ?? null,
    quote: position.quote ?? null,
    quantity: decimalText(position.quantity),
    cost: decimalText(position.cost),
    fees: decimalText(position.fees),
    lots: position.lots.map((lot) => ({ ...lot, quantity: decimalText(lot.quantity), cost: decimalText(lot.cost), fees: decimalText(lot.fees) })),
    tranches: position.tranches,
    exitsSinceEntry: position.exitsSinceEntry,
    openedAtMs: position.openedAtMs ?? null,
    realizedPnl: decimalText(position.realizedPnl),
    realizedFees: decimalText(position.realizedFees),
    roundTripPnl: decimalText(position.roundTripPnl),
    lotCount: position.lotCount,
  }
}

/**
 * Returns the state that {@link writeLedgerState} wrote.
 *
 * @throws EngineError `STORE_MISMATCH` naming every problem with its path
 */
export const parseLedgerState = (json: Json): LedgerState => parseState(stateSchema, json, `a ledger, version ${LEDGER_STATE_VERSION}`)
