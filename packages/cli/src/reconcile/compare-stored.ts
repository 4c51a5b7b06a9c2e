import { createProjectionRows, createProjector, currenciesOf, decimalText, projectionTables, totalOf } from '@millrace/core'
import type { Complete, EpochMs, Exchange, JournalEntry, OrderReport, ProjectionRow, ReconcileReport, VenueFill } from '@millrace/core'
import type { JournalReader } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

const CHUNK = 5_000
/** The venue's clock and ours may differ. */
const EARLIER_MS = 300_000
const finalStates: ReadonlySet<string> = new Set(['filled', 'cancelled', 'expired', 'rejected'])

/** A venue that can tell all its fills. */
export type ComparedVenue = Exchange & {
  fillHistory(fromMs?: EpochMs): Promise<Complete<VenueFill>>
}

/** What differs, and how many of the fills of the file are the venue's, to the last digit. */
export interface StoredReport extends ReconcileReport {
  readonly fills: { readonly matched: number; readonly stored: number }
}

/** What a store file says, as far as a venue can be held against it. */
interface StoredBooks {
  readonly orders: ReadonlyMap<string, ProjectionRow>
  readonly fills: ReadonlyMap<string, ProjectionRow>
  readonly totals: ReadonlyMap<string, string>
  readonly currencies: readonly string[]
}

/**
 * Holds the books of a stopped live run against its account at the venue, and changes neither.
 *
 * @throws CliError exit code 3 when the file is not of a live run or of another account, or the venue does not tell everything
 */
export async function compareStored(journal: JournalReader, exchange: ComparedVenue, nowMs: EpochMs): Promise<StoredReport> {
  const { environment, account } = journal.identity
  if (environment !== 'live') throw refused(`the store is of environment ${environment}: only a live run has an account at a venue`)
  const there = await exchange.account?.()
  if (account !== undefined && there !== undefined && account !== there)
    throw refused(`the store belongs to the account ${JSON.stringify(account)}, the key to ${JSON.stringify(there)}`)
  const books = readBooks(journal)
  const live = all('live orders', await exchange.liveOrders())
  const differences = [...liveDifferences(live, books), ...(await workingDifferences(live, books, exchange))]
  const { words, matched } = await compareFills(books, exchange)
  differences.push(...words, ...(await balanceDifferences(books, exchange)))
  return { atMs: nowMs, differences, corrections: [], mismatch: undefined, unconfirmed: false, fills: { matched, stored: books.fills.size } }
}

function readBooks(journal: JournalReader): StoredBooks {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  let instruments: readonly string[] = []
  for (let afterSeq = 0; ;) {
    const entries = journal.read({ afterSeq, limit: CHUNK })
    for (const entry of entries) {
      rows.write(projector.apply(entry))
      instruments = instrumentsAfter(instruments, entry)
    }
    if (entries.length < CHUNK) break
    afterSeq = entries.at(-1)!.seq
  }
  return {
    orders: new Map(rows.sorted('orders').map((row) => [String(row['client_order_id']), row])),
    fills: new Map(rows.sorted('fills').map((row) => [String(row['fill_id']), row])),
    totals: new Map(rows.sorted('balances').map((row) => [String(row['currency']), String(row['total'])])),
    currencies: [...new Set(instruments.flatMap((instrument) => Object.values(currenciesOf(instrument))))],
  }
}

/** What the bots of the last run trade: those that it began with, and those that were added while it ran. */
function instrumentsAfter(before: readonly string[], { type, data }: JournalEntry): readonly string[] {
  if (type === 'runStarted') return (data as unknown as { readonly bots: readonly { readonly instrument: string }[] }).bots.map(({ instrument }) => instrument)
  const { kind, payload } = data as unknown as { readonly kind?: string; readonly payload?: { readonly settings?: { readonly instrument: string } } }
  const added = type === 'command' && kind === 'addBot' ? payload?.settings?.instrument : undefined
  return added === undefined ? before : [...before, added]
}

/** A list that was read to its end. */
function all<T>(what: string, { items, complete }: Complete<T>): readonly T[] {
  if (!complete) throw refused(`the venue's list of ${what} is not complete, which proves nothing: try again`)
  return items
}

const stateOf = (row: ProjectionRow): string => String(row['state'])

