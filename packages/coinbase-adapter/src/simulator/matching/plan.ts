import { ONE, ZERO, add, divide, isZero, less, mul, smaller, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { depthOf, oppositeOf, reaches } from './book.ts'
import type { Book } from './book.ts'
import type { Checked } from './validate.ts'

/** What an order would trade at once, and what of it would rest. */
export interface Plan {
  readonly quantity: Amount
  readonly value: Amount
  readonly fee: Amount
}

/** Walks an order through the book without touching it; what would rest counts at its limit, and everything pays the taker's rate. */
export function asPlanned(book: Book, { terms, boundPrice }: Checked, takerRate: Amount): Plan {
  let [quantity, value] = [ZERO, ZERO]
  let [base, money] = [terms.baseSize ?? ZERO, terms.quoteSize === undefined ? ZERO : divide(terms.quoteSize, add(ONE, takerRate))]
  for (const level of depthOf(book, oppositeOf(terms.side))) {
    if (!reaches(terms.side, level.price, boundPrice) || (isZero(base) && isZero(money))) break
    const part = terms.quoteSize === undefined ? smaller(level.size, base) : partFor(money, level)
    const cost = terms.quoteSize !== undefined && less(money, mul(part, level.price)) ? money : mul(part, level.price)
    quantity = add(quantity, part)
    value = add(value, cost)
    if (terms.quoteSize === undefined) base = sub(base, part)
    else money = sub(money, cost)
  }
  if (terms.type !== 'MARKET') {
    value = add(value, mul(base, terms.limitPrice!))
    quantity = add(quantity, base)
  }
  return { quantity, value, fee: mul(value, takerRate) }
}

const partFor = (money: Amount, level: { readonly price: Amount; readonly size: Amount }): Amount =>
  less(mul(level.price, level.size), money) ? level.size : divide(money, level.price)
