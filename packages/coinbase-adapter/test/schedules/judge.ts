import type { LedgerView, VenueReport } from '@millrace/coinbase-adapter/simulator'
import type { ProjectionRow } from '@millrace/core'

/** What the client's store says at the end. */
export interface ClientBooks {
  readonly orders: readonly ProjectionRow[]
  readonly fills: readonly ProjectionRow[]
  readonly balances: readonly ProjectionRow[]
  readonly currencies: readonly string[]
}

/** Counts of what must never be. */
export interface Verdict {
  duplicateOrders: number
  lostFills: number
  doubleFills: number
  ledgerMismatches: number
  limitBreaches: number
  stuckIntents: number
  readonly words: string[]
}

const DECIMALS = 30
const scaled = (text: string): bigint => {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,30}))?$/.exec(text) ?? []
  if (whole === undefined) throw new RangeError(`expected a plain decimal, received ${text}`)
  const size = BigInt(whole + fraction.padEnd(DECIMALS, '0'))
  return sign === '-' ? -size : size
}
const textOf = (row: ProjectionRow | undefined, name: string): string => String(row?.[name] ?? '0')

/** The venue's books against the client's, to the last unit, in arithmetic of its own. */
export function judge(venue: LedgerView, report: VenueReport, client: ClientBooks): Verdict {
  const verdict: Verdict = { duplicateOrders: 0, lostFills: 0, doubleFills: 0, ledgerMismatches: 0, limitBreaches: 0, stuckIntents: 0, words: [] }
  const note = (kind: keyof Omit<Verdict, 'words'>, words: string): void => {
    verdict[kind]++
    verdict.words.push(`${kind}: ${words}`)
  }
  const orders = new Map(client.orders.map((row) => [textOf(row, 'client_order_id'), row]))
  const fills = new Map(client.fills.map((row) => [textOf(row, 'fill_id'), row]))
  for (const order of venue.orders) {
    if (order.placedBy === 'owner') continue
    const row = orders.get(order.clientOrderId)
    if (row === undefined) note('duplicateOrders', `${order.side} ${order.product} ${order.clientOrderId} is in no journal`)
    else if (textOf(row, 'state') === 'rejected' && order.status !== 'FAILED')
      note('lostFills', `${order.clientOrderId} is rejected in the journal, ${order.status} at the venue`)
  }
  for (const [clientOrderId, { booked }] of Object.entries(report.createOrders))
    if (booked > 1) note('duplicateOrders', `${clientOrderId} was booked ${booked} times`)
  for (const fill of venue.fills) {
    const row = fills.get(fill.entryId)
    const own = orders.has(fill.clientOrderId)
    fills.delete(fill.entryId)
    if (own && row === undefined) note('lostFills', `${fill.entryId.slice(0, 8)} of ${fill.clientOrderId}`)
    if (!own && row !== undefined) note('doubleFills', `the owner's fill ${fill.entryId.slice(0, 8)} is in a bot's books`)
    if (row === undefined || !own) continue
    const same = [
      [fill.price, 'price'],
      [fill.quantity, 'quantity'],
      [fill.value, 'value'],
      [fill.fee, 'fee_amount'],
    ] as const
    for (const [there, name] of same)
      if (scaled(there) !== scaled(textOf(row, name)))
        note('ledgerMismatches', `${name} of ${fill.entryId.slice(0, 8)}: ${there} at the venue, ${textOf(row, name)} in our books`)
  }
  for (const fillId of fills.keys()) note('doubleFills', `${fillId} is not the venue's`)
  for (const row of client.orders) {
    const state = textOf(row, 'state')
    if (!['filled', 'cancelled', 'expired', 'rejected'].includes(state)) note('stuckIntents', `${textOf(row, 'client_order_id')} is ${state}`)
  }
  for (const currency of client.currencies) {
    const there = venue.balances.filter((balance) => balance.currency === currency).reduce((sum, { total }) => sum + scaled(total), 0n)
    const row = client.balances.find((each) => each['currency'] === currency)
    if (there !== scaled(textOf(row, 'total')))
      note(
        'ledgerMismatches',
        `${currency}: ${venue.balances.find((balance) => balance.currency === currency)?.total ?? '0'} at the venue, ${textOf(row, 'total')} in our books`,
      )
    if (scaled(textOf(row, 'reserved')) !== 0n) note('stuckIntents', `${textOf(row, 'reserved')} ${currency} stays promised to orders`)
  }
  const { privateBreaches, publicBreaches, socketBreaches } = report.limits
  if (privateBreaches + publicBreaches + socketBreaches > 0)
    note('limitBreaches', `${privateBreaches} private, ${publicBreaches} public, ${socketBreaches} socket`)
  return verdict
}
