import type { ProjectionRow } from '../../contracts/store.ts'
import { exact, exactText } from './exact.ts'
import type { VenueLedger } from './venue-ledger.ts'

/** What an engine says of itself when everything has come to rest: rows of its projections and what is promised to orders. */
export interface Testimony {
  readonly orders: readonly ProjectionRow[]
  readonly fills: readonly ProjectionRow[]
  readonly balances: readonly ProjectionRow[]
  /** Orders that it still waits for, in words. */
  readonly working?: readonly string[]
}

/** What must hold beside the books. */
export interface Bounds {
  /** Largest quote amount of one entry. */
  readonly tradeMax: number
  /** Most entries with a fill. */
  readonly entries: number
  /** Oldest price at which an entry may be sent. */
  readonly priceAgeMs?: number
}

/** An entry as it left for the first time. */
export interface SentEntry {
  readonly clientOrderId: string
  /** How old the newest price was that the client had been told. */
  readonly priceAgeMs: number
}

const finalStates = ['filled', 'cancelled', 'expired', 'rejected']
const byHand = (clientOrderId: string): boolean => clientOrderId.startsWith('by-hand')

/** Every way in which a client's account and the venue's books differ, in words that begin with its kind; empty when none does. Shares no code with the engine. */
export function judge(venue: VenueLedger, client: Testimony, bounds: Bounds, entries: readonly SentEntry[] = []): readonly string[] {
  const { priceAgeMs: oldest = Number.POSITIVE_INFINITY } = bounds
  return [
    ...judgeOrders(venue, client),
    ...judgeFills(venue, client),
    ...judgeBalances(venue, client),
    ...judgeBounds(venue, bounds),
    ...entries.flatMap(({ clientOrderId, priceAgeMs }) =>
      priceAgeMs > oldest ? [`limit breached: entry ${clientOrderId} left on a price of ${priceAgeMs} ms ago, at most ${oldest}`] : [],
    ),
  ]
}

function judgeOrders(venue: VenueLedger, { orders, working = [] }: Testimony): string[] {
  const known = new Map(orders.map((row) => [String(row['client_order_id']), row]))
  const problems = working.map((order) => `stuck: ${order} is waited for`)
  for (const { clientOrderId, instrument, side } of venue.orders.values())
    if (!byHand(clientOrderId) && !known.has(clientOrderId)) problems.push(`duplicate order: ${side} ${instrument} ${clientOrderId} is in no journal`)
  for (const [clientOrderId, row] of known) {
    if (!finalStates.includes(String(row['state']))) problems.push(`stuck: order ${clientOrderId} is ${String(row['state'])}`)
    const there = venue.byClientId.get(clientOrderId)
    if (row['state'] === 'rejected' && there !== undefined)
      problems.push(`order lost: ${clientOrderId} is rejected in the journal and ${there.state} at the venue`)
  }
  return problems
}

function judgeFills(venue: VenueLedger, { fills }: Testimony): string[] {
  const booked = new Map<string, ProjectionRow[]>()
  for (const row of fills) booked.set(String(row['fill_id']), [...(booked.get(String(row['fill_id'])) ?? []), row])
  const problems: string[] = []
  for (const { fillId, venueOrderId, price, quantity, fee } of venue.executions) {
    if (byHand(venue.orders.get(venueOrderId)!.clientOrderId)) {
      if (booked.has(fillId)) problems.push(`foreign fill booked: ${fillId}`)
      continue
    }
    const rows = booked.get(fillId) ?? []
    if (rows.length === 0) problems.push(`lost fill: ${fillId} of ${venueOrderId}`)
    if (rows.length > 1) problems.push(`double fill: ${fillId} of ${venueOrderId}`)
    for (const row of rows)
      if (price !== exact(String(row['price'])) || quantity !== exact(String(row['quantity'])) || fee !== exact(String(row['fee_amount'])))
        problems.push(
          `fill differs: ${fillId} is ${exactText(quantity)} at ${exactText(price)} for ${exactText(fee)} at the venue, ${JSON.stringify(row)} in the journal`,
        )
    booked.delete(fillId)
  }
  for (const fillId of booked.keys()) problems.push(`invented fill: ${fillId}`)
  return problems
}

function judgeBalances(venue: VenueLedger, { balances }: Testimony): string[] {
  const rows = new Map(balances.map((row) => [String(row['currency']), row]))
  return venue.currencies().flatMap((currency) => {
    const there = venue.total(currency)
    const here = exact(String(rows.get(currency)?.['total'] ?? '0'))
    const problems = there === here ? [] : [`ledger differs: ${currency} is ${exactText(there)} at the venue, ${exactText(here)} in our books`]
    if (venue.available(currency) < 0n || venue.inHold(currency) < 0n) problems.push(`venue broken: ${currency} is below zero`)
    return problems
  })
}

function judgeBounds(venue: VenueLedger, { tradeMax, entries }: Bounds): string[] {
  const buys = [...venue.orders.values()].filter(({ side, clientOrderId }) => side === 'buy' && !byHand(clientOrderId))
  const filled = buys.filter(({ filled: amount }) => amount > 0n).length
  const problems = buys.flatMap(({ clientOrderId, value, fees }) =>
    value + fees > exact(String(tradeMax)) ? [`limit breached: entry ${clientOrderId} cost ${exactText(value + fees)}, at most ${tradeMax}`] : [],
  )
  if (filled > entries) problems.push(`limit breached: ${filled} entries, at most ${entries}`)
  return problems
}
