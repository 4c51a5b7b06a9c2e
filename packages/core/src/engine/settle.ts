import type { Decimal } from 'decimal.js'
import type { FillRecord, OrderRecord } from '../contracts/engine.ts'
import type { OrderEvent } from '../contracts/events.ts'
import type { VenueFill } from '../model/fill.ts'
import { currenciesOf } from '../model/instrument.ts'
import { averagePriceOf, decimalText, fromEstimate, greater, isPositive, maxOf, meanPrice, toFloat } from '../model/money.ts'
import type { OrderReport } from '../model/order.ts'
import type { EpochMs } from '../model/time.ts'
import type { FillResult } from '../ledger/own-fill.ts'
import { afterOrder, isPostOnlyRefusal } from './after-order.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { Facts } from './journal/facts.ts'
import type { KernelState } from './kernel-state.ts'
import { mayTransition } from './order-machine.ts'
import type { Order } from './order-machine.ts'
import { markBot } from './marking.ts'
import { refreshAfterFill, refreshAfterOrder, refreshPosition } from './portfolio.ts'

/** Takes one answer of the venue: reports move the order's state forward, fills move money, and nothing is booked twice. */
export function settle(state: KernelState, event: OrderEvent): void {
  if (event.type === 'report') takeReport(state, event.report)
  else takeFill(state, event.fill)
}

function takeReport(state: KernelState, report: OrderReport): void {
  const { orders } = state.durable
  // It was final, and stays so.
  if (orders.isOver(report.ref.clientOrderId)) return
  const order = orders.get(report.ref.clientOrderId)
  if (order === undefined) {
    state.alert('EXTERNAL_ORDER', 'warning', `${report.ref.instrument}: order ${report.ref.venueOrderId ?? report.ref.clientOrderId} is not ours; left alone`)
    return
  }
  if (report.state === 'sent') {
    if (order.state !== 'intent') return
    state.record('sent', order.botId, { clientOrderId: order.clientOrderId })
    if (order.expireAtMs !== undefined) state.sink.effect({ type: 'wakeAt', atMs: order.expireAtMs as EpochMs })
    state.sink.order?.(order)
    return
  }
  const grown = greater(report.filledQuantity, order.filledQuantity)
  if (!mayTransition(order.state, report.state) || (report.state === order.state && !grown)) return
  const data: { -readonly [K in keyof Facts['orderEvent']]: Facts['orderEvent'][K] } = {
    clientOrderId: order.clientOrderId,
    state: report.state,
    // Cumulative: a late report never takes back what was filled.
    filledQuantity: maxOf(report.filledQuantity, order.filledQuantity),
  }
  if (report.ref.venueOrderId !== undefined) data.venueOrderId = report.ref.venueOrderId
  if (report.averagePrice !== undefined) data.averagePrice = meanPrice(report.averagePrice)
  if (report.reason !== undefined) data.reason = report.reason
  state.record('orderEvent', order.botId, data)
  if (order.state === 'rejected') alertRejected(state, order)
  if (order.state === 'unknown')
    state.alert('ORDER_UNKNOWN', 'critical', `${order.instrument} ${order.side} ${order.clientOrderId}: ${order.reason ?? 'no answer'}`, order.botId)
  const bot = state.botsById.get(order.botId)
  // A report moves neither money nor the working order before the order is done.
  if (bot !== undefined && order.done) {
    refreshPosition(state, bot)
    refreshAfterOrder(state, bot)
    afterOrder(state, bot, order)
  }
  state.sink.order?.(order)
}

/** An order that our own stop kept from leaving, or that would have taken where it should rest, is no error of the venue. */
function alertRejected(state: KernelState, order: Order): void {
  const what = `${order.instrument} ${order.side}`
  if (isPostOnlyRefusal(order)) state.alert('POST_ONLY_REFUSED', 'info', `${what}: the price has moved through the limit`, order.botId)
  else state.alert(order.reason === 'EMERGENCY_STOP' ? 'ORDER_HELD' : 'ORDER_REJECTED', 'warning', `${what}: ${order.reason ?? 'no reason given'}`, order.botId)
}

