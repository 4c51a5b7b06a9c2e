import { ZERO, add, isNegative, less, negate, sub } from '../amount.ts'
import type { Amount } from '../amount.ts'
import { uuidOf } from '../random.ts'

/** A wallet: what is there in all is available and hold together. */
export interface Account {
  readonly uuid: string
  readonly portfolio: string
  readonly currency: string
  available: Amount
  hold: Amount
  readonly createdMs: number
  updatedMs: number
}

/** Where money comes from and goes to that is in no wallet. With the wallets each currency sums to zero, always. */
interface CounterAccounts {
  /** What the other side of the trades holds against us. */
  market: Amount
  fees: Amount
  /** Deposits, with the other sign. */
  outside: Amount
}

/** What one fill does to the wallets of a side. */
interface Settlement {
  readonly portfolio: string
  readonly side: 'BUY' | 'SELL'
  readonly base: string
  readonly quote: string
  readonly quantity: Amount
  readonly value: Amount
  readonly fee: Amount
}

/** The venue's books: wallets and what stands against them. It knows nothing of orders but what they hold. */
export interface Ledger {
  readonly accounts: ReadonlyMap<string, Account>
  readonly counters: ReadonlyMap<string, CounterAccounts>
  account(portfolio: string, currency: string): Account
  has(portfolio: string, currency: string): boolean
  /** Money from outside; negative for a withdrawal. @throws RangeError when less is available */
  transfer(portfolio: string, currency: string, by: Amount): void
  /** Sets aside; a negative amount gives back. False, and nothing happens, when less is available. */
  hold(portfolio: string, currency: string, by: Amount): boolean
  /** Books a fill. What leaves the wallet leaves what was set aside. */
  settle(settlement: Settlement): void
  /** Takes a fill back, from what is available. @throws RangeError when it was spent */
  reverse(settlement: Settlement): void
}

/** Returns empty books. */
export function createLedger(seed: number, nowMs: () => number): Ledger {
  const accounts = new Map<string, Account>()
  const counters = new Map<string, CounterAccounts>()
  const keyOf = (portfolio: string, currency: string): string => `${portfolio} ${currency}`

  function account(portfolio: string, currency: string): Account {
    const key = keyOf(portfolio, currency)
    const known = accounts.get(key)
    if (known) return known
    const uuid = uuidOf(seed, 'account', portfolio, currency)
    const fresh: Account = { uuid, portfolio, currency, available: ZERO, hold: ZERO, createdMs: nowMs(), updatedMs: nowMs() }
    accounts.set(key, fresh)
    return fresh
  }
  function counter(currency: string): CounterAccounts {
    const known = counters.get(currency) ?? { market: ZERO, fees: ZERO, outside: ZERO }
    counters.set(currency, known)
    return known
  }
  function change(wallet: Account, available: Amount, hold: Amount): void {
    const next = { available: add(wallet.available, available), hold: add(wallet.hold, hold) }
    if (isNegative(next.available) || isNegative(next.hold))
      throw new RangeError(`${wallet.currency}: a wallet would fall below zero (available ${next.available.toFixed()}, hold ${next.hold.toFixed()})`)
    Object.assign(wallet, next)
    wallet.updatedMs = nowMs()
  }

  return {
    accounts,
    counters,
    account,
    has: (portfolio, currency) => accounts.has(keyOf(portfolio, currency)),
    transfer(portfolio, currency, by) {
      change(account(portfolio, currency), by, ZERO)
      counter(currency).outside = sub(counter(currency).outside, by)
    },
    hold(portfolio, currency, by) {
      const wallet = account(portfolio, currency)
      if (less(wallet.available, by)) return false
      change(wallet, negate(by), by)
      return true
    },
    settle: (settlement) => book(settlement, account, counter, change),
    reverse: (settlement) => unbook(settlement, account, counter, change),
  }
}

type AccountOf = (portfolio: string, currency: string) => Account
type CounterOf = (currency: string) => CounterAccounts
type Change = (wallet: Account, available: Amount, hold: Amount) => void

function book({ portfolio, side, base, quote, quantity, value, fee }: Settlement, account: AccountOf, counter: CounterOf, change: Change): void {
  const [coins, cash] = [counter(base), counter(quote)]
  if (side === 'BUY') {
    change(account(portfolio, quote), ZERO, negate(add(value, fee)))
    change(account(portfolio, base), quantity, ZERO)
    coins.market = sub(coins.market, quantity)
    cash.market = add(cash.market, value)
  } else {
    change(account(portfolio, base), ZERO, negate(quantity))
    change(account(portfolio, quote), sub(value, fee), ZERO)
    coins.market = add(coins.market, quantity)
    cash.market = sub(cash.market, value)
  }
  cash.fees = add(cash.fees, fee)
}

function unbook({ portfolio, side, base, quote, quantity, value, fee }: Settlement, account: AccountOf, counter: CounterOf, change: Change): void {
  const [coins, cash] = [counter(base), counter(quote)]
  if (side === 'BUY') {
    change(account(portfolio, base), negate(quantity), ZERO)
    change(account(portfolio, quote), add(value, fee), ZERO)
    coins.market = add(coins.market, quantity)
    cash.market = sub(cash.market, value)
  } else {
    change(account(portfolio, quote), sub(fee, value), ZERO)
    change(account(portfolio, base), quantity, ZERO)
    coins.market = sub(coins.market, quantity)
    cash.market = add(cash.market, value)
  }
  cash.fees = sub(cash.fees, fee)
}
