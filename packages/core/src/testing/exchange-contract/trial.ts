import type { Decimal } from 'decimal.js'
import type { Exchange, SentBefore, SubmitResult } from '../../contracts/exchange.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { Instrument } from '../../model/instrument.ts'
import { ZERO, add, ceilTo, decimalText, divide, floorTo, maxOf, money, multiply, type MoneyInput } from '../../model/money.ts'
import type { OrderRef, OrderReport, OrderRequest, OrderState, Side, TimeInForce } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { must } from './must.ts'
import { isFinal, textOf, unsoundReport } from './event-sequence.ts'
import type { ExchangeSubject } from './harness.ts'
import { eventually, patientExchange } from './patience.ts'
import { record, type Recorder } from './recorder.ts'

/** An order as a case names it: a buy at market unless it says otherwise. */
export interface Sketch {
  readonly id?: string
  readonly instrument?: string
  readonly side?: Side
  readonly quote?: Decimal
  readonly base?: Decimal
  readonly limit?: Decimal
  readonly stop?: Decimal
  readonly postOnly?: boolean
  readonly expireAtMs?: number
  readonly timeInForce?: TimeInForce
}

/** One currency of the account. */
export interface Purse {
  readonly available: Decimal
  readonly held: Decimal
  readonly total: Decimal
}

/** One case under way: the exchange, and what nearly every check asks of it. */
export interface Trial {
  readonly subject: ExchangeSubject
  /** Waits for every answer by steps of the subject. */
  readonly exchange: Exchange
  readonly instrument: Instrument
  readonly price: Decimal
  readonly seen: Recorder
  /** Ids of the orders of the case, in the order in which they were named. */
  readonly ids: readonly string[]
  /** Where the fills stood at the start. */
  readonly cursor: string | undefined
  /** A base quantity worth `times` ten smallest orders, in whole increments. */
  quantity(times?: number): Decimal
  /** The price at the start times a factor, in whole increments. */
  priceTimes(factor: MoneyInput): Decimal
  /** An id that no other order of the case has. */
  orderId(number: number): string
  request(sketch: Sketch): OrderRequest
  /** When the order was named, which is before it left. */
  sentBefore(order: { readonly clientOrderId: string }): SentBefore
  submit(order: OrderRequest | Sketch, signal?: AbortSignal): Promise<SubmitResult>
  /** Sends a request once more and says so. */
  again(request: OrderRequest): Promise<SubmitResult>
  /** Submits an order that the exchange has to take. */
  accepted(order: OrderRequest | Sketch): Promise<OrderRef>
  /** Has at least so much of the base currency, bought with an order that is not one of the case. */
  stock(quantity: Decimal): Promise<void>
  purse(currency: string): Promise<Purse>
  /** What the exchange says of an order, which it has to know. */
  report(ref: OrderRef): Promise<OrderReport>
  /** Waits until an order is in one of these states, and never in a final one that is not among them. */
  reaches(ref: OrderRef, ...states: readonly OrderState[]): Promise<OrderReport>
  /** The fills after a cursor, the start of the case when none is given, each once, however many pages that takes. Older ones may be among them. */
  fills(after?: string): Promise<{ readonly items: readonly VenueFill[]; readonly next: string | undefined }>
  /** Waits until the fills of an order add up to what it says it has filled. */
  settled(ref: OrderRef): Promise<readonly VenueFill[]>
  until<T>(ask: () => Promise<T | undefined>, otherwise: () => string): Promise<T>
  steps(count: number): Promise<void>
}

const never = new AbortController().signal

/** Pages that one answer may come in. */
const MOST_PAGES = 100

export async function openTrial(subject: ExchangeSubject): Promise<Trial> {
  const exchange = patientExchange(subject, subject.exchange)
  const seen = record(exchange.events())
  if (subject.linked === true) {
    await eventually(
      subject,
      async () => (seen.links.some(({ type }) => type === 'ready') ? true : undefined),
      () => `events(): expected ready at the start, received ${seen.links.map(({ type }) => type).join(', ') || 'no word of the link'}`,
    )
  }
  const listed = await exchange.instruments()
  const instrument = listed.find(({ id }) => id === subject.instrument)
  must(instrument !== undefined, () => `expected ${subject.instrument} among the instruments, received ${listed.map(({ id }) => id).join(', ') || 'none'}`)
  return new OpenTrial(subject, exchange, instrument, seen, (await allFills(exchange, undefined)).next)
}

