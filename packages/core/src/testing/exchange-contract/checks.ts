import type { Decimal } from 'decimal.js'
import type { VenueFill } from '../../model/fill.ts'
import { ZERO, add, averagePriceOf, decimalText, equal, feeOf, isZero, money, subtract, toFloat, valueOf } from '../../model/money.ts'
import type { OrderRef, OrderReport, OrderRequest } from '../../model/order.ts'
import { must } from './must.ts'
import type { Purse, Sketch, Trial } from './trial.ts'

export const text = decimalText
export const tenth: Decimal = money('0.1')

/** Asks about an order whose fate nobody knows until the venue has had time enough to prove it; undefined when it never did. */
export async function resolve(trial: Trial, { clientOrderId, instrument }: OrderRequest): Promise<OrderReport | 'notFound' | undefined> {
  for (let look = 0; look < 30; look++) {
    const found = await trial.exchange.order({ clientOrderId, instrument }, trial.sentBefore({ clientOrderId }))
    if (found !== 'unknown') return found
    // A list may lag: only time makes an empty one a proof.
    await (trial.subject.controls?.advance?.(5_000) ?? trial.steps(5))
    await trial.steps(1)
  }
  return undefined
}

/** Base and quote of the account. */
export interface Purses {
  readonly base: Purse
  readonly quote: Purse
}

export async function purses(trial: Trial): Promise<Purses> {
  return { base: await trial.purse(trial.instrument.base), quote: await trial.purse(trial.instrument.quote) }
}

const purseText = ({ available, held }: Purse): string => `${text(available)} + ${text(held)} held`

/** Waits until the account is what it was. */
export async function unchanged(trial: Trial, before: Purses, why: string): Promise<void> {
  let received = ''
  await trial.until(
    async () => {
      const { base, quote } = await purses(trial)
      received = `${purseText(quote)} and ${purseText(base)}`
      const same = [quote.available, quote.held, base.available, base.held].every((amount, i) =>
        equal(amount, [before.quote.available, before.quote.held, before.base.available, before.base.held][i]!),
      )
      return same ? true : undefined
    },
    () => `balances(): ${why}: expected ${purseText(before.quote)} and ${purseText(before.base)}, received ${received}`,
  )
}

/** An order that must not come about: the exchange rejects it, or accepts it and reports it as rejected, and nothing is left of it. */
export async function refused(trial: Trial, order: OrderRequest | Sketch, why: string): Promise<void> {
  const request = 'clientOrderId' in order ? order : trial.request(order)
  const before = await purses(trial)
  const result = await trial.submit(request)
  must(
    result.outcome !== 'unknown',
    () => `${why}: expected rejected, received unknown (${result.outcome === 'unknown' ? result.cause : ''}): the venue said no, and that is known`,
  )
  if (result.outcome === 'accepted') {
    const ref: OrderRef = { clientOrderId: request.clientOrderId, venueOrderId: result.venueOrderId, instrument: request.instrument }
    const { reason } = await trial.reaches(ref, 'rejected')
    must(reason !== undefined && reason !== '', () => `${why}: expected the report of a rejected order to give a reason, received none`)
  } else {
    must(result.code !== '' && result.detail !== '', () => `${why}: expected a code and a sentence, received ${JSON.stringify(result)}`)
  }
  await gone(trial, request)
  await unchanged(trial, before, why)
}

/** No trace of a live order. */
export async function gone(trial: Trial, { clientOrderId, instrument }: OrderRequest): Promise<void> {
  const found = await trial.exchange.order({ clientOrderId, instrument })
  must(
    typeof found === 'string' || found.state === 'rejected',
    () => `order(): expected no order ${clientOrderId}, or a rejected one, received ${typeof found === 'string' ? found : found.state}`,
  )
  const { items } = await trial.exchange.liveOrders()
  must(!items.some(({ ref }) => ref.clientOrderId === clientOrderId), () => `liveOrders(): expected no order ${clientOrderId}, received one`)
}

/** Whether an order is among those that work, by an answer that is complete. */
export async function isLive(trial: Trial, { clientOrderId }: Pick<OrderRef, 'clientOrderId'>): Promise<boolean> {
  const { items } = await trial.until(
    async () => {
      const answer = await trial.exchange.liveOrders()
      return answer.complete ? answer : undefined
    },
    () => 'liveOrders(): expected a complete list in the end, received complete: false time after time',
  )
  return items.some(({ ref }) => ref.clientOrderId === clientOrderId)
}

