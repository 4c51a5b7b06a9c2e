import { totalOf } from '@millrace/core'
import type { Analytics, Engine, EntryType, FillRecord, JournalEntry, ProjectionRow } from '@millrace/core'
import { Refusal } from '../problem.ts'
import type { PageQuery, Paged } from './paging.ts'

/** An order as a trade: what was asked for and what came of it. Amounts as decimal text. */
interface Trade {
  readonly tradeId: string
  readonly botId: string
  readonly instrument: string
  readonly action: 'buy' | 'sell'
  readonly status: string
  readonly origin: string
  readonly source: string
  readonly kind: string
  readonly type: string
  /** What changed hands once something has; before that what was asked for, in the currency it was asked in. Never missing. */
  readonly amount: string
  readonly amountCurrency: string
  readonly amountIs: 'filled' | 'requested'
  readonly filledQuantity: string
  readonly averagePrice: string | undefined
  readonly fees: string
  readonly realizedPnl: string
  readonly fills: number
  /** Of the signal when it was decided, -1 to +1. */
  readonly score: number | undefined
  readonly temperature: string | undefined
  readonly slippageBps: number | undefined
  readonly reason: string | undefined
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** The store's own rows as lists, newest first. Read again only after an order or a fill. */
export interface History {
  trades(): readonly Trade[]
  trade(id: string): Trade | undefined
  fills(): readonly FillRecord[]
  /** Quote amount of all fills. */
  turnover(): string
  /** Valuations of the ledger and what was paid in, as of an entry of the journal: between two of them only prices move. */
  valuations(lastSeq: number): Pick<Analytics, 'curve' | 'paidIn'>
  /** Entries of the journal, newest first, without reading all of it. */
  entries(query: { readonly types: readonly EntryType[]; readonly botId?: string }, page: PageQuery): Paged<JournalEntry>
  close(): void
}

/** Entries looked at in one go when reading backwards: twice as many each time, up to this; and the most for one page. */
const FIRST_STRETCH = 125
const STRETCH = 4_000
const FURTHEST = 200_000

/** Keeps what it read until the engine tells of an order or a fill. */
export function createHistory(engine: Pick<Engine, 'orders$' | 'fills$' | 'rows' | 'read' | 'state' | 'analytics'>): History {
  let kept: { readonly trades: readonly Trade[]; readonly byId: ReadonlyMap<string, Trade>; readonly fills: readonly FillRecord[] } | undefined
  let valued: { readonly lastSeq: number; readonly as: Pick<Analytics, 'curve' | 'paidIn'> } | undefined
  const forget = (): void => {
    kept = undefined
  }
  const subscriptions = [engine.orders$.subscribe(forget), engine.fills$.subscribe(forget)]
  const lists = (): NonNullable<typeof kept> => {
    if (kept !== undefined) return kept
    const fills = engine.rows('fills').map(fillOf).sort(newestFill)
    const trades = tradesOf(engine.rows('orders'), engine.rows('executions'), fills)
    return (kept = { trades, byId: new Map(trades.map((trade) => [trade.tradeId, trade])), fills })
  }
  return {
    trades: () => lists().trades,
    trade: (id) => lists().byId.get(id),
    fills: () => lists().fills,
    turnover: () => totalOf(lists().fills.map(({ value }) => value)),
    valuations(lastSeq) {
      if (valued?.lastSeq !== lastSeq) {
        const { curve, paidIn } = engine.analytics()
        valued = { lastSeq, as: { curve, paidIn } }
      }
      return valued.as
    },
    entries: (query, page) => entriesBefore(engine, query, page),
    close() {
      for (const subscription of subscriptions) subscription.unsubscribe()
    },
  }
}

function entriesBefore(
  engine: Pick<Engine, 'read' | 'state'>,
  query: { readonly types: readonly EntryType[]; readonly botId?: string },
  { limit, cursor }: PageQuery,
): Paged<JournalEntry> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new Refusal('query-invalid', 'cursor: expected the next_cursor of a page of this list')
  const end = cursor === undefined ? engine.state().lastSeq + 1 : Number(cursor)
  const found: JournalEntry[] = []
  let from = end - 1
  for (let reach = FIRST_STRETCH; from > 0 && found.length < limit && end - from < FURTHEST; reach = Math.min(STRETCH, 2 * reach)) {
    const before = from
    from = Math.max(0, from - reach)
    const stretch = engine.read({ ...query, afterSeq: from, limit: before - from }).filter(({ seq }) => seq <= before)
    found.push(...stretch.reverse())
  }
  const items = found.slice(0, limit)
  // A page that was cut off goes on where it stopped looking, even when it found little.
  const last = found.length > limit ? items.at(-1)!.seq : from + 1
  return { items, nextCursor: last > 1 ? String(last) : undefined, total: undefined }
}

