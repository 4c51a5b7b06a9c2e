import type { Facts } from './journal/facts.ts'
import type { BotRuntime } from '../pipeline/bot-runtime.ts'
import type { KernelState } from './kernel-state.ts'
import { decisionJson } from './decision-json.ts'
import { materialise } from './materialise.ts'
import { DENIED, ORDERED } from '../pipeline/outcome-codes.ts'
import { finite } from './canonical.ts'
import { orderIdOf } from './order-id.ts'
import { refreshAfterOrder } from './portfolio.ts'
import type { ApprovedIntent } from '../model/intent.ts'
import { isPositive } from '../model/money.ts'
import type { Decimal } from 'decimal.js'
import type { OrderRequest } from '../model/order.ts'
import type { ExecutionStyle, PlannedOrder } from '../contracts/execution-style.ts'
import { executeAutomaticTrade } from './execute-automatic-trade.ts'
import type { TradeOrder } from './execute-automatic-trade.ts'
import { marketOrders } from '../pipeline/execution/market-orders.ts'
import type { Order as DurableOrder } from './order-machine.ts'
import { temperatureNames } from '../model/temperature.ts'

/** Makes an order of an approved intent and checks it against the exact ledger: changes nothing, so that a reader can ask as well. */
export function translate(state: KernelState, bot: BotRuntime, approved: ApprovedIntent, style: ExecutionStyle = bot.config.execution): TradeOrder {
  const { config, market } = bot
  const { ledger } = state.durable
  const limits = { nowMs: state.nowMs, sellable: ledger.sellable(config.id), availableQuote: ledger.available(state.settings.quoteCurrency) }
  const quote = { bid: market.market.bid, ask: market.market.ask, last: market.market.price }
  const trade = executeAutomaticTrade(style, approved, quote, market.instrument, limits)
  if ('refused' in trade && trade.fault !== undefined) state.pluginFailed('PLUGIN_FAILED', style.id, trade.fault, config.id)
  return trade
}

/** An entry or sale that did not fill as its style wanted: what is left of it goes at market. */
const restStyle = marketOrders()

/**
 * Turns an approved intent into an order: rounded in Decimal, re-checked against the exact ledger, written down with its
 * reservation, and only then handed out to be sent. Nothing but an {@link ApprovedIntent} gets here.
 *
 * @param ended - the order of which this is the rest, to be bought or sold at market
 * @returns true when an order left
 */
export function submit(state: KernelState, bot: BotRuntime, approved: ApprovedIntent, ended?: DurableOrder): boolean {
  const { config, frame } = bot
  const translation = translate(state, bot, approved, ended === undefined ? config.execution : restStyle)
  if ('refused' in translation) return refuse(state, bot, translation.refused)
  const { order: planned, reserve } = translation
  const intentNo = state.durable.intentNo + 1
  const clientOrderId = orderIdOf(state.settings.storeId, config.id, intentNo)
  const request = requestOf(planned, clientOrderId, config.id)
  if (approved.origin !== 'exit') frame.outcome = ORDERED
  frame.blocker = 0
  frame.margin = 0
  frame.untilMs = Number.NaN
  // A backtest can be run again to see why; a real one cannot.
  if (state.journal !== undefined && state.settings.environment !== 'backtest')
    state.record('decision', config.id, decisionJson(materialise(state, bot)) as Facts['decision'])
  // An approved intent uses up the confirmation; the next tranche needs a new one.
  bot.confirmation.clear()
  const data = intentData(state, bot, approved, request, intentNo, reserve)
  if (planned.onExpiry === 'market') data.onExpiry = 'market'
  if (ended !== undefined && approved.side === 'buy' && isPositive(ended.bookedQuantity)) data.continues = ended.clientOrderId
  state.record('intent', config.id, data)
  refreshAfterOrder(state, bot)
  state.sink.order?.(state.durable.orders.get(clientOrderId)!)
  state.sink.effect(Number.isNaN(bot.exitPrice) ? { type: 'submit', request } : { type: 'submit', request, trigger: bot.exitPrice })
  return true
}

function refuse(state: KernelState, bot: BotRuntime, code: string): false {
  bot.frame.outcome = DENIED
  bot.frame.blocker = state.blockers.of(code)
  bot.frame.margin = 0
  return false
}

function requestOf(planned: PlannedOrder, clientOrderId: string, botId: string): OrderRequest {
  const { instrument, side, type, size } = planned
  const request: { -readonly [K in keyof OrderRequest]: OrderRequest[K] } = { clientOrderId, botId, instrument, side, type, size }
  if (planned.limitPrice !== undefined) request.limitPrice = planned.limitPrice
  if (planned.stopPrice !== undefined) request.stopPrice = planned.stopPrice
  if (planned.postOnly !== undefined) request.postOnly = planned.postOnly
  if (planned.expireAtMs !== undefined) request.expireAtMs = planned.expireAtMs
  if (planned.timeInForce !== undefined) request.timeInForce = planned.timeInForce
  return request
}

function intentData(
  state: KernelState,
  bot: BotRuntime,
  approved: ApprovedIntent,
  request: OrderRequest,
  intentNo: number,
  reserve: { readonly currency: string; readonly amount: Decimal },
): { -readonly [K in keyof Facts['intent']]: Facts['intent'][K] } {
  const fired = !Number.isNaN(bot.exitPrice)
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
    expectedPrice: finite(fired ? bot.exitPrice : bot.market.market.price) as Facts['intent']['expectedPrice'],
    score: bot.frame.score,
    temperature: temperatureNames[bot.view.temperature]!,
    configHash: state.configHash,
    limitsHash: state.limitsHash,
  }
  if ('quote' in request.size) data.quoteSize = request.size.quote
  else data.baseSize = request.size.base
  if (request.limitPrice !== undefined) data.limitPrice = request.limitPrice
  if (request.stopPrice !== undefined) data.stopPrice = request.stopPrice
  if (request.postOnly !== undefined) data.postOnly = request.postOnly
  if (request.expireAtMs !== undefined) data.expireAtMs = request.expireAtMs
  if (request.timeInForce !== undefined) data.timeInForce = request.timeInForce
  if (fired) data.trigger = bot.exitPrice
  return data
}
