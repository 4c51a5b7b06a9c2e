import type { Decimal } from 'decimal.js'
import type { JournalEntry } from '../contracts/journal.ts'
import type { ProjectionTable, Projector, RowWrite } from '../contracts/projection.ts'
import type { ProjectionRow } from '../contracts/store.ts'
import { currenciesOf } from '../model/instrument.ts'
import { averagePriceOf, decimalText, isZero } from '../model/money.ts'
import { DurableState } from './durable-state.ts'
import type { EntryData } from './journal/entry-data.ts'
import { decodeFacts } from './journal/facts.ts'
import type { Order } from './order-machine.ts'

const text = (...names: readonly string[]) => names.map((name) => ({ name, type: 'TEXT' as const }))
const integer = (...names: readonly string[]) => names.map((name) => ({ name, type: 'INTEGER' as const }))

/** The tables that follow from the journal. The first column is the key; money is TEXT, times are INTEGER ms. */
export const projectionTables: readonly ProjectionTable[] = [
  { name: 'orders', columns: [...text('client_order_id', 'venue_order_id', 'bot_id', 'instrument', 'side', 'kind', 'origin', 'source', 'type', 'quote_size', 'base_size', 'state', 'filled_quantity', 'average_price', 'reason'), ...integer('intent_no', 'created_at_ms', 'updated_at_ms')] },
  { name: 'fills', columns: [...text('fill_id', 'client_order_id', 'bot_id', 'instrument', 'side', 'price', 'quantity', 'value', 'fee_amount', 'fee_currency', 'liquidity', 'realized_pnl', 'source'), ...integer('filled_at_ms')] },
  { name: 'lots', columns: [...text('lot_id', 'bot_id', 'client_order_id', 'quantity', 'cost', 'fees'), ...integer('tranche', 'opened_at_ms')] },
  { name: 'positions', columns: [...text('bot_id', 'instrument', 'quantity', 'cost', 'fees', 'average_entry', 'realized_pnl', 'realized_fees')] },
  { name: 'balances', columns: [...text('currency', 'total', 'available', 'reserved')] },
  { name: 'bots', columns: [...text('bot_id', 'outcome', 'blocker', 'side', 'confirm_side'), ...integer('since_ms', 'confirm_since_ms', 'confirm_last_ms', 'paused')] },
  { name: 'state', columns: text('key', 'value') },
]

/**
 * Makes the fold that turns journal entries into rows. It is the durable state of the kernel itself, so what stands in
 * the tables is what a restart would know.
 */