function liveDifferences(live: readonly OrderReport[], { orders }: StoredBooks): readonly string[] {
  return live.flatMap(({ ref, state }) => {
    const row = orders.get(ref.clientOrderId)
    const name = ref.clientOrderId === '' ? (ref.venueOrderId ?? '') : ref.clientOrderId
    if (row === undefined) return [`order ${name} (${ref.instrument}) is ${state} at the venue and not in the journal`]
    return state === stateOf(row) ? [] : [`order ${name} is ${stateOf(row)} in the journal and ${state} at the venue`]
  })
}

/** Orders that work by the journal and are in no list of live ones are asked for one by one. */
async function workingDifferences(live: readonly OrderReport[], { orders }: StoredBooks, exchange: Exchange): Promise<readonly string[]> {
  const listed = new Set(live.map(({ ref }) => ref.clientOrderId))
  const words: string[] = []
  for (const [clientOrderId, row] of orders) {
    if (finalStates.has(stateOf(row)) || listed.has(clientOrderId)) continue
    const venueOrderId = row['venue_order_id']
    const ref = { clientOrderId, instrument: String(row['instrument']), ...(typeof venueOrderId === 'string' ? { venueOrderId } : {}) }
    const found = await exchange.order(ref, { firstSentAtMs: Number(row['created_at_ms']) as EpochMs })
    const at =
      typeof found === 'object' ? `${found.state} at the venue` : found === 'notFound' ? 'was never at the venue' : 'the venue does not tell what became of it'
    words.push(`order ${clientOrderId} is ${stateOf(row)} in the journal and ${at}`)
  }
  return words
}

/** Every fill of the file is looked for at the venue, and every one of an own order there in the file. */
async function compareFills({ orders, fills }: StoredBooks, exchange: ComparedVenue): Promise<{ readonly words: readonly string[]; readonly matched: number }> {
  const firstMs = [...fills.values()].reduce((first, row) => Math.min(first, Number(row['filled_at_ms'])), Number.POSITIVE_INFINITY)
  const began = [...orders.values()].reduce((first, row) => Math.min(first, Number(row['created_at_ms'])), firstMs)
  if (!Number.isFinite(began)) return { words: [], matched: 0 }
  const there = new Map(all('fills', await exchange.fillHistory((began - EARLIER_MS) as EpochMs)).map((fill) => [fill.fillId, fill]))
  const byVenueId = new Map([...orders].map(([clientOrderId, row]) => [String(row['venue_order_id']), clientOrderId]))
  const words: string[] = []
  let matched = 0
  for (const [fillId, row] of fills) {
    const fill = there.get(fillId)
    const what = `fill ${fillId} of order ${String(row['client_order_id'])}`
    if (fill === undefined) words.push(`${what} is in the journal and not at the venue`)
    else if (amountsOf(fill) === storedAmounts(row)) matched++
    else words.push(`${what} is ${storedAmounts(row)} in the journal and ${amountsOf(fill)} at the venue`)
  }
  for (const [fillId, fill] of there) {
    const clientOrderId = fill.clientOrderId ?? byVenueId.get(fill.venueOrderId)
    if (fills.has(fillId) || clientOrderId === undefined || !orders.has(clientOrderId)) continue
    words.push(`fill ${fillId} of order ${clientOrderId} (${fill.side} ${amountsOf(fill)} ${fill.instrument}) is not in the journal`)
  }
  return { words, matched }
}

const amountsOf = ({ quantity, price, fee }: VenueFill): string => `${decimalText(quantity)} at ${decimalText(price)}, fee ${decimalText(fee.amount)}`
const plain = (value: unknown): string => totalOf([String(value)])
const storedAmounts = (row: ProjectionRow): string => `${plain(row['quantity'])} at ${plain(row['price'])}, fee ${plain(row['fee_amount'])}`

async function balanceDifferences({ totals, currencies }: StoredBooks, exchange: Exchange): Promise<readonly string[]> {
  const balances = await exchange.balances()
  if (balances.length === 0) throw refused('the venue tells no balances at all, which proves nothing')
  return currencies.flatMap((currency) => {
    const parts = balances.filter((balance) => balance.currency === currency).flatMap(({ available, held }) => [decimalText(available), decimalText(held)])
    const [there, here] = [totalOf(parts), totalOf([totals.get(currency) ?? '0'])]
    return there === here ? [] : [`${currency}: the venue has ${there}, the journal ${here}`]
  })
}

const refused = (why: string): CliError => new CliError(exitCodes.refused, why)
