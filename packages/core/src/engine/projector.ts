import type { JournalEntry } from '../contracts/journal.ts'
import type { FoldState } from '../contracts/checkpoint.ts'
import type { Projector, RowWrite } from '../contracts/projection.ts'
import type { ProjectionRow } from '../contracts/store.ts'
import { trancheRecord } from '../ledger/tranches.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { Json } from '../model/json.ts'
import { averagePriceOf, decimalText, isZero } from '../model/money.ts'
import { coversBatch } from './covers-batch.ts'
import { dailyPnlRow, equityKey, equityRow, executionRow, roundTripRow } from './analytics-tables.ts'
import { restoreParts, snapshotCore, snapshotGrown } from './durable-snapshot.ts'
import { DurableState } from './durable-state.ts'
import type { EntryData } from './journal/entry-data.ts'
import { decodeFacts } from './journal/facts.ts'
import { orderRow } from './order-row.ts'
import { snapshotOrder } from './order-snapshot.ts'

/**
 * Makes the fold that turns journal entries into rows. It is the durable state of the kernel itself, so what stands in
 * the tables is what a restart would know. {@link createProjectionRows} collects what it writes.
 *
 * @param from - where to begin; with nothing, before the first entry
 * @throws EngineError `STORE_MISMATCH` when it is no state of a fold
 */
export const createProjector = (from?: FoldState): Projector => new DurableProjector(from)

class DurableProjector implements Projector {
  private readonly durable = new DurableState()
  private readonly writes: RowWrite[] = []
  private readonly lotKeys = new Map<string, readonly string[]>()
  /** Orders that changed since the last checkpoint. */
  private readonly changed = new Set<string>()
  private kept = { fills: 0, trips: 0 }
  /** Orders that are not in memory any more; undefined before anything was forgotten. */
  private forgotten: number | undefined

  constructor(from: FoldState | undefined) {
    if (from === undefined) return
    const { durable } = this
    restoreParts(durable, from.core, from.grown)
    for (const botId of durable.ledger.botIds()) this.keepLots(botId)
    this.kept = this.grownTo()
  }

  get sizes(): ReadonlyMap<string, number> {
    const { fills, trips } = this.grownTo()
    const orders = this.durable.orders.size + (this.forgotten ?? 0)
    return new Map(Object.entries({ orders, executions: orders, fills, round_trips: trips }))
  }

  checkpoint(): { readonly core: Json; readonly grown: Json } {
    const { durable } = this
    const taken = { core: snapshotCore(durable), grown: snapshotGrown(durable, { orders: this.changed, ...this.kept }) }
    this.changed.clear()
    this.kept = this.grownTo()
    return taken
  }

  forget(): void {
    const { orders, ledger, analytics } = this.durable
    this.forgotten = (this.forgotten ?? 0) + orders.forgetFinished(this.changed)
    ledger.fillIds.forget(this.kept.fills)
    analytics.trips.forget(this.kept.trips)
  }

  covers(batch: readonly JournalEntry[], isBooked: (fillId: string) => boolean): boolean {
    return this.forgotten === undefined || coversBatch(this.durable, batch, isBooked)
  }

  order(clientOrderId: string): Json | undefined {
    const order = this.durable.orders.get(clientOrderId)
    return order && snapshotOrder(order)
  }

  private grownTo(): { readonly fills: number; readonly trips: number } {
    const { ledger, analytics } = this.durable
    return { fills: ledger.fillIds.size, trips: analytics.trips.count }
  }

  private keepLots(botId: string): void {
    const { lots } = this.durable.ledger.position(botId)
    this.lotKeys.set(
      botId,
      lots.map((lot) => lot.lotId),
    )
  }

  get halted(): boolean {
    return this.durable.halted
  }

  get intentNo(): number {
    return this.durable.intentNo
  }

  apply(entry: JournalEntry): readonly RowWrite[] {
    const { durable } = this
    this.writes.length = 0
    durable.apply(entry.type, entry.atMs, entry.botId, decodeFacts(entry.type, entry.data))
    this.project(entry)
    return this.writes
  }

  private project(entry: JournalEntry): void {
    const { durable } = this
    switch (entry.type) {
      case 'runStarted':
        return this.putState('environment', durable.environment!)
      case 'configInForce':
        return this.putState('configHash', durable.configHash)
      case 'blockerChanged':
        return this.putLevels(entry.data as EntryData['blockerChanged'])
      case 'confirmation':
        return this.putBot(entry.botId!)
      case 'command':
        return entry.botId === undefined ? undefined : this.putBot(entry.botId)
      case 'intent':
      case 'orderEvent':
      case 'sent':
        return this.putOrderFact(entry)
      case 'fill':
        return this.putFill(entry.data as EntryData['fill'])
      case 'adjustment':
        return this.putBalance((entry.data as EntryData['adjustment']).currency)
      case 'valuation':
        return this.putEquity()
      case 'latch':
        return this.putState('tradingState', durable.tradingState)
      case 'dayRolled':
        return this.putState('day', (entry.data as EntryData['dayRolled']).day)
      case 'adopted':
        return this.putAdopted((entry.data as EntryData['adopted']).from, entry.botId!)
      case 'decision':
      case 'extremes':
      case 'strategyState':
      case 'reconciled':
      case 'alert':
      case 'tailLost':
      case 'checkpoint':
      case 'marks':
        return
      default:
        entry.type satisfies never
    }
  }

