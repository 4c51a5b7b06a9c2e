import { decimalText, greater, isPositive, money, stored } from '../model/money.ts'
import type { Ledger } from './ledger.ts'

/** Why a deposit or a withdrawal cannot be booked; undefined when it can. */
export function refusedPayment(
  ledger: Pick<Ledger, 'free'>,
  payment: { readonly kind: 'deposit' | 'withdraw'; readonly currency: string; readonly amount: string },
): RangeError | undefined {
  const { kind, currency } = payment
  if (!/^[A-Z0-9]{1,20}$/.test(currency)) return new RangeError(`currency: expected one such as "USD", received ${JSON.stringify(currency)}`)
  try {
    const amount = money(payment.amount)
    if (!isPositive(amount) || amount.e > 18 || stored(amount) !== amount)
      return new RangeError(`amount: expected one above 0 with at most 20 decimals, received ${payment.amount}`)
    const free = ledger.free(currency)
    if (kind === 'withdraw' && greater(amount, free))
      return new RangeError(
        `amount: expected at most ${decimalText(free)} ${currency}, which no order has promised and no bot holds; received ${payment.amount}`,
      )
    return undefined
  } catch (error) {
    return new RangeError(`amount: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
