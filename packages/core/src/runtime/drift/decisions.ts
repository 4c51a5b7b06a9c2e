import type { Decimal } from 'decimal.js'
import { ZERO, add, averagePriceOf, decimalText, equal, isPositive, isZero, negate, subtract, valueOf } from '../../model/money.ts'
import { driftCauses } from './causes.ts'
import type { DriftCause } from './causes.ts'
import type { DriftDecision, DriftTrade } from './drift-report.ts'
import type { RunOutcome } from './made-run.ts'
import type { OrderOutcome } from './run-watch.ts'

/** Decisions of all runs, and what of each line is none of theirs. */
export interface ComparedDecisions {
  readonly decisions: readonly DriftDecision[]
  readonly same: number
  readonly changed: Readonly<Record<DriftCause, number>>
  /** Sum over all decisions, by cause. */
  readonly amounts: Readonly<Record<DriftCause, Decimal>>
}

/**
 * Follows every decision through the runs. Its part in a P&L is what it would be worth at the last price of the recorded run: quantity times the difference between that and its own
 * price, less its fees. So the parts of a purchase and a sale of the same coins add up to their profit.
 *
 * @param runs - of the steps 0 to 7
 */
export function compareDecisions(runs: readonly RunOutcome[]): ComparedDecisions {
  const last = runs.at(-1)!
  const keys = new Set(runs.flatMap((run) => [...run.decisions.keys()]))
  const changed = Object.fromEntries(driftCauses.map((cause) => [cause, 0])) as Record<DriftCause, number>
  const sums = Object.fromEntries(driftCauses.map((cause) => [cause, ZERO])) as Record<DriftCause, Decimal>
  const decisions: DriftDecision[] = []
  let same = 0
  for (const key of keys) {
    const outcomes = runs.map((run) => run.decisions.get(key))
    const amounts: Partial<Record<DriftCause, string>> = {}
    let first: DriftCause | undefined
    let total = ZERO
    // What neither the backtest nor the run decided was made by a run in between.
    const listed = outcomes[0] !== undefined || outcomes.at(-1) !== undefined
    driftCauses.forEach((cause, step) => {
      const [without, withIt] = [outcomes[step], outcomes[step + 1]]
      if (alike(without, withIt)) return
      first ??= cause
      if (!listed) return
      changed[cause]++
      const amount = subtract(partOf(withIt, last), partOf(without, last))
      if (isZero(amount)) return
      amounts[cause] = decimalText(amount)
      sums[cause] = add(sums[cause], amount)
      total = add(total, amount)
    })
    if (first === undefined) same++
    if (first === undefined || !listed) continue
    const { botId, instrument, side, source, atMs } = (outcomes.at(-1) ?? outcomes[0])!
    const ends = { backtest: tradeOf(outcomes[0]), actual: tradeOf(outcomes.at(-1)) }
    decisions.push({ botId, instrument, side, source, atMs, ...ends, first, amounts, total: decimalText(total) })
  }
  decisions.sort(byTime)
  return { decisions, same, changed, amounts: sums }
}

function alike(a: OrderOutcome | undefined, b: OrderOutcome | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return equal(a.quantity, b.quantity) && equal(a.value, b.value) && equal(a.fees, b.fees)
}

function partOf(outcome: OrderOutcome | undefined, { prices }: RunOutcome): Decimal {
  if (outcome === undefined || isZero(outcome.quantity)) return ZERO
  const { side, quantity, value, fees, instrument } = outcome
  const worth = subtract(valueOf(quantity, prices.get(instrument) ?? ZERO), value)
  return subtract(side === 'buy' ? worth : negate(worth), fees)
}

function tradeOf(outcome: OrderOutcome | undefined): DriftTrade | undefined {
  if (outcome === undefined) return undefined
  const { atMs, quantity, value, fees } = outcome
  return {
    atMs,
    quantity: decimalText(quantity),
    price: isPositive(quantity) ? decimalText(averagePriceOf(value, quantity)) : undefined,
    fees: decimalText(fees),
  }
}

const byTime = (a: DriftDecision, b: DriftDecision): number => a.atMs - b.atMs || (a.botId < b.botId ? -1 : a.botId > b.botId ? 1 : 0)

/** Puts in the orders that no run decided again: nothing says why, so they have no cause and no amount. */
export const undecided = (orders: readonly OrderOutcome[], decisions: readonly DriftDecision[]): readonly DriftDecision[] =>
  [
    ...decisions,
    ...orders.map((order): DriftDecision => {
      const { botId, instrument, side, source, atMs } = order
      return { botId, instrument, side, source, atMs, backtest: undefined, actual: tradeOf(order), first: undefined, amounts: {}, total: '0' }
    }),
  ].sort(byTime)
