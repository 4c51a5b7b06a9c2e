import type { Decimal } from 'decimal.js'
import type { Effect, KernelEvent, OrderEvent } from '../../contracts/events.ts'
import type { OrderSide } from '../../engine/event-loop.ts'
import type { TradingKernel } from '../../engine/kernel.ts'
import type { VenueFill } from '../../model/fill.ts'
import { currenciesOf } from '../../model/instrument.ts'
import type { Json } from '../../model/json.ts'
import { ZERO, add, decimalText, divide, feeOf, greater, isNegative, isPositive, isZero, negate, subtract, valueOf } from '../../model/money.ts'
import type { OrderReport, OrderRequest } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import type { SimulatedVenueMachine } from '../../simulation/simulated-venue/simulated-venue.ts'
import { holds } from './causes.ts'
import type { Step } from './causes.ts'

/** How an order of the recorded run went. */
export interface ActualOrder {
  readonly sentAtMs: EpochMs
  /** What its venue said of it, in order. */
  readonly answers: readonly OrderEvent[]
  readonly quantity: Decimal
  /** In quote, before fees. */
  readonly value: Decimal
  readonly fees: Decimal
}

export interface SubstitutedSideOptions {
  readonly step: Step
  /** Fills as the backtest would. */
  readonly machine: SimulatedVenueMachine
  /** By what they were decided on. */
  readonly actual: ReadonlyMap<string, ActualOrder>
  readonly keyOf: (clientOrderId: string) => string | undefined
  readonly kernel: () => TradingKernel
  /** Answers come as inputs of their own, not with the order. */
  readonly answersApart: boolean
}

/**
 * Where the orders of a run go that is made again: the venue of the backtest, with prices, then quantities, then fees of the recorded run's order in place of its own, for every
 * order that was decided on the same event. The venue's purse follows, so that it goes on with the money the run has.
 */
export class SubstitutedSide implements OrderSide {
  private readonly options: SubstitutedSideOptions
  /** Orders that go as the recorded ones did: our id by key. */
  private readonly taken = new Map<string, string>()
  private readonly takenIds = new Set<string>()
  /** Answers that came before the order they are for. */
  private readonly early = new Map<string, OrderEvent[]>()

  constructor(options: SubstitutedSideOptions) {
    this.options = options
  }

  apply(event: KernelEvent | Effect, nowMs: EpochMs): readonly OrderEvent[] {
    const { machine, step } = this.options
    if (event.type === 'cancel' && this.takenIds.has(event.order.clientOrderId)) return []
    if (event.type === 'submit' && holds(step, 'quantity')) {
      const key = this.options.keyOf(event.request.clientOrderId)
      const order = key === undefined ? undefined : this.options.actual.get(key)
      if (order !== undefined && this.possible(event.request, order)) return this.take(event.request, key!, order, nowMs)
    }
    const answers = machine.apply(event, nowMs)
    if (answers.length === 0 || !holds(step, 'fillPrice')) return answers
    return answers.flatMap((answer) => this.repriced(answer, nowMs))
  }

  snapshot(): Json {
    return this.options.machine.snapshot()
  }

  restore(state: Json): void {
    this.options.machine.restore(state)
  }

  /** An answer of the recorded run as one for this run; undefined when it is for none of its orders. */
  answerFor(key: string | undefined, answer: OrderEvent): OrderEvent | undefined {
    if (key === undefined) return undefined
    const clientOrderId = this.taken.get(key)
    if (clientOrderId !== undefined) return this.renamed(answer, clientOrderId, 0)
    this.early.set(key, [...(this.early.get(key) ?? []), answer])
    return undefined
  }

  /** A run that went another way may hold too little of what the recorded one sold, or paid with: then the order stays its own. */
  private possible({ botId, clientOrderId, side, instrument }: OrderRequest, { quantity, value, fees }: ActualOrder): boolean {
    const { ledger } = this.options.kernel().state.durable
    if (side === 'sell') return !greater(quantity, ledger.position(botId).quantity)
    const { quote } = currenciesOf(instrument)
    return !greater(add(value, fees), add(ledger.available(quote), ledger.reservedBy(clientOrderId)))
  }

