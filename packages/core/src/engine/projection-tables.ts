import type { ProjectionTable } from '../contracts/projection.ts'
import { analyticsTables } from './analytics-tables.ts'

const text = (...names: readonly string[]) => names.map((name) => ({ name, type: 'TEXT' as const }))
const integer = (...names: readonly string[]) => names.map((name) => ({ name, type: 'INTEGER' as const }))

/** The tables that follow from the journal. The first column is the key; money is TEXT, times are INTEGER ms. */
export const projectionTables: readonly ProjectionTable[] = [
  {
    name: 'orders',
    grows: true,
    columns: [
      ...text(
        'client_order_id',
        'venue_order_id',
        'bot_id',
        'instrument',
        'side',
        'kind',
        'origin',
        'source',
        'type',
        'quote_size',
        'base_size',
        'state',
        'filled_quantity',
        'average_price',
        'reason',
      ),
      ...integer('intent_no', 'created_at_ms', 'updated_at_ms'),
    ],
  },
  {
    name: 'fills',
    grows: true,
    references: { client_order_id: 'orders' },
    columns: [
      ...text(
        'fill_id',
        'client_order_id',
        'bot_id',
        'instrument',
        'side',
        'price',
        'quantity',
        'value',
        'fee_amount',
        'fee_currency',
        'liquidity',
        'realized_pnl',
        'source',
      ),
      ...integer('filled_at_ms'),
    ],
  },
  {
    name: 'lots',
    references: { client_order_id: 'orders' },
    columns: [...text('lot_id', 'bot_id', 'client_order_id', 'quantity', 'cost', 'fees'), ...integer('tranche', 'opened_at_ms')],
  },
  { name: 'positions', columns: [...text('bot_id', 'instrument', 'quantity', 'cost', 'fees', 'average_entry', 'realized_pnl', 'realized_fees', 'tranches')] },
  { name: 'balances', columns: [...text('currency', 'total', 'available', 'reserved')] },
  {
    name: 'bots',
    columns: [...text('bot_id', 'outcome', 'blocker', 'side', 'confirm_side'), ...integer('since_ms', 'confirm_since_ms', 'confirm_last_ms', 'paused')],
  },
  { name: 'state', columns: text('key', 'value') },
  ...analyticsTables,
]
