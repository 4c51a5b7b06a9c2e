import { type CaseDefinition, type ExchangeContractRow } from './case.ts'
import { CaseSkipped } from './must.ts'
import { accountCases } from './cases/account.ts'
import { cancellingCases } from './cases/cancelling.ts'
import { closingCases } from './cases/closing.ts'
import { eventCases } from './cases/events.ts'
import { fillCases } from './cases/fills.ts'
import { limitOrderCases } from './cases/limit-orders.ts'
import { lookupCases } from './cases/lookups.ts'
import { marketOrderCases } from './cases/market-orders.ts'
import { productStateCases } from './cases/product-states.ts'
import { refusalCases } from './cases/refusals.ts'
import { sendingCases } from './cases/sending.ts'
import { stopOrderCases } from './cases/stop-orders.ts'
import { timeInForceCases } from './cases/times-in-force.ts'
import { unknownCancelCases } from './cases/unknown-cancels.ts'
import { unknownOutcomeCases } from './cases/unknown-outcomes.ts'
import type { ExchangeHarness, ExchangeSubject } from './harness.ts'
import { lawsHold } from './laws.ts'
import { openTrial } from './trial.ts'

/** One promise of the contract of an exchange; `run` rejects with what was expected and what was received, or says why it was skipped. */
export interface ExchangeContractCase extends ExchangeContractRow {
  run(): Promise<void | { readonly skipped: string }>
}

const definitions: readonly CaseDefinition[] = [
  ...accountCases,
  ...marketOrderCases,
  ...limitOrderCases,
  ...timeInForceCases,
  ...stopOrderCases,
  ...refusalCases,
  ...productStateCases,
  ...sendingCases,
  ...cancellingCases,
  ...lookupCases,
  ...fillCases,
  ...eventCases,
  ...unknownOutcomeCases,
  ...unknownCancelCases,
  ...closingCases,
]

/** Every case of the contract of an exchange, as data: id, name, prerequisite, action, expectation, events, controls needed. */
export const exchangeContractRows: readonly ExchangeContractRow[] = definitions.map(({ check: _, ...row }) => row)

/**
 * Returns the promises that every exchange keeps, for any test runner. The harness is what the author of an exchange writes: how to make one with a venue
 * behind it, and what can be done to that venue. A case that needs more than the harness or the exchange can do is skipped with the reason, never
 * silently. After each case the laws of the contract are checked: events never fail, reports are cumulative and never go back, every fill is listed once.
 *
 * @throws RangeError when the harness skips a case that there is not, or gives no reason
 * @example
 * ```ts
 * const btc = coinbaseInstrument('BTC-USD')!
 * const harness: ExchangeHarness = {
 *   make: async () => {
 *     const exchange = paper({ cash: { USD: '1000' } })
 *     exchange.venue([btc])
 *     return { exchange, instrument: btc.id, price: money('100000'), nowMs: () => parseTime('2026-01-01'), settle: async () => undefined, close: () => exchange.close() }
 *   },
 * }
 * const cases = exchangeContract(harness)
 * cases.length > 60 // => true
 * await cases.find(({ id }) => id === 'E02')!.run() // => undefined
 * await cases.find(({ id }) => id === 'E16')!.run() // => { skipped: 'the harness has no control setPrice' }
 * ```
 */
export function exchangeContract(harness: ExchangeHarness): readonly ExchangeContractCase[] {
  const skipped = new Map<string, string>()
  for (const { case: id, reason } of harness.skip ?? []) {
    if (!definitions.some((each) => each.id === id)) throw new RangeError(`expected a case such as E01 to skip, received ${JSON.stringify(id)}`)
    if (reason.trim() === '') throw new RangeError(`${id}: expected a reason for skipping it, received none`)
    skipped.set(id, reason)
  }
  return definitions.map(({ check, ...row }) => ({ ...row, run: () => runCase(harness, { ...row, check }, skipped.get(row.id)) }))
}

async function runCase(harness: ExchangeHarness, definition: CaseDefinition, skipped: string | undefined): Promise<void | { readonly skipped: string }> {
  if (skipped !== undefined) return { skipped }
  const subject = await harness.make()
  try {
    return await carryOut(subject, definition)
  } catch (error) {
    if (error instanceof CaseSkipped) return { skipped: error.message }
    throw error
  } finally {
    await subject.close()
  }
}

const orderTypeWords: Readonly<Record<string, string>> = { limit: 'limit orders', stopLimit: 'stop-limit orders' }

/** What the case says that it needs of order types, and the exchange says that it does not take. */
function missingType({ prerequisite }: CaseDefinition, { exchange }: ExchangeSubject): string | undefined {
  const [, type] = /\border type (\w+)/.exec(prerequisite) ?? []
  return type === undefined || exchange.capabilities.orderTypes.some((each) => each === type)
    ? undefined
    : `the exchange takes no ${orderTypeWords[type] ?? type}`
}

async function carryOut(subject: ExchangeSubject, definition: CaseDefinition): Promise<void | { readonly skipped: string }> {
  const { check, events, needs } = definition
  const noType = missingType(definition, subject)
  if (noType !== undefined) return { skipped: noType }
  const controls = subject.controls ?? {}
  const missing = needs.filter((name) => controls[name] === undefined)
  if (missing.length > 0) return { skipped: `the harness has no control ${missing.join(', ')}` }
  const trial = await openTrial(subject)
  try {
    await check(trial, controls)
    await lawsHold(trial, events)
  } finally {
    trial.seen.stop()
  }
}
