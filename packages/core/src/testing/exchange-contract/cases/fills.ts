import type { VenueFill } from '../../../model/fill.ts'
import { isPositive, less, money } from '../../../model/money.ts'
import type { OrderRef } from '../../../model/order.ts'
import { exchangeCase, type CaseDefinition } from '../case.ts'
import { must } from '../must.ts'
import { movedBy, purses, reportAddsUp, text } from '../checks.ts'
import type { Trial } from '../trial.ts'
import { needsLimits, restingBuy } from './limit-orders.ts'

const idsOf = (fills: readonly VenueFill[]): string => fills.map(({ fillId }) => fillId).join(' ')

/** Buys at market, one after the other, and waits for the fills of each. */
async function trades(trial: Trial, count: number): Promise<readonly OrderRef[]> {
  const refs: OrderRef[] = []
  for (let i = 0; i < count; i++) {
    const ref = await trial.accepted({ base: trial.quantity() })
    await trial.reaches(ref, 'filled')
    await trial.settled(ref)
    refs.push(ref)
  }
  return refs
}

async function areComplete(trial: Trial): Promise<void> {
  const { base, quote } = trial.instrument
  const refs = await trades(trial, 2)
  const { items } = await trial.fills()
  for (const fill of items) {
    must(
      isPositive(fill.price) && isPositive(fill.quantity),
      () => `expected price and quantity above 0, received ${text(fill.price)} and ${text(fill.quantity)}`,
    )
    must(!less(fill.fee.amount, money(-1)), () => `expected a fee, received ${text(fill.fee.amount)}`)
    must([base, quote].includes(fill.fee.currency), () => `expected a fee in ${base} or ${quote}, received ${fill.fee.currency}`)
    must(['maker', 'taker', 'unknown'].includes(fill.liquidity), () => `expected maker, taker or unknown, received ${fill.liquidity}`)
    must(fill.fillId !== '', () => 'expected a fillId, received none: without it a fill cannot be booked once')
    const apart = Math.abs(fill.atMs - trial.subject.nowMs())
    must(apart < 86_400_000, () => `expected a time in ms near the venue's ${trial.subject.nowMs()}, received ${fill.atMs}`)
    const order = refs.find(({ venueOrderId }) => venueOrderId === fill.venueOrderId)
    must(order !== undefined, () => `expected fills of the two orders, received one of ${fill.venueOrderId}`)
    must(
      fill.clientOrderId === undefined || fill.clientOrderId === order.clientOrderId,
      () => `expected the client order id ${order.clientOrderId} or none, received ${fill.clientOrderId}`,
    )
  }
}

async function areInOrder(trial: Trial): Promise<void> {
  const refs = await trades(trial, 3)
  const { items } = await trial.fills()
  const ids = items.map(({ fillId }) => fillId)
  must(new Set(ids).size === ids.length, () => `expected each fillId once, received ${ids.join(' ')}`)
  const orders = items.map(({ venueOrderId }) => venueOrderId).filter((id, i, all) => id !== all[i - 1])
  const wanted = refs.map(({ venueOrderId }) => venueOrderId)
  must(orders.join(' ') === wanted.join(' '), () => `expected the fills oldest first: of ${wanted.join(', ')}, received ${orders.join(', ')}`)
  const back = items.findIndex((fill, i) => i > 0 && fill.atMs < items[i - 1]!.atMs)
  must(back === -1, () => `expected the fills oldest first, received ${items[back]?.atMs} after ${items[back - 1]?.atMs}`)
}

/** Those that were not among `before`. */
const newOnes = (fills: readonly VenueFill[], before: readonly VenueFill[]): readonly VenueFill[] =>
  fills.filter(({ fillId }) => !before.some((each) => each.fillId === fillId))

