import type { FillRecord } from '../../contracts/engine.ts'
import type { Effect, KernelEvent, OrderEvent } from '../../contracts/events.ts'
import type { OrderSide } from '../../engine/event-loop.ts'
import type { VenueFill } from '../../model/fill.ts'
import type { Instrument } from '../../model/instrument.ts'
import { ZERO, add, averagePriceOf, decimalText, isPositive, money, multiply } from '../../model/money.ts'
import type { OrderState, Side } from '../../model/order.ts'
import type { EpochMs } from '../../model/time.ts'
import { createSimulatedVenue } from '../../simulation/simulated-venue/simulated-venue.ts'
import { parseCash, parseFillModel } from '../../simulation/simulated-venue/venue-options.ts'
import type { SimulatedVenueMachine } from '../../simulation/simulated-venue/simulated-venue.ts'
import type { PaperOptions } from '../../simulation/paper.ts'

/** What one side made of an order. Amounts as decimal text. */
export interface ShadowSide {
  readonly quantity: string
  /** Mean price; undefined before the first fill. */
  readonly price: string | undefined
  readonly fees: string
  readonly firstFillAtMs: EpochMs | undefined
}

/** An order as it went at the venue that counts, and as it went in the shadow. */
export interface ShadowedOrder {
  readonly clientOrderId: string
  readonly instrument: string
  readonly side: Side
  readonly sentAtMs: EpochMs
  readonly venue: ShadowSide
  readonly shadow: ShadowSide & { readonly state: OrderState; readonly reason: string | undefined }
  /** How much worse the venue's price was than the shadow's, in basis points: positive = the simulation was too kind. Undefined until both have filled. */
  readonly worseBps: number | undefined
}

/** A simulated venue that runs beside the one that counts: the same market, the same orders, and nothing of it reaches the bots. */
export interface ShadowVenue {
  /** Orders that were sent since the start, oldest first: the last 1,000. */
  orders(): readonly ShadowedOrder[]
  /** Used by the engine. */
  beside(side: OrderSide, instruments: readonly Instrument[]): OrderSide
  /** Used by the engine: what the venue that counts has filled. */
  filled(fill: FillRecord): void
}

/** Orders that are remembered. */
const KEPT = 1_000

interface Sums {
  quantity: ReturnType<typeof money>
  value: ReturnType<typeof money>
  fees: ReturnType<typeof money>
  firstFillAtMs: EpochMs | undefined
}

interface Watched {
  readonly clientOrderId: string
  readonly instrument: string
  readonly side: Side
  readonly sentAtMs: EpochMs
  readonly venue: Sums
  readonly shadow: Sums
  state: OrderState
  reason: string | undefined
}

const nothing = (): Sums => ({ quantity: ZERO, value: ZERO, fees: ZERO, firstFillAtMs: undefined })

/**
 * Makes a shadow for an engine: `createEngine({ shadow })`. Its fees, latency, slippage and volume share are those of the simulation that is to be held against reality;
 * its cash is its own, so that a fill that differs shows in later orders as well.
 *
 * @throws ConfigError with every problem of the options
 * @example
 * ```ts
 * const shadow = shadowVenue({ cash: { USD: '1000' }, slippageBps: 2 })
 * const engine = createEngine({
 *   market: simulatedMarket({ seed: 3, until: '2h', speed: 'max', instruments: ['SOL-USD'] }),
 *   exchange: paper({ cash: { USD: '1000' }, slippageBps: 12 }),
 *   bots: [bot({ id: 'sol', instrument: 'SOL-USD', timeframe: '1m', strategy: weightedSignals(), actionThreshold: 0.1, confirm: '1m' })],
 *   environment: 'backtest',
 *   shadow,
 * })
 * await engine.start()
 * await engine.finished
 * Math.round(shadow.orders()[0]?.worseBps ?? 0) // => 10
 * ```
 */
export function shadowVenue(options: PaperOptions): ShadowVenue {
  // What is wrong is said now, not when the engine starts.
  parseFillModel(options, 'shadow')
  parseCash(options.cash, 'shadow.cash')
  return new Shadow(options)
}

class Shadow implements ShadowVenue {
  private readonly options: PaperOptions
  private readonly watched = new Map<string, Watched>()

  constructor(options: PaperOptions) {
    this.options = options
  }

  orders(): readonly ShadowedOrder[] {
    return [...this.watched.values()].map(shadowedOrder)
  }

  beside(side: OrderSide, instruments: readonly Instrument[]): OrderSide {
    const machine = createSimulatedVenue({ ...this.options, instruments })
    return {
      apply: (event, nowMs) => {
        const answers = side.apply(event, nowMs)
        this.see(machine, event, nowMs)
        return answers
      },
      snapshot: () => side.snapshot(),
      restore: (state) => side.restore(state),
    }
  }

  filled(fill: FillRecord): void {
    const order = this.watched.get(fill.clientOrderId)
    if (order !== undefined) sum(order.venue, money(fill.quantity), money(fill.price), money(fill.feeAmount), fill.atMs)
  }

  private see(machine: SimulatedVenueMachine, event: KernelEvent | Effect, nowMs: EpochMs): void {
    if (event.type === 'submit') {
      const { clientOrderId, instrument, side } = event.request
      this.watched.set(clientOrderId, {
        clientOrderId,
        instrument,
        side,
        sentAtMs: nowMs,
        venue: nothing(),
        shadow: nothing(),
        state: 'sent',
        reason: undefined,
      })
      for (const oldest of this.watched.keys()) {
        if (this.watched.size <= KEPT) break
        this.watched.delete(oldest)
      }
    }
    for (const answer of machine.apply(event, nowMs)) this.answer(answer)
  }

  private answer(answer: OrderEvent): void {
    if (answer.type === 'fill') return this.shadowFill(answer.fill)
    const order = this.watched.get(answer.report.ref.clientOrderId)
    if (order === undefined) return
    order.state = answer.report.state
    order.reason = answer.report.reason
  }

  private shadowFill({ clientOrderId, quantity, price, fee, atMs }: VenueFill): void {
    const order = clientOrderId === undefined ? undefined : this.watched.get(clientOrderId)
    if (order !== undefined) sum(order.shadow, quantity, price, fee.amount, atMs)
  }
}

function sum(sums: Sums, quantity: Sums['quantity'], price: Sums['quantity'], fee: Sums['quantity'], atMs: EpochMs): void {
  sums.quantity = add(sums.quantity, quantity)
  sums.value = add(sums.value, multiply(quantity, price))
  sums.fees = add(sums.fees, fee)
  sums.firstFillAtMs ??= atMs
}

function shadowedOrder({ venue, shadow, state, reason, ...order }: Watched): ShadowedOrder {
  const [own, other] = [sideOf(venue), sideOf(shadow)]
  const ratio = own.price === undefined || other.price === undefined ? undefined : Number(own.price) / Number(other.price)
  const worse = ratio === undefined ? undefined : 10_000 * (order.side === 'buy' ? ratio - 1 : 1 - ratio)
  return { ...order, venue: own, shadow: { ...other, state, reason }, worseBps: worse }
}

const sideOf = ({ quantity, value, fees, firstFillAtMs }: Sums): ShadowSide => ({
  quantity: decimalText(quantity),
  price: isPositive(quantity) ? decimalText(averagePriceOf(value, quantity)) : undefined,
  fees: decimalText(fees),
  firstFillAtMs,
})
