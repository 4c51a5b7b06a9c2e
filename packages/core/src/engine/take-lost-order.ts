import type { Decimal } from 'decimal.js'
import type { AccountEvent } from '../contracts/events.ts'
import { currenciesOf } from '../model/instrument.ts'
import { ZERO, atLeast, decimalText, greater, isPositive, maxOf, minOf, valueOf } from '../model/money.ts'
import type { DurableState } from './durable-state.ts'
import type { Facts } from './journal/facts.ts'
import type { KernelState } from './kernel-state.ts'
import { isFinal } from './order-machine.ts'
import { refreshAfterOrder } from './portfolio.ts'

type LostOrder = Extract<AccountEvent, { kind: 'lostOrder' }>
type Intent = { -readonly [K in keyof Facts['intent']]: Facts['intent'][K] }

/** `source` of an order whose reasons are lost. */
const RECOVERED_SOURCE = 'recovered'

/**
 * Writes down again what the journal lost of an order that is at the venue: that it was wanted, by whom, and that it left. Reports and fills then find it. What the
 * books do not allow stays foreign; whoever handed it over sees that it is not among the orders.
 */
export function takeLostOrder(state: KernelState, { botId, intentNo, report }: LostOrder): void {
  const { durable } = state
  const { ref, terms } = report
  if (durable.orders.has(ref.clientOrderId)) return
  const what = `${ref.instrument} ${terms.side} ${ref.clientOrderId} of bot ${botId}`
  const reserve = reserveOf(state, botId, report)
  if (!isPositive(reserve.amount) || durable.working.has(botId) || isUncovered(durable, botId, report)) return
  const data: Intent = {
    ...{ clientOrderId: ref.clientOrderId, intentNo, instrument: ref.instrument, side: terms.side, kind: kindOf(state, botId, report) },
    ...{ origin: 'manual', source: RECOVERED_SOURCE, orderType: terms.type, reserveCurrency: reserve.currency, reserveAmount: reserve.amount },
    ...{ expectedPrice: expectedOf(report), score: 'NaN', temperature: 'frozen', configHash: state.settings.configHash, limitsHash: state.limitsHash },
  }
  if ('quote' in terms.size) data.quoteSize = terms.size.quote
  else data.baseSize = terms.size.base
  if (terms.limitPrice !== undefined) data.limitPrice = terms.limitPrice
  state.record('intent', botId, data)
  state.record('sent', botId, { clientOrderId: ref.clientOrderId })
  state.alert('ORDER_RECOVERED', 'warning', `${what}: the journal lost it, the venue has it (${report.state})`, botId)
  const bot = state.botsById.get(botId)
  if (bot !== undefined) refreshAfterOrder(state, bot)
  const order = durable.orders.get(ref.clientOrderId)!
  state.sink.order?.(order)
  // Like those that a start finds at work: nobody decided for it by the books of now.
  if (intentNo <= durable.cancelUpTo && !isFinal(report.state)) state.cancel(order)
}

/** True for a sale of more than its bot has: one that bought before it is not known. */
export function isUncovered({ ledger }: Pick<DurableState, 'ledger'>, botId: string, { terms, filledQuantity }: LostOrder['report']): boolean {
  if (terms.side === 'buy') return false
  return greater('base' in terms.size ? maxOf(terms.size.base, filledQuantity) : filledQuantity, ledger.sellable(botId))
}

/** What it took, or may still take; never more than there is. */
function reserveOf(
  { durable }: KernelState,
  botId: string,
  { ref, terms, averagePrice, filledQuantity }: LostOrder['report'],
): { readonly currency: string; readonly amount: Decimal } {
  const { base, quote } = currenciesOf(ref.instrument)
  const { ledger } = durable
  if (terms.side === 'sell') return { currency: base, amount: minOf('base' in terms.size ? terms.size.base : filledQuantity, ledger.sellable(botId)) }
  const wanted = 'quote' in terms.size ? terms.size.quote : valueOf(terms.size.base, terms.limitPrice ?? averagePrice ?? ZERO)
  return { currency: quote, amount: minOf(wanted, ledger.free(quote)) }
}

function kindOf({ durable }: KernelState, botId: string, { terms, filledQuantity }: LostOrder['report']): Intent['kind'] {
  const { quantity } = durable.ledger.position(botId)
  if (terms.side === 'buy') return isPositive(quantity) ? 'add' : 'open'
  return atLeast('base' in terms.size ? terms.size.base : filledQuantity, quantity) ? 'close' : 'reduce'
}

/** At the price it had, so that no slippage is made up. */
const expectedOf = ({ terms, averagePrice }: LostOrder['report']): Intent['expectedPrice'] => {
  const price = averagePrice ?? terms.limitPrice
  return price === undefined ? 'NaN' : Number(decimalText(price))
}
