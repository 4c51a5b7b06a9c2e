import type { Facts } from './journal/facts.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { decisionJson, materialise } from './materialise.ts'
import { DENIED, ORDERED } from '../pipeline/outcome-codes.ts'
import { deterministicUuid } from './hashing.ts'
import { refreshAfterOrder } from './portfolio.ts'
import { currenciesOf } from '../model/instrument.ts'
import type { ApprovedIntent } from '../model/intent.ts'
import { greater, holdFor } from '../model/money.ts'
import type { Decimal } from 'decimal.js'
import type { OrderRequest } from '../model/order.ts'
import { temperatureNames } from '../model/temperature.ts'

/**
 * Turns an approved intent into an order: rounded in Decimal, re-checked against the exact ledger, written down with its
 * reservation, and only then handed out to be sent. Nothing but an {@link ApprovedIntent} gets here.
 *
 * @returns true when an order left
 */
export function submit(state: KernelState, bot: BotRuntime, approved: ApprovedIntent): boolean {
  const { config, market, frame } = bot
  const { ledger } = state.durable
  const limits = { nowMs: state.nowMs, sellable: ledger.sellable(config.id), availableQuote: ledger.available(state.settings.quoteCurrency) }
  const order = config.execution.order(approved, { bid: market.market.bid, ask: market.market.ask, last: market.market.price }, market.instrument, limits)
  if ('denied' in order) return refuse(state, bot, order.denied)
  const reserve = reservation(order)
  if (greater(reserve.amount, order.side === 'buy' ? limits.availableQuote : limits.sellable)) return refuse(state, bot, 'INSUFFICIENT_FUNDS')

  const intentNo = state.durable.intentNo + 1
  const clientOrderId = deterministicUuid(state.settings.storeId, config.id, String(intentNo))
  const request: OrderRequest = { ...order, clientOrderId, botId: config.id }
  // A strategy's approved intent uses up its confirmation; the next tranche needs a new one.
  if (approved.origin === 'strategy') bot.confirmation.clear()
  if (approved.origin !== 'exit') frame.outcome = ORDERED
  frame.blocker = 0
  frame.margin = 0
  frame.untilMs = Number.NaN
  // A backtest can be run again to see why; a real one cannot.
  if (state.journal !== undefined && state.settings.environment !== 'backtest') state.record('decision', config.id, decisionJson(materialise(state, bot)) as Facts['decision'])
  state.record('intent', config.id, intentData(state, bot, approved, request, intentNo, reserve))
  refreshAfterOrder(state, bot)
  state.sink.order?.(state.durable.orders.get(clientOrderId)!)
  state.sink.effect(Number.isNaN(bot.exitTrigger) ? { type: 'submit', request } : { type: 'submit', request, trigger: bot.exitTrigger })
  return true
}

function refuse(state: KernelState, bot: BotRuntime, code: string): false {
  bot.frame.outcome = DENIED
  bot.frame.blocker = state.blockers.of(code)
  bot.frame.margin = 0
  return false
}

/** What the order may take: quote for a buy (a limit in base holds its value and the highest fee), base for a sale. */
function reservation(order: Omit<OrderRequest, 'clientOrderId' | 'botId'>): { readonly currency: string; readonly amount: Decimal } {
  const { base, quote } = currenciesOf(order.instrument)
  if ('base' in order.size) return order.side === 'sell' ? { currency: base, amount: order.size.base } : { currency: quote, amount: holdFor(order.size.base, order.limitPrice!) }
  return { currency: quote, amount: order.size.quote }
}

function intentData(state: KernelState, bot: BotRuntime, approved: ApprovedIntent, request: OrderRequest, intentNo: number, reserve: { readonly currency: string; readonly amount: Decimal }): Facts['intent'] {
  const fired = !Number.isNaN(bot.exitTrigger)
  const data: { -readonly [K in keyof Facts['intent']]: Facts['intent'][K] } = {
    clientOrderId: request.clientOrderId,
    intentNo,
    instrument: request.instrument,
    side: request.side,
    kind: approved.kind,
    origin: approved.origin,
    source: approved.source,
    orderType: request.type,
    reserveCurrency: reserve.currency,
    reserveAmount: reserve.amount,
    expectedPrice: fired ? bot.exitTrigger : bot.market.market.price,
    score: bot.frame.score,
    temperature: temperatureNames[bot.view.temperature]!,
    configHash: state.settings.configHash,
  }
  if ('quote' in request.size) data.quoteSize = request.size.quote
  else data.baseSize = request.size.base
  if (request.limitPrice !== undefined) data.limitPrice = request.limitPrice
  if (request.stopPrice !== undefined) data.stopPrice = request.stopPrice
  if (request.postOnly !== undefined) data.postOnly = request.postOnly
  if (request.expireAtMs !== undefined) data.expireAtMs = request.expireAtMs
  if (fired) data.trigger = bot.exitTrigger
  return data
}
