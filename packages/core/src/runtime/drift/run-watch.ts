import type { Decimal } from 'decimal.js'
import type { Order } from '../../engine/order-machine.ts'
import type { FillResult } from '../../ledger/own-fill.ts'
import { ZERO, add } from '../../model/money.ts'
import type { Side } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'

/** What came of one decision to trade: the sums of its order's fills. */
export interface OrderOutcome {
  readonly botId: string
  readonly instrument: string
  readonly side: Side
  /** Rule, person or strategy that wanted it. */
  readonly source: string
  /** The end of the candle that was decided on, or when something else was. */
  readonly atMs: EpochMs
  readonly quantity: Decimal
  /** In quote, before fees. */
  readonly value: Decimal
  /** In quote. */
  readonly fees: Decimal
}

/** What is being handled. */
export interface Occasion {
  /** Names the event the same way in every run; undefined when time itself brought it. */
  readonly key: string | undefined
  readonly atMs: EpochMs
  readonly nowMs: EpochMs
}

type Sums = { -readonly [K in keyof OrderOutcome]: OrderOutcome[K] }

/** Notes the orders of a run by what they were decided on, so that those of two runs can be held side by side: ids say nothing about that. */
export class RunWatch {
  readonly orders = new Map<string, OrderOutcome>()
  /** The same outcomes; what a rule sold is the exit of the purchase before it, whenever that was. */
  readonly decisions = new Map<string, OrderOutcome>()
  occasion: Occasion = { key: undefined, atMs: 0 as EpochMs, nowMs: 0 as EpochMs }
  fills = 0
  private readonly keys = new Map<string, string>()
  private readonly sums = new Map<string, Sums>()
  private readonly decisionKeys = new Map<string, string>()
  private readonly entries = new Map<string, string>()

  /** @param held - bots that hold something from before the start */
  constructor(held: Iterable<string> = []) {
    for (const botId of held) this.entries.set(botId, `${botId} held`)
  }

  readonly order = (order: Order): void => {
    if (order.state !== 'intent') return
    const { key, atMs, nowMs } = this.occasion
    const here = key !== undefined && order.createdAtMs >= nowMs
    const name = free(this.orders, `${order.botId} ${order.side} ${here ? key : `at ${order.createdAtMs}`}`)
    const { botId, instrument, side, source } = order
    const sums = { botId, instrument, side, source, atMs: here ? atMs : order.createdAtMs, quantity: ZERO, value: ZERO, fees: ZERO }
    this.keys.set(order.clientOrderId, name)
    this.sums.set(order.clientOrderId, sums)
    this.orders.set(name, sums)
    if (side === 'buy') this.entries.set(botId, name)
    const entry = this.entries.get(botId)
    const decision = order.origin === 'exit' && entry !== undefined ? free(this.decisions, `exit of ${entry}`) : name
    this.decisionKeys.set(order.clientOrderId, decision)
    this.decisions.set(decision, sums)
  }

  readonly fill = ({ fill, value, feeValue }: FillResult): void => {
    this.fills++
    const sums = this.sums.get(fill.clientOrderId)
    if (sums === undefined) return
    sums.quantity = add(sums.quantity, fill.quantity)
    sums.value = add(sums.value, value)
    sums.fees = add(sums.fees, feeValue)
  }

  /** By what an order was decided on; undefined for one of before the start. */
  keyOf(clientOrderId: string): string | undefined {
    return this.keys.get(clientOrderId)
  }

  /** The same, but an exit is named after the purchase it sells. */
  decisionKeyOf(clientOrderId: string): string | undefined {
    return this.decisionKeys.get(clientOrderId)
  }
}

/** A name that is not taken yet: the second of its kind is numbered. */
export function free(taken: ReadonlyMap<string, unknown>, name: string): string {
  let numbered = name
  for (let n = 2; taken.has(numbered); n++) numbered = `${name} ${n}`
  return numbered
}