/** Quantity, value and fees in quote of some fills. */
export interface Turnover {
  readonly quantity: Decimal
  readonly value: Decimal
  readonly quoteFees: Decimal
  readonly baseFees: Decimal
}

export function turnoverOf({ instrument }: Trial, fills: readonly VenueFill[]): Turnover {
  const feesIn = (currency: string): Decimal => sum(fills.filter(({ fee }) => fee.currency === currency).map(({ fee }) => fee.amount))
  return {
    quantity: sum(fills.map(({ quantity }) => quantity)),
    value: sum(fills.map(worthOf)),
    quoteFees: feesIn(instrument.quote),
    baseFees: feesIn(instrument.base),
  }
}

/** What a fill was worth in quote: as the venue counted it, else price times quantity. */
const worthOf = ({ value, quantity, price }: VenueFill): Decimal => value ?? valueOf(quantity, price)

const sum = (amounts: readonly Decimal[]): Decimal => amounts.reduce((total, amount) => add(total, amount), ZERO)

/** A mean price is a quotient, and venues print it with noise in the last digits. */
const PRICE_NOISE = 1e-9

/** A report says what its fills add up to. */
export function reportAddsUp(trial: Trial, report: OrderReport, fills: readonly VenueFill[]): void {
  const { quantity, value, quoteFees, baseFees } = turnoverOf(trial, fills)
  must(
    equal(quantity, report.filledQuantity),
    () => `expected fills of ${text(report.filledQuantity)} in all, as the order says, received ${text(quantity)} in ${fills.length}`,
  )
  if (isZero(quantity)) return
  const mean = averagePriceOf(value, quantity)
  must(
    report.averagePrice !== undefined && near(report.averagePrice, mean),
    () =>
      `expected an average price of ${text(mean)}, as the fills give it, received ${report.averagePrice === undefined ? 'none' : text(report.averagePrice)}`,
  )
  if (report.feesTotal === undefined || !isZero(baseFees)) return
  must(near(report.feesTotal, quoteFees), () => `expected fees of ${text(quoteFees)}, as the fills give them, received ${text(report.feesTotal!)}`)
}

const near = (a: Decimal, b: Decimal): boolean => Math.abs(toFloat(subtract(a, b))) <= PRICE_NOISE * Math.max(Math.abs(toFloat(a)), Math.abs(toFloat(b)))

/** Fees are rounded to this at the most. */
const FEE_NOISE = 1e-8

/** Fees are what `feeRates()` says of the value. */
export async function feesFit(trial: Trial, fills: readonly VenueFill[]): Promise<void> {
  const { makerRate, takerRate } = await trial.exchange.feeRates()
  for (const fill of fills) {
    const { fillId, quantity, fee, liquidity } = fill
    if (liquidity === 'unknown') continue
    const value = fee.currency === trial.instrument.base ? quantity : worthOf(fill)
    const wanted = feeOf(value, liquidity === 'maker' ? makerRate : takerRate)
    must(
      Math.abs(toFloat(subtract(fee.amount, wanted))) <= FEE_NOISE,
      () => `fill ${fillId}: expected a fee of ${text(wanted)}, the ${liquidity} rate of feeRates() of its value, received ${text(fee.amount)} ${fee.currency}`,
    )
  }
}

/** The account moved by exactly these fills, and nothing is held. */
export async function movedBy(trial: Trial, before: Purses, fills: readonly VenueFill[]): Promise<void> {
  const [bought, sold] = [turnoverOf(trial, ofSide(fills, 'buy')), turnoverOf(trial, ofSide(fills, 'sell'))]
  const fees = turnoverOf(trial, fills)
  const base = subtract(add(before.base.total, bought.quantity), add(sold.quantity, fees.baseFees))
  const quote = subtract(add(before.quote.total, sold.value), add(bought.value, fees.quoteFees))
  let received = ''
  await trial.until(
    async () => {
      const now = await purses(trial)
      received = `${text(now.quote.total)} and ${text(now.base.total)}`
      return equal(now.base.total, base) && equal(now.quote.total, quote) ? true : undefined
    },
    () =>
      `balances(): expected ${text(quote)} and ${text(base)} in all, which is the start and the ${fills.length} fills to the last unit, received ${received}`,
  )
}

const ofSide = (fills: readonly VenueFill[], side: VenueFill['side']): readonly VenueFill[] => fills.filter((fill) => fill.side === side)