class OpenTrial implements Trial {
  readonly ids: string[] = []
  readonly price: Decimal
  private stocked = 0
  private readonly named = new Map<string, EpochMs>()
  readonly subject: ExchangeSubject
  readonly exchange: Exchange
  readonly instrument: Instrument
  readonly seen: Recorder
  readonly cursor: string | undefined

  constructor(subject: ExchangeSubject, exchange: Exchange, instrument: Instrument, seen: Recorder, cursor: string | undefined) {
    this.subject = subject
    this.exchange = exchange
    this.instrument = instrument
    this.seen = seen
    this.cursor = cursor
    this.price = subject.price
  }

  quantity(times = 1): Decimal {
    const { minBase, minQuote, baseIncrement } = this.instrument
    const least = maxOf(minBase, divide(minQuote, this.price))
    return ceilTo(multiply(least, money(10 * times)), baseIncrement)
  }

  orderId(number: number): string {
    return this.subject.orderId?.(number) ?? `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
  }

  priceTimes(factor: MoneyInput): Decimal {
    return floorTo(multiply(this.price, money(factor)), this.instrument.priceIncrement)
  }

  request(sketch: Sketch): OrderRequest {
    const clientOrderId = sketch.id ?? this.orderId(this.ids.length + 1)
    if (!this.ids.includes(clientOrderId)) this.ids.push(clientOrderId)
    this.named.set(clientOrderId, this.subject.nowMs())
    return requestOf({ instrument: this.instrument.id, ...sketch }, clientOrderId)
  }

  sentBefore({ clientOrderId }: { readonly clientOrderId: string }): SentBefore {
    return { firstSentAtMs: this.named.get(clientOrderId) ?? this.subject.nowMs() }
  }

  async submit(order: OrderRequest | Sketch, signal: AbortSignal = never): Promise<SubmitResult> {
    const request = 'clientOrderId' in order ? order : this.request(order)
    const result = await this.exchange.submit(request, signal)
    if (result.outcome === 'accepted') must(result.venueOrderId !== '', () => 'submit accepted an order without the id that the venue gave it')
    return result
  }

  again(request: OrderRequest): Promise<SubmitResult> {
    return this.exchange.submit(request, never, this.sentBefore(request))
  }

  async accepted(order: OrderRequest | Sketch): Promise<OrderRef> {
    const request = 'clientOrderId' in order ? order : this.request(order)
    const result = await this.submit(request)
    must(result.outcome === 'accepted', () => `${sketchText(request)}: expected it to be accepted, received ${JSON.stringify(result)}`)
    return { clientOrderId: request.clientOrderId, venueOrderId: result.venueOrderId, instrument: request.instrument }
  }

  async stock(quantity: Decimal): Promise<void> {
    const { base } = this.instrument
    const { available } = await this.purse(base)
    const short = maxOf(add(quantity, multiply(available, money(-1))), ZERO)
    if (decimalText(short) === '0') return
    const wanted = ceilTo(maxOf(short, this.quantity()), this.instrument.baseIncrement)
    const request = requestOf({ instrument: this.instrument.id, base: wanted }, this.orderId(900 + ++this.stocked))
    const ref = await this.accepted(request)
    await this.reaches(ref, 'filled')
    await this.settled(ref)
  }

  async purse(currency: string): Promise<Purse> {
    const found = (await this.exchange.balances()).find((balance) => balance.currency === currency)
    const { available, held } = found ?? { available: ZERO, held: ZERO }
    return { available, held, total: add(available, held) }
  }

  async report(ref: OrderRef): Promise<OrderReport> {
    return this.until(
      async () => {
        const found = await this.exchange.order(ref)
        must(found !== 'notFound', () => `order(): expected the order ${ref.clientOrderId}, which the venue has accepted, received notFound`)
        return found === 'unknown' ? undefined : sound(found)
      },
      () => `order(): expected a report of ${ref.clientOrderId}, received unknown time after time`,
    )
  }

  async reaches(ref: OrderRef, ...states: readonly OrderState[]): Promise<OrderReport> {
    let last = 'nothing'
    return this.until(
      async () => {
        const report = await this.report(ref)
        last = `${textOf(report)}${report.reason === undefined ? '' : ` (${report.reason})`}`
        if (states.includes(report.state)) return report
        must(!isFinal(report.state), () => `order(): expected ${states.join(' or ')}, received ${last}, from which nothing follows`)
        return undefined
      },
      () => `order(): expected ${states.join(' or ')} in the end, received ${last}`,
    )
  }

  async fills(after?: string): Promise<{ readonly items: readonly VenueFill[]; readonly next: string | undefined }> {
    return allFills(this.exchange, after ?? this.cursor)
  }

  async settled(ref: OrderRef): Promise<readonly VenueFill[]> {
    let received = 'none'
    return this.until(
      async () => {
        const { filledQuantity } = await this.report(ref)
        const own = (await this.fills()).items.filter(({ venueOrderId }) => venueOrderId === ref.venueOrderId)
        const sum = own.reduce((total, { quantity }) => add(total, quantity), ZERO)
        received = `${own.length} fills of ${decimalText(sum)} in all, where the order says ${decimalText(filledQuantity)}`
        return decimalText(sum) === decimalText(filledQuantity) ? own : undefined
      },
      () => `fills(): expected the fills of an order to add up to its filled quantity, received ${received}`,
    )
  }

  until<T>(ask: () => Promise<T | undefined>, otherwise: () => string): Promise<T> {
    return eventually(this.subject, ask, otherwise)
  }

  async steps(count: number): Promise<void> {
    for (let step = 0; step < count; step++) await this.subject.settle()
  }
}

function sound(report: OrderReport): OrderReport {
  const problem = unsoundReport(report)
  must(problem === undefined, () => `order(): expected a sound report, received ${problem}`)
  return report
}

async function allFills(exchange: Exchange, after: string | undefined): Promise<{ readonly items: readonly VenueFill[]; readonly next: string | undefined }> {
  const items: VenueFill[] = []
  const known = new Set<string>()
  let next = after
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await exchange.fills(next)
    const ids = answer.items.map(({ fillId }) => fillId)
    const twice = ids.find((id, i) => ids.indexOf(id) !== i)
    must(twice === undefined, () => `fills(): expected each fill once in an answer, received two of ${twice}`)
    // A page may begin with some of the last one: they are known by their ids.
    items.push(...answer.items.filter(({ fillId }) => !known.has(fillId)))
    for (const id of ids) known.add(id)
    const moved = answer.next !== next
    next = answer.next ?? next
    if (answer.complete) return { items, next }
    must(moved, () => `fills(): expected an incomplete answer to lead on, received the cursor ${String(next)} again`)
  }
  throw new Error(`fills(): expected a complete answer within ${MOST_PAGES} pages`)
}

function requestOf(sketch: Sketch & { readonly instrument: string }, clientOrderId: string): OrderRequest {
  const { instrument, side = 'buy', quote, base, limit, stop, postOnly, expireAtMs, timeInForce } = sketch
  return {
    clientOrderId,
    botId: 'contract',
    instrument,
    side,
    type: stop ? 'stopLimit' : limit ? 'limit' : 'market',
    size: quote ? { quote } : { base: base! },
    ...(limit && { limitPrice: limit }),
    ...(stop && { stopPrice: stop }),
    ...(postOnly === undefined ? {} : { postOnly }),
    ...(expireAtMs === undefined ? {} : { expireAtMs: expireAtMs as EpochMs }),
    ...(timeInForce && { timeInForce }),
  }
}

function sketchText({ side, type, size, limitPrice, instrument }: OrderRequest): string {
  const amount = 'quote' in size ? `for ${decimalText(size.quote)}` : decimalText(size.base)
  return `${type} ${side} of ${instrument}, ${amount}${limitPrice ? ` at ${decimalText(limitPrice)}` : ''}`
}
