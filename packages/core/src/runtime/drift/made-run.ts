import type { Decimal } from 'decimal.js'
import { warmUpFrom } from '../../backtest/warm-up-from.ts'
import type { JournalEntry } from '../../contracts/journal.ts'
import { EventLoop } from '../../engine/event-loop.ts'
import type { TradingKernel } from '../../engine/kernel.ts'
import { portfolioTotals } from '../../engine/portfolio-totals.ts'
import { venueState } from '../../engine/venue-state.ts'
import { add, fromEstimate, isPositive, money, subtract, valueOf } from '../../model/money.ts'
import { createSimulatedVenue } from '../../simulation/simulated-venue/simulated-venue.ts'
import type { PaperOptions } from '../../simulation/paper.ts'
import { applyInput, instrumentsOf, refusing, replayKernel } from '../recording/replay-loop.ts'
import type { ReplayOptions } from '../recording/replay-loop.ts'
import type { RecordingHeader } from '../recording/record-run.ts'
import { holds } from './causes.ts'
import type { Step } from './causes.ts'
import { RunWatch } from './run-watch.ts'
import type { OrderOutcome } from './run-watch.ts'
import { firstPrices } from './recorded-run.ts'
import { scriptOf } from './script.ts'
import type { Entry, Sources } from './script.ts'
import { SubstitutedSide } from './substituted-side.ts'
import type { ActualOrder } from './substituted-side.ts'

/** What came of one run. */
export interface RunOutcome {
  /** What the account gained, in quote, at the last prices that the run saw. */
  readonly pnl: Decimal
  readonly decisions: ReadonlyMap<string, OrderOutcome>
  readonly fills: number
  /** Last prices by instrument. */
  readonly prices: ReadonlyMap<string, Decimal>
}

/** What all runs have in common. */
export interface Setup extends Sources {
  readonly replay: Pick<ReplayOptions, 'bots' | 'plugins' | 'safety'>
  /** Money and venue of the backtest. */
  readonly model: PaperOptions
  readonly actual: ReadonlyMap<string, ActualOrder>
  /** Keys of the recorded run's orders by their ids. */
  readonly actualKeys: ReadonlyMap<string, string>
  /** Answers of the recorded run's venue are inputs of their own: it was a real one. */
  readonly answersApart: boolean
  /** Of a run that only its journal tells of: its entries up to the start. Its exits are known by what they sold. */
  readonly before?: readonly JournalEntry[]
}

/** What an account gained so far: what it is worth less what was paid in. Coins without a price are worth nothing. */
function gainOf(kernel: TradingKernel): Decimal {
  const { state } = kernel
  const equity = money(portfolioTotals(kernel).equity)
  return subtract(equity, state.durable.ledger.paidIn(state.settings.quoteCurrency))
}

/**
 * Remembers what an account has gained now; told at the end of a run, when a coin that has no price yet has had its first one. A coin that never gets one is worth nothing at both
 * ends.
 */
export function gainFrom(kernel: TradingKernel): (first: ReadonlyMap<string, Decimal>) => { readonly start: Decimal; readonly pnl: Decimal } {
  const { bots, durable } = kernel.state
  const known = gainOf(kernel)
  const unpriced = bots
    .filter(({ market }) => !(market.market.price > 0))
    .map(({ config, market }) => ({ market, quantity: durable.ledger.position(config.id).quantity }))
  return (first) => {
    let start = known
    for (const { market, quantity } of unpriced) {
      const price = first.get(market.instrument.id)
      if (market.market.price > 0 && price !== undefined) start = add(start, valueOf(quantity, price))
    }
    return { start, pnl: subtract(gainOf(kernel), start) }
  }
}

/** The last prices of the instruments that bots trade. */
export function pricesOf({ state }: TradingKernel): ReadonlyMap<string, Decimal> {
  const prices = new Map<string, Decimal>()
  for (const { instrument, market } of state.instruments.values()) if (market.price > 0) prices.set(instrument.id, fromEstimate(market.price))
  return prices
}

