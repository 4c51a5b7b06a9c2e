import type { Decimal } from 'decimal.js'
import { decimalText, equal, greater, isZero, less, toFloat } from '../../model/money.ts'
import type { OrderReport, OrderState } from '../../model/order.ts'

/** States that say nothing of an order yet, or nothing that can be relied on: they may come at any time before the end and are left out of a sequence. */
const silent: ReadonlySet<OrderState> = new Set<OrderState>(['intent', 'sent', 'unknown'])
const finals: ReadonlySet<OrderState> = new Set<OrderState>(['filled', 'cancelled', 'expired', 'rejected'])

export const isFinal = (state: OrderState): boolean => finals.has(state)

/** The states of the reports of one order, repetitions counted once. */
export function sequenceOf(reports: readonly OrderReport[]): readonly OrderState[] {
  const told = reports.map(({ state }) => state).filter((state) => !silent.has(state))
  return told.filter((state, i) => state !== told[i - 1])
}

/** Whether a sequence is what a pattern such as `open? partiallyFilled? filled` says. */
export function fitsPattern(sequence: readonly OrderState[], pattern: string): boolean {
  const words = pattern.split(' ').filter((word) => word !== '')
  const expression = words.map((word) => (word.endsWith('?') ? `(?:${word.slice(0, -1)} )?` : `(?:${word} )`)).join('')
  return new RegExp(`^${expression}$`).test(sequence.map((state) => `${state} `).join(''))
}

/** A number that is not below zero. */
const isAmount = (amount: Decimal): boolean => /^\d/.test(decimalText(amount))

/** What one report says that cannot be; undefined when it is sound. */
export function unsoundReport({ state, filledQuantity, averagePrice, feesTotal }: OrderReport): string | undefined {
  const filled = decimalText(filledQuantity)
  if (!isAmount(filledQuantity)) return `a report with a filled quantity of ${filled}`
  const untouched = isZero(filledQuantity)
  if ((state === 'filled' || state === 'partiallyFilled') && untouched) return `a report that is ${state} with nothing filled`
  if (state === 'open' && !untouched) return `a report that is open with ${filled} filled: that is partiallyFilled`
  if (state === 'rejected' && !untouched) return `a report that is rejected with ${filled} filled`
  if (!untouched && averagePrice === undefined) return `a report with ${filled} filled and no average price`
  if (averagePrice && !(isAmount(averagePrice) && !isZero(averagePrice))) return `a report with an average price of ${decimalText(averagePrice)}`
  return feesTotal && !Number.isFinite(toFloat(feesTotal)) ? `a report with fees of ${decimalText(feesTotal)}` : undefined
}

/** What is wrong with the reports of one order as a sequence: amounts are cumulative, nothing goes back, nothing changes after the end. */
export function unsoundSequence(reports: readonly OrderReport[]): string | undefined {
  for (const [i, report] of reports.entries()) {
    const alone = unsoundReport(report)
    if (alone !== undefined) return alone
    const before = reports[i - 1]
    const problem = before && unsoundStep(before, report)
    if (problem !== undefined) return problem
  }
  return undefined
}

function unsoundStep(before: OrderReport, after: OrderReport): string | undefined {
  const step = `${textOf(before)} and then ${textOf(after)}`
  if (less(after.filledQuantity, before.filledQuantity)) return `${step}: amounts are cumulative, they never get less`
  if (isFinal(before.state) && after.state !== before.state) return `${step}: an order that has ended changes no more`
  if (isFinal(before.state) && greater(after.filledQuantity, before.filledQuantity)) return `${step}: an order that has ended fills no more`
  if (before.state === 'partiallyFilled' && after.state === 'open') return `${step}: a report that is older than one already told is left out`
  if (before.feesTotal && after.feesTotal && less(after.feesTotal, before.feesTotal)) return `${step}: fees are cumulative, they never get less`
  const same = equal(before.filledQuantity, after.filledQuantity)
  if (same && before.averagePrice && after.averagePrice && !equal(before.averagePrice, after.averagePrice))
    return `${step}: the average price changed though nothing was filled between`
  return undefined
}

export const textOf = ({ state, filledQuantity, averagePrice }: OrderReport): string =>
  `${state} ${decimalText(filledQuantity)}${averagePrice === undefined ? '' : ` @ ${decimalText(averagePrice)}`}`
