import { createProjectionRows, createProjector, currenciesOf, decimalText, projectionTables, totalOf } from '@millrace/core'
import type { Complete, EpochMs, Exchange, OrderReport, ProjectionRow, ReconcileReport } from '@millrace/core'
import type { JournalReader } from '@millrace/sqlite-store'
import { exitCodes } from '../exit-codes.ts'
import { CliError } from '../failures.ts'

const CHUNK = 5_000
const finalStates: ReadonlySet<string> = new Set(['filled', 'cancelled', 'expired', 'rejected'])

/** What a store file says, as far as a venue can be held against it. */
interface StoredBooks {
  readonly orders: ReadonlyMap<string, ProjectionRow>
  readonly fills: ReadonlySet<string>
  readonly totals: ReadonlyMap<string, string>
  readonly currencies: readonly string[]
  readonly cursor: string | undefined
}

/**
 * Holds the books of a stopped live run against its account at the venue, and changes neither.
 *
 * @throws CliError exit code 3 when the file is not of a live run or of another account, or the venue does not tell everything
 */
export async function compareStored(journal: JournalReader, exchange: Exchange, nowMs: EpochMs): Promise<ReconcileReport> {
  const { environment, account } = journal.identity
  if (environment !== 'live') throw refused(`the store is of environment ${environment}: only a live run has an account at a venue`)
  const there = await exchange.account?.()
  if (account !== undefined && there !== undefined && account !== there)
    throw refused(`the store belongs to the account ${JSON.stringify(account)}, the key to ${JSON.stringify(there)}`)
  const books = readBooks(journal)
  const live = all('live orders', await exchange.liveOrders())
  const differences = [...liveDifferences(live, books), ...(await workingDifferences(live, books, exchange))]
  differences.push(...(await fillDifferences(books, exchange)), ...(await balanceDifferences(books, exchange)))
  return { atMs: nowMs, differences, corrections: [], mismatch: undefined, unconfirmed: false }
}

function readBooks(journal: JournalReader): StoredBooks {
  const projector = createProjector()
  const rows = createProjectionRows(projectionTables)
  let bots: readonly { readonly instrument: string }[] = []
  let cursor: string | undefined
  for (let afterSeq = 0; ;) {
    const entries = journal.read({ afterSeq, limit: CHUNK })
    for (const entry of entries) {
      rows.write(projector.apply(entry))
      if (entry.type === 'runStarted') bots = (entry.data as unknown as { readonly bots: typeof bots }).bots
      if (entry.type === 'reconciled') cursor = (entry.data as { readonly fillsCursor?: string }).fillsCursor ?? cursor
    }
    if (entries.length < CHUNK) break
    afterSeq = entries.at(-1)!.seq
  }
  return {
    orders: new Map(rows.sorted('orders').map((row) => [String(row['client_order_id']), row])),
    fills: new Set(rows.sorted('fills').map((row) => String(row['fill_id']))),
    totals: new Map(rows.sorted('balances').map((row) => [String(row['currency']), String(row['total'])])),
    currencies: [...new Set(bots.flatMap(({ instrument }) => Object.values(currenciesOf(instrument))))],
    cursor,
  }
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

async function fillDifferences({ orders, fills, cursor }: StoredBooks, exchange: Exchange): Promise<readonly string[]> {
  const byVenueId = new Map([...orders].map(([clientOrderId, row]) => [String(row['venue_order_id']), clientOrderId]))
  return all('fills', await exchange.fills(cursor)).flatMap(
    ({ fillId, venueOrderId, clientOrderId = byVenueId.get(venueOrderId), quantity, price, instrument, side }) =>
      clientOrderId === undefined || !orders.has(clientOrderId) || fills.has(fillId)
        ? []
        : [`fill ${fillId} of order ${clientOrderId} (${side} ${decimalText(quantity)} ${instrument} at ${decimalText(price)}) is not in the journal`],
  )
}

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