/** A run that was made, and what it took. */
export interface MadeRun extends RunOutcome {
  /** Candles that a start loads to warm each bot up, by its id. */
  readonly preload: ReadonlyMap<string, number>
}

/** Makes the run of a step: a cold start like a backtest's (in step 7 the state of the journal), and everything the step puts in its place. */
export function madeRun(step: Step, setup: Setup): MadeRun {
  const { recorded, before = [] } = setup
  const held = holds(step, 'state') ? stateBefore(recorded.header, setup.replay, before).held : []
  const watch = new RunWatch(held)
  const refuse = { next: false }
  const { loop, side } = started(step, setup, watch, refuse)
  const { kernel } = loop
  const gained = gainFrom(kernel)
  for (const entry of scriptOf(step, setup)) {
    watch.occasion = entry
    refuse.next = entry.refused
    put(loop, side, setup, entry)
  }
  loop.end()
  const preload = new Map(kernel.state.bots.map((bot) => [bot.config.id, bot.preloadCandles]))
  const { pnl } = gained(firstPrices(recorded))
  return { pnl, decisions: watch.decisions, fills: watch.fills, prices: pricesOf(kernel), preload }
}

/** What a journal says that was there at the start: money of the quote currency, and the bots that held something. */
export function stateBefore(
  header: RecordingHeader,
  replay: Setup['replay'],
  before: readonly JournalEntry[],
): { readonly cash: Decimal; readonly held: readonly string[] } {
  const kernel = replayKernel(header, replay, false)
  kernel.recover(before)
  const { durable, settings, bots } = kernel.state
  const { ledger } = durable
  return {
    cash: ledger.balance(settings.quoteCurrency),
    held: bots.flatMap(({ config: { id } }) => (isPositive(ledger.position(id).quantity) ? [id] : [])),
  }
}

function started(step: Step, setup: Setup, watch: RunWatch, refuse: { next: boolean }) {
  const {
    recorded: { header },
    replay,
    model,
    prepared,
    actual,
    answersApart,
    before,
  } = setup
  const kernel = replayKernel(header, replay, false)
  const machine = createSimulatedVenue({ ...model, instruments: instrumentsOf(header) })
  const keyOf = (id: string): string | undefined => (before === undefined ? watch.keyOf(id) : watch.decisionKeyOf(id))
  const side = new SubstitutedSide({ step, machine, actual, keyOf, kernel: () => kernel, answersApart })
  const loop = new EventLoop(kernel, side, { commit: refusing(refuse), order: watch.order, fill: watch.fill })
  loop.wall = header.wall && holds(step, 'timing')
  if (holds(step, 'state') && before !== undefined) kernel.recover(before)
  kernel.begin(prepared.startMs, loop)
  if (!holds(step, 'state'))
    for (const [currency, amount] of Object.entries(model.cash))
      kernel.record('adjustment', undefined, { kind: 'deposit', currency, amount: money(amount), reason: 'starting cash' })
  warmUpFrom(kernel, prepared)
  kernel.openDay()
  // A backtest has no silence, only gaps; a gate that was shut kept evaluations from taking place.
  if (!holds(step, 'evaluations')) kernel.state.nextStaleMs = Number.NaN
  kernel.refresh()
  kernel.state.gateOpen = !holds(step, 'evaluations') || (header.kernel.portfolio as { readonly gateOpen: boolean }).gateOpen
  loop.finishStep(prepared.startMs)
  machine.resume(venueState(kernel))
  return { loop, side }
}

/** An answer of a real venue goes to the order of this run that stands in the place of the one it was for. */
function put(loop: EventLoop, side: SubstitutedSide, { actualKeys, answersApart }: Setup, { input, nowMs }: Entry): void {
  if (input.kind !== 'outside' || input.event.type !== 'order') return applyInput(loop, input, nowMs)
  if (!answersApart) return
  const { event } = input.event
  const id = event.type === 'fill' ? event.fill.clientOrderId : event.report.ref.clientOrderId
  const answer = side.answerFor(id === undefined ? undefined : actualKeys.get(id), event)
  if (answer !== undefined) loop.outside({ type: 'order', event: answer }, nowMs)
}