async function cursorLeadsOn(trial: Trial): Promise<void> {
  await trades(trial, 1)
  const start = await trial.fills()
  const nothing = newOnes((await trial.fills(start.next)).items, start.items)
  must(nothing.length === 0, () => `expected no new fill after the last one, received ${idsOf(nothing)}`)
  const [second] = await trades(trial, 1)
  const later = newOnes((await trial.fills(start.next)).items, start.items)
  const strangers = later.filter(({ venueOrderId }) => venueOrderId !== second!.venueOrderId)
  must(later.length > 0 && strangers.length === 0, () => `expected the fills of the second order after the cursor, received ${idsOf(later) || 'none'}`)
  const whole = await trial.fills()
  must(
    idsOf(whole.items) === idsOf([...start.items, ...later]),
    () => `expected the fills of the first order and then those after the cursor from the beginning, received ${idsOf(whole.items)}`,
  )
}

async function cursorsCanBeUsedAgain(trial: Trial): Promise<void> {
  await trades(trial, 1)
  const { items, next } = await trial.fills()
  await trades(trial, 2)
  const once = newOnes((await trial.fills(next)).items, items)
  const twice = newOnes((await trial.fills(next)).items, items)
  must(once.length > 0 && idsOf(once) === idsOf(twice), () => `expected ${idsOf(once)} again, received ${idsOf(twice)}`)
}

async function lateFillsAreShown(trial: Trial, hide: (ms: number) => void | Promise<void>, advance: (ms: number) => void | Promise<void>): Promise<void> {
  await trades(trial, 1)
  await hide(5_000)
  const ref = await trial.accepted({ base: trial.quantity() })
  await trial.reaches(ref, 'filled')
  // The cursor of an answer that could not hold the fill yet.
  const { items, next } = await trial.fills()
  await advance(6_000)
  await trial.until(
    async () => {
      const later = await trial.fills(next)
      const known = [...items, ...later.items].filter(({ venueOrderId }) => venueOrderId === ref.venueOrderId)
      return known.length > 0 ? known : undefined
    },
    () => 'fills(): expected a fill that the venue listed late to come after the cursor of an earlier answer, received none: the cursor went past it',
  )
  reportAddsUp(trial, await trial.report(ref), await trial.settled(ref))
}

async function accountMovesByFills(
  trial: Trial,
  control: { readonly setPrice?: (price: ReturnType<Trial['quantity']>) => void | Promise<void> },
): Promise<void> {
  needsLimits(trial)
  const before = await purses(trial)
  await trades(trial, 2)
  const sale = await trial.accepted({ side: 'sell', base: trial.quantity() })
  await trial.reaches(sale, 'filled')
  await trial.settled(sale)
  const resting = await restingBuy(trial)
  await control.setPrice?.(trial.priceTimes('0.98'))
  if (control.setPrice) await trial.reaches(resting, 'filled')
  else {
    await trial.exchange.cancel(resting, new AbortController().signal)
    await trial.reaches(resting, 'cancelled')
  }
  await trial.settled(resting)
  await movedBy(trial, before, (await trial.fills()).items)
  const now = await purses(trial)
  must(text(now.base.held) === '0' && text(now.quote.held) === '0', () => 'balances(): expected nothing held when no order works')
}

