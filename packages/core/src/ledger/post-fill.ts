import type { Decimal } from 'decimal.js'
import { ZERO, add, greater, isZero, minOf, subtract } from '../model/money.ts'
import type { CurrencyBook } from './book.ts'
import type { BookedFill } from './book-fill.ts'
import type { OwnFill } from './own-fill.ts'
import type { Reservations } from './reservations.ts'

/** The books of the two currencies of a fill. */
export interface FillBooks {
  readonly base: CurrencyBook
  readonly quote: CurrencyBook
  readonly reservations: Reservations
}

/**
 * Posts a fill with its counter-postings. What stays in the clearing account of the instrument is, in quote, the cost of the open lots.
 * A fee in a third currency is posted by {@link postThirdFee}.
 */
export function postFill(fill: OwnFill, booked: BookedFill, books: FillBooks): void {
  const { base, quote } = books
  const { inBase } = booked.fee
  const fee = fill.fee.currency === fill.quote ? fill.fee.amount : ZERO
  if (!isZero(inBase)) base.debit('fees', inBase)
  if (!isZero(fee)) quote.debit('fees', fee)
  if (fill.side === 'buy') {
    base.debit('holdings', subtract(fill.quantity, inBase))
    base.creditClearing(fill.instrument, fill.quantity)
    quote.debitClearing(fill.instrument, booked.value)
    pay(fill.clientOrderId, 'cash', add(booked.value, fee), quote, books.reservations)
  } else {
    pay(fill.clientOrderId, 'holdings', add(fill.quantity, inBase), base, books.reservations)
    base.debitClearing(fill.instrument, fill.quantity)
    quote.debit('cash', subtract(booked.value, fee))
    quote.creditClearing(fill.instrument, booked.cost)
    quote.debit('realizedPnl', subtract(booked.cost, booked.value))
  }
}

export const hasThirdFee = (fill: OwnFill): boolean => fill.fee.currency !== fill.quote && fill.fee.currency !== fill.base && !isZero(fill.fee.amount)

/** Takes a fee in a currency that is neither base nor quote from that currency's cash, which may have to be explained by an adjustment. */
export function postThirdFee(fill: OwnFill, book: CurrencyBook): void {
  book.credit('cash', fill.fee.amount)
  book.debit('fees', fill.fee.amount)
  book.assertBalanced()
}

/** Takes an amount from the order's reservation first, the rest from what is free. */
function pay(clientOrderId: string, from: 'cash' | 'holdings', amount: Decimal, book: CurrencyBook, reservations: Reservations): void {
  const reservation = reservations.get(clientOrderId)
  if (!reservation || reservation.currency !== book.currency || reservation.from !== from) {
    book.credit(from, amount)
    return
  }
  const promised = minOf(reservation.amount, amount)
  book.credit('reservations', promised)
  if (greater(amount, promised)) book.credit(from, subtract(amount, promised))
  const left = subtract(reservation.amount, promised)
  if (isZero(left)) reservations.remove(clientOrderId)
  else reservations.put({ ...reservation, amount: left })
}
