import type { Decimal } from 'decimal.js'
import type { OrderEvent } from '../../contracts/events.ts'
import type { Input } from '../../engine/input-tap.ts'
import type { OrderSide } from '../../engine/event-loop.ts'
import type { TradingKernel } from '../../engine/kernel.ts'
import { venueState } from '../../engine/venue-state.ts'
import { money, subtract } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'
import { createSimulatedVenue } from '../../simulation/simulated-venue/simulated-venue.ts'
import type { FillModelOptions } from '../../simulation/simulated-venue/venue-options.ts'
import { applyInput, instrumentsOf, openLoop } from '../recording/replay-loop.ts'
import type { ReplayOptions } from '../recording/replay-loop.ts'
import { stateOf } from '../recording/record-run.ts'
import { gainFrom, pricesOf } from './made-run.ts'
import type { RunOutcome } from './made-run.ts'
import { firstPrices } from './recorded-run.ts'
import type { RecordedRun } from './recorded-run.ts'
import { RunWatch } from './run-watch.ts'
import { occasionOf } from './script.ts'
import type { ActualOrder } from './substituted-side.ts'

/** The recorded run, run again. */
export interface ActualRun extends RunOutcome {
  /** What the recording says that was gained; that of the second run where it does not say so. */
  readonly recordedPnl: Decimal
  /** The first input after which the second run was another one, counted from 1; undefined when it never was. */
  readonly differsAfter: number | undefined
  /** Money of the quote currency at the start. */
  readonly startCash: Decimal
  readonly actual: ReadonlyMap<string, ActualOrder>
  /** Keys of the orders by their ids. */
  readonly keys: ReadonlyMap<string, string>
  /** Candles that a start loads to warm each bot up, by its id. */
  readonly preload: ReadonlyMap<string, number>
}

interface Sent {
  readonly sentAtMs: EpochMs
  readonly answers: OrderEvent[]
}

/** Runs a recording again from the state it began with, and notes what became of its orders; with a shadow, as it would have gone with that for an exchange. */
export function actualRun(recorded: RecordedRun, options: ReplayOptions, shadow: FillModelOptions | undefined): ActualRun {
  const { header, end } = recorded
  const watch = new RunWatch()
  const sent = new Map<string, Sent>()
  const { loop, refuse } = openLoop(header, options, {
    order: watch.order,
    fill: watch.fill,
    side: (own, kernel) => listening(shadow === undefined ? own : shadowSide(recorded, shadow, kernel), sent),
  })
  const { kernel } = loop
  const gained = gainFrom(kernel)
  const startCash = kernel.state.durable.ledger.balance(kernel.state.settings.quoteCurrency)
  let differsAfter: number | undefined
  recorded.inputs.forEach(({ input, nowMs, before, refused }, place) => {
    if (shadow === undefined && differsAfter === undefined && stateOf(loop) !== before) differsAfter = place
    if (shadow !== undefined && realOnly(input)) return
    watch.occasion = occasionOf(input, nowMs, place)
    refuse.next = refused
    if (input.kind === 'outside' && input.event.type === 'order') note(sent, kernel, input.event.event)
    applyInput(loop, input, nowMs)
  })
  const sameEnd = end === undefined || (end.hash === kernel.hash && end.journalHash === kernel.journalHash)
  if (shadow === undefined && !sameEnd) differsAfter ??= recorded.inputs.length
  const { pnl, start } = gained(firstPrices(recorded))
  const told = shadow !== undefined || end?.equity === undefined ? undefined : subtract(money(end.equity), money(end.paidIn!))
  const keys = new Map<string, string>()
  const actual = new Map<string, ActualOrder>()
  for (const [id, order] of sent) {
    const key = watch.keyOf(id)
    if (key === undefined) continue
    keys.set(id, key)
    const { quantity, value, fees } = watch.orders.get(key)!
    actual.set(key, { ...order, quantity, value, fees })
  }
  return {
    pnl,
    decisions: watch.decisions,
    fills: watch.fills,
    prices: pricesOf(kernel),
    recordedPnl: told === undefined ? pnl : subtract(told, start),
    differsAfter,
    startCash,
    actual,
    keys,
    preload: new Map(kernel.state.bots.map((bot) => [bot.config.id, bot.preloadCandles])),
  }
}

/** What only the real venue said, and asked for. */
const realOnly = (input: Input): boolean => input.kind === 'probe' || (input.kind === 'outside' && input.event.type === 'order')

/** Notes when orders leave, and what is said to that at once. */
function listening(side: OrderSide, sent: Map<string, Sent>): OrderSide {
  return {
    apply: (event, nowMs) => {
      if (event.type === 'submit') sent.set(event.request.clientOrderId, { sentAtMs: nowMs, answers: [] })
      const answers = side.apply(event, nowMs)
      for (const answer of answers) sent.get(idOf(answer) ?? '')?.answers.push(answer)
      return answers
    },
    snapshot: () => side.snapshot(),
    restore: (state) => side.restore(state),
  }
}

/** A simulated venue in the place of the recorded one, with the account as it was. */
function shadowSide({ header }: RecordedRun, shadow: FillModelOptions, kernel: TradingKernel): OrderSide {
  const machine = createSimulatedVenue({ ...shadow, cash: {}, instruments: instrumentsOf(header) })
  return {
    apply: (event, nowMs) => machine.apply(event, nowMs),
    snapshot: () => machine.snapshot(),
    restore: () => machine.resume(venueState(kernel)),
  }
}

const idOf = (answer: OrderEvent): string | undefined => (answer.type === 'fill' ? answer.fill.clientOrderId : answer.report.ref.clientOrderId)

function note(sent: Map<string, Sent>, { state }: TradingKernel, answer: OrderEvent): void {
  const id = idOf(answer)
  if (id !== undefined) sent.get(id)?.answers.push(answer)
  else if (answer.type === 'fill')
    for (const order of state.durable.orders.values()) if (order.venueOrderId === answer.fill.venueOrderId) sent.get(order.clientOrderId)?.answers.push(answer)
}