  private put(table: string, key: string, row: ProjectionRow | null): void {
    this.writes.push({ table, key, row })
  }

  private putState(key: string, value: string): void {
    this.put('state', key, { key, value })
  }

  private putLevels(data: EntryData['blockerChanged']): void {
    for (const botId of new Set(data.changes.map(([id]) => id))) this.putBot(botId)
  }

  private putOrderFact(entry: JournalEntry): void {
    const order = this.durable.orders.get((entry.data as { readonly clientOrderId: string }).clientOrderId)!
    this.changed.add(order.clientOrderId)
    this.put('orders', order.clientOrderId, orderRow(order))
    if (entry.type !== 'orderEvent') this.put('executions', order.clientOrderId, executionRow(order))
    if (entry.type === 'intent') this.putBot(order.botId)
    if (entry.type !== 'sent') this.putBalances(order.instrument)
  }

  private putFill(fill: EntryData['fill']): void {
    const booked = this.durable.lastFill
    if (booked === undefined) return
    const { order, result } = booked
    this.changed.add(order.clientOrderId)
    this.put('fills', fill.fillId, {
      fill_id: fill.fillId,
      client_order_id: fill.clientOrderId,
      bot_id: order.botId,
      instrument: fill.instrument,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      value: decimalText(result.value),
      fee_amount: fill.feeAmount,
      fee_currency: fill.feeCurrency,
      liquidity: fill.liquidity,
      realized_pnl: decimalText(result.realizedPnl),
      source: order.source,
      filled_at_ms: fill.filledAtMs,
    })
    this.put('orders', order.clientOrderId, orderRow(order))
    this.put('executions', order.clientOrderId, executionRow(order))
    const { trip, cell } = this.durable.analytics.changed!
    const pnl = dailyPnlRow(cell)
    this.put('daily_pnl', pnl.key, pnl)
    if (trip !== undefined) {
      const row = roundTripRow(trip)
      this.put('round_trips', row.id, row)
    }
    this.putPosition(order.botId)
    this.putBalances(order.instrument)
  }

  private putEquity(): void {
    const { equity, dropped } = this.durable.analytics
    for (const atMs of dropped) this.put('equity', equityKey(atMs), null)
    const last = equity.last!
    this.put('equity', equityKey(last.atMs), equityRow(last))
  }

  private putBalances(instrument: string): void {
    const { base, quote } = currenciesOf(instrument)
    this.putBalance(quote)
    this.putBalance(base)
  }

  private putBalance(currency: string): void {
    const { ledger } = this.durable
    this.put('balances', currency, {
      currency,
      total: decimalText(ledger.balance(currency)),
      available: decimalText(ledger.available(currency)),
      reserved: decimalText(ledger.reserved(currency)),
    })
  }

  private putPosition(botId: string): void {
    const position = this.durable.ledger.position(botId)
    this.put('positions', botId, {
      bot_id: botId,
      instrument: position.instrument ?? null,
      quantity: decimalText(position.quantity),
      cost: decimalText(position.cost),
      fees: decimalText(position.fees),
      average_entry: isZero(position.quantity) ? null : decimalText(averagePriceOf(position.cost, position.quantity)),
      realized_pnl: decimalText(position.realizedPnl),
      realized_fees: decimalText(position.realizedFees),
      tranches: JSON.stringify(position.lots.map(trancheRecord)),
    })
    for (const lotId of this.lotKeys.get(botId) ?? []) if (!position.lots.some((lot) => lot.lotId === lotId)) this.put('lots', lotId, null)
    this.keepLots(botId)
    for (const lot of position.lots) {
      this.put('lots', lot.lotId, {
        lot_id: lot.lotId,
        bot_id: botId,
        client_order_id: lot.clientOrderId,
        quantity: decimalText(lot.quantity),
        cost: decimalText(lot.cost),
        fees: decimalText(lot.fees),
        tranche: lot.tranche,
        opened_at_ms: lot.openedAtMs,
      })
    }
  }

  /** What happened before stands under the old id; what is, under the new one. */
  private putAdopted(from: string, to: string): void {
    for (const lotId of this.lotKeys.get(from) ?? []) this.put('lots', lotId, null)
    this.lotKeys.delete(from)
    this.put('positions', from, null)
    this.put('bots', from, null)
    this.putPosition(to)
    this.putBot(to)
    for (const order of this.durable.orders.values()) if (order.botId === to) this.changed.add(order.clientOrderId)
    const working = this.durable.working.get(to)
    if (working !== undefined) this.put('orders', working.clientOrderId, orderRow(working))
  }

  private putBot(botId: string): void {
    const { level, confirmation, paused } = this.durable.bot(botId)
    this.put('bots', botId, {
      bot_id: botId,
      outcome: level?.outcome ?? null,
      blocker: level?.code ?? null,
      side: level?.side ?? null,
      confirm_side: confirmation?.side ?? null,
      since_ms: level?.sinceMs ?? null,
      confirm_since_ms: confirmation?.sinceMs ?? null,
      confirm_last_ms: confirmation?.lastMs ?? null,
      paused: paused ? 1 : 0,
    })
  }
}
