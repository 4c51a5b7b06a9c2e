import type { Decimal } from 'decimal.js'
import type { Balance } from '../../contracts/exchange.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { ROUNDING } from '../../engine/order-machine.ts'
import { ZERO, add, decimalText, equal, greater, isNegative, isZero, negate, subtract } from '../../model/money.ts'
import type { EpochMs } from '../../model/time.ts'

/** A difference counts when it is the same twice with at least this much time between: a balance may run ahead of its fills. */
const CONFIRM_MS = 5_000

/** What came of holding balances against the books. */
export interface Compared {
  readonly corrections: readonly { readonly currency: string; readonly amount: Decimal }[]
  /** In words, with those that wait for a second look. */
  readonly differences: readonly string[]
  /** What bots hold by our books and is not there. */
  readonly mismatch?: string
  /** A second look is due. */
  readonly unconfirmed: boolean
}

/** Holds balances against the books and believes a difference only when a second look finds it again. */
export class BalanceCheck {
  private seen = new Map<string, { readonly amount: Decimal; readonly sinceMs: EpochMs }>()
  /** What orders that are not ours have held since the first look; only ever less of it. Sure once a second look has found it again. */
  private readonly foreignHolds = new Map<string, { readonly amount: Decimal; readonly sinceMs: EpochMs; readonly sure: boolean }>()

  /**
   * @param currencies - the quote currency first
   * @param moving - those of orders whose money is in neither place: they say nothing now
   */
  compare(
    balances: readonly Balance[],
    ledger: Pick<Ledger, 'balance' | 'free' | 'reserved'>,
    currencies: readonly string[],
    nowMs: EpochMs,
    moving: ReadonlySet<string> = new Set(),
  ): Compared {
    const before = this.seen
    const [quote] = currencies
    this.seen = new Map()
    const corrections: { currency: string; amount: Decimal }[] = []
    const differences: string[] = []
    const missing: string[] = []
    let unconfirmed = moving.size > 0
    for (const currency of currencies) {
      if (moving.has(currency)) continue
      const amount = this.difference(balances, ledger, currency, nowMs)
      const foreign = this.foreignHolds.get(currency)!
      if (!foreign.sure && !isZero(foreign.amount)) unconfirmed = true
      if (amount === undefined) continue
      const ours = ledger.balance(currency)
      const text = `${currency}: the venue has ${decimalText(add(ours, amount))}, our books ${decimalText(ours)}`
      differences.push(text)
      const earlier = before.get(currency)
      const sinceMs = earlier !== undefined && equal(earlier.amount, amount) ? earlier.sinceMs : nowMs
      const confirmed = nowMs - sinceMs >= CONFIRM_MS
      if (confirmed && !isNegative(add(ledger.free(currency), amount))) {
        corrections.push({ currency, amount })
        continue
      }
      this.seen.set(currency, { amount, sinceMs })
      // Money that an order has promised may come free; coins that a bot holds are missing, promised or not.
      const mayComeFree = currency === quote && !isNegative(add(add(ledger.free(currency), ledger.reserved(currency)), amount))
      if (confirmed && !mayComeFree) missing.push(text)
      else unconfirmed = true
    }
    return { corrections, differences, unconfirmed, ...(missing.length === 0 ? {} : { mismatch: missing.join('; ') }) }
  }

  /** Trading went on: what was seen says nothing any more. */
  forget(): void {
    this.seen.clear()
  }

  /** The venue's balance less ours; undefined when they are equal. */
  private difference(balances: readonly Balance[], ledger: Pick<Ledger, 'balance'>, currency: string, nowMs: EpochMs): Decimal | undefined {
    const there = balances.filter((balance) => balance.currency === currency)
    const held = there.reduce((sum, balance) => add(sum, balance.held), ZERO)
    const surplus = subtract(
      there.reduce((sum, { available }) => add(sum, available), held),
      ledger.balance(currency),
    )
    // What is held and is not in our books belongs to orders of the owner: it was never free, so it is not ours to count.
    const foreign = this.foreignHold(currency, isNegative(surplus) ? ZERO : surplus, held, nowMs)
    const difference = subtract(surplus, foreign)
    return greater(isNegative(difference) ? negate(difference) : difference, ROUNDING) ? difference : undefined
  }

  /** A balance may run ahead of its fills: what a second look does not find again was never held by the owner. */
  private foreignHold(currency: string, surplus: Decimal, held: Decimal, nowMs: EpochMs): Decimal {
    const { amount: before = surplus, sinceMs = nowMs, sure = false } = this.foreignHolds.get(currency) ?? {}
    const amount = least(sure ? before : least(before, surplus), held)
    this.foreignHolds.set(currency, { amount, sinceMs, sure: sure || nowMs - sinceMs >= CONFIRM_MS })
    return amount
  }
}

const least = (a: Decimal, b: Decimal): Decimal => (greater(a, b) ? b : a)
