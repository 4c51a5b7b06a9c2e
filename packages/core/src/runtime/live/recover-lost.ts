import type { Exchange } from '../../contracts/exchange.ts'
import { isFinal } from '../../engine/order-machine.ts'
import { refOf } from '../../engine/venue-state.ts'
import { isUncovered } from '../../engine/take-lost-order.ts'
import { decimalText, isPositive } from '../../model/money.ts'
import type { OrderReport } from '../../model/order.ts'
import type { DeskHost } from './desk-host.ts'
import type { OrderDesk } from './order-desk.ts'

/** What is needed for it. */
export interface RecoverParts {
  readonly exchange: Exchange
  readonly host: DeskHost
  readonly desk: OrderDesk
  /** How orders stood when a person was told that they cannot be read back, by their ids: told again when that changes. */
  readonly told: Map<string, string>
}

/** What was read back, in words, and what keeps the comparison from being whole. */
export interface Recovered {
  readonly words: readonly string[]
  /** The venue could not be asked. */
  readonly problem?: string
  /** It told enough to know that more is to come: nothing may leave before. */
  readonly waits?: string
}

/** True for an order of ours of which the journal holds nothing, because it lost its end. */
export const isLost = (host: DeskHost, { ref }: OrderReport): boolean =>
  !host.books.orders.has(ref.clientOrderId) && host.lostOrder(ref.clientOrderId) !== undefined

/**
 * Reads back from the venue what the journal lost with its end: our own orders are known by their ids, the oldest first, each with its fills before the next one.
 */
export async function recoverLost(parts: RecoverParts, live: readonly OrderReport[]): Promise<Recovered> {
  const { exchange, host, desk } = parts
  const { lost } = host.books
  if (lost === undefined) return { words: [] }
  const found = new Map(live.map((report) => [report.ref.clientOrderId, report]))
  // One that was live a moment ago may be over by now: the history is the newer answer.
  if (lost.open && exchange.orderHistory !== undefined) {
    const history = await exchange.orderHistory(lost.sinceMs)
    if (!history.complete) return { words: [], problem: 'the history of orders is not complete' }
    for (const report of history.items) found.set(report.ref.clientOrderId, report)
  }
  const numberOf = ({ ref }: OrderReport): number => host.lostOrder(ref.clientOrderId)!.intentNo
  const words: string[] = []
  for (const report of [...found.values()].filter((each) => isLost(host, each)).sort((a, b) => numberOf(a) - numberOf(b))) {
    // Its bot is busy with one from before, or with one that it would not have made had it known. No other is made until this one is booked.
    const busy = host.books.working.get(host.lostOrder(report.ref.clientOrderId)!.botId)
    if (busy !== undefined) {
      desk.apply({ type: 'cancel', order: refOf(busy) })
      return { words, waits: `order ${report.ref.clientOrderId}, which the journal lost, waits for the end of order ${busy.clientOrderId} of its bot` }
    }
    if (isEarly(host, report))
      return { words, waits: `order ${report.ref.clientOrderId}, which the journal lost, sold what one before it bought that the venue does not show yet` }
    const told = await recoverOne(parts, report)
    if (told === 'unsettled') return { words, waits: `fills of order ${report.ref.clientOrderId}, which the journal lost, are not told yet` }
    if (told === 'recovered') words.push(`order ${report.ref.clientOrderId} was lost with the end of the journal and is ${report.state} at the venue`)
  }
  return { words }
}

/** A sale that is seen before the purchase of what it sold; what was not shown in time never will be. */
function isEarly(host: DeskHost, report: OrderReport): boolean {
  const { ref, state, filledQuantity, terms } = report
  if (terms === undefined || host.nowMs() >= host.books.lost!.untilMs || (isFinal(state) && !isPositive(filledQuantity))) return false
  return isUncovered(host.books, host.lostOrder(ref.clientOrderId)!.botId, { ...report, terms })
}

async function recoverOne({ host, desk, told }: RecoverParts, report: OrderReport): Promise<'recovered' | 'unsettled' | 'foreign'> {
  const lost = host.lostOrder(report.ref.clientOrderId)!
  const { terms } = report
  if (terms !== undefined) host.account({ kind: 'lostOrder', ...lost, report: { ...report, terms } })
  const order = host.books.orders.get(report.ref.clientOrderId)
  if (order === undefined) {
    tellForeign({ host, told }, report, lost.botId)
    return 'foreign'
  }
  desk.take(report)
  if (isPositive(report.filledQuantity) && !(await desk.feed.pull())) return 'unsettled'
  return isFinal(order.state) && !order.done ? 'unsettled' : 'recovered'
}

/** Every comparison finds it again. */
function tellForeign({ host, told }: Pick<RecoverParts, 'host' | 'told'>, { ref, state, filledQuantity, terms }: OrderReport, botId: string): void {
  // Nothing came of it: nothing is missing.
  if (isFinal(state) && !isPositive(filledQuantity)) return
  const stands = `${state}, ${decimalText(filledQuantity)} filled`
  if (told.get(ref.clientOrderId) === stands) return
  told.set(ref.clientOrderId, stands)
  const what = `${ref.instrument} ${terms?.side ?? 'order'} ${ref.clientOrderId} of bot ${botId} (${stands})`
  const detail = `${what}: the journal lost it, and by our books it cannot be: look at the venue`
  host.account({ kind: 'alarm', code: 'ORDER_NOT_RECOVERED', detail, botId })
}