const text = (row: ProjectionRow, name: string): string => String(row[name])
const optionalText = (row: ProjectionRow, name: string): string | undefined => row[name]?.toString()
const optionalNumber = (value: ProjectionRow[string] | undefined): number | undefined => (typeof value === 'number' ? value : undefined)

const newestFill = (a: FillRecord, b: FillRecord): number => b.atMs - a.atMs || (a.fillId < b.fillId ? 1 : -1)

const fillOf = (row: ProjectionRow): FillRecord => ({
  fillId: text(row, 'fill_id'),
  clientOrderId: text(row, 'client_order_id'),
  botId: text(row, 'bot_id'),
  instrument: text(row, 'instrument'),
  side: text(row, 'side') as FillRecord['side'],
  price: text(row, 'price'),
  quantity: text(row, 'quantity'),
  value: text(row, 'value'),
  feeAmount: text(row, 'fee_amount'),
  feeCurrency: text(row, 'fee_currency'),
  realizedPnl: text(row, 'realized_pnl'),
  source: text(row, 'source'),
  atMs: Number(row['filled_at_ms']) as FillRecord['atMs'],
})

function tradesOf(orders: readonly ProjectionRow[], executions: readonly ProjectionRow[], fills: readonly FillRecord[]): readonly Trade[] {
  const executed = new Map(executions.map((row) => [row['client_order_id'], row]))
  const filled = Map.groupBy(fills, ({ clientOrderId }) => clientOrderId)
  const newest = [...orders].sort((a, b) => Number(b['intent_no']) - Number(a['intent_no']))
  return newest.map((row) => tradeOf(row, executed.get(row['client_order_id'] ?? null), filled.get(text(row, 'client_order_id')) ?? []))
}

function tradeOf(row: ProjectionRow, execution: ProjectionRow | undefined, fills: readonly FillRecord[]): Trade {
  const instrument = text(row, 'instrument')
  const [base, quote] = instrument.split('-') as [string, string]
  const requested = optionalText(row, 'quote_size')
  return {
    tradeId: text(row, 'client_order_id'),
    botId: text(row, 'bot_id'),
    instrument,
    action: text(row, 'side') as Trade['action'],
    status: text(row, 'state'),
    origin: text(row, 'origin'),
    source: text(row, 'source'),
    kind: text(row, 'kind'),
    type: text(row, 'type'),
    ...(fills.length > 0
      ? { amount: totalOf(fills.map(({ value }) => value)), amountCurrency: quote, amountIs: 'filled' as const }
      : { amount: requested ?? text(row, 'base_size'), amountCurrency: requested === undefined ? base : quote, amountIs: 'requested' as const }),
    filledQuantity: text(row, 'filled_quantity'),
    averagePrice: optionalText(row, 'average_price') ?? optionalText(execution ?? {}, 'actual_price'),
    fees: optionalText(execution ?? {}, 'fee') ?? '0',
    realizedPnl: totalOf(fills.map(({ realizedPnl }) => realizedPnl)),
    fills: fills.length,
    score: optionalNumber(execution?.['score']),
    temperature: optionalText(execution ?? {}, 'temperature'),
    slippageBps: optionalNumber(execution?.['slippage_bps']),
    reason: optionalText(row, 'reason'),
    createdAtMs: Number(row['created_at_ms']),
    updatedAtMs: Number(row['updated_at_ms']),
  }
}