export const fillCases: readonly CaseDefinition[] = [
  exchangeCase({
    id: 'E72',
    name: 'a fill says all that a ledger needs',
    prerequisite: 'none',
    action: 'two market buys fill; fills()',
    expected:
      'price and quantity above 0; a fee in quote or base; maker, taker or unknown; a fillId; the venue’s order id, and the right client order id or none',
    events: ['open? partiallyFilled? filled', 'open? partiallyFilled? filled'],
    check: areComplete,
  }),
  exchangeCase({
    id: 'E73',
    name: 'fills come oldest first, each once',
    prerequisite: 'none',
    action: 'three market buys fill, one after the other; fills()',
    expected: 'no fillId twice; the orders in the order in which they filled; no time before the one before it',
    check: areInOrder,
  }),
  exchangeCase({
    id: 'E74',
    name: 'a cursor leads to all that follows',
    prerequisite: 'none',
    action: 'a market buy fills; fills(); fills(next); another fills; fills(next)',
    expected: 'none that is new after the last; then those of the second order; from the beginning all of them, in the same order. Older ones may come again',
    check: cursorLeadsOn,
  }),
  exchangeCase({
    id: 'E75',
    name: 'an old cursor gives the same fills again',
    prerequisite: 'none',
    action: 'a market buy fills; fills(); two more fill; fills(next) twice',
    expected: 'the same fills both times',
    check: cursorsCanBeUsedAgain,
  }),
  exchangeCase({
    id: 'E76',
    name: 'a fill that the venue lists late is not passed over',
    prerequisite: 'none',
    action: 'fills show after 5 s; a market buy is told as filled; fills(); the time passes; fills(next)',
    expected: 'the fill comes after that cursor; the fills add up to the order',
    needs: ['hideFills', 'advance'],
    check: (trial, { hideFills, advance }) => lateFillsAreShown(trial, hideFills, advance),
  }),
  exchangeCase({
    id: 'E77',
    name: 'more fills than a page, and one that comes between two pages',
    prerequisite: 'none',
    action: 'pages of two; five market buys fill; read a page; another fills; read on',
    expected: 'all six orders’ fills, oldest first, each once',
    needs: ['limitPages'],
    check: async (trial, { limitPages }) => {
      await limitPages(2)
      const refs = [...(await trades(trial, 5))]
      const page = await trial.exchange.fills(trial.cursor)
      refs.push(...(await trades(trial, 1)))
      const rest = await trial.fills(page.next)
      const items = [...page.items, ...newOnes(rest.items, page.items)]
      const orders = items.map(({ venueOrderId }) => venueOrderId).filter((id, i, all) => id !== all[i - 1])
      const wanted = refs.map(({ venueOrderId }) => venueOrderId)
      must(orders.join(' ') === wanted.join(' '), () => `expected the fills of ${wanted.join(', ')}, received those of ${orders.join(', ')}`)
    },
  }),
  exchangeCase({
    id: 'E78',
    name: 'the account moves by its fills, to the last unit',
    prerequisite: 'order type limit',
    action: 'buy twice, sell once, rest a limit buy that fills (or is cancelled, where the price cannot be moved); balances()',
    expected: 'quote is the start less what was bought and all fees, plus what was sold; base the same by quantity; nothing is held',
    check: (trial) => accountMovesByFills(trial, trial.subject.controls ?? {}),
  }),
  exchangeCase({
    id: 'E79',
    name: 'a fill of an order that this exchange did not send is shown as such',
    prerequisite: 'none',
    action: 'somebody buys at market with the same account; fills(); balances()',
    expected: 'its fills are listed, with no client order id of ours; the account moves by them',
    needs: ['externalOrder'],
    check: async (trial, { externalOrder }) => {
      const before = await purses(trial)
      const own = await trial.accepted({ base: trial.quantity() })
      await trial.reaches(own, 'filled')
      await trial.settled(own)
      const theirs = await externalOrder({ side: 'buy', base: trial.quantity() })
      const fills = await trial.until(
        async () => {
          const { items } = await trial.fills()
          return items.some(({ venueOrderId }) => venueOrderId === theirs) ? items : undefined
        },
        () => `fills(): expected those of ${theirs}, which somebody else sent for this account, received none`,
      )
      const claimed = fills.find(({ venueOrderId, clientOrderId }) => venueOrderId === theirs && clientOrderId === own.clientOrderId)
      must(claimed === undefined, () => 'fills(): expected a fill of somebody else’s order without our client order id, received ours')
      await movedBy(trial, before, fills)
    },
  }),
  exchangeCase({
    id: 'E80',
    name: 'a live order that this exchange did not send is listed',
    prerequisite: 'order type limit',
    action: 'somebody rests a limit buy with the same account; liveOrders()',
    expected: 'it is among them, under an id that is not one of ours',
    needs: ['externalOrder'],
    check: async (trial, { externalOrder }) => {
      const own = await restingBuy(trial)
      const theirs = await externalOrder({ side: 'buy', base: trial.quantity(), limit: trial.priceTimes('0.99') })
      const found = await trial.until(
        async () => (await trial.exchange.liveOrders()).items.find(({ ref }) => ref.venueOrderId === theirs),
        () => `liveOrders(): expected ${theirs}, which somebody else sent for this account, received a list without it`,
      )
      must(found.ref.clientOrderId !== own.clientOrderId, () => 'liveOrders(): expected another client order id than ours for an order that is not ours')
    },
  }),
]