export function createProjector(): Projector {
  const durable = new DurableState()
  const writes: RowWrite[] = []
  const lotKeys = new Map<string, readonly string[]>()
  const put = (table: string, key: string, row: ProjectionRow): void => { writes.push({ table, key, row }) }

  const putOrder = (order: Order): void => put('orders', order.clientOrderId, orderRow(order))
  const putBalances = (instrument: string): void => {
    const { base, quote } = currenciesOf(instrument)
    putBalance(quote)
    putBalance(base)
  }
  const putBalance = (currency: string): void => put('balances', currency, {
    currency, total: decimalText(durable.ledger.balance(currency)), available: decimalText(durable.ledger.available(currency)), reserved: decimalText(durable.ledger.reserved(currency)),
  })
  const putPosition = (botId: string): void => {
    const position = durable.ledger.position(botId)
    put('positions', botId, {
      bot_id: botId, instrument: position.instrument ?? null, quantity: decimalText(position.quantity), cost: decimalText(position.cost), fees: decimalText(position.fees),
      average_entry: isZero(position.quantity) ? null : decimalText(averagePriceOf(position.cost, position.quantity)), realized_pnl: decimalText(position.realizedPnl), realized_fees: decimalText(position.realizedFees),
    })
    for (const lotId of lotKeys.get(botId) ?? []) if (!position.lots.some((lot) => lot.lotId === lotId)) writes.push({ table: 'lots', key: lotId, row: null })
    lotKeys.set(botId, position.lots.map((lot) => lot.lotId))
    for (const lot of position.lots) {
      put('lots', lot.lotId, {
        lot_id: lot.lotId, bot_id: botId, client_order_id: lot.clientOrderId, quantity: decimalText(lot.quantity), cost: decimalText(lot.cost), fees: decimalText(lot.fees),
        tranche: lot.tranche, opened_at_ms: lot.openedAtMs,
      })
    }
  }
  const putBot = (botId: string): void => {
    const { level, confirmation, paused } = durable.bot(botId)
    put('bots', botId, {
      bot_id: botId, outcome: level?.outcome ?? null, blocker: level?.code ?? null, side: level?.side ?? null, confirm_side: confirmation?.side ?? null,
      since_ms: level?.sinceMs ?? null, confirm_since_ms: confirmation?.sinceMs ?? null, confirm_last_ms: confirmation?.lastMs ?? null, paused: paused ? 1 : 0,
    })
  }
  const putState = (key: string, value: string): void => put('state', key, { key, value })

  const apply = (entry: JournalEntry): readonly RowWrite[] => {
    writes.length = 0
    const data = entry.data as EntryData[typeof entry.type]
    durable.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
    switch (entry.type) {
      case 'runStarted': putState('environment', durable.environment!); break
      case 'configInForce': putState('configHash', durable.configHash); break
      case 'blockerChanged': for (const botId of new Set((data as EntryData['blockerChanged']).changes.map(([id]) => id))) putBot(botId); break
      case 'confirmation': putBot(entry.botId!); break
      case 'command': if (entry.botId !== undefined) putBot(entry.botId); break
      case 'intent': case 'orderEvent': case 'sent': {
        const order = durable.orders.get((data as { clientOrderId: string }).clientOrderId)!
        putOrder(order)
        if (entry.type === 'intent') putBot(order.botId)
        if (entry.type !== 'sent') putBalances(order.instrument)
        break
      }
      case 'fill': {
        if (durable.lastFill === undefined) break
        const { order, result } = durable.lastFill
        const fill = data as EntryData['fill']
        put('fills', fill.fillId, {
          fill_id: fill.fillId, client_order_id: fill.clientOrderId, bot_id: order.botId, instrument: fill.instrument, side: fill.side, price: fill.price, quantity: fill.quantity,
          value: decimalText(result.value), fee_amount: fill.feeAmount, fee_currency: fill.feeCurrency, liquidity: fill.liquidity, realized_pnl: decimalText(result.realizedPnl), source: order.source, filled_at_ms: fill.filledAtMs,
        })
        putOrder(order)
        putPosition(order.botId)
        putBalances(order.instrument)
        break
      }
      case 'adjustment': putBalance((data as EntryData['adjustment']).currency); break
      case 'latch': putState('tradingState', durable.tradingState); break
      case 'dayRolled': putState('day', (data as EntryData['dayRolled']).day); break
      case 'decision': case 'strategyState': case 'reconciled': case 'alert': case 'checkpoint': break
      default: entry.type satisfies never
    }
    return writes
  }
  return { apply, get halted() { return durable.halted } }
}

const textOf = (amount: Decimal | undefined): string | null => (amount === undefined ? null : decimalText(amount))

function orderRow(order: Order): ProjectionRow {
  return {
    client_order_id: order.clientOrderId, venue_order_id: order.venueOrderId ?? null, bot_id: order.botId, instrument: order.instrument, side: order.side, kind: order.kind,
    origin: order.origin, source: order.source, type: order.type, quote_size: textOf(order.quoteSize), base_size: textOf(order.baseSize), state: order.state,
    filled_quantity: decimalText(order.filledQuantity), average_price: textOf(order.averagePrice), reason: order.reason ?? null,
    intent_no: order.intentNo, created_at_ms: order.createdAtMs, updated_at_ms: order.updatedAtMs,
  }
}
