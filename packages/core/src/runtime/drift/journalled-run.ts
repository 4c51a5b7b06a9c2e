import type { Decimal } from 'decimal.js'
import type { Command, OrderEvent } from '../../contracts/events.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import { decodeFacts } from '../../engine/journal/facts.ts'
import type { Facts } from '../../engine/journal/facts.ts'
import { ZERO, add, subtract, valueOf } from '../../model/money.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { EpochMs } from '../../model/time.ts'
import type { OrderOutcome } from './run-watch.ts'
import type { ActualOrder } from './substituted-side.ts'

/** What a journal says of a time. */
export interface JournalledRun {
  readonly startMs: EpochMs
  readonly endMs: EpochMs
  /** Everything up to the start: the state of then follows from it. */
  readonly before: readonly JournalEntry[]
  readonly commands: readonly { readonly atMs: EpochMs; readonly command: Command }[]
  /** Times without an engine, from a last entry to the next start. */
  readonly away: readonly { readonly fromMs: EpochMs; readonly toMs: EpochMs }[]
  readonly orders: readonly JournalledOrder[]
  /** P&L between two valuations of the account. */
  readonly pnl: Decimal
  readonly config: Facts['configInForce']
  readonly environment: Facts['runStarted']['environment']
}

/** An order of the time, with all that was said of it. */
export interface JournalledOrder extends ActualOrder {
  readonly origin: Facts['intent']['origin']
  readonly outcome: OrderOutcome
  readonly fills: number
}

/** Entries that hold nothing that a run follows from: dropped at once, because they are nearly all of a journal. */
const soft: ReadonlySet<JournalEntry['type']> = new Set(['blockerChanged', 'decision', 'alert', 'marks', 'confirmation', 'extremes', 'checkpoint'])

/** Commands that a run is given again; others stand in the journal in another form. */
const again: ReadonlySet<string> = new Set(['pause', 'resume', 'flatten', 'emergencyStop', 'rearm', 'trade', 'resetBreaker', 'deposit', 'withdraw'])

type Orders = Map<string, { -readonly [K in keyof JournalledOrder]: JournalledOrder[K] } & { readonly answers: OrderEvent[] }>

/**
 * Reads what a journal says of the time from the first to the last valuation between two moments: valuations are what says what an account was worth.
 *
 * @throws RangeError when there are not two of them
 */
export function readJournalledRun(entries: Iterable<JournalEntry>, fromMs = -Infinity, toMs = Infinity): JournalledRun {
  const kept: JournalEntry[] = []
  const ends: number[] = []
  let lastMs = 0 as EpochMs
  for (const entry of entries) {
    if (entry.atMs > toMs) break
    if (entry.type === 'runStarted') ends.push(lastMs)
    lastMs = entry.atMs
    if (!soft.has(entry.type)) kept.push(entry)
  }
  const isStart = ({ type, atMs }: JournalEntry): boolean => type === 'valuation' && atMs >= fromMs
  const start = kept.findIndex(isStart)
  const end = kept.findLastIndex(({ type }) => type === 'valuation')
  if (start === -1 || end <= start)
    throw new RangeError('journal: expected two valuations of the account in the time, which are made every hour, received fewer')
  const before = kept.slice(0, start + 1)
  const inside = kept.slice(start + 1, end + 1)
  const [startMs, endMs] = [kept[start]!.atMs, kept[end]!.atMs]
  const config = before.findLast(({ type }) => type === 'configInForce')
  const run = before.find(({ type }) => type === 'runStarted')
  if (config === undefined || run === undefined) throw new RangeError('journal: expected its beginning, received entries without a first start')
  return {
    startMs,
    endMs,
    before,
    commands: inside.flatMap(({ type, atMs, data }) => {
      const { kind, payload } = data as { readonly kind: string; readonly payload: unknown }
      return type === 'command' && again.has(kind) ? [{ atMs, command: payload as Command }] : []
    }),
    away: kept
      .filter(({ type }) => type === 'runStarted')
      .flatMap(({ atMs }, i) => (ends[i]! >= startMs && atMs <= endMs ? [{ fromMs: ends[i]! as EpochMs, toMs: atMs }] : [])),
    orders: ordersOf(inside),
    pnl: subtract(gainOf(kept[end]!), gainOf(kept[start]!)),
    config: decodeFacts('configInForce', config.data),
    environment: decodeFacts('runStarted', run.data).environment,
  }
}

function gainOf({ data }: JournalEntry): Decimal {
  const { equity, paidIn } = decodeFacts('valuation', data)
  return subtract(equity, paidIn)
}

/** Orders that were wanted in the time; answers to older ones are no part of it. */
function ordersOf(entries: readonly JournalEntry[]): readonly JournalledOrder[] {
  const orders: Orders = new Map()
  for (const entry of entries) {
    if (entry.type === 'intent') want(orders, entry)
    else if (entry.type === 'orderEvent') answered(orders, entry)
    else if (entry.type === 'fill') filled(orders, entry)
  }
  return [...orders.values()]
}

function want(orders: Orders, { atMs, botId = '', data }: JournalEntry): void {
  const { clientOrderId, instrument, side, source, origin } = decodeFacts('intent', data)
  const outcome = { botId, instrument, side, source, atMs, quantity: ZERO, value: ZERO, fees: ZERO }
  orders.set(clientOrderId, { sentAtMs: atMs, answers: [], quantity: ZERO, value: ZERO, fees: ZERO, origin, outcome, fills: 0 })
}

function answered(orders: Orders, { atMs, data }: JournalEntry): void {
  const { clientOrderId, state, venueOrderId, filledQuantity, averagePrice, reason } = decodeFacts('orderEvent', data)
  const order = orders.get(clientOrderId)
  if (order === undefined) return
  const ref = { clientOrderId, instrument: order.outcome.instrument, ...(venueOrderId === undefined ? {} : { venueOrderId }) }
  const more = { ...(averagePrice === undefined ? {} : { averagePrice }), ...(reason === undefined ? {} : { reason }) }
  order.answers.push({ type: 'report', report: { ref, state, filledQuantity, ...more, atMs } })
}

function filled(orders: Orders, { atMs, data }: JournalEntry): void {
  const {
    clientOrderId,
    feeAmount,
    feeCurrency,
    feePrice,
    filledAtMs: _filledAtMs,
    low: _low,
    high: _high,
    drawdown: _drawdown,
    value,
    ...fill
  } = decodeFacts('fill', data)
  const order = orders.get(clientOrderId)
  if (order === undefined) return
  const paid = value ?? valueOf(fill.quantity, fill.price)
  order.answers.push({
    type: 'fill',
    fill: { ...fill, clientOrderId, ...(value === undefined ? {} : { value }), fee: { amount: feeAmount, currency: feeCurrency }, atMs },
  })
  order.quantity = add(order.quantity, fill.quantity)
  order.value = add(order.value, paid)
  const { base, quote } = currenciesOf(fill.instrument)
  if (feeCurrency === quote) order.fees = add(order.fees, feeAmount)
  else if (feeCurrency !== base && feePrice !== undefined) order.fees = add(order.fees, valueOf(feeAmount, feePrice))
  order.fills++
  order.outcome = { ...order.outcome, quantity: order.quantity, value: order.value, fees: order.fees }
}
