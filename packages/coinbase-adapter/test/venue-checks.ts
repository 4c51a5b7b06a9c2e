import { decimalText, money } from '@millrace/core'
import type { OrderReport, OrderRequest, SubmitResult } from '@millrace/core'
import { expect } from 'vitest'
import type { VenueSubject } from './venue-subject.ts'

const byText = (a: unknown, b: unknown): number => JSON.stringify(a).localeCompare(JSON.stringify(b))

export const never = new AbortController().signal
/** A purchase that waits far below the market. */
export const resting = (number = 1, changes: Partial<OrderRequest> = {}): OrderRequest => ({
  ...{ clientOrderId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`, botId: 'btc', instrument: 'BTC-USD', side: 'buy', type: 'limit' },
  ...{ size: { base: money('0.001') }, limitPrice: money('60000') },
  ...changes,
})
/** A purchase of 25 dollars. */
export const market = (number = 1, changes: Partial<OrderRequest> = {}): OrderRequest => {
  const { limitPrice: _, ...rest } = resting(number)
  return { ...rest, type: 'market', size: { quote: money('25') }, ...changes }
}

export const submit = (subject: VenueSubject, request: OrderRequest): Promise<SubmitResult> => subject.answer(subject.exchange.submit(request, never))

/** What the venue says of an order in the end. */
export async function resolved(subject: VenueSubject, request: OrderRequest, firstSentAtMs = subject.nowMs()): Promise<OrderReport | 'notFound'> {
  for (let look = 0; look < 400; look++) {
    const found = await subject.answer(subject.exchange.order(request, { firstSentAtMs }))
    if (found !== 'unknown') return found
    await subject.pass(1_000, 1_000)
  }
  throw new Error('still unknown after 400 virtual seconds')
}

/** What the venue's own books say must be what the exchange says: coins, cash, orders, fills. */
export async function booksAgree(subject: VenueSubject): Promise<void> {
  await subject.pass(2_000)
  const { balances, orders, fills } = subject.venue.ledger()
  const ours = await subject.answer(subject.exchange.balances())
  expect(ours.map(({ currency, available, held }) => [currency, decimalText(available), decimalText(held)]).toSorted(byText)).toEqual(
    balances.map(({ currency, available, hold }) => [currency, decimalText(money(available)), decimalText(money(hold))]).toSorted(byText),
  )
  const told = await subject.answer(subject.exchange.fills(undefined))
  expect(told.complete).toBe(true)
  expect(
    told.items
      .map(({ fillId, quantity, price, fee, value }) => [fillId, ...[quantity, price, fee.amount, value ?? quantity.times(price)].map(decimalText)])
      .toSorted(byText),
  ).toEqual(
    fills
      .map(({ entryId, quantity, price, fee, value }) => [entryId, ...[quantity, price, fee, value].map((text) => decimalText(money(text)))])
      .toSorted(byText),
  )
  const live = await subject.answer(subject.exchange.liveOrders())
  expect(live.items.map(({ ref }) => ref.venueOrderId).toSorted(byText)).toEqual(
    orders
      .filter(({ status }) => !['FILLED', 'CANCELLED', 'EXPIRED', 'FAILED'].includes(status))
      .map(({ id }) => id)
      .toSorted(byText),
  )
}