  private take({ clientOrderId, side, instrument }: OrderRequest, key: string, { answers, sentAtMs }: ActualOrder, nowMs: EpochMs): readonly OrderEvent[] {
    this.taken.set(key, clientOrderId)
    this.takenIds.add(clientOrderId)
    const all = answers.map((answer) => this.renamed(answer, clientOrderId, nowMs - sentAtMs))
    const { base, quote } = currenciesOf(instrument)
    let [bought, received] = [ZERO, ZERO]
    for (const answer of all) {
      if (answer.type !== 'fill') continue
      const { quantity, price, fee } = answer.fill
      const value = answer.fill.value ?? valueOf(quantity, price)
      bought = add(bought, side === 'buy' ? quantity : negate(quantity))
      received = add(received, subtract(side === 'buy' ? negate(value) : value, fee.currency === quote ? fee.amount : ZERO))
    }
    const others = [...this.pay(base, bought, nowMs), ...this.pay(quote, received, nowMs)]
    if (!this.options.answersApart) return [...others, ...all]
    const early = (this.early.get(key) ?? []).map((answer) => this.renamed(answer, clientOrderId, 0))
    return [...others, ...early]
  }

  /** Moves money or coins of the venue's purse. */
  private pay(currency: string, amount: Decimal, nowMs: EpochMs): readonly OrderEvent[] {
    if (isZero(amount)) return []
    const kind = isNegative(amount) ? 'withdraw' : 'deposit'
    const command = { kind, currency, amount: decimalText(amount.abs()), reason: 'as the recorded run' } as const
    return this.options.machine.apply({ type: 'command', command }, nowMs)
  }

  /** An answer of the venue with the price that the recorded order got, and the fee for that at the venue's rate. */
  private repriced(answer: OrderEvent, nowMs: EpochMs): readonly OrderEvent[] {
    const key = this.options.keyOf(answer.type === 'fill' ? answer.fill.clientOrderId! : answer.report.ref.clientOrderId)
    const order = key === undefined ? undefined : this.options.actual.get(key)
    if (order === undefined || !isPositive(order.quantity)) return [answer]
    if (answer.type === 'report') return [{ type: 'report', report: withoutPrice(answer.report) }]
    const { fill } = answer
    const price = divide(order.value, order.quantity)
    const { value: _value, ...rest } = fill
    const own = { ...rest, price, fee: this.feeAtModel(fill, valueOf(fill.quantity, price)) }
    const change = subtract(valueOf(fill.quantity, price), fill.value ?? valueOf(fill.quantity, fill.price))
    const moreFee = subtract(own.fee.amount, fill.fee.amount)
    const { quote } = currenciesOf(fill.instrument)
    return [{ type: 'fill', fill: own }, ...this.pay(quote, subtract(fill.side === 'buy' ? negate(change) : change, moreFee), nowMs)]
  }

  private feeAtModel({ liquidity, instrument }: VenueFill, value: Decimal): VenueFill['fee'] {
    const { makerRate, takerRate } = this.options.machine.feeRates()
    return { amount: feeOf(value, liquidity === 'maker' ? makerRate : takerRate), currency: currenciesOf(instrument).quote }
  }

  private renamed(answer: OrderEvent, clientOrderId: string, laterMs: number): OrderEvent {
    if (answer.type === 'report') {
      const { report } = answer
      return { type: 'report', report: { ...report, ref: { ...report.ref, clientOrderId }, atMs: (report.atMs + laterMs) as EpochMs } }
    }
    const { fill } = answer
    const fee = holds(this.options.step, 'fee') ? fill.fee : this.feeAtModel(fill, fill.value ?? valueOf(fill.quantity, fill.price))
    // The venue of this run numbers its own fills; a name that both have would be one fill.
    return { type: 'fill', fill: { ...fill, fillId: `recorded ${fill.fillId}`, clientOrderId, fee, atMs: (fill.atMs + laterMs) as EpochMs } }
  }
}

function withoutPrice({ averagePrice: _averagePrice, feesTotal: _feesTotal, ...report }: OrderReport): OrderReport {
  return report
}
