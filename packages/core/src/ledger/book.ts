import type { Decimal } from 'decimal.js'
import { EngineError } from '../model/errors.ts'
import { ZERO, add, decimalText } from '../model/money.ts'
import { RunningSum } from '../model/running-sum.ts'

/** The accounts every currency has, beside one clearing account `trading:<instrument>` per traded pair. */
export const accountNames = ['cash', 'holdings', 'reservations', 'fees', 'deposits', 'adjustments', 'realizedPnl'] as const
export type AccountName = (typeof accountNames)[number]

/** Balances of one currency by account; what came in is negative in `deposits` and `realizedPnl`, so that all of it sums to zero. */
export type AccountBalances = Readonly<Record<string, Decimal>>

/** Double entry in one currency: every posting has its counter-postings, the sum over the accounts is zero. */
export class CurrencyBook {
  readonly currency: string
  private readonly cash = new RunningSum()
  private readonly holdings = new RunningSum()
  private readonly reservations = new RunningSum()
  private readonly fees = new RunningSum()
  private readonly deposits = new RunningSum()
  private readonly adjustments = new RunningSum()
  private readonly realizedPnl = new RunningSum()
  private readonly clearing = new Map<string, RunningSum>()
  /** All accounts, for the check after every posting. */
  private readonly all: RunningSum[] = accountNames.map((name) => this[name])

  constructor(currency: string) {
    this.currency = currency
  }

  /** Free money is `cash`, free coins bought by own fills are `holdings`, both promised to working orders are `reservations`. */
  amount(account: AccountName): Decimal {
    return this[account].value
  }

  /** Adds to an account. */
  debit(account: AccountName, amount: Decimal): void {
    this[account].add(amount)
  }

  /** Takes from an account. */
  credit(account: AccountName, amount: Decimal): void {
    this[account].subtract(amount)
  }

  /** Adds to `trading:<instrument>`. */
  debitClearing(instrument: string, amount: Decimal): void {
    this.clearingOf(instrument).add(amount)
  }

  /** Takes from `trading:<instrument>`. */
  creditClearing(instrument: string, amount: Decimal): void {
    this.clearingOf(instrument).subtract(amount)
  }

  cleared(instrument: string): Decimal {
    return this.clearing.get(instrument)?.value ?? ZERO
  }

  /** Money and coins, free or promised. */
  balance(): Decimal {
    return add(this.available(), this.reservations.value)
  }

  available(): Decimal {
    return add(this.cash.value, this.holdings.value)
  }

  /** @throws EngineError `INVARIANT_VIOLATED` when the accounts do not sum to zero */
  assertBalanced(): void {
    if (RunningSum.cancel(this.all)) return
    const sum = this.all.reduce((total, account) => add(total, account.value), ZERO)
    throw new EngineError('INVARIANT_VIOLATED', `the accounts of ${this.currency} sum to ${decimalText(sum)}, expected 0`)
  }

  /** The fixed accounts in their order, then the clearing accounts by name. */
  balances(): AccountBalances {
    const balances: Record<string, Decimal> = {}
    for (const name of accountNames) balances[name] = this.amount(name)
    for (const instrument of [...this.clearing.keys()].sort()) balances[`trading:${instrument}`] = this.cleared(instrument)
    return balances
  }

  private clearingOf(instrument: string): RunningSum {
    const known = this.clearing.get(instrument)
    if (known) return known
    const made = new RunningSum()
    this.clearing.set(instrument, made)
    this.all.push(made)
    return made
  }
}