function takeFill(state: KernelState, fill: VenueFill): void {
  // Asked first: an order that was over long ago would be looked for in vain.
  if (state.durable.ledger.hasFill(fill.fillId)) return
  const order = findOrder(state, fill)
  if (order === undefined) {
    state.alert('EXTERNAL_FILL', 'warning', `${fill.instrument}: fill ${fill.fillId} of an order that is not ours; it never enters a bot's P&L`)
    return
  }
  const late = order.done
  const bot = state.botsById.get(order.botId)
  const data: { -readonly [K in keyof Facts['fill']]: Facts['fill'][K] } = {
    fillId: fill.fillId,
    clientOrderId: order.clientOrderId,
    venueOrderId: fill.venueOrderId,
    instrument: fill.instrument,
    side: fill.side,
    price: fill.price,
    quantity: fill.quantity,
    feeAmount: fill.fee.amount,
    feeCurrency: fill.fee.currency,
    liquidity: fill.liquidity,
    filledAtMs: fill.atMs,
  }
  if (fill.value !== undefined) data.value = fill.value
  const feePrice = feePriceOf(state, fill)
  if (feePrice !== undefined) data.feePrice = feePrice
  if (bot !== undefined && fill.side === 'sell' && !Number.isNaN(bot.trip.low)) {
    data.low = bot.trip.low
    data.high = bot.trip.high
    data.drawdown = bot.trip.drawdown
  }
  state.record('fill', order.botId, data)
  const booked = state.durable.lastFill!
  if (bot !== undefined) {
    afterFill(state, bot, booked.result)
    if (order.done && !late) afterOrder(state, bot, order)
  }
  state.sink.fill?.(booked.result, order)
  state.sink.order?.(order)
  if (late) state.alert('LATE_FILL', 'warning', `${order.instrument}: fill ${fill.fillId} of a finished order was booked`, order.botId)
  if (booked.result.feeUnvalued)
    state.alert(
      'FEE_UNVALUED',
      'warning',
      `${order.instrument}: fee of ${decimalText(fill.fee.amount)} ${fill.fee.currency} has no price and is missing from P&L`,
      order.botId,
    )
}

/** A fee in a third currency is worth what the market of that currency says; without one it stays unvalued. */
function feePriceOf(state: KernelState, { fee, instrument }: VenueFill): Decimal | undefined {
  const { base, quote } = state.instruments.get(instrument)?.instrument ?? currenciesOf(instrument)
  if (fee.currency === base || fee.currency === quote) return undefined
  const price = state.instruments.get(`${fee.currency}-${quote}`)?.market.price ?? Number.NaN
  return price > 0 ? fromEstimate(price) : undefined
}

function findOrder(state: KernelState, fill: VenueFill): Order | undefined {
  if (fill.clientOrderId !== undefined) return state.durable.orders.get(fill.clientOrderId)
  const name = state.durable.orders.nameOf(fill.venueOrderId)
  return name === undefined ? undefined : state.durable.orders.get(name)
}

function afterFill(state: KernelState, bot: BotRuntime, result: FillResult): void {
  if (state.durable.analytics.changed?.began === true) bot.trip.open(toFloat(result.fill.price))
  refreshAfterFill(state, bot)
  if (result.fill.side === 'buy') {
    bot.entryFillMs = result.fill.atMs
    bot.entryRested = result.fill.liquidity === 'maker'
    bot.view.position.peakSinceEntry = state.durable.bot(bot.config.id).peak
  }
  markBot(state, bot)
  state.hash.int(bot.index)
  state.hash.int(result.fill.side === 'buy' ? 1 : 2)
  state.hash.float(toFloat(result.feeValue))
  state.hash.float(toFloat(result.fill.price))
  state.hash.float(toFloat(result.fill.quantity))
  state.hash.float(result.fill.atMs)
}

const textOf = (amount: Decimal | undefined): string | undefined => (amount === undefined ? undefined : decimalText(amount))

export function orderRecord(order: Order): OrderRecord {
  return {
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    botId: order.botId,
    instrument: order.instrument,
    side: order.side,
    kind: order.kind,
    origin: order.origin,
    source: order.source,
    type: order.type,
    quoteSize: textOf(order.quoteSize),
    baseSize: textOf(order.baseSize),
    state: order.state,
    filledQuantity: decimalText(maxOf(order.filledQuantity, order.bookedQuantity)),
    averagePrice:
      textOf(order.averagePrice) ?? (isPositive(order.bookedQuantity) ? decimalText(averagePriceOf(order.bookedQuote, order.bookedQuantity)) : undefined),
    reason: order.reason,
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
  }
}

export function fillRecord(result: FillResult, order: Order): FillRecord {
  const { fill } = result
  return {
    fillId: fill.fillId,
    clientOrderId: fill.clientOrderId,
    botId: fill.botId,
    instrument: fill.instrument,
    side: fill.side,
    price: decimalText(fill.price),
    quantity: decimalText(fill.quantity),
    value: decimalText(result.value),
    feeAmount: decimalText(fill.fee.amount),
    feeCurrency: fill.fee.currency,
    realizedPnl: decimalText(result.realizedPnl),
    source: order.source,
    atMs: fill.atMs as EpochMs,
  }
}
