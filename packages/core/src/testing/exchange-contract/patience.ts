import type { Exchange } from '../../contracts/exchange.ts'
import { NoAnswer } from './must.ts'
import type { ExchangeSubject } from './harness.ts'

/** Steps that one thing may take. */
const STEPS = 200
/** Turns of the microtask queue before time is asked to go on: enough for an answer that needs no venue. */
const TURNS = 20

type Outcome<T> = { readonly value: T } | { readonly error: unknown }

/** Waits for an answer and lets venue and exchange go on meanwhile. */
async function patiently<T>(subject: ExchangeSubject, what: string, answer: Promise<T>): Promise<T> {
  let outcome: Outcome<T> | undefined
  const heard = answer.then(
    (value) => {
      outcome = { value }
    },
    (error: unknown) => {
      outcome = { error }
    },
  )
  for (let step = 0; step < STEPS; step++) {
    for (let turn = 0; turn < TURNS && outcome === undefined; turn++) await Promise.resolve()
    if (outcome !== undefined) break
    await subject.settle()
  }
  if (outcome === undefined) throw new NoAnswer(`${what}: expected an answer or a failure, received neither in ${STEPS} steps: a promise must not stay open`)
  await heard
  if ('error' in outcome) throw outcome.error
  return outcome.value
}

/** Asks again and again, a step between, until the answer is there. */
export async function eventually<T>(subject: ExchangeSubject, ask: () => Promise<T | undefined>, otherwise: () => string): Promise<T> {
  for (let step = 0; step < STEPS; step++) {
    const found = await ask()
    if (found !== undefined) return found
    await subject.settle()
  }
  throw new Error(otherwise())
}

/** The exchange with every answer waited for by steps. */
export function patientExchange(subject: ExchangeSubject, exchange: Exchange): Exchange {
  const wait = <T>(what: string, answer: Promise<T>): Promise<T> => patiently(subject, what, answer)
  return {
    id: exchange.id,
    environment: exchange.environment,
    capabilities: exchange.capabilities,
    instruments: () => wait('instruments()', exchange.instruments()),
    submit: (request, signal, sentBefore) => wait('submit()', exchange.submit(request, signal, sentBefore)),
    cancel: (order, signal) => wait('cancel()', exchange.cancel(order, signal)),
    order: (ref, sentBefore) => wait('order()', exchange.order(ref, sentBefore)),
    liveOrders: () => wait('liveOrders()', exchange.liveOrders()),
    fills: (after) => wait('fills()', exchange.fills(after)),
    balances: () => wait('balances()', exchange.balances()),
    feeRates: () => wait('feeRates()', exchange.feeRates()),
    events: () => exchange.events(),
    close: () => wait('close()', exchange.close()),
  }
}
