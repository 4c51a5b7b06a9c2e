import type { Exchange } from '../../../contracts/exchange.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { answerOrError, must } from '../must.ts'
import { patientExchange } from '../patience.ts'
import { record } from '../recorder.ts'
import type { Trial } from '../trial.ts'
import { restingBuy } from './limit-orders.ts'

async function completes(trial: Trial): Promise<void> {
  await trial.exchange.close()
  await trial.until(
    async () => (trial.seen.completed ? true : undefined),
    () => 'events(): expected the stream to complete when the exchange is closed',
  )
  await trial.exchange.close()
  const late = record(trial.exchange.events())
  await trial.until(
    async () => (late.completed ? true : undefined),
    () => 'events(): expected a stream asked for after close to complete at once',
  )
  must(late.failure === undefined && late.reports.length === 0, () => 'events(): expected nothing from a stream asked for after close')
}

async function sendsNothingAfter(trial: Trial): Promise<void> {
  await trial.exchange.close()
  const result = await answerOrError(() => trial.submit({ base: trial.quantity() }))
  must(result?.outcome !== 'accepted', () => 'submit after close: expected an error, unknown or rejected, received accepted: nothing leaves a closed exchange')
}

async function answersWhatIsUnderWay(trial: Trial): Promise<void> {
  const request = trial.request({ base: trial.quantity(2), limit: trial.priceTimes('0.99') })
  const answer = answerOrError(() => trial.submit(request))
  await trial.exchange.close()
  const result = await answer
  await trial.steps(3)
  const orders = (await trial.subject.controls?.books?.())?.orders ?? []
  const taken = orders.some(({ clientOrderId }) => clientOrderId === request.clientOrderId)
  must(!taken || result?.outcome !== 'rejected', () => 'a submit under way while the exchange is closed: received rejected, and the venue has the order')
}

async function another(trial: Trial, reopen: () => Promise<Exchange>): Promise<Exchange> {
  return patientExchange(trial.subject, await reopen())
}

async function findsItAgain(trial: Trial, reopen: () => Promise<Exchange>): Promise<void> {
  const resting = await restingBuy(trial)
  const filled = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(filled, 'filled')
  await trial.settled(filled)
  await trial.exchange.close()
  const exchange = await another(trial, reopen)
  const live = await trial.until(
    async () => {
      const answer = await exchange.liveOrders()
      return answer.complete ? answer : undefined
    },
    () => 'liveOrders() after a restart: expected a complete list in the end, received complete: false time after time',
  )
  const ids = live.items.map(({ ref }) => ref.clientOrderId)
  must(
    ids.length === 1 && ids[0] === resting.clientOrderId,
    () => `liveOrders() after a restart: expected the order that rests, received ${ids.join(', ') || 'none'}`,
  )
  for (const ref of [resting, filled]) {
    const found = await exchange.order(ref)
    must(typeof found !== 'string', () => `order() after a restart: expected the order ${ref.clientOrderId}, received ${JSON.stringify(found)}`)
  }
}

async function goesOnFromACursor(trial: Trial, reopen: () => Promise<Exchange>): Promise<void> {
  const first = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(first, 'filled')
  await trial.settled(first)
  const { items: before, next } = await trial.fills()
  const second = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(second, 'filled')
  const wanted = (await trial.settled(second)).map(({ fillId }) => fillId).join(' ')
  await trial.exchange.close()
  const exchange = await another(trial, reopen)
  const { items } = await exchange.fills(next)
  const known = new Set(before.map(({ fillId }) => fillId))
  const received = items.flatMap(({ fillId }) => (known.has(fillId) ? [] : [fillId])).join(' ')
  must(received === wanted, () => `fills() after a restart: expected ${wanted} after the cursor of before, received ${received || 'none'}`)
}

async function cancelsAgain(trial: Trial, reopen: () => Promise<Exchange>): Promise<void> {
  const resting = await restingBuy(trial)
  await trial.exchange.close()
  const exchange = await another(trial, reopen)
  const { outcome } = await exchange.cancel(resting, new AbortController().signal)
  must(outcome !== 'tooLate', () => 'cancel() after a restart: expected cancelled, received tooLate: the order was open')
  await trial.until(
    async () => {
      const found = await exchange.order(resting)
      return typeof found !== 'string' && found.state === 'cancelled' ? true : undefined
    },
    () => 'order() after a restart: expected the order as cancelled',
  )
}

export const closingCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E101',
    name: 'closing completes the events, and closing twice is closing once',
    prerequisite: 'none',
    action: 'close(); close(); events()',
    expected: 'the streams complete, also one asked for afterwards; no error',
    check: completes,
  }),
  exchangeCase({
    id: 'E102',
    name: 'nothing leaves a closed exchange',
    prerequisite: 'none',
    action: 'close(); submit a market buy',
    expected: 'an error, unknown, or rejected as not sent; never accepted',
    events: [''],
    check: sendsNothingAfter,
  }),
  exchangeCase({
    id: 'E103',
    name: 'a submit that is under way while the exchange is closed is answered',
    prerequisite: 'order type limit',
    action: 'submit a resting limit buy; close() without waiting',
    expected: 'accepted, unknown or an error; rejected only if it never left; never nothing',
    events: ['open?'],
    check: answersWhatIsUnderWay,
  }),
  exchangeCase({
    id: 'E104',
    name: 'orders outlive the exchange that sent them',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; a market buy fills; close(); another exchange for the account: liveOrders(), order(ref)',
    expected: 'the one that rests is live, alone; both are found',
    needs: ['reopen'],
    check: (trial, { reopen }) => findsItAgain(trial, reopen),
  }),
  exchangeCase({
    id: 'E105',
    name: 'a cursor outlives the exchange that gave it',
    prerequisite: 'none',
    action: 'a market buy fills; fills(); another fills; close(); another exchange for the account: fills(next)',
    expected: 'the fills of the second order; older ones may come again',
    needs: ['reopen'],
    check: (trial, { reopen }) => goesOnFromACursor(trial, reopen),
  }),
  exchangeCase({
    id: 'E106',
    name: 'an order can be cancelled by another exchange than the one that sent it',
    prerequisite: 'order type limit',
    action: 'rest a limit buy; close(); another exchange for the account: cancel(ref), order(ref)',
    expected: 'cancelled, or unknown and then found cancelled',
    needs: ['reopen'],
    check: (trial, { reopen }) => cancelsAgain(trial, reopen),
  }),
]
