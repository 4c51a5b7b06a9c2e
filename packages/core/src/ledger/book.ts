import type { Decimal } from 'decimal.js'
import { EngineError } from '../model/errors.ts'
import { ZERO, add, decimalText, isZero, subtract } from '../model/money.ts'

/** The accounts every currency has, beside one clearing account `trading:<instrument>` per traded pair. */
export const accountNames = ['cash', 'holdings', 'reservations', 'fees', 'deposits', 'adjustments', 'realizedPnl'] as const
export type AccountName = (typeof accountNames)[number]

/** Balances of one currency by account; what came in is negative in `deposits` and `realizedPnl`, so that all of it sums to zero. */
export type AccountBalances = Readonly<Record<string, Decimal>>

/** Double entry in one currency: every posting has its counter-postings, the sum over the accounts is zero. */
export class CurrencyBook implements Record<AccountName, Decimal> {
  readonly currency: string
  /** Free money. */
  cash = ZERO
  /** Free coins bought by own fills. */
  holdings = ZERO
  /** Money and coins promised to working orders. */
  reservations = ZERO
  fees = ZERO
  deposits = ZERO
  adjustments = ZERO
  realizedPnl = ZERO
  private clearingTotal = ZERO
  private readonly clearing = new Map<string, Decimal>()

  constructor(currency: string) {
    this.currency = currency
  }

  /** Adds to an account. */
  debit(account: AccountName, amount: Decimal): void {
    this[account] = add(this[account], amount)
  }

  /** Takes from an account. */
  credit(account: AccountName, amount: Decimal): void {
    this[account] = subtract(this[account], amount)
  }

  /** Adds to `trading:<instrument>`. */
  debitClearing(instrument: string, amount: Decimal): void {
    this.clearing.set(instrument, add(this.cleared(instrument), amount))
    this.clearingTotal = add(this.clearingTotal, amount)
  }

  /** Takes from `trading:<instrument>`. */
  creditClearing(instrument: string, amount: Decimal): void {
    this.clearing.set(instrument, subtract(this.cleared(instrument), amount))
    this.clearingTotal = subtract(this.clearingTotal, amount)
  }

  cleared(instrument: string): Decimal {
    return this.clearing.get(instrument) ?? ZERO
  }

  /** Money and coins, free or promised. */
  balance(): Decimal {
    return add(add(this.cash, this.holdings), this.reservations)
  }

  available(): Decimal {
    return add(this.cash, this.holdings)
  }

  /** @throws EngineError `INVARIANT_VIOLATED` when the accounts do not sum to zero */
  assertBalanced(): void {
    let sum = this.clearingTotal
    for (const name of accountNames) sum = add(sum, this[name])
    if (!isZero(sum)) throw new EngineError('INVARIANT_VIOLATED', `the accounts of ${this.currency} sum to ${decimalText(sum)}, expected 0`)
  }

  /** The fixed accounts in their order, then the clearing accounts by name. */
  balances(): AccountBalances {
    const balances: Record<string, Decimal> = {}
    for (const name of accountNames) balances[name] = this[name]
    for (const instrument of [...this.clearing.keys()].sort()) balances[`trading:${instrument}`] = this.cleared(instrument)
    return balances
  }
}
