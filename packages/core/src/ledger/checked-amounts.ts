import type { Decimal } from 'decimal.js'
import { isPositive, isZero, money, stored } from '../model/money.ts'
import type { OwnFill } from './own-fill.ts'
import type { Position } from './position.ts'

/** Amounts keep 20 decimals and stay under 10^19, so that 40 digits hold every sum exactly. */
export function bounded(amount: Decimal, what: string, part = ''): Decimal {
  if (!amount.isFinite() || amount.e > 18) throw new RangeError(`${what}${part}: expected an amount below 10^19, received ${amount.toString()}`)
  return stored(money(amount))
}

export function positive(amount: Decimal, what: string, part = ''): Decimal {
  const kept = bounded(amount, what, part)
  if (!isPositive(kept)) throw new RangeError(`${what}${part}: expected an amount > 0, received ${amount.toString()}`)
  return kept
}

export function checkedFill(fill: OwnFill, before: Position): OwnFill {
  const what = `fill ${fill.fillId}`
  if ((fill.orderKind === 'entry') !== (fill.side === 'buy'))
    throw new RangeError(`${what}: expected an entry to buy and an exit to sell, received ${fill.orderKind} ${fill.side}`)
  const same = before.instrument === fill.instrument && before.base === fill.base && before.quote === fill.quote
  if (!same && !isZero(before.quantity))
    throw new RangeError(`${what}: expected ${before.instrument}, which bot ${fill.botId} holds, received ${fill.instrument}`)
  const quantity = positive(fill.quantity, what, ', quantity')
  const price = positive(fill.price, what, ', price')
  const amount = bounded(fill.fee.amount, what, ', fee')
  const value = fill.value && positive(fill.value, what, ', value')
  if (quantity === fill.quantity && price === fill.price && value === fill.value && amount === fill.fee.amount) return fill
  return { ...fill, quantity, price, ...(value && { value }), fee: { ...fill.fee, amount } }
}
